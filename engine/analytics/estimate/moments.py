"""Which share has ended in each way by a few moments, of hundreds of groups after one sort.

The numbers are those of ``incidence``; of a million rows only the sums are kept that the moments ask for.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.analytics.estimate import band
from engine.analytics.estimate.arrange import Flags, Whole
from engine.analytics.estimate.curve import USUAL, survival
from engine.analytics.estimate.incidence import WHOLE

Reals = NDArray[np.float64]
Causes = NDArray[np.int32]
_PORTION = 1 << 13  # numbers of one kind at a time: they stay in the processor's cache


class Ended(NamedTuple):
    """One group's seconds, ascending; ``cause`` from 0: how it ended, and the number of causes where it is open; of
    those at the same second the open come last."""

    lasted: Whole
    cause: Causes


class Moments(NamedTuple):
    """``open`` float64 [moments]: the share that has not ended. ``share``, ``low`` and ``high`` float64 [moments,
    columns]: that has, in the ways of a column, with its limits; nan before the first end, and where a share is 0 or 1."""

    open: Reals
    share: Reals
    low: Reals
    high: Reals


def in_order(
    lasted: Whole, cause: NDArray[np.integer], n_causes: int, group: NDArray[np.integer], n_groups: int
) -> Iterator[Ended]:
    """Each group's rows; ``cause`` is -1 where one is open. ValueError where all three need more than 63 bits."""
    wide, deep = n_causes.bit_length(), int(lasted.max(initial=0)).bit_length()
    if max(n_groups - 1, 0).bit_length() + deep + wide > 63:
        raise ValueError(f"{n_groups} groups of {n_causes} causes and so many seconds")
    key = group.astype(np.int64)
    key <<= deep
    key |= lasted
    key <<= wide
    key |= np.where(cause < 0, n_causes, cause)
    key.sort()
    ends = np.cumsum(np.bincount(group, minlength=n_groups)).tolist()
    for begin, end in zip([0, *ends], ends, strict=False):
        own = key[begin:end]
        yield Ended((own >> wide) & ((1 << deep) - 1), (own & ((1 << wide) - 1)).astype(np.int32))


def at_moments(rows: Ended, columns: Flags, seconds: Sequence[int]) -> Moments:
    """``columns`` bool [columns, causes]: which causes count together; ``seconds`` ascending.

    Limits as those of :meth:`Incidence.interval`, from the sums of :meth:`Incidence.variance` over a portion at a time.
    """
    falls = _Falls.of(rows, columns.shape[1])
    until = np.searchsorted(falls.times, seconds, side="right")
    share, variance = falls.summed(columns, until.tolist())
    whole = np.where(share > 1 - WHOLE, 1.0, share)
    low, high = band.loglog(1 - whole, np.sqrt(variance), USUAL)
    return Moments(np.append(1.0, falls.after)[until], share, 1 - high, 1 - low)


class _Falls(NamedTuple):
    """``times`` [K] at which something ended; of the ended rows the ``cause``, and where those of each time begin."""

    times: Whole
    at_risk: NDArray[np.signedinteger]
    events: NDArray[np.signedinteger]
    after: Reals
    cause: Causes
    starts: NDArray[np.int32]

    @classmethod
    def of(cls, rows: Ended, n_causes: int) -> "_Falls":
        over = np.flatnonzero(rows.cause < n_causes).astype(np.int32)
        times = rows.lasted[over]
        starts = np.flatnonzero(np.diff(times, prepend=-1)).astype(np.int32)
        at_risk = np.int32(rows.lasted.size) - over[starts]  # the ended come first at each second
        events = np.diff(starts, append=np.int32(over.size))
        after = survival(at_risk, at_risk - events)
        return cls(times[starts], at_risk, events, after, rows.cause[over], starts)

    def summed(self, columns: Flags, until: Sequence[int]) -> tuple[Reals, Reals]:
        """[moments, columns]: the share that ended so by the first so many times, and its variance."""
        share, variance = (np.zeros((len(until), len(columns))) for _ in range(2))
        most = max(1, _PORTION // max(1, len(columns)))
        begin, f, sums = 0, np.zeros(len(columns)), np.zeros((6, len(columns)))
        for moment, end in enumerate(until):
            while begin < end:
                next_ = min(end, begin + most)
                f, more = self._portion(columns, begin, next_, f)
                sums += more
                begin = next_
            a, fa, ffa, b, fb, own = sums
            share[moment] = f
            variance[moment] = np.maximum(f**2 * a - 2 * f * fa + ffa + own - 2 * (f * b - fb), 0.0)
        return share, variance

    def _portion(self, columns: Flags, begin: int, end: int, share: Reals) -> tuple[Reals, Reals]:
        """What is added between two times to the sums of which variances are made; and the shares at the end."""
        r, d = self.at_risk[begin:end].astype(np.float64), self.events[begin:end]
        before = self.after[begin - 1 : end - 1] if begin else np.append(1.0, self.after[: end - 1])
        events = self._events(columns, begin, end)
        step = before / r * events
        step[:, 0] += share
        f = np.cumsum(step, axis=1)
        left = np.where(r > d, r - d, np.inf)  # where all that were left ended, nothing follows
        a, per = d / (r * left), before / r**2
        b = per * events
        own = events * (before * per / r)
        own *= r - events
        fa = f * a
        totals = (np.full(len(f), a.sum()), *(each.sum(axis=1) for each in (fa, f * fa, b, f * b, own)))
        return f[:, -1], np.array(totals)

    def _events(self, columns: Flags, begin: int, end: int) -> Reals:
        first, last = self.starts[begin], self.starts[end] if end < self.starts.size else self.cause.size
        meant = columns[:, self.cause[first:last]]
        if last - first == end - begin:  # no two at one time
            return meant.astype(np.float64)
        return np.add.reduceat(meant, self.starts[begin:end] - first, axis=1, dtype=np.float64)
