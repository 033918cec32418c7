"""Cases told apart: by what kind they are, where, who has them, in which month they came or were closed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from engine.analytics.estimate.numbering import numbered
from engine.analytics.heap import uncollected
from engine.analytics.selecting import leaves
from engine.analytics.traces.frame import MISSING, Codes, Frame
from engine.domain.errors import UsageError
from engine.persistence.unit import Unit

BY = (
    "type",
    "unit",
    "phase",
    "state",
    "risk",
    "category",
    "place",
    "channel",
    "outcome",
    "holder",
    "filed_month",
    "closed_month",
)

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Groups:
    """``keys`` in their order, {} alone without ``by``; ``of``: for each case the number of its group."""

    keys: list[dict[str, Any]]
    of: Codes

    def __len__(self) -> int:
        return len(self.keys)

    def sizes(self, which: NDArray[np.bool_] | None = None) -> Ints:
        """How many cases each group has, of those that are meant."""
        return np.bincount(self.of if which is None else self.of[which], minlength=len(self.keys))

    def members(self, number: int) -> Ints:
        """Positions of the cases of one group."""
        return np.flatnonzero(self.of == number)


class _Values(NamedTuple):
    """A code for each case and the texts that the codes stand for; the last text is None: not known."""

    of: Codes
    texts: list[str | None]


def group_cases(frame: Frame, unit: Unit, by: Sequence[str], zone: ZoneInfo) -> Groups:
    """``by``: any of :data:`BY`, or the name of a field with a few values. FM-U300, FM-U301 for others."""
    known_groups(frame, by)
    if not by:
        return Groups([{}], np.zeros(len(frame), np.int32))
    found = [_values(frame, unit, name, zone) for name in by]
    mixed, size = np.zeros(len(frame), np.int64), 1
    for values in found:
        ordered = sorted(range(len(values.texts)), key=[_rank(text) for text in values.texts].__getitem__)
        rank = np.empty(len(ordered), np.int32)
        rank[ordered] = np.arange(len(ordered))
        mixed *= len(ordered)  # in place: there may be millions
        mixed += rank[values.of]
        values.texts[:] = [values.texts[n] for n in ordered]
        size *= len(ordered)
    present, of = numbered(mixed, size)
    return Groups(_keys(by, found, present), of)


def known_groups(frame: Frame | None, by: Sequence[str]) -> None:
    """FM-U300 and FM-U301 where there is nothing of that name to group by."""
    fields = [t.partition("/")[2] for t in frame.names.texts if t.startswith("field/")] if frame else []
    for name in by:
        if name not in BY and name not in fields:
            known = ", ".join(dict.fromkeys([*BY, *fields]))
            raise UsageError("FM-U301" if name == "month" else "FM-U300", name=name, known=known)


def _rank(text: str | None) -> tuple[bool, str]:
    return text is None, text or ""


@uncollected()
def _keys(by: Sequence[str], found: Sequence[_Values], present: Ints) -> list[dict[str, Any]]:
    columns: list[list[str | None]] = []
    for values in reversed(found):
        present, codes = np.divmod(present, len(values.texts))
        columns.append([values.texts[n] for n in codes.tolist()])
    return [dict(zip(by, key, strict=True)) for key in zip(*reversed(columns), strict=True)]


# ---- what a case is told apart by -------------------------------------------------------------------


def _values(frame: Frame, unit: Unit, name: str, zone: ZoneInfo) -> _Values:
    return _TOLD[name](frame, unit, zone) if name in _TOLD else _track(f"field/{name}", frame, unit, zone)


def _track(track: str, frame: Frame, unit: Unit, zone: ZoneInfo) -> _Values:
    texts: list[str | None] = [text or None for text in frame.texts(track)]
    return _merged(frame.last_code(track), texts)


def _leaf(tell: Callable[[Any], Any], frame: Frame, unit: Unit, zone: ZoneInfo) -> _Values:
    return _merged(frame.last_code("state"), leaves(frame, unit, tell))


def _merged(codes: Codes, texts: Sequence[str | None]) -> _Values:
    """Different codes may say the same (a leaf of two versions), and some say nothing."""
    kept = [text for text in dict.fromkeys(texts) if text is not None]
    number = {text: n for n, text in enumerate(kept)}
    renamed = np.array([*(len(kept) if t is None else number[t] for t in texts), len(kept)], np.int32)
    return _Values(renamed[codes], [*kept, None])


def _month(of: Callable[[Frame], Ints], frame: Frame, unit: Unit, zone: ZoneInfo) -> _Values:
    seconds = of(frame)
    known = seconds[seconds != MISSING]
    if not known.size:
        return _Values(np.zeros(len(frame), np.int32), [None])
    starts, texts = months(int(known.min()), int(known.max()), zone)
    codes = (np.searchsorted(starts, seconds, side="right") - 1).astype(np.int32)
    codes[seconds == MISSING] = len(texts)
    return _Values(codes, [*texts, None])


def months(first: int, last: int, zone: ZoneInfo) -> tuple[Ints, list[str]]:
    """The months of a zone that two seconds and all between them lie in: when each begins, and its name."""
    day, end = (datetime.fromtimestamp(second, UTC).astimezone(zone) for second in (first, last))
    starts, texts, year, month = [], [], day.year, day.month
    while (year, month) <= (end.year, end.month):
        starts.append(int(datetime(year, month, 1, tzinfo=zone).timestamp()))
        texts.append(f"{year:04}-{month:02}")
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    assert all(one < two for one, two in pairwise(starts))  # noqa: S101 - months follow each other
    return np.array(starts, np.int64), texts


_TOLD: dict[str, Callable[[Frame, Unit, ZoneInfo], _Values]] = {
    **{name: partial(_track, name) for name in ("type", "unit", "place", "channel", "outcome", "holder")},
    "risk": partial(_track, "field/risk"),
    "phase": partial(_leaf, lambda leaf: leaf.phase),
    "state": partial(_leaf, lambda leaf: leaf.name),
    "filed_month": partial(_month, lambda frame: frame.filed),
    "closed_month": partial(_month, lambda frame: frame.closed),
}
