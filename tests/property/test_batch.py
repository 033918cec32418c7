"""Many seats at once: never dearer than one by one, never unfit, the optimum where it can be counted out, in any order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.routing.batch import plan
from engine.routing.candidate import Candidate, Request
from engine.routing.choice import choose, sift
from engine.routing.cost import cost, near, price
from engine.routing.exclusion import exclusion
from engine.routing.placed import Batch, Wanted

ON = date(2026, 11, 23)
ROLES = ("auxiliary", "officer")
# what a rule says of load, skill, continuity and conflict; none that rounds
SCORES: tuple[dict[str, int], ...] = (
    {"load": 1},
    {"load": 2, "skill": 1, "continuity": 1},
    {"load": 1, "skill": 1},
)


@st.composite
def waiting(draw: st.DrawFn, weights: Sequence[int] = (1, 2, 3, 4), most: int = 6) -> list[Wanted]:
    """Cases at three places; a person's load, cap, leave and last case are the same whoever asks."""
    people = [f"p{n}" for n in range(draw(st.integers(1, 5)))]
    facts: dict[str, dict[str, Any]] = {
        person: {
            "load": draw(st.integers(0, 6)),
            "capacity": draw(st.integers(0, 8)),
            "idle_since": draw(st.sampled_from(["", "2026-11-01T00:00:00Z"])),
            "away": draw(st.integers(0, 3)) == 3,
            "continues": draw(st.booleans()),
            "skills": draw(st.sampled_from([frozenset(), frozenset({"land"})])),
        }
        for person in people
    }
    posts = st.tuples(st.sampled_from(people), st.sampled_from(ROLES), st.integers(0, 2), st.booleans())
    pools = [
        [
            Candidate(person, role, f"V-{rank}", "village", rank, neighbour=beside, **facts[person])
            for person, role, rank, beside in draw(st.lists(posts, max_size=6, unique_by=lambda p: p[:3]))
        ]
        for _ in range(3)
    ]
    scores = draw(st.sampled_from(list(SCORES)))
    barred = st.dictionaries(st.sampled_from(people), st.just("recused"), max_size=1)
    return [
        Wanted(
            f"26-{n:05}-0",
            Request(
                "handler",
                ROLES,
                ON,
                barred=draw(barred),
                topics=frozenset({"land"}),
                scores=scores,
                chosen=draw(st.sampled_from([frozenset(), frozenset(people[:1])])),
            ),
            pools[draw(st.integers(0, 2))],
            draw(st.sampled_from(list(weights))),
        )
        for n in range(draw(st.integers(1, most)))
    ]


def of_one_weight(most: int = 5) -> st.SearchStrategy[list[Wanted]]:
    return st.sampled_from([1, 2, 4]).flatmap(lambda weight: waiting(weights=(weight,), most=most))


@given(waiting())
def test_a_batch_never_costs_more_than_one_by_one(cases: list[Wanted]) -> None:
    made = plan(cases)
    left = lambda people: sorted(  # noqa: E731
        (p.wanted.weight for p, person in zip(made.placed, people, strict=True) if person is None),
        reverse=True,
    )
    now, instead = (left([getattr(p, name) for p in made.placed]) for name in ("person", "instead"))
    assert (now, made.cost) <= (instead, made.one_by_one) or _fewer(now, instead)


def _fewer(now: list[int], instead: list[int]) -> bool:
    """Fewer of the heaviest weight at which they differ."""
    return [now.count(w) for w in (4, 3, 2, 1)] < [instead.count(w) for w in (4, 3, 2, 1)]


@given(waiting())
def test_nobody_unfit_and_nobody_over_the_cap(cases: list[Wanted]) -> None:
    """Carried out in its order, each assignment passes the filters of a single one, the cap among them."""
    added: dict[str, int] = {}
    for placed in plan(cases).placed:
        if placed.person is None:
            continue
        request = replace(placed.wanted.request, added=dict(added))
        mine = [c for c in placed.wanted.candidates if c.person == placed.person]
        assert any(exclusion(request, c) is None for c in mine)
        added[placed.person] = added.get(placed.person, 0) + placed.wanted.weight


@given(waiting(), st.randoms(use_true_random=False))
def test_the_order_of_cases_and_candidates_never_matters(cases: list[Wanted], random: Random) -> None:
    mixed = [
        replace(case, candidates=random.sample(list(case.candidates), len(case.candidates)))
        for case in random.sample(cases, len(cases))
    ]
    told = [(p.wanted.ref, p.person, p.rank, p.cost) for p in plan(cases).placed]
    assert [(p.wanted.ref, p.person, p.rank, p.cost) for p in plan(mixed).placed] == told


@given(waiting())
def test_each_pick_is_made_again_from_what_is_stored(cases: list[Wanted]) -> None:
    """Told what the others of the batch were given, a single choice picks the same person, or one who is as good but
    for rounding; then the pick says that the batch made it."""
    for placed in plan(cases).placed:
        request = replace(placed.wanted.request, added=placed.others)
        chosen, pick = choose(request, placed.wanted.candidates), placed.pick()
        assert pick.person == placed.person
        if chosen.person != placed.person:
            assert pick.reason == "batch"
            assert len({case.weight for case in cases}) > 1


@given(waiting(most=1))
def test_a_batch_of_one_is_a_single_choice(cases: list[Wanted]) -> None:
    [placed] = plan(cases).placed
    assert placed.person == choose(placed.wanted.request, placed.wanted.candidates).person
    assert placed.person is None or placed.rank == 1


@settings(deadline=None)
@given(of_one_weight())
def test_cases_of_one_weight_are_placed_by_the_optimum(cases: list[Wanted]) -> None:
    made = plan(cases)
    assert (made.left, made.cost) == _counted_out(cases)


def test_who_waits_longest_goes_first_where_only_one_can_be_placed() -> None:
    one = Candidate("p0", "officer", "V-1", "village", 0, capacity=1)
    early, late = "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"
    for first, second in ((early, late), (late, early)):
        cases = [
            Wanted(ref, Request("handler", ROLES, ON), [one], 1, since)
            for ref, since in (("26-00001-0", first), ("26-00002-9", second))
        ]
        assert {p.wanted.since: p.person for p in plan(cases).placed} == {early: "p0", late: None}


@given(waiting())
def test_the_cost_is_that_of_the_assignments(cases: list[Wanted]) -> None:
    made = plan(cases)
    assert made.cost == _worth(cases, _people(made, cases))[1]
    assert made.cost == sum(p.cost for p in made.placed)


@given(waiting(), st.integers(0, 5))
def test_for_a_single_case_the_cheapest_is_whom_the_choice_picks(cases: list[Wanted], added: int) -> None:
    for case in cases:
        request = replace(case.request, added={"p0": added})
        pick = choose(request, case.candidates)
        # a neighbour is asked only where nobody nearer can be, whatever he would cost
        able = {c.person: c for c in sift(request, case.candidates)[0]}
        if pick.person is not None and len({c.person for c in case.candidates}) == len(case.candidates):
            assert cost(request, able[pick.person]) == min(cost(request, c) for c in able.values())


@given(st.integers(0, 30), st.integers(1, 30))
def test_every_further_case_costs_more_up_to_the_cap(load: int, cap: int) -> None:
    assert price(0, cap) == 0
    assert price(load, cap) < price(load + 1, cap) or load >= cap
    assert price(load, cap) == 1000 or load < cap


def _people(made: Batch, cases: Sequence[Wanted]) -> list[str | None]:
    found = {p.wanted.ref: p.person for p in made.placed}
    return [found[case.ref] for case in cases]


def _worth(cases: Sequence[Wanted], people: Sequence[str | None]) -> tuple[int, int]:
    """Cases left, and nearness with each unit of weight on top of the load it meets: by the definition."""
    load: dict[str, int] = {}
    total = 0
    pairs = zip(cases, people, strict=True)
    for case, person in sorted(pairs, key=lambda pair: (-pair[0].weight, pair[0].ref)):
        if person is None:
            continue
        mine = _considered(case)[person]
        at = load.setdefault(person, mine.load)
        total += case.weight * (near(case.request, mine) + price(at, _cap(cases, person)))
        load[person] = at + case.weight
    return sum(person is None for person in people), total


def _counted_out(cases: Sequence[Wanted]) -> tuple[int, int]:
    """The best of all assignments that there are."""
    choices = [[None, *_considered(case)] for case in cases]
    return min(_worth(cases, people) for people in product(*choices) if _holds(cases, people))


def _holds(cases: Sequence[Wanted], people: Sequence[str | None]) -> bool:
    """Nobody is given a case at or over the cap."""
    load: dict[str, int] = {}
    for case, person in zip(cases, people, strict=True):
        if person is None:
            continue
        mine = _considered(case)[person]
        at = load.setdefault(person, mine.load)
        if at >= _cap(cases, person):
            return False
        load[person] = at + case.weight
    return True


def _cap(cases: Sequence[Wanted], person: str) -> int:
    return min(_considered(other)[person].cap for other in cases if person in _considered(other))


def _considered(case: Wanted) -> dict[str, Candidate]:
    pick = choose(case.request, case.candidates)
    told = {c.person: c.terms for c in pick.considered}
    names = ("unit", "role", "rank")
    return {
        c.person: c
        for c in sorted(case.candidates, key=lambda c: c.neighbour, reverse=True)
        if c.person in told
        and all(getattr(c, name) == told[c.person][name] for name in names)
        and c.neighbour == told[c.person].get("neighbour", False)
    }
