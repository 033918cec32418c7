"""Restricted mean: how long something lasts on average within its first ``tau`` seconds.

The area below the product-limit curve from 0 to tau (Irwin, Journal of Hygiene 47, 1949). It is an average, so means of
parts add up, and it is known although some are still open, which an ordinary mean is not.
"""

from fractions import Fraction

import numpy as np

from engine.analytics.estimate.arrange import Whole
from engine.analytics.estimate.curve import Curve, Reals
from engine.analytics.estimate.exact import Piece, joined, runs


def rmst(curve: Curve, tau: int) -> float:
    """Seconds. ValueError where tau is beyond what was watched: there the curve is not known."""
    held(curve, tau)
    _, areas = _areas(curve, tau)
    return float(areas.sum())


def rmst_error(curve: Curve, tau: int) -> float:
    """The standard error of :func:`rmst`, seconds (Klein and Moeschberger, Survival Analysis, 2003, section 4.5)."""
    held(curve, tau)
    k, areas = _areas(curve, tau)
    rest = areas[::-1].cumsum()[::-1][1:]
    at_risk, events = curve.at_risk[:k], curve.events[:k]
    left = (at_risk - events).astype(np.float64)
    # where nobody is left there is no area behind, and no doubt about it
    some = left > 0
    terms = rest[some] ** 2 * events[some] / (at_risk[some] * left[some])
    return float(np.sqrt(terms.sum()))


def rmst_exact(curve: Curve, tau: int) -> Fraction:
    """:func:`rmst` without rounding."""
    held(curve, tau)
    k = int(np.searchsorted(curve.times, tau))
    edges = np.append(curve.times[:k], tau)
    at_risk, left = curve.at_risk[:k], curve.at_risk[:k] - curve.events[:k]
    starts = runs(at_risk, left)
    pieces = [
        Piece(int(left[end - 1]), int(at_risk[start]), _weighed(left[start:end], edges[start : end + 1]))
        for start, end in zip(starts.tolist(), [*starts[1:].tolist(), k], strict=False)
    ]
    whole = joined(pieces)
    return int(edges[0]) + Fraction(whole.area, whole.of)


def _weighed(left: Whole, edges: Whole) -> int:
    """Person-seconds; of Python's integers, which do not overflow."""
    return sum(n * s for n, s in zip(left.tolist(), np.diff(edges).tolist(), strict=True))


def _areas(curve: Curve, tau: int) -> tuple[int, Reals]:
    """How many events lie before tau, and the areas before the first, between them, and behind the last: [k + 1]."""
    k = int(np.searchsorted(curve.times, tau))
    edges = np.concatenate([[0], curve.times[:k], [tau]])
    return k, np.diff(edges) * np.concatenate([[1.0], curve.after[:k]])


def held(curve: Curve, tau: int) -> None:
    """ValueError where the curve is not known up to tau, or tau is not above 0."""
    reached(curve.reach, tau)


def reached(reach: int | None, tau: int) -> None:
    """The same of how far a curve is known."""
    if tau <= 0 or (reach is not None and tau > reach):
        raise ValueError(f"a mean over {tau} seconds of a curve that is known up to {reach}")
