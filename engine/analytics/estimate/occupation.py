"""Where the time of a restricted mean went: split over kinds of case and reasons of waiting, exactly.

At each instant the share still open, S(t), is divided among those at risk: a reason r has S(t) Y_r(t) / Y(t), with Y
those still watched and open and Y_r those of them who wait for that reason. Over r these make S(t), so their areas up
to tau make the restricted mean, with open cases in, and no part is left over. Each case at risk stands for those like it
that are no longer watched (Satten and Datta, The American Statistician 55, 2001: the product-limit curve is such a
weighted average); the weights are those of the pooled curve, so how long cases were watched may not hang on their kind.

S(t) / Y(t) is the weight of one case. It begins at 1/n and rises only where an open case is last seen, from y at risk
to the z that are left, by y / z (redistribution to the right: Efron, Fifth Berkeley Symposium 4, 1967). So a part is a
sum over stretches of time of whole person-seconds times a weight.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.analytics.estimate.arrange import Flags, Whole
from engine.analytics.estimate.curve import reach
from engine.analytics.estimate.mean import reached
from engine.analytics.estimate.weight import Rise, Weight, exact_weights

Codes = NDArray[np.integer]
# more stretches than this, and sums of weights are rounded
_EXACT = 1000
_PORTION = 1 << 14
_HALF = 31  # bits of a weight that are summed at once


@dataclass(frozen=True, slots=True)
class Stays:
    """What each case waited for: rows of (case, reason, from, to), seconds since its filing, half-open.

    ``case``: its row in the columns that are measured, ``reason`` from 0. Those of a case follow each other without a
    gap from 0 to at least as long as it lasted; their order among the rows is free.
    """

    case: Codes
    reason: Codes
    begin: Whole
    end: Whole


@dataclass(frozen=True, slots=True)
class Occupation:
    """``parts[stratum][reason]``: seconds of the mean up to tau; together they make the restricted mean.

    ``size[stratum]``: how many cases. Exact up to a thousand instants at which open cases are last seen; beyond that
    what a case weighs up to an instant is rounded (see ``weight``), and the parts make the mean to less than 1e-12 of it.
    """

    tau: int
    size: tuple[int, ...]
    parts: tuple[tuple[Fraction, ...], ...]

    @property
    def mean(self) -> Fraction:
        """Seconds: the restricted mean of all cases."""
        return sum((self.of_stratum(s) for s in range(len(self.size))), Fraction(0))

    def of_stratum(self, stratum: int) -> Fraction:
        """Seconds that this stratum gives to the mean of all."""
        return sum(self.parts[stratum], Fraction(0))

    def of_reason(self, reason: int) -> Fraction:
        """Seconds of the mean that are spent for this reason."""
        return sum((row[reason] for row in self.parts), Fraction(0))

    def share(self, stratum: int) -> Fraction:
        """Which part of the cases it is."""
        return Fraction(self.size[stratum], sum(self.size))

    def own(self, stratum: int) -> tuple[Fraction, ...]:
        """Seconds by reason of the mean among the stratum's own cases; it has to have some."""
        return tuple(part / self.share(stratum) for part in self.parts[stratum])


def occupation(
    lasted: Whole,
    ended: Flags,
    stratum: Codes,
    n_strata: int,
    stays: Stays | Iterable[Stays],
    n_reasons: int,
    tau: int,
) -> Occupation:
    """Of columns [n] and the stays of these cases, which may come in pieces of whole lives.

    ValueError where tau is beyond what was watched, or stays have gaps.
    """
    reached(reach(lasted, ended), tau)
    covered = np.zeros(lasted.size, np.int64)
    edges, rises = _rises(lasted, ended, tau)
    columns = n_strata * n_reasons
    spent: Spent | Weighed
    if len(rises) > _EXACT:
        spent = Weighed(Weight(lasted.size, rises, edges, tau), columns)
    else:
        spent = Spent(lasted.size, rises, edges, tau, columns)
    # a case may stay longer than it was watched for this clock: that is not part of it
    limit, base = np.minimum(lasted, tau), stratum.astype(np.int32) * np.int32(n_reasons)
    for piece in [stays] if isinstance(stays, Stays) else stays:
        for part in in_order(piece, covered, n_reasons).portions():
            spent.add(np.minimum(part.end, limit[part.case]), part.first, base[part.case] + part.reason)
    if (covered < lasted).any():
        raise ValueError("stays with a gap at the end")
    sums = spent.sums()
    size = np.bincount(stratum, minlength=n_strata).tolist()
    rows = tuple(tuple(sums[s * n_reasons : (s + 1) * n_reasons]) for s in range(n_strata))
    return Occupation(tau, tuple(size), rows)


class Lives(NamedTuple):
    """Stays by case and then time: each begins where the one before ends, or at 0 where it is the case's ``first``."""

    case: Codes
    reason: Codes
    end: Whole
    first: Flags

    def portions(self) -> Iterator["Lives"]:
        """So many whole lives at a time that their columns stay in the processor's cache."""
        cuts = np.flatnonzero(self.first)[::_PORTION].tolist()
        for begin, end in pairwise([*cuts, self.first.size]):
            of = slice(begin, end)
            yield Lives(self.case[of], self.reason[of], self.end[of], self.first[of])


def in_order(stays: Stays, covered: Whole, n_reasons: int) -> Lives:
    """ValueError unless each case's stays run from 0 without gap or overlap; ``covered`` is told up to when."""
    if stays.reason.size and not 0 <= int(stays.reason.min()) <= int(stays.reason.max()) < n_reasons:
        raise ValueError(f"a reason outside 0 to {n_reasons - 1}")
    if stays.case.size and not 0 <= int(stays.case.min()) <= int(stays.case.max()) < covered.size:
        raise ValueError("stays of a case that is not measured")
    case, begin, end, reason = stays.case, stays.begin, stays.end, stays.reason
    first = np.concatenate([case[:1] >= 0, case[1:] != case[:-1]])
    follow = bool((first[1:] | (begin[1:] == end[:-1])).all())
    if not follow or not (case[1:] >= case[:-1]).all():
        order = np.lexsort((end, begin, case))
        case, begin, end, reason = case[order], begin[order], end[order], reason[order]
        first = np.concatenate([case[:1] >= 0, case[1:] != case[:-1]])
        follow = bool((first[1:] | (begin[1:] == end[:-1])).all())
    last = np.concatenate([first[1:], first[:1]])
    twice = covered[case[first]].any()
    covered[case[last]] = end[last]
    if twice or not follow or begin[first].any() or (end < begin).any():
        raise ValueError("stays with a gap or an overlap")
    return Lives(case, reason, end, first)


def _rises(lasted: Whole, ended: Flags, tau: int) -> tuple[Whole, list[Rise]]:
    """When open cases are last seen before tau, int64 [K], and how many are at risk with and without them."""
    seen, count = np.unique(lasted[~ended & (lasted < tau)], return_counts=True)
    left = lasted.size - np.searchsorted(np.sort(lasted), seen, side="right")
    return seen, list(zip((left + count).tolist(), left.tolist(), strict=True))


class Spent:
    """Seconds that cases at risk stay in each column, in the stretches [0, e1), [e1, e2), .. [eK, tau) of time."""

    def __init__(self, n: int, rises: Sequence[Rise], edges: Whole, tau: int, columns: int) -> None:
        self._n, self._rises, self._columns = n, rises, columns
        self._starts = np.concatenate([[0], edges])
        self._width = np.diff(self._starts, append=tau)[:, None]
        # of each stretch and column: how many more stays end than begin there, and how many seconds after its start
        self._ends = np.zeros(self._starts.size * columns, np.int32)
        self._within = np.zeros(self._starts.size * columns, np.int64)

    def add(self, until: Whole, first: Flags, column: Whole) -> None:
        """Stays that end at ``until``, none above tau, and begin where the one before ended, or at 0."""
        stretch = np.searchsorted(self._starts, until, side="right") - 1
        rest = until - self._starts[stretch]
        self._count(stretch * self._columns + column, rest, 1)
        before, gone = np.roll(stretch, 1), np.roll(rest, 1)
        before[first] = gone[first] = 0
        self._count(before * self._columns + column, gone, -1)

    def _count(self, cell: Whole, rest: Whole, sign: int) -> None:
        np.add.at(self._ends, cell, np.int32(sign))
        np.add.at(self._within, cell, sign * rest)

    def sums(self) -> list[Fraction]:
        """For each column the sum of weight times seconds, exact."""
        weights, scale = exact_weights(self._n, self._rises)
        return [
            Fraction(sum(w * s for w, s in zip(weights, seconds, strict=True) if s), scale)
            for seconds in self._person_seconds().T.tolist()
        ]

    def _person_seconds(self) -> Whole:
        """int64 [stretches, columns]."""
        ends, within = (flat.reshape(self._starts.size, self._columns) for flat in (self._ends, self._within))
        # whoever gets into a later stretch went through all of this one
        until = ends[::-1].cumsum(0, dtype=np.int64)[::-1]
        found: Whole = (until - ends) * self._width
        found += within
        return found


class Weighed:
    """The same of hundreds of thousands of stretches: what a case weighs from 0 on is worked out for each stay."""

    def __init__(self, weight: Weight, columns: int) -> None:
        self._weight, self._columns = weight, columns
        self._high, self._low = (np.zeros(columns, np.int64) for _ in range(2))

    def add(self, until: Whole, first: Flags, column: Whole) -> None:
        """Up to 2**22 stays at once: their sums have to be whole numbers of a float."""
        reached = self._weight.until(until)
        spent = reached.copy()
        spent[1:] -= reached[:-1]
        spent[first] = reached[first]
        self._high += self._summed(column, spent >> _HALF)
        self._low += self._summed(column, spent & ((1 << _HALF) - 1))

    def _summed(self, column: Whole, values: Whole) -> Whole:
        return np.bincount(column, values, self._columns).astype(np.int64)

    def sums(self) -> list[Fraction]:
        """For each column; a case's own add up to what it weighs until its end, whatever was rounded."""
        parts = zip(self._high.tolist(), self._low.tolist(), strict=True)
        return [Fraction((high << _HALF) + low, 1 << self._weight.bits) for high, low in parts]
