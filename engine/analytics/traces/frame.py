"""The cases a question is about, as they were known at an instant: what every measure starts from.

Positions are 0 .. n-1 in the order of case ids. Seconds are whole and since 1970; -1 stands for "not known then".
"""

import mmap
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.analytics.traces.book import Book
from engine.analytics.traces.rows import ALWAYS
from engine.analytics.traces.shelf import Ints, Names, Track

Codes = NDArray[np.int32]
PORTION = 1 << 14  # cases at a time: their columns stay in the processor's cache
_LET_GO = 1 << 19  # rows read after which the pages of mapped columns are given back
MISSING = -1
FEW = (
    8  # a track is looked through from one end to the other unless this many times fewer cases are asked for
)


class Steps(NamedTuple):
    """Rows of one track for the cases of a frame, in the order of cases and of events: ``case`` is a position."""

    case: Ints
    code: Codes
    at: Ints
    value: Ints | None


class Frame:
    """``ids`` of the selected cases, ascending, and ``at``, the second as of which everything is told."""

    def __init__(self, book: Book, at: int, ids: Ints | None = None) -> None:
        self.book, self.at = book, at
        self.current = at >= book.latest
        every = book.cases
        self.whole = ids is None
        self.ids = every if ids is None else ids
        self._every = every
        self._steps: dict[str, Steps] = {}
        self._last: dict[str, Codes] = {}
        self._codes: dict[str, list[int]] = {}

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def names(self) -> Names:
        return self.book.names

    def only(self, keep: NDArray[np.bool_]) -> "Frame":
        """The same instant, some of the cases."""
        return Frame(self.book, self.at, None if self.whole and keep.all() else self.ids[keep])

    # ---- tracks ------------------------------------------------------------------------------------

    def steps(self, name: str) -> Steps:
        """What is believed of a track as of the instant."""
        found = self._steps.get(name)
        if found is None:
            found = self._steps[name] = self._believed(self.book.track(name))
        return found

    def portions(self, name: str) -> Iterator[tuple[slice, Steps]]:
        """The same, so many cases at a time, each with the slice of its positions: never in memory as a whole."""
        edges = [*range(0, len(self), PORTION), len(self)]
        track = self.book.track(name)
        if name in self._steps or track is None or self._few:
            steps = self._once(name)
            rows = np.searchsorted(steps.case, edges).tolist()
            for cases, of in zip(pairwise(edges), pairwise(rows), strict=True):
                value = None if steps.value is None else steps.value[slice(*of)]
                part = Steps(steps.case[slice(*of)], steps.code[slice(*of)], steps.at[slice(*of)], value)
                yield slice(*cases), part
            return
        rows, read = np.searchsorted(track.case, self._bounds(edges).astype(track.case.dtype)).tolist(), 0
        for cases, of in zip(pairwise(edges), pairwise(rows), strict=True):
            yield slice(*cases), self._of(track.take(slice(*of)))
            if of[1] - read > _LET_GO:
                _let_go(track)
                read = of[1]
        _let_go(track)

    def _bounds(self, edges: list[int]) -> Ints:
        """Ids before which the rows of the portions begin; the last one is behind all."""
        return np.append(self.ids[edges[:-1]], self.ids[-1:] + 1)

    @property
    def _few(self) -> bool:
        return not self.whole and len(self.ids) * FEW < len(self._every)

    def _once(self, name: str) -> Steps:
        """The same for who takes one column of it: a track of a million rows is not kept for that."""
        return self._steps.get(name) or self._believed(self.book.track(name))

    def _believed(self, track: Track | None) -> Steps:
        if track is None:
            none = np.zeros(0, np.int64)
            return Steps(none, none.astype(np.int32), none, none)
        if self._few:
            track = _picked(track, _spans(track.case, self.ids), since=not self.current)
        return self._of(track, self._places if self._one_row_each(track) else None)

    def _of(self, track: Track, places: Ints | None = None) -> Steps:
        """Rows of a track with their cases' positions, where these are not known already."""
        case = self._positions[track.case].astype(np.int64) if places is None else places
        keep = None if self.whole else case >= 0
        if not self.current:
            then = (track.since <= self.at) & (track.at <= self.at)
            keep = then if keep is None else keep & then
        if track.until is not None:
            until = track.until > self.at
            keep = until if keep is None else keep & until
        _, code, at, _, _, value = track
        if keep is not None and not keep.all():
            case, code, at = case[keep], code[keep], at[keep]
            value = None if value is None else value[keep]
        return Steps(case, code, at, value)

    @cached_property
    def _places(self) -> Ints:
        return np.arange(len(self.ids))

    def _one_row_each(self, track: Track) -> bool:
        """What every case has once, and never otherwise, needs no places of its own: most of what a case is filed with."""
        return self.whole and len(track.case) == len(self.ids) and bool((track.case == self.ids).all())

    @cached_property
    def _positions(self) -> NDArray[np.int32]:
        top = int(self._every[-1]) if len(self._every) else 0
        found = np.full(top + 1, MISSING, np.int32)
        found[self.ids] = np.arange(len(self.ids), dtype=np.int32)
        return found

    def codes(self, name: str) -> list[int]:
        """Which codes of a track are believed of any of these cases as of the instant."""
        if name not in self._codes:
            there = np.zeros(len(self.texts(name)), np.bool_)
            for _, steps in self.portions(name):
                there[steps.code] = True
            self._codes[name] = np.flatnonzero(there).tolist()
        return self._codes[name]

    def texts(self, name: str) -> list[str]:
        """What the codes of a track stand for."""
        return self.names.of(name)

    # ---- one value for each case -------------------------------------------------------------------

    def say(self, name: str, codes: Ints) -> None:
        """From here on another code stands for each case on a track: of a closing that is not the last, say."""
        self._last[name] = codes.astype(np.int32)

    def count_as_closed(self, at: Ints) -> None:
        """The same for :attr:`closed`."""
        self.__dict__["closed"] = at

    def last_code(self, name: str) -> Codes:
        """The code that each case had last; -1 where it has none."""
        if name in self._last:
            return self._last[name]
        found = np.full(len(self), MISSING, np.int32)
        for _, steps in self.portions(name):
            found[steps.case] = steps.code  # of several the last one stands
        return found

    def first_at(self, name: str) -> Ints:
        """When each case first had a row of a track, by occurrence."""
        found = np.full(len(self), ALWAYS, np.int64)
        for _, steps in self.portions(name):
            if _single(steps.case):
                found[steps.case] = steps.at
            else:
                np.minimum.at(found, steps.case, steps.at)
        found[found == ALWAYS] = MISSING
        return found

    def last_at(self, name: str) -> Ints:
        found = np.full(len(self), MISSING, np.int64)
        for _, steps in self.portions(name):
            if _single(steps.case):
                found[steps.case] = steps.at
            else:
                np.maximum.at(found, steps.case, steps.at)
        return found

    @cached_property
    def known(self) -> NDArray[np.bool_]:
        """Which of the cases were on file."""
        found = np.zeros(len(self), np.bool_)
        for _, steps in self.portions("filed"):
            found[steps.case] = True
        return found

    @cached_property
    def filed(self) -> Ints:
        return self.last_at("filed")

    @cached_property
    def closed(self) -> Ints:
        """When a case that is closed was closed last; -1 while it is open."""
        found = np.full(len(self), MISSING, np.int64)
        closes = np.array([text.startswith("closed") for text in self.texts("closing")] or [False])
        for _, steps in self.portions("closing"):
            found[steps.case] = np.where(closes[steps.code], steps.at, MISSING)
        return found

    def lasting(self, ended: Ints) -> Ints:
        """Seconds from filing to what ended it; where nothing did, as long as the case was watched."""
        until = np.where(ended >= 0, ended, np.where(self.closed >= 0, self.closed, self.at))
        return np.maximum(0, until - self.filed)


def _single(case: Ints) -> bool:
    return len(case) < 2 or bool((case[1:] > case[:-1]).all())


def _spans(case: NDArray[np.uint32], ids: Ints) -> Ints:
    """Numbers of all rows of some cases, where rows are ordered by case."""
    wanted = ids.astype(case.dtype)
    first, end = np.searchsorted(case, wanted, "left"), np.searchsorted(case, wanted, "right")
    many = end - first
    starts = np.repeat(first - np.concatenate([[0], np.cumsum(many)[:-1]]), many)
    return np.asarray(starts + np.arange(int(many.sum())), np.int64)


def _picked(track: Track, rows: Ints, *, since: bool) -> Track:
    """These rows, ascending, a stretch of the track at a time: of cases that lie all over it every page is looked at. Of
    a figure of now nobody asks since when something was known."""
    columns = [
        name for name, held in track._asdict().items() if held is not None and (since or name != "since")
    ]
    made: dict[str, Any] = {name: np.empty(rows.size, getattr(track, name).dtype) for name in columns}
    cuts = np.searchsorted(rows, range(0, len(track.case) + _LET_GO, _LET_GO)).tolist()
    for begin, end in pairwise(cuts):
        for name, column in made.items():
            column[begin:end] = getattr(track, name)[rows[begin:end]]
        _let_go(track)
    return Track(**{"since": made["at"], "until": None, "value": None, **made})


def _let_go(track: Track) -> None:
    """Pages of mapped columns need not stay in memory; whoever looks again finds them again."""
    for column in track:
        base: object = column
        while isinstance(base, np.ndarray):
            base = base.base
        if isinstance(base, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            base.madvise(mmap.MADV_DONTNEED)


def second_of(at: datetime) -> int:
    return int(at.timestamp())
