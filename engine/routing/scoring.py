"""What a candidate is worth among those equally near: load, fitness, having known the people, a quarrel with them.

Whole thousandths throughout, so that a decision is the same on every machine and its terms add up exactly.
"""

from collections.abc import Mapping
from typing import Any

from engine.routing.candidate import Candidate, Considered, Request
from engine.routing.exclusion import load
from engine.routing.stored import facts_of

WHOLE = 1000
TERMS = ("load", "skill", "continuity")  # what adds; an earlier conflict takes away


def points(request: Request, c: Candidate) -> Mapping[str, int]:
    """The terms in thousandths; together between 0 and 1,000, less what a conflict takes."""
    scores = request.scores
    total = sum([scores.get(name, 0) for name in TERMS]) or 1
    told = {}
    if free := scores.get("load", 0):
        left = max(0, c.cap - load(request, c))
        told["load"] = WHOLE * free * left // (total * c.cap) if c.cap else 0
    if fit := scores.get("skill", 0):
        told["skill"] = WHOLE * fit // total if request.topics & c.skills else 0
    if known := scores.get("continuity", 0):
        told["continuity"] = WHOLE * known // total if c.continues else 0
    if c.conflict and (against := scores.get("conflict", 0)):
        told["conflict"] = -(WHOLE * against // total)
    return told


def step(c: Candidate) -> int:
    """Nearness with room for the neighbours between two ranks."""
    return 2 * c.rank + int(c.neighbour)


def worth(request: Request, c: Candidate) -> int:
    return max(0, min(WHOLE, sum(points(request, c).values())))


def score(request: Request, c: Candidate) -> str:
    """1.000 for the best of the nearest unit; what lowers it never brings it below those of the next step.

    Between 1/(n+2) and 1/(n+1) for the n-th step, by the share that the person is worth.
    """
    n = step(c)
    return f"{(WHOLE * (n + 1) + worth(request, c)) / (WHOLE * (n + 1) * (n + 2)):.3f}"


def order(request: Request, c: Candidate) -> tuple[Any, ...]:
    """Whom parties chose, then the nearest, the best, the longest idle, the first by code."""
    return (c.person not in request.chosen, step(c), -worth(request, c), c.idle_since, c.person)


def cost(request: Request, c: Candidate) -> int:
    """The same as one number to be made small when many are assigned at once: a step outweighs all that a score
    can tell, and whom parties chose outweighs every step."""
    chosen = 0 if c.person in request.chosen or not request.chosen else 100 * WHOLE
    return chosen + step(c) * WHOLE + WHOLE - worth(request, c)


def considered(request: Request, c: Candidate) -> Considered:
    terms = {**facts_of(request, c), "points": dict(points(request, c))}
    return Considered(c.person, score(request, c), terms)
