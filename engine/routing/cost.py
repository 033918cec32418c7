"""What an assignment costs where many are made at once: nearness and load in whole numbers, the smaller the better.

This is the order of :mod:`engine.routing.scoring` as a sum of two parts, one that hangs on the case and one on the
person's load, and the only place where it is written so. For a single case the cheapest is whom ``choose`` picks, but
for ties, which it gives to the longest idle. Requests whose rules weigh load differently are brought to one measure:
load counts the same for all, the rest of each case as much more as its rules weigh load less.
"""

from engine.routing.candidate import Candidate, Request
from engine.routing.scoring import TERMS, WHOLE, step

_CHOSEN = 100  # steps: whom parties chose outweighs every nearness
_HARDLY = 1000  # how many times more than load the rest counts where a rule does not weigh load at all


def cost(request: Request, candidate: Candidate) -> int:
    """Of giving this case, the only one, to this candidate; for each unit of its weight."""
    load = candidate.load + request.added.get(candidate.person, 0)
    return near(request, candidate) + price(load, candidate.cap)


def near(request: Request, c: Candidate) -> int:
    """The part that hangs on the case: how far the unit is, and what fitness and acquaintance lack of the best."""
    weights = {name: request.scores.get(name, 0) for name in TERMS}
    whole = sum(weights.values()) or 1
    lacks = 0
    if weights["skill"] and not request.topics & c.skills:
        lacks += WHOLE * weights["skill"] // whole
    if weights["continuity"] and not c.continues:
        lacks += WHOLE * weights["continuity"] // whole
    if c.conflict:
        lacks += WHOLE * request.scores.get("conflict", 0) // whole
    far = step(c) + (_CHOSEN if request.chosen and c.person not in request.chosen else 0)
    total = far * WHOLE + lacks
    return total * whole // weights["load"] if weights["load"] else total * _HARDLY


def price(load: int, cap: int) -> int:
    """The part that hangs on the person, in thousandths of the cap: a unit of weight costs the load it comes on top of.

    A case costs this once for each unit of its weight. So every further case costs more than the last, and the sum
    over a person's cases does not hang on their order (but for rounding): each pair of them costs the product of their
    weights.
    """
    return WHOLE - WHOLE * (cap - min(load, cap)) // cap if cap > 0 else WHOLE


def room(load: int, cap: int, weight: int, lightest: int | None = None) -> int:
    """How many more cases of a weight a person may get at this load: as the filter has it, one is able while the load
    without the case is under the cap. ``lightest``: the lightest of the others in the batch that ``load`` holds."""
    spare = cap - load + (weight if lightest is None else min(weight, lightest))
    return max(0, -(-spare // weight) - 1)
