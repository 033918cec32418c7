"""How sure a share is: pointwise limits."""

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]


def quantile(level: float) -> float:
    """How many standard errors to either side a two-sided ``level`` takes: 1.96 of 0.95."""
    return NormalDist().inv_cdf((1 + level) / 2)


def loglog(share: Reals, error: Reals, level: float) -> tuple[Reals, Reals]:
    """Lower and upper limit of shares still open, with their standard ``error``, on the scale log(-log).

    nan where a share is 0 or 1: there the scale has no place.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        logarithm = np.log(share)
        # of log(-log S) the error is that of S over S |log S|
        width = quantile(level) * error / (share * -logarithm)
        low, high = np.exp(logarithm * np.exp(width)), np.exp(logarithm * np.exp(-width))
    inside = (share > 0) & (share < 1)
    return np.where(inside, low, np.nan), np.where(inside, high, np.nan)
