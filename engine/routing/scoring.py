"""What a candidate is worth among those equally near: load, fitness, having known the people, a quarrel with them.

Whole thousandths throughout, so that a decision is the same on every machine and its terms add up exactly.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from engine.routing.candidate import Candidate, Considered, Request
from engine.routing.exclusion import load
from engine.routing.stored import facts_of

WHOLE = 1000
TERMS = ("load", "skill", "continuity")  # what adds; an earlier conflict takes away


def points(request: Request, c: Candidate) -> Mapping[str, int]:
    """The terms in thousandths; together between 0 and 1,000, less what a conflict takes."""
    weights = {name: request.scores.get(name, 0) for name in TERMS}
    total = sum(weights.values()) or 1
    worth = {
        name: WHOLE * weights[name] * _value(name, request, c) / total for name in TERMS if weights[name]
    }
    told = {name: int(value) for name, value in worth.items()}
    against = request.scores.get("conflict", 0)
    if c.conflict and against:
        told["conflict"] = -int(Fraction(WHOLE * against, total))
    return told


def _value(name: str, request: Request, c: Candidate) -> Fraction:
    if name == "load":
        share = Fraction(load(request, c), c.cap) if c.cap else Fraction(1)
        return 1 - min(share, Fraction(1))
    if name == "skill":
        return Fraction(int(bool(request.topics & c.skills)))
    return Fraction(int(c.continues))


def step(c: Candidate) -> int:
    """Nearness with room for the neighbours between two ranks."""
    return 2 * c.rank + int(c.neighbour)


def worth(request: Request, c: Candidate) -> int:
    return max(0, min(WHOLE, sum(points(request, c).values())))


def score(request: Request, c: Candidate) -> Fraction:
    """1 for the best of the nearest unit; what lowers it never brings it below those of the next step."""
    top = Fraction(1, step(c) + 1)
    floor = Fraction(1, step(c) + 2)
    return floor + (top - floor) * Fraction(worth(request, c), WHOLE)


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
    return Considered(c.person, f"{float(score(request, c)):.3f}", terms)
