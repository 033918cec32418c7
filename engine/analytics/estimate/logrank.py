"""Are curves alike? The log-rank test (Mantel, Cancer Chemotherapy Reports 50, 1966), stratified where asked.

Strata (kinds of case) are compared within themselves and summed, so that a unit with harder cases is not slower for
that alone. A p-value says how often chance alone would give so large a difference, not how large it is.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.analytics.estimate.arrange import Arranged, Flags, Whole, arrange

Reals = NDArray[np.float64]
Codes = NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class Comparison:
    """``observed`` and ``expected`` ends, float64 [n_groups], if all had the pooled curve; chi-square and its p."""

    observed: Reals
    expected: Reals
    chi2: float
    freedom: int
    p: float


@dataclass(frozen=True, slots=True)
class AgainstRest:
    """Each group against all others, all float64 [n_groups]; nan where there is nothing to compare.

    ``z`` is above 0 where more ended than expected: the group is faster than the rest.
    """

    observed: Reals
    expected: Reals
    variance: Reals
    z: Reals
    p: Reals


def logrank(
    lasted: Whole, ended: Flags, group: Codes, n_groups: int, stratum: Codes | None = None
) -> Comparison:
    """Of columns [N]; two groups or more. Groups of nobody count as not there."""
    kinds = np.zeros(lasted.shape, np.int64) if stratum is None else stratum.astype(np.int64)
    n_strata = int(kinds.max(initial=0)) + 1
    observed, expected = np.zeros(n_groups), np.zeros(n_groups)
    covariance = np.zeros((n_groups, n_groups))
    for s in range(n_strata):
        of = kinds == s
        o, e, v = _counted(arrange(lasted[of], ended[of], group[of], n_groups))
        observed, expected, covariance = observed + o, expected + e, covariance + v
    some = np.flatnonzero(expected > 0)
    # the differences sum to 0, so one of them says nothing new
    kept, gap = some[1:], (observed - expected)[some[1:]]
    if not kept.size:
        return Comparison(observed, expected, 0.0, 0, 1.0)
    inverse = np.linalg.pinv(covariance[np.ix_(kept, kept)], hermitian=True)
    chi2, freedom = (
        float(gap @ inverse @ gap),
        int(np.linalg.matrix_rank(covariance[np.ix_(kept, kept)], hermitian=True)),
    )
    return Comparison(observed, expected, chi2, freedom, tail(chi2, freedom))


def _counted(rows: Arranged) -> tuple[Reals, Reals, Reals]:
    """Observed, expected and the covariance of their difference: [G], [G], [G, G]."""
    seconds, ended = rows.seconds(np.arange(rows.key.size)), rows.ended()
    n = rows.size.size
    times = np.unique(seconds[ended])
    at_risk, events = np.zeros((n, times.size)), np.zeros((n, times.size))
    for g, (end, size) in enumerate(zip(rows.ends.tolist(), rows.size.tolist(), strict=True)):
        own = slice(end - size, end)
        at_risk[g] = size - np.searchsorted(seconds[own], times)
        events[g] = np.bincount(np.searchsorted(times, seconds[own][ended[own]]), minlength=times.size)
    r, d = at_risk.sum(0), events.sum(0)
    share = at_risk / r
    weight = _spread(r, d)
    covariance = np.diag(share @ weight) - (share * weight) @ share.T
    return events.sum(1), share @ d, covariance


def _spread(r: Reals, d: Reals) -> Reals:
    """The factor of the hypergeometric variance; 0 where one is left."""
    return d * (r - d) / np.maximum(r - 1, 1)


def against_rest(
    lasted: Whole, ended: Flags, group: Codes, n_groups: int, stratum: Codes | None = None
) -> AgainstRest:
    """The two-sample test of every group against all others together, as one pass over all rows.

    Expected are the pooled hazards summed over the group's members; the variance needs the square of how many of the
    group are at risk, which is the sum of 2 m - 1 over those members, m counting them from the last.
    """
    kinds = np.zeros(lasted.shape, np.int64) if stratum is None else stratum.astype(np.int64)
    n_strata = int(kinds.max(initial=0)) + 1
    # units within strata: sorted so, a unit's rows of a stratum lie together
    rows = arrange(lasted, ended, kinds * n_groups + group, n_strata * n_groups)
    cell = np.repeat(np.arange(rows.size.size, dtype=np.int32), rows.size)
    stratum_of, unit = cell // np.int32(n_groups), cell % np.int32(n_groups)
    pooled = _Pooled.of(arrange(lasted, ended, kinds, n_strata))
    place = pooled.places(stratum_of, rows.seconds(np.arange(cell.size)))

    def summed(values: Reals) -> Reals:
        return np.bincount(unit, values, n_groups).astype(np.float64)

    observed = summed(rows.ended().astype(np.float64))
    expected = summed(pooled.until(pooled.d / pooled.r, place, stratum_of))
    weight = _spread(pooled.r, pooled.d)
    single = pooled.until(weight / pooled.r**2, place, stratum_of)
    single *= 2 * rows.at_risk() - 1
    variance = summed(pooled.until(weight / pooled.r, place, stratum_of) - single)
    # a group that is never at risk beside another has no variance, but may have the dust of rounding
    variance = np.where(variance > 1e-9 * np.maximum(expected, 1), variance, np.nan)
    z = (observed - expected) / np.sqrt(variance)
    return AgainstRest(observed, expected, variance, z, _two_sided(z))


class _Pooled(NamedTuple):
    """All groups of each stratum together at each second at which one was last seen: ``stratum`` and ``time`` [K], how
    many are at risk (``r``) and how many end (``d``), and where each stratum ``begins`` [strata]."""

    stratum: Whole
    time: Whole
    r: Reals
    d: Reals
    begins: Whole

    @classmethod
    def of(cls, rows: Arranged) -> "_Pooled":
        at = rows.seconds(np.arange(rows.key.size))
        place = np.repeat(np.arange(rows.size.size), rows.size)
        first = np.flatnonzero(np.concatenate([at[:1] >= 0, (at[1:] != at[:-1]) | (place[1:] != place[:-1])]))
        at, place = at[first], place[first]
        d = np.add.reduceat(rows.ended(), first, dtype=np.float64) if first.size else np.zeros(0)
        begins = np.searchsorted(place, np.arange(rows.size.size))
        return cls(place, at, rows.at_risk()[first].astype(np.float64), d, begins)

    def places(self, stratum: Codes, seconds: Whole) -> NDArray[np.int32]:
        """Where each given (stratum, seconds) stands; all of them do."""
        return _found(self.stratum, self.time, stratum.astype(np.int64), seconds).astype(np.int32)

    def until(self, step: Reals, place: NDArray[np.int32], stratum: Codes) -> Reals:
        """The sum of these steps in its stratum up to each place, that one with it."""
        total = np.concatenate([[0.0], np.cumsum(step)])
        found: Reals = total[1:][place]
        found -= total[self.begins][stratum]
        return found


def _found(places: Whole, times: Whole, stratum: Whole, seconds: Whole) -> Whole:
    """The rows of (places, times), which are sorted, at which each given pair stands; all of them do."""
    widest = int(times.max(initial=0)) + 1
    if widest.bit_length() + int(places.max(initial=0)).bit_length() > 62:
        known, times = np.unique(times, return_inverse=True)
        seconds, widest = np.searchsorted(known, seconds), known.size
    return np.searchsorted(places * widest + times, stratum * widest + seconds)


def tail(chi2: float, freedom: int) -> float:
    """How likely a chi-square of so many degrees of freedom is at least this large."""
    from scipy.special import chdtrc

    return float(chdtrc(freedom, max(chi2, 0.0))) if freedom else 1.0


def _two_sided(z: Reals) -> Reals:
    from scipy.special import chdtrc

    return np.asarray(chdtrc(1, z**2), np.float64)
