"""Millions of rows of many groups taken in pieces and put in order once, in eight bytes each.

A row is packed into one integer: its group, its seconds, whether it is open, and a mark. What groups come to (how many
rows, how many of them open or marked, seconds in all) is read off the sorted integers a stretch at a time.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.analytics.estimate.arrange import Arranged, Flags, Whole

BITS = 62  # for groups and seconds together
_STRETCH = 1 << 17  # rows looked at together


class Sums(NamedTuple):
    """Of each group that has rows, ascending: its number, int64 [n]; rows, open ones, marked ones, seconds of all.

    ``rows``: the same in order, groups numbered as they stand here.
    """

    group: Whole
    n: Whole
    n_open: Whole
    n_marked: Whole
    seconds: Whole
    rows: Arranged


class Pile:
    """Room for ``most_rows`` rows of at most ``most_seconds``, of groups from 0 up to but without ``n_groups``."""

    def __init__(self, most_rows: int, n_groups: int, most_seconds: int) -> None:
        self._bits = max(most_seconds, 1).bit_length()
        if self._bits + max(n_groups - 1, 0).bit_length() > BITS:
            raise ValueError(f"{n_groups} groups of up to {most_seconds} seconds")
        self._key = np.empty(most_rows, np.uint64)  # takes room only as far as it is filled
        self._size = 0

    def add(self, group: NDArray[np.integer], seconds: Whole, ended: Flags, marked: Flags) -> None:
        """ValueError for seconds below 0 or beyond the most, and for more rows than there is room for."""
        if seconds.size and not 0 <= int(seconds.min()) <= int(seconds.max()) < 1 << self._bits:
            raise ValueError("seconds below 0, or more than were said")
        end = self._size + group.size
        if end > self._key.size:
            raise ValueError(f"more than {self._key.size} rows")
        key = self._key[self._size : end]
        key[:] = group
        key <<= np.uint64(self._bits)
        key |= seconds.astype(np.uint64)
        key <<= np.uint64(1)
        key |= ~ended
        key <<= np.uint64(1)
        key |= marked
        self._size = end

    def sums(self) -> Sums:
        """All that was added; nothing can be added any more."""
        key = self._key[: self._size]
        self._key = key[:0]
        key.sort()
        marks, opens, spent = _Counted(), _Counted(), _Counted()
        group: list[Whole] = []
        starts: list[Whole] = []
        before = -1
        for begin, part in _stretches(key):
            of = (part >> np.uint64(self._bits + 2)).astype(np.int64)
            fresh = np.flatnonzero(np.diff(of, prepend=before))
            before = int(of[-1])
            group.append(of[fresh])
            starts.append(fresh + begin)
            marks.take(part & np.uint64(1), fresh)
            part >>= np.uint64(1)
            opens.take(part & np.uint64(1), fresh)
            spent.take((part >> np.uint64(1)) & np.uint64((1 << self._bits) - 1), fresh)
        found, first = _joint(group), _joint(starts)
        ends = np.append(first[1:], key.size)[: first.size]
        rows = Arranged(key, self._bits, ends - first, ends, None)
        return Sums(found, ends - first, opens.each(), marks.each(), spent.each(), rows)


class _Counted:
    """Running sums at the starts of groups, so that those of each group are differences."""

    def __init__(self) -> None:
        self._at: list[Whole] = []
        self._all = 0

    def take(self, values: NDArray[np.uint64], fresh: Whole) -> None:
        running = np.cumsum(values, dtype=np.int64)
        self._at.append(running[fresh] - values[fresh].astype(np.int64) + self._all)
        self._all += int(running[-1])

    def each(self) -> Whole:
        return np.diff(_joint(self._at), append=self._all) if self._at else _joint([])


def _joint(parts: list[Whole]) -> Whole:
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _stretches(key: NDArray[np.uint64]) -> Iterator[tuple[int, NDArray[np.uint64]]]:
    for begin in range(0, key.size, _STRETCH):
        yield begin, key[begin : begin + _STRETCH]
