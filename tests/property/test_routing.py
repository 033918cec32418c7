"""Whatever the pool: the pick is fit, does not depend on order, and is explained in full."""

from datetime import date
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from engine.routing.candidate import Candidate, Request
from engine.routing.choice import BINDING, check, choose

ON = date(2026, 11, 23)
PEOPLE = [f"p{n}" for n in range(8)]

candidates = st.lists(
    st.builds(
        Candidate,
        person=st.sampled_from(PEOPLE),
        role=st.sampled_from(["auxiliary", "officer"]),
        unit=st.sampled_from(["V-001", "V-002", "S-001"]),
        level=st.just("village"),
        rank=st.integers(0, 3),
        load=st.integers(0, 20),
        capacity=st.none() | st.integers(0, 20),
        idle_since=st.sampled_from(["", "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"]),
        away=st.booleans(),
        away_until=st.none() | st.dates(ON, date(2027, 1, 1)),
        on_duty=st.sampled_from([None, True, False]),
        related=st.sampled_from(["", "", "kin"]),
        continues=st.booleans(),
        neighbour=st.booleans(),
        skills=st.frozensets(st.sampled_from(["sworn", "dialect"])),
    ),
    max_size=12,
    unique_by=lambda c: (c.person, c.unit, c.role),
)
requests = st.builds(
    Request,
    seat=st.just("handler"),
    roles=st.just(("auxiliary", "officer")),
    on=st.just(ON),
    skills=st.frozensets(st.sampled_from(["sworn"])),
    holders=st.frozensets(st.sampled_from(PEOPLE), max_size=1),
    barred=st.dictionaries(st.sampled_from(PEOPLE), st.just("recused"), max_size=2),
    added=st.dictionaries(st.sampled_from(PEOPLE), st.integers(0, 4), max_size=3),
    continuity=st.booleans(),
)


@given(requests, candidates, st.randoms(use_true_random=False))
def test_the_order_of_candidates_never_matters(
    request: Request, pool: list[Candidate], random: Random
) -> None:
    mixed = list(pool)
    random.shuffle(mixed)
    assert choose(request, pool) == choose(request, mixed)


@given(requests, candidates)
def test_nobody_excluded_is_ever_picked(request: Request, pool: list[Candidate]) -> None:
    pick = choose(request, pool)
    if pick.person is None:
        assert pick.refusal is not None
        return
    mine = [c for c in pool if c.person == pick.person and c.unit == pick.unit]
    assert pick.person not in request.holders | set(request.barred)
    assert any(
        not c.away
        and not c.related
        and c.on_duty is not False
        and request.skills <= c.skills
        and c.load + request.added.get(c.person, 0) < c.cap
        for c in mine
    )


@given(requests, candidates)
def test_everyone_in_the_pool_is_accounted_for_once(request: Request, pool: list[Candidate]) -> None:
    pick = choose(request, pool)
    told = [c.person for c in pick.considered] + [e.person for e in pick.excluded]
    assert sorted(told) == sorted({c.person for c in pool})


@given(requests, candidates)
def test_scores_fall_in_the_order_of_the_list(request: Request, pool: list[Candidate]) -> None:
    scores = [float(c.score) for c in choose(request, pool).considered]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


@given(requests, candidates)
def test_what_the_engine_picks_a_dispatcher_may_pick_too(request: Request, pool: list[Candidate]) -> None:
    pick = choose(request, pool)
    if pick.person is not None:
        assert check(request, pick.person, pool) is None
    for out in pick.excluded:
        if out.because in BINDING:
            assert check(request, out.person, pool) is not None
