"""Percentiles of tens of thousands of groups at once, exact.

The product-limit curve (Kaplan and Meier, JASA 53, 1958) falls at each ended row by one of what is left; that is the
same as falling by all ended at one instant together. Its logarithm is summed over all rows in whole units, 2**-bits,
so sums are exact and each group's error is at most half a unit for each of its rows. Where a level is met within this
error, integers decide: S == 1/2 counts as half.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from engine.analytics.estimate.arrange import Arranged, Flags, Whole, arrange
from engine.analytics.estimate.exact import as_share, at_most

NOT_REACHED = -1
_BITS = 52
_ROWS = 1 << 18  # about as many are looked at together; a group is never cut
_GROUPS = 256  # of so few the steps are pieces of a table, of more they are looked up row by row


def percentiles(
    lasted: Whole, ended: Flags, group: NDArray[np.integer], n_groups: int, shares: Sequence[float | Fraction]
) -> Whole:
    """int64 [n_groups, shares]: the first second at which at least this share has ended, -1 where it never has."""
    return percentiles_of(arrange(lasted, ended, group, n_groups), shares)


def closed_percentiles(
    lasted: Whole, ended: Flags, group: NDArray[np.integer], n_groups: int, shares: Sequence[float | Fraction]
) -> NDArray[np.float64]:
    """float64 [n_groups, shares]: percentiles of the ended alone, linear between neighbours; nan where none ended.

    Seconds. Biased short while others are open. Hyndman and Fan, The American Statistician 50, 1996, definition 7.
    """
    return closed_percentiles_of(arrange(lasted, ended, group, n_groups), shares)


def percentiles_of(rows: Arranged, shares: Sequence[float | Fraction]) -> Whole:
    """As :func:`percentiles`, of rows in order."""
    found = np.full((rows.size.size, len(shares)), NOT_REACHED, np.int64)
    steps = _Steps(int(rows.size.max(initial=0)))
    for of, part in rows.parts(_ROWS):
        if part.key.size:
            _reached(part, steps, shares, found[of])
    return found


def _reached(rows: Arranged, steps: "_Steps", shares: Sequence[float | Fraction], found: Whole) -> None:
    fall = _fall(rows, steps)
    for column, share in enumerate(map(as_share, shares)):
        row = _first(fall, 1 - share)
        there = np.flatnonzero(row < rows.ends)
        found[there, column] = rows.seconds(row[there])


def closed_percentiles_of(rows: Arranged, shares: Sequence[float | Fraction]) -> NDArray[np.float64]:
    """As :func:`closed_percentiles`, of rows in order."""
    found = np.full((rows.size.size, len(shares)), np.nan)
    for of, part in rows.parts(_ROWS):
        _between(part, shares, found[of])
    return found


def _between(rows: Arranged, shares: Sequence[float | Fraction], found: NDArray[np.float64]) -> None:
    ended = np.flatnonzero(rows.ended())
    until = np.searchsorted(ended, rows.ends)
    n = np.diff(until, prepend=0)
    some = np.flatnonzero(n)
    begin, last = (until - n)[some], n[some] - 1
    for column, share in enumerate(map(as_share, shares)):
        low, rest = np.divmod(last * share.numerator, share.denominator)
        below = rows.seconds(ended[begin + low])
        above = rows.seconds(ended[begin + np.minimum(low + 1, last)])
        found[some, column] = below + (above - below) * rest / share.denominator


def resting(lasted: Whole, ended: Flags, group: NDArray[np.integer], found: Whole) -> Whole:
    """int64 [n_groups, shares]: how many of each group ended no later than each of the percentiles ``found``."""
    lasted, group = lasted[ended], group[ended]
    counts = [np.bincount(group[lasted <= column[group]], minlength=len(found)) for column in found.T]
    return np.stack(counts, axis=1).astype(np.int64) if counts else np.zeros(found.shape, np.int64)


def resting_of(rows: Arranged, found: Whole) -> Whole:
    """As :func:`resting`, of rows in order."""
    counts = np.zeros(found.shape, np.int64)
    for of, part in rows.parts(_ROWS):
        own = np.repeat(np.arange(part.size.size), part.size)
        seconds, ended = part.seconds(np.arange(part.key.size)), part.ended()
        for column, reached in enumerate(found[of].T):
            within = ended & (seconds <= reached[own])
            counts[of, column] = np.bincount(own[within], minlength=part.size.size)
    return counts


@dataclass(frozen=True, slots=True)
class _Fall:
    """How far the logarithm of the curve has fallen by each row, over all groups, and what belongs to it."""

    rows: Arranged
    ended: Flags
    sum: Whole
    before: Whole
    bits: int
    most: float
    slack: Whole


class _Steps:
    """How far the logarithm falls where one of ``n`` ends, by n up to the largest group: for all parts, since a million
    logarithms take longer than counting a million rows."""

    def __init__(self, largest: int) -> None:
        self._largest, self._units = largest, dict[int, Whole]()
        # no curve that is above 0 is below 1/n, so `most` stands for every level between 1/n and 0
        self.most = math.log(max(largest, 1)) + 1

    def units(self, bits: int) -> Whole:
        """In units of 2**-bits."""
        if bits not in self._units:
            step = np.empty(max(self._largest, 1) + 1)
            step[:2] = 0.0, self.most + 1
            step[2:] = -np.log1p(-1 / np.arange(2, step.size))
            self._units[bits] = np.rint(np.ldexp(step, bits, out=step), out=step).astype(np.int64)
        return self._units[bits]


def _fall(rows: Arranged, steps: _Steps) -> _Fall:
    highest = float(np.log(np.maximum(rows.size, 1)).sum()) + rows.size.size * (steps.most + 2)
    bits = min(_BITS, 61 - math.ceil(math.log2(highest)))
    ended = rows.ended()
    fallen = _each(steps.units(bits), rows)
    fallen *= ended
    np.cumsum(fallen, out=fallen)
    starts = rows.ends - rows.size
    before = np.where(starts > 0, fallen[starts - 1], 0)
    return _Fall(rows, ended, fallen, before, bits, steps.most, rows.size // 2 + 64)


def _each(units: Whole, rows: Arranged) -> Whole:
    """The step of each row, if it ended: from that of the whole group down to that of the last one."""
    if rows.size.size > _GROUPS:
        return units[rows.at_risk()]
    return np.concatenate([units[n:0:-1] for n in rows.size.tolist()])


def _first(fall: _Fall, level: Fraction) -> Whole:
    """int64 [n_groups]: the row at which the curve is at the level or below; N where it is not in the group."""
    depth = min(-math.log(level), fall.most) if level else fall.most
    target = fall.before + round(math.ldexp(depth, fall.bits))
    first: Whole = np.searchsorted(fall.sum, np.maximum(target - fall.slack, fall.before + 1))
    sure = np.searchsorted(fall.sum, target + fall.slack)
    unsure = np.flatnonzero((first < sure) & (first < fall.rows.ends))
    if unsure.size:
        doubtful = unsure[~_equal(fall, unsure, first[unsure], level)]
        for g in doubtful.tolist():
            first[g] = _decided(fall, g, int(first[g]), int(sure[g]), level)
    return first


def _equal(fall: _Fall, groups: Whole, row: Whole, level: Fraction) -> Flags:
    """Where a value so near the level must be the level: fractions of small denominators lie further apart.

    Of a product of k runs the denominator is at most n**k.
    """
    begun = fall.ended & ~np.concatenate([[False], fall.ended[:-1]])
    count = np.cumsum(begun, dtype=np.int64)
    start = (fall.rows.ends - fall.rows.size)[groups]
    k = count[row] - count[start] + 1
    room = fall.bits - 2 - np.log2(fall.slack[groups]) - math.log2(level.denominator)
    sure: Flags = k * np.log2(fall.rows.size[groups]) < room
    return sure


def _decided(fall: _Fall, group: int, row: int, sure: int, level: Fraction) -> int:
    end, start = int(fall.rows.ends[group]), int(fall.rows.ends[group] - fall.rows.size[group])
    while row < min(sure, end):
        at_risk = end - start - np.flatnonzero(fall.ended[start : row + 1])
        if fall.ended[row] and at_most(at_risk, at_risk - 1, level):
            return row
        row += 1
    return row
