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

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.analytics.estimate.arrange import Flags, Whole
from engine.analytics.estimate.curve import curve
from engine.analytics.estimate.mean import held

Codes = NDArray[np.integer]
# more stretches than this, and weights are rounded to so many binary places
_EXACT = 1000
_PLACES = 256
_PIECE, _HALF = 16, 24  # bits of a weight and of seconds that are multiplied at once
_PORTION = 1 << 14
_STRETCHES = 1 << 11  # stretches of time whose seconds are worked out at once; no more than 2**13


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
    the weights of cases are rounded to 256 binary places, and the parts make the mean to less than 1e-60 of it.
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
    held(curve(lasted, ended), tau)
    covered = np.zeros(lasted.size, np.int64)
    edges, rises = _rises(lasted, ended, tau)
    spent = Spent(edges, tau, n_strata * n_reasons)
    # a case may stay longer than it was watched for this clock: that is not part of it
    limit, base = np.minimum(lasted, tau), stratum.astype(np.int64) * n_reasons
    for piece in [stays] if isinstance(stays, Stays) else stays:
        for part in in_order(piece, covered, n_reasons).portions():
            spent.add(np.minimum(part.end, limit[part.case]), part.first, base[part.case] + part.reason)
    if (covered < lasted).any():
        raise ValueError("stays with a gap at the end")
    weights, scale = _weights(lasted.size, rises)
    sums = [Fraction(one, scale) for one in _weighed(weights, spent.person_seconds(), spent.columns)]
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
    if not ((case[1:] > case[:-1]) | ((case[1:] == case[:-1]) & (begin[1:] == end[:-1]))).all():
        order = np.lexsort((end, begin, case))
        case, begin, end, reason = case[order], begin[order], end[order], reason[order]
    first = np.concatenate([case[:1] >= 0, case[1:] != case[:-1]])
    last = np.concatenate([first[1:], first[:1]])
    twice = covered[case[first]].any()
    covered[case[last]] = end[last]
    follow = (first[1:] | (begin[1:] == end[:-1])).all() and not begin[first].any()
    if twice or not follow or (end < begin).any():
        raise ValueError("stays with a gap or an overlap")
    return Lives(case, reason, end, first)


def _rises(lasted: Whole, ended: Flags, tau: int) -> tuple[Whole, list[tuple[int, int]]]:
    """When open cases are last seen before tau, int64 [K], and how many are at risk with and without them."""
    seen, count = np.unique(lasted[~ended & (lasted < tau)], return_counts=True)
    left = lasted.size - np.searchsorted(np.sort(lasted), seen, side="right")
    return seen, list(zip((left + count).tolist(), left.tolist(), strict=True))


def _weights(n: int, rises: list[tuple[int, int]]) -> tuple[list[int], int]:
    """The weight of a case in each stretch [K + 1], and by what all of them are to be divided."""
    if len(rises) > _EXACT:
        rounded = [(1 << _PLACES) // n]
        for y, z in rises:
            rounded.append(rounded[-1] * y // z)
        return rounded, 1 << _PLACES
    # over the common denominator n z1 z2 .. zK the k-th is y1 .. yk z(k+1) .. zK
    behind = [1]
    for _, z in reversed(rises):
        behind.append(behind[-1] * z)
    behind.reverse()
    found, ahead = [behind[0]], 1
    for (y, _), rest in zip(rises, behind[1:], strict=True):
        ahead *= y
        found.append(ahead * rest)
    return found, n * behind[0]


def _weighed(weights: list[int], parts: Iterable[tuple[int, Whole]], columns: int) -> list[int]:
    """For each column the sum of weight times seconds, exact: weights of hundreds of bits in pieces of 16, seconds in
    pieces of 24, so that no sum of up to 2**13 products leaves the 53 bits of a float."""
    found = [0] * columns
    if len(weights) <= _EXACT:  # few, and of many more bits
        for begin, seconds in parts:
            own = weights[begin : begin + len(seconds)]
            for column, of in enumerate(seconds.T.tolist()):
                found[column] += sum(w * s for w, s in zip(own, of, strict=True) if s)
        return found
    longest = -(-max(weight.bit_length() for weight in weights) // _PIECE)
    for begin, seconds in parts:
        own = weights[begin : begin + len(seconds)]
        text = b"".join(weight.to_bytes(2 * longest, "little") for weight in own)
        pieces = np.frombuffer(text, "<u2").reshape(len(own), longest).T.astype(np.float64)
        for shift in range(0, int(seconds.max(initial=0)).bit_length(), _HALF):
            sums = pieces @ ((seconds >> shift) & ((1 << _HALF) - 1)).astype(np.float64)
            for column, of in enumerate(sums.T.tolist()):
                found[column] += sum(int(one) << (_PIECE * n) for n, one in enumerate(of)) << shift
    return found


class Spent:
    """Seconds that cases at risk stay in each column, in the stretches [0, e1), [e1, e2), .. [eK, tau) of time."""

    def __init__(self, edges: Whole, tau: int, columns: int) -> None:
        self._starts = np.concatenate([[0], edges])
        self._width = np.diff(self._starts, append=tau)[:, None]
        self.columns = columns
        # of each stretch and column: how many more stays end than begin there, and how many seconds after its start
        self._ends = np.zeros(self._starts.size * columns, np.int32)
        self._within = np.zeros(self._starts.size * columns, np.int64)

    def add(self, until: Whole, first: Flags, column: Whole) -> None:
        """Stays that end at ``until``, none above tau, and begin where the one before ended, or at 0."""
        stretch = np.searchsorted(self._starts, until, side="right") - 1
        rest = until - self._starts[stretch]
        self._count(stretch * self.columns + column, rest, 1)
        before, gone = np.roll(stretch, 1), np.roll(rest, 1)
        before[first] = gone[first] = 0
        self._count(before * self.columns + column, gone, -1)

    def _count(self, cell: Whole, rest: Whole, sign: int) -> None:
        np.add.at(self._ends, cell, np.int32(sign))
        np.add.at(self._within, cell, sign * rest)

    def person_seconds(self) -> Iterator[tuple[int, Whole]]:
        """int64 [stretches, columns], so many stretches at a time, the last first; and which is the first of them."""
        ends, within = (flat.reshape(self._starts.size, self.columns) for flat in (self._ends, self._within))
        later = np.zeros(self.columns, np.int64)
        for begin in reversed(range(0, self._starts.size, _STRETCHES)):
            of = slice(begin, begin + _STRETCHES)
            # whoever gets into a later stretch went through all of this one
            until = ends[of][::-1].cumsum(0, dtype=np.int64)[::-1] + later
            later = until[0].copy()
            found: Whole = (until - ends[of]) * self._width[of]
            found += within[of]
            yield begin, found
