"""What an assignment costs where many are made at once: nearness and load in whole numbers, the smaller the better.

This is the order of :mod:`engine.routing.choice` as a sum, and the only place where it is written as one: for a single
case the cheapest is whom ``choose`` picks, but for ties, which it gives to the longest idle.
"""

from engine.routing.candidate import Candidate, Request

STEP = 1000  # more than anybody's load: one step of nearness never gives way to load


def cost(request: Request, candidate: Candidate) -> int:
    """Of giving this case, the only one, to this candidate; for each unit of its weight."""
    return near(request, candidate) + candidate.load + request.added.get(candidate.person, 0)


def near(request: Request, candidate: Candidate) -> int:
    """The part that hangs on the case: how far the unit is, and whether the person worked for these people before."""
    moved = request.continuity and not candidate.continues
    return STEP * (2 * (2 * candidate.rank + int(candidate.neighbour)) + int(moved))


def burden(load: int, weight: int) -> int:
    """The part that hangs on the person: each unit of weight costs the load it comes on top of.

    So every further case costs more than the last (convex), and the sum does not hang on the order in which a
    person's cases are counted: it is ``f(load + weight) - f(load)`` with ``f(x) = x(x - 1)/2``.
    """
    return weight * load + weight * (weight - 1) // 2


def room(load: int, cap: int, weight: int, lightest: int | None = None) -> int:
    """How many more cases of a weight a person may get at this load: as the filter has it, one is able while the load
    without the case is under the cap. ``lightest``: the lightest of the others in the batch that ``load`` holds."""
    spare = cap - load + (weight if lightest is None else min(weight, lightest))
    return max(0, -(-spare // weight) - 1)
