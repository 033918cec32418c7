"""Whatever the pool: the pick is fit, does not depend on order, and is explained in full."""

import json
from datetime import date
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from engine.persistence.chain import canonical
from engine.routing.candidate import Candidate, Request, Step
from engine.routing.choice import BINDING, check, choose
from engine.routing.scoring import WHOLE, points, worth
from engine.routing.stored import asked, candidates_of, replayable, request_of

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
        skills=st.frozensets(st.sampled_from(["sworn", "dialect", "water"])),
        languages=st.frozensets(st.sampled_from(["zh", "ko"])),
        sex=st.sampled_from([None, "f", "m"]),
        conflict=st.sampled_from(["", "", "objection"]),
        instead_of=st.sampled_from(["", "", "chf-01"]),
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
    wanted=st.sampled_from([(), ("officer",), ("auxiliary@village",)]),
    levels=st.sampled_from([(), ("village",), ("station",)]),
    languages=st.frozensets(st.just("ko")),
    sex=st.sampled_from([None, None, "f"]),
    topics=st.just(frozenset({"water"})),
    chosen=st.frozensets(st.sampled_from(PEOPLE), max_size=1),
    scores=st.sampled_from([{"load": 1}, {"load": 60, "skill": 20, "continuity": 20, "conflict": 30}, {}]),
    steps=st.just((Step(0, "V-001", "village"), Step(1, "V-002", "village"), Step(2, "S-001", "station"))),
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
        and request.languages <= c.languages
        and request.sex in (None, c.sex)
        and (not request.levels or c.level in request.levels)
        and (not request.wanted or {c.role, f"{c.role}@{c.level}"} & set(request.wanted))
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
    told = choose(request, pool).considered
    scores = [float(c.score) for c in told if c.person not in request.chosen]
    assert not request.chosen & {c.person for c in told[1:]}, "whom parties chose comes first"
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


@given(requests, candidates)
def test_the_terms_of_a_score_add_up_to_what_the_person_is_worth(
    request: Request, pool: list[Candidate]
) -> None:
    for c in pool:
        told = points(request, c)
        assert worth(request, c) == max(0, min(WHOLE, sum(told.values())))
        assert all(term == "conflict" or 0 <= value <= WHOLE for term, value in told.items())
        assert sum(value for term, value in told.items() if term != "conflict") <= WHOLE


@given(requests, candidates)
def test_a_stored_decision_is_made_again_from_itself_alone(request: Request, pool: list[Candidate]) -> None:
    pick = choose(request, pool)
    stored = json.loads(canonical({**pick.to_json(), "asked": asked(request)}))
    assert replayable(stored)
    assert choose(request_of(stored), candidates_of(stored)).to_json() == pick.to_json()


@given(requests, candidates)
def test_every_nearer_unit_that_was_passed_over_is_told_with_why(
    request: Request, pool: list[Candidate]
) -> None:
    pick = choose(request, pool)
    out = {e.person for e in pick.excluded}
    for fallen in pick.fallen:
        there = {c.person for c in pool if c.unit == fallen.unit}
        assert fallen.because == ("nobody",) or there & out
        assert fallen.unit != pick.unit or fallen.because != ("nobody",)
