"""Minimum-cost assignment of cases to people where each further case to the same person costs more.

A person with room for three is three places with three prices; cases are matched to places by SciPy's sparse solver
(LAPJVsp, after Jonker and Volgenant 1987). Only the cheapest arcs of each case and a few places of each person go in at
first; the prices of the solution then tell which of the others could improve it (linear programming duality), these are
added, and so on until none is left: the answer is the optimum over all arcs, not over those that were tried.

Numbers are whole throughout. The solver reckons in double precision, which is exact below 2**53; larger sums are
refused by :func:`solve` (OverflowError).
"""

from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
NOBODY = -1
_FIRST = 24  # arcs of each case that are tried at first
_WIDE = 3  # places of each person that are tried at first
_ROUNDS = 40
_EXACT = 2**53
_SHUT = 2**60  # the price of a place where there is none


@dataclass(frozen=True)
class Arcs:
    """Who could take what: parallel columns, sorted by case. ``cost`` is of the pair, without the place.

    ``waits``: by case, whom it matters more not to leave, of those that could be left at the same cost.
    """

    cases: int
    case: Whole
    person: Whole
    cost: Whole
    waits: Whole

    def only(self, kept: NDArray[np.bool_]) -> "Arcs":
        return Arcs(self.cases, self.case[kept], self.person[kept], self.cost[kept], self.waits)


@dataclass(frozen=True)
class Places:
    """``price[p][j]``: what the case on place ``j`` of a person costs more; rows rise. ``count[p]``: how many there are."""

    price: Whole
    count: Whole

    def at(self, person: Whole, place: Whole) -> Whole:
        """The price of a place, ``_SHUT`` where the person has none left."""
        there = place < self.count[person]
        inside = np.minimum(place, self.price.shape[1] - 1)
        return np.where(there, self.price[person, inside], _SHUT)


def proven(arcs: Arcs, places: Places, taken: Whole) -> bool:
    """Whether a solution with nobody left out is known to be the best: cheap to find out where it is."""
    held = _held(taken, places.count.size)
    if (taken == NOBODY).any() or (held > places.count).any():
        return False
    price = _prices(arcs, places, taken, _left(arcs, places), rounds=_ROUNDS)
    if price is None:
        return False
    people = np.flatnonzero(held)  # nobody's last case would come cheaper elsewhere
    return bool((price[people] >= places.at(people, held[people] - 1)).all())


def solve(arcs: Arcs, places: Places) -> Whole:
    """For each case the person, or ``NOBODY``: as many cases as possible, then the least sum of costs and prices."""
    open_ = arcs.only(places.count[arcs.person] > 0)
    if not open_.case.size:
        return np.full(arcs.cases, NOBODY, np.int64)
    left = _left(open_, places)
    tried, width = _cheapest(open_, places), np.minimum(places.count, _WIDE)
    while True:
        part = open_.only(tried)
        taken = _match(part, Places(places.price, width), left)
        # prices rise: places beyond one that stays free would stay free too
        tight = (_held(taken, width.size) == width) & (width < places.count)
        if tight.any():
            width = np.where(tight, np.minimum(places.count, 2 * width), width)
            continue
        price = _prices(part, places, taken, left)
        assert price is not None  # noqa: S101 - there are prices for whatever is the cheapest
        better = _better(open_, taken, price, left) & ~tried
        if not better.any():
            return taken
        tried |= better


def _left(arcs: Arcs, places: Places) -> Whole:
    """What nobody at all costs, by case: more than any other arrangement of the rest."""
    dear = int(np.max(arcs.cost, initial=0)) + int(np.max(places.price)) + int(np.max(arcs.waits)) + 1
    left = dear * (arcs.cases + 1)
    if left * 4 >= _EXACT:
        raise OverflowError("costs are too large to be reckoned exactly")
    found: Whole = left + arcs.waits
    return found


def _held(taken: Whole, people: int) -> Whole:
    """How many cases each person has."""
    return np.bincount(taken[taken != NOBODY], minlength=people)


def _cheapest(arcs: Arcs, places: Places) -> NDArray[np.bool_]:
    order = np.lexsort((arcs.person, arcs.cost + places.price[arcs.person, 0], arcs.case))
    begins = np.searchsorted(arcs.case, np.arange(arcs.cases))
    rank = np.empty(arcs.case.size, np.int64)
    rank[order] = np.arange(arcs.case.size) - begins[arcs.case[order]]
    return rank < _FIRST


def _match(arcs: Arcs, places: Places, left: Whole) -> Whole:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    people = places.count.size
    asked = np.bincount(arcs.person, minlength=people)
    each = np.minimum(places.count, asked)  # no more places than cases that could take one
    first = np.concatenate(([0], np.cumsum(each)))
    times = each[arcs.person]
    arc = np.repeat(np.arange(arcs.case.size), times)
    place = np.arange(arc.size) - np.repeat(np.cumsum(times) - times, times)
    person = arcs.person[arc]
    own = np.arange(arcs.cases)  # a place of its own for each case that nobody takes
    rows = np.concatenate((arcs.case[arc], own))
    columns = np.concatenate((first[person] + place, first[-1] + own))
    data = np.concatenate((arcs.cost[arc] + places.price[person, place], left))
    # one more throughout: the solver takes a nought for no arc
    graph: Any = coo_array(
        (data.astype(np.float64) + 1, (rows, columns)), shape=(arcs.cases, int(first[-1]) + arcs.cases)
    ).tocsr()
    _, column = min_weight_full_bipartite_matching(graph)
    holder = np.repeat(np.arange(people), each)
    return np.where(column < first[-1], holder[np.minimum(column, max(holder.size - 1, 0))], NOBODY)


def _prices(arcs: Arcs, places: Places, taken: Whole, left: Whole, rounds: int | None = None) -> Whole | None:
    """What one more place with each person is worth: the highest prices at which this solution is the cheapest.

    Each person's is at most that of his next place, and at most what his dearest case would pay elsewhere; the
    shortest paths of the residual graph, by Bellman and Ford's relaxation. Their existence proves the optimum over
    these arcs; None if they were not found within so many rounds, as of a solution that is none.
    """
    people = np.arange(places.count.size)
    price = places.at(people, _held(taken, people.size))
    mine = arcs.person == taken[arcs.case]
    case, person, cost = arcs.case[mine], arcs.person[mine], arcs.cost[mine]
    for _ in count() if rounds is None else range(rounds):
        least = left.copy()
        np.minimum.at(least, arcs.case, arcs.cost + price[arcs.person])
        lower = price.copy()
        np.minimum.at(lower, person, least[case] - cost)
        if np.array_equal(lower, price):
            return price
        price = lower
    return None


def _better(arcs: Arcs, taken: Whole, price: Whole, left: Whole) -> NDArray[np.bool_]:
    """The arcs by which a case would come cheaper at these prices than it does now."""
    now = left.copy()
    mine = arcs.person == taken[arcs.case]
    now[arcs.case[mine]] = arcs.cost[mine] + price[arcs.person[mine]]
    found: NDArray[np.bool_] = arcs.cost + price[arcs.person] < now[arcs.case]
    return found
