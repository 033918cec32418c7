"""Case mix taken out: means of kinds of case, weighed alike for a unit and for those it is compared with.

Direct standardisation: each stratum's own mean, weighed by how often the stratum is met in a standard population
(Neison, Journal of the Statistical Society 7, 1844; Fleiss, Statistical Methods for Rates and Proportions, 1981).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.analytics.estimate.arrange import Flags, Whole
from engine.analytics.estimate.band import quantile
from engine.analytics.estimate.curve import Curve, curve
from engine.analytics.estimate.mean import rmst, rmst_error

Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Strata:
    """Estimates and their standard errors by stratum, float64 [strata], nan where there is none."""

    estimate: Reals
    error: Reals


@dataclass(frozen=True, slots=True)
class Standardised:
    """``difference``: of the unit less its reference at the standard's mix, in the unit of the estimates, with limits.

    ``p``: how likely so large a difference is by chance. ``covered``: which share of the standard lies in strata that
    both have an estimate for; the others are left out of both sides.
    """

    unit: float
    reference: float
    difference: float
    error: float
    low: float
    high: float
    p: float
    covered: float


def means(lasted: Whole, ended: Flags, stratum: NDArray[np.integer], n_strata: int, tau: int) -> Strata:
    """Restricted means up to tau, seconds; nan where a stratum's curve is not known so far."""
    return _by_stratum(lasted, ended, stratum, n_strata, lambda c: _mean(c, tau))


def resolved(
    lasted: Whole, ended: Flags, stratum: NDArray[np.integer], n_strata: int, seconds: int
) -> Strata:
    """Shares that ended within these seconds; nan where a stratum's curve is not known so far."""
    return _by_stratum(lasted, ended, stratum, n_strata, lambda c: _share(c, seconds))


def standardised(
    unit: Strata, reference: Strata, weight: NDArray[np.integer], level: float = 0.95
) -> Standardised:
    """``weight`` [strata]: how many of each stratum the standard population has.

    The two must not share cases: the errors are added as of independent samples. All nan where no stratum is common.
    """
    both = ~(np.isnan(unit.estimate) | np.isnan(reference.estimate))
    covered = float(weight[both].sum() / weight.sum()) if weight.sum() else 0.0
    if not covered:
        nan = math.nan
        return Standardised(nan, nan, nan, nan, nan, nan, nan, 0.0)
    share = weight[both] / weight[both].sum()
    mine, theirs = float(share @ unit.estimate[both]), float(share @ reference.estimate[both])
    error = float(np.sqrt(share**2 @ (unit.error[both] ** 2 + reference.error[both] ** 2)))
    gap, half = mine - theirs, quantile(level) * error
    return Standardised(mine, theirs, gap, error, gap - half, gap + half, two_sided(gap, error), covered)


def two_sided(gap: float, error: float) -> float:
    """How likely a normal deviate is at least this far from 0; 1 where both are 0, 0 where only the error is."""
    if not error:
        return 0.0 if gap else 1.0
    return math.erfc(abs(gap) / error / math.sqrt(2))


def _by_stratum(
    lasted: Whole,
    ended: Flags,
    stratum: NDArray[np.integer],
    n_strata: int,
    asked: Callable[[Curve], tuple[float, float]],
) -> Strata:
    found = [asked(curve(lasted[of], ended[of])) for of in (stratum == s for s in range(n_strata))]
    table = np.array(found, np.float64).reshape(n_strata, 2)
    return Strata(table[:, 0], table[:, 1])


def _mean(found: Curve, tau: int) -> tuple[float, float]:
    if found.reach is not None and tau > found.reach:
        return math.nan, math.nan
    return rmst(found, tau), rmst_error(found, tau)


def _share(found: Curve, seconds: int) -> tuple[float, float]:
    if found.reach is not None and seconds > found.reach:
        return math.nan, math.nan
    row = found.row(seconds)
    return found.resolved_by(seconds), math.sqrt(found.variance()[row]) if row >= 0 else 0.0
