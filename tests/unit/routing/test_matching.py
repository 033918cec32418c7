"""The solver against every assignment that there is, also where it begins with a single arc and a single place."""

from itertools import product
from random import Random

import numpy as np
import pytest

from engine.routing import matching
from engine.routing.matching import NOBODY, Arcs, Places, proven, solve

Costs = dict[tuple[int, int], int]


def _drawn(seed: int) -> tuple[int, Costs, list[list[int]], list[int]]:
    random = Random(seed)
    cases, people = random.randint(1, 5), random.randint(1, 4)
    costs = {
        (i, p): random.randint(0, 8) for i in range(cases) for p in range(people) if random.random() < 0.7
    }
    prices = [sorted(random.randint(0, 6) for _ in range(3)) for _ in range(people)]
    return cases, costs, prices, [random.randint(0, 3) for _ in range(people)]


def _arcs(cases: int, costs: Costs) -> Arcs:
    pairs = sorted(costs)
    columns = (np.array([pair[n] for pair in pairs], np.int64) for n in (0, 1))
    return Arcs(
        cases, *columns, np.array([costs[pair] for pair in pairs], np.int64), np.zeros(cases, np.int64)
    )


def _worth(taken: tuple[int, ...], costs: Costs, prices: list[list[int]], room: list[int]) -> tuple[int, int]:
    held, total = [0] * len(room), 0
    for case, person in enumerate(taken):
        if person != NOBODY:
            total += costs[case, person] + prices[person][held[person]]
            held[person] += 1
    assert all(n <= most for n, most in zip(held, room, strict=True))
    return taken.count(NOBODY), total


def _best(cases: int, costs: Costs, prices: list[list[int]], room: list[int]) -> tuple[int, int]:
    return min(
        _worth(taken, costs, prices, room)
        for taken in product(range(NOBODY, len(room)), repeat=cases)
        if all(p == NOBODY or (i, p) in costs for i, p in enumerate(taken))
        and all(taken.count(p) <= most for p, most in enumerate(room))
    )


@pytest.mark.parametrize("begun", [1, 2, 24])
def test_the_solution_is_the_best_of_all(begun: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "_FIRST", begun)
    monkeypatch.setattr(matching, "_WIDE", min(begun, 3))
    for seed in range(150):
        cases, costs, prices, room = _drawn(seed)
        arcs, places = _arcs(cases, costs), Places(np.array(prices), np.array(room))
        taken = solve(arcs, places)
        found = _worth(tuple(map(int, taken)), costs, prices, room)
        assert found == _best(cases, costs, prices, room), seed


def test_only_the_best_is_proven() -> None:
    proved = 0
    for seed in range(150):
        cases, costs, prices, room = _drawn(seed)
        arcs, places = _arcs(cases, costs), Places(np.array(prices), np.array(room))
        best = _best(cases, costs, prices, room)
        for taken in product(range(len(room)), repeat=cases):
            fits = all(pair in costs for pair in enumerate(taken))
            if fits and all(taken.count(p) <= most for p, most in enumerate(room)):
                is_best = _worth(taken, costs, prices, room) == best
                assert proven(arcs, places, np.array(taken, np.int64)) == is_best, seed
                proved += is_best
    assert proved > 50


def test_costs_that_cannot_be_told_exactly_are_refused() -> None:
    arcs = _arcs(1, {(0, 0): 2**52})
    with pytest.raises(OverflowError):
        solve(arcs, Places(np.array([[0]]), np.array([1])))


def test_of_two_who_could_be_left_it_is_the_one_who_matters_less() -> None:
    for waits, kept in ((np.array([2, 1]), 0), (np.array([1, 2]), 1)):
        arcs = Arcs(2, np.array([0, 1]), np.array([0, 0]), np.array([5, 5]), waits)
        taken = solve(arcs, Places(np.array([[0]]), np.array([1])))
        assert [int(case) for case in np.flatnonzero(taken != NOBODY)] == [kept]
