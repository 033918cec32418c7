"""Rows of many groups in the order in which curves are counted, by one sort of packed integers."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
_WORTH = 128  # rows: merging as many in a call of its own takes no longer than sorting them with all others


@dataclass(frozen=True, slots=True)
class Arranged:
    """Sorted by group, then seconds; of those at the same second, the ended come before the open.

    ``key`` uint64 [N]: group, seconds and whether open, packed; ``bits``: how many of them are seconds.
    ``size`` and ``ends`` int64 [n_groups]: how many rows a group has, and the row behind its last.
    ``scale`` int64: where seconds and groups together need more than 63 bits, the seconds behind the packed ranks.
    """

    key: NDArray[np.uint64]
    bits: int
    size: Whole
    ends: Whole
    scale: Whole | None

    def seconds(self, rows: Whole) -> Whole:
        """int64, of these rows."""
        packed = (self.key[rows] >> np.uint64(1)) & np.uint64((1 << self.bits) - 1)
        found = packed.astype(np.int64)
        return found if self.scale is None else self.scale[found]

    def ended(self) -> Flags:
        """bool [N]."""
        open_still: Flags = (self.key & np.uint64(1)).astype(np.bool_)
        return ~open_still

    def regrouped(self, group: Whole, n_groups: int) -> "Arranged":
        """Of each group with which others it goes; these rows are taken over and no longer in their order."""
        if self.scale is not None:
            raise ValueError("seconds of these rows stand elsewhere")
        low, most = np.uint64((1 << (self.bits + 1)) - 1), 1 << 17
        high = group.astype(np.uint64) << np.uint64(self.bits + 1)
        for begin in range(0, self.key.size, most):
            part = self.key[begin : begin + most]
            first, last = np.searchsorted(self.ends, (begin, begin + part.size - 1), side="right").tolist()
            there = np.minimum(self.ends[first : last + 1], begin + part.size)
            part &= low
            part |= np.repeat(high[first : last + 1], np.diff(there, prepend=begin))
        size = np.zeros(n_groups, np.int64)
        np.add.at(size, group, self.size)
        ends = np.cumsum(size)
        several = np.flatnonzero(np.bincount(group, minlength=n_groups) > 1)
        if bool((group[1:] >= group[:-1]).all()) and several.size * _WORTH < self.key.size:
            for begin, end in zip((ends - size)[several].tolist(), ends[several].tolist(), strict=True):
                self.key[begin:end].sort(kind="stable")  # a few pieces in order, which are merged
        else:
            self.key.sort()
        return Arranged(self.key, self.bits, size, ends, None)

    def parts(self, most: int) -> Iterator[tuple[slice, "Arranged"]]:
        """So many groups at a time that few more than ``most`` rows are looked at together, with which they are."""
        cuts = np.unique(np.searchsorted(self.ends, np.arange(0, self.key.size, most), side="right")).tolist()
        for first, last in pairwise([0, *cuts[1:], self.ends.size] if cuts else [0, self.ends.size]):
            begin = int(self.ends[first - 1]) if first else 0
            rows = slice(begin, int(self.ends[last - 1]) if last else 0)
            of = slice(first, last)
            yield of, Arranged(self.key[rows], self.bits, self.size[of], self.ends[of] - begin, self.scale)

    def at_risk(self) -> Whole:
        """int64 [N]: how many of the group are left from this row on, itself among them."""
        return np.repeat(self.ends, self.size) - np.arange(self.key.size)


def arrange(lasted: Whole, ended: Flags, group: NDArray[np.integer], n_groups: int) -> Arranged:
    """``group``: integers [N] from 0 up to but without ``n_groups``. ValueError where columns do not fit."""
    check(lasted, ended, group, n_groups)
    size = np.bincount(group, minlength=n_groups).astype(np.int64)
    bits, scale = int(lasted.max(initial=0)).bit_length(), None
    high = max(n_groups - 1, 0).bit_length()
    if bits + high > 63:
        scale, lasted = np.unique(lasted, return_inverse=True)
        bits = max(scale.size - 1, 0).bit_length()
    key = group.astype(np.uint64)
    key <<= np.uint64(bits)
    key |= lasted.astype(np.uint64)
    key <<= np.uint64(1)
    key |= ~ended
    key.sort()
    return Arranged(key, bits, size, np.cumsum(size), scale)


def check(lasted: Whole, ended: Flags, group: NDArray[np.integer], n_groups: int) -> None:
    """ValueError where columns differ in length, seconds are below 0 or a group is outside."""
    if not lasted.shape == ended.shape == group.shape:
        raise ValueError(f"columns of {lasted.size}, {ended.size} and {group.size} rows")
    if lasted.size and int(lasted.min()) < 0:
        raise ValueError("seconds below 0")
    if group.size and not 0 <= int(group.min()) <= int(group.max()) < n_groups:
        raise ValueError(f"a group outside 0 to {n_groups - 1}")
