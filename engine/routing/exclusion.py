"""The hard filters: who may not, and why. No score, no choice and no haste sets one of them aside."""

from collections.abc import Iterable
from typing import Any

from engine.routing.candidate import Candidate, Excluded, Request
from engine.routing.stored import facts_of

Failure = tuple[str, dict[str, Any]]

# What the law or the people concerned demand binds a dispatcher's hand too; the others bind the engine only.
BINDING = frozenset(
    {
        "away", "away_open", "related", "barred", "recused", "complained_of", "holds", "lacks_skill", "language",
        "sex",
    }
)  # fmt: skip
CONFLICTS = frozenset({"related", "barred", "recused", "complained_of"})
OWN_WORDS = ("recused", "declined", "complained_of", "unanswered")  # bars with a reason of their own
UNDRAWN = BINDING | {"declined"}


def exclusion(request: Request, candidate: Candidate, *, by_hand: bool = False) -> Excluded | None:
    """The first hard filter that this candidate fails."""
    for because, params in failures(request, candidate):
        if not by_hand or because in BINDING:
            return excluded(request, candidate, because, params)
    return None


def excluded(request: Request, candidate: Candidate, because: str, params: dict[str, Any]) -> Excluded:
    return Excluded(candidate.person, because, params, facts_of(request, candidate))


def far(request: Request, candidate: Candidate) -> Excluded:
    """A neighbour whom nothing asks for: nobody nearer has a conflict of interest."""
    return excluded(request, candidate, "far", {"unit": candidate.unit})


def conflicted(request: Request, candidate: Candidate) -> bool:
    """Whether somebody's interest or past bars the person from this very case."""
    return bool(candidate.related) or candidate.person in request.barred


def failures(request: Request, c: Candidate) -> Iterable[Failure]:
    if c.person in request.holders:
        yield "holds", {}
    yield from _conflicts(request, c)
    if c.away and c.away_until:
        yield "away", {"until": c.away_until.isoformat()}
    elif c.away:
        yield "away_open", {}
    yield from _unfit(request, c)
    if c.on_duty is False:
        yield "off_duty", {}
    if load(request, c) >= c.cap:
        yield "over_cap", {"load": load(request, c), "cap": c.cap}


def _conflicts(request: Request, c: Candidate) -> Iterable[Failure]:
    if c.person in request.barred:
        why = request.barred[c.person]
        yield (why, {}) if why in OWN_WORDS else ("barred", {"why": why})
    if c.related:
        yield "related", {"kind": c.related}


def _unfit(request: Request, c: Candidate) -> Iterable[Failure]:
    if not request.skills <= c.skills:
        yield "lacks_skill", {"skills": ", ".join(sorted(request.skills - c.skills))}
    if not request.languages <= c.languages:
        yield "language", {"languages": ", ".join(sorted(request.languages - c.languages))}
    if request.sex is not None and c.sex != request.sex:
        yield "sex", {}
    if request.wanted and not held_among(request.wanted, c):
        yield "other_role", {"roles": ", ".join(request.wanted)}
    if request.levels and c.level not in request.levels:
        yield "other_level", {"levels": ", ".join(request.levels)}


def held_among(roles: Iterable[str], c: Candidate) -> bool:
    """Whether the appointment is one of these: ``officer``, or ``officer@station``."""
    return any(role in (c.role, f"{c.role}@{c.level}") for role in roles)


def load(request: Request, c: Candidate) -> int:
    return c.load + request.added.get(c.person, 0)
