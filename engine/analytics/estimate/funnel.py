"""Limits for shares: which units stand out more than chance lets them (Spiegelhalter, Statistics in Medicine 24, 2005)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.analytics.estimate.arrange import Whole
from engine.analytics.estimate.band import quantile

Reals = NDArray[np.float64]
LEVELS = (0.95, 0.998)


def limits(sizes: Whole, target: float, levels: Sequence[float] = LEVELS) -> Reals:
    """float64 [sizes, levels, 2]: below and above which a unit of that many cases stands out from the target share.

    Exact binomial, interpolated between whole counts so that the funnel is smooth (the paper's appendix A.1.1); nan for
    a size of 0.
    """
    sides = [((1 - level) / 2, (1 + level) / 2) for level in levels]
    found = [[_limit(sizes, target, p) for p in side] for side in sides]
    return np.moveaxis(np.array(found).reshape(len(levels), 2, sizes.size), 2, 0)


def _limit(sizes: Whole, target: float, p: float) -> Reals:
    from scipy.special import bdtr

    count = np.array([_count(int(n), target, p) for n in sizes], np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        above = bdtr(count, sizes, target)
        below = np.where(count > 0, bdtr(np.maximum(count - 1, 0), sizes, target), 0.0)
        part = np.where(above > below, (above - p) / (above - below), 0.0)
        return np.where(sizes > 0, np.clip((count - part) / sizes, 0.0, 1.0), np.nan)


def _count(n: int, target: float, p: float) -> int:
    """The smallest count whose binomial distribution function reaches p."""
    from scipy.special import bdtr

    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if bdtr(middle, n, target) >= p else (middle + 1, high)
    return low


def wilson(counts: Whole, sizes: Whole, level: float = 0.95) -> Reals:
    """float64 [sizes, 2]: the interval of a share of its own (Wilson, JASA 22, 1927); nan for a size of 0."""
    z = quantile(level)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = counts / sizes
        middle = share + z * z / (2 * sizes)
        half = z * np.sqrt(share * (1 - share) / sizes + z * z / (4 * sizes.astype(np.float64) ** 2))
        found = np.stack([middle - half, middle + half], axis=1) / (1 + z * z / sizes)[:, None]
    return np.where(sizes[:, None] > 0, np.clip(found, 0.0, 1.0), np.nan)
