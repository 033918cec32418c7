"""How far one report may be the same matter as another: points by term, each term told in words. Nothing is decided.

Whole numbers, so that the same two reports have the same points on every machine. What somebody may not read of the
other case is left out of the report that is compared: then it neither counts nor is told, and nobody finds out by
filing who else is in a case.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from engine.domain.wording import percent

WEIGHTS: Mapping[str, int] = {
    "party_known": 24, "party_named": 16, "reporter": 12, "place": 20, "near": 8, "type": 8, "category": 6,
    "text": 30,
}  # fmt: skip
# how long before or after, and what that counts
DAYS = ((timedelta(days=1), 14), (timedelta(days=7), 10), (timedelta(days=30), 5))
ALIKE = 20  # percent; below it two texts have no more in common than any two
ENOUGH = 40  # points
MOST = 3  # shown at once


@dataclass(frozen=True, slots=True)
class Who:
    """A party as it is known again: its role, and the keys of the known person and of the name."""

    role: str
    known: str | None = None
    named: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """``parent``: what the place lies in; ``category``: the kind of matter within its type; ``pieces``: its wording."""

    case_type: str
    place: str
    at: datetime
    parent: str | None = None
    category: str | None = None
    parties: tuple[Who, ...] = ()
    reporter: Who | None = None
    pieces: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that two reports have in common. ``name``: parties, party, reporter, sides, place, near, category,
    type, time, text."""

    name: str
    points: int
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Likeness:
    points: int
    terms: tuple[Term, ...]

    @property
    def enough(self) -> bool:
        return self.points >= ENOUGH


def likeness(new: Report, other: Report) -> Likeness:
    """Symmetric, but for the order in which roles are named."""
    terms = tuple(_terms(new, other))
    return Likeness(sum(term.points for term in terms), terms)


def most_alike(found: Sequence[tuple[Any, Likeness]], most: int = MOST) -> list[tuple[Any, Likeness]]:
    """Those with points enough, the likest first; of equals the one that came first."""
    able = [one for one in found if one[1].enough]
    return sorted(able, key=lambda one: -one[1].points)[:most]


def _terms(new: Report, other: Report) -> Iterator[Term]:
    yield from _parties(new, other)
    yield from _reporter(new, other)
    yield from _where(new, other)
    if new.case_type == other.case_type:
        same = new.category is not None and new.category == other.category
        yield (
            Term("category", WEIGHTS["type"] + WEIGHTS["category"]) if same else Term("type", WEIGHTS["type"])
        )
    apart = abs(new.at - other.at)
    for within, points in DAYS:
        if apart <= within:
            yield Term("time", points, {"seconds": int(apart.total_seconds())})
            break
    alike = percent(new.pieces, other.pieces)
    if alike >= ALIKE:
        yield Term("text", WEIGHTS["text"] * alike // 100, {"percent": alike})


def _parties(new: Report, other: Report) -> Iterator[Term]:
    """The two that weigh most; a party of the one stands for one of the other only."""
    rest = list(other.parties)
    matched: list[tuple[Who, Who, int]] = []
    for how in ("known", "named"):
        for party in new.parties:
            key = getattr(party, how)
            twin = next((one for one in rest if key is not None and getattr(one, how) == key), None)
            if twin is not None and all(party is not mine for mine, _, _ in matched):
                rest.remove(twin)
                matched.append((party, twin, WEIGHTS[f"party_{how}"]))
    best = matched[:2]  # those who are known were looked for first
    if best:
        roles = [mine.role for mine, _, _ in best] if all(m.role == t.role for m, t, _ in best) else []
        yield Term(
            "parties" if len(best) > 1 else "party", sum(points for _, _, points in best), {"roles": roles}
        )


def _reporter(new: Report, other: Report) -> Iterator[Term]:
    """The same reporter, or whoever reports the one is a party of the other: both sides of one fight."""
    if _same(new.reporter, [other.reporter]):
        yield Term("reporter", WEIGHTS["reporter"])
    elif _same(new.reporter, other.parties) or _same(other.reporter, new.parties):
        yield Term("sides", WEIGHTS["reporter"])


def _same(one: Who | None, others: Collection[Who | None]) -> bool:
    if one is None:
        return False
    return any(
        (one.known is not None and one.known == other.known)
        or (one.named is not None and one.named == other.named)
        for other in others
        if other is not None
    )


def _where(new: Report, other: Report) -> Iterator[Term]:
    if new.place == other.place:
        yield Term("place", WEIGHTS["place"])
    elif new.parent is not None and new.parent == other.parent:
        yield Term("near", WEIGHTS["near"])
