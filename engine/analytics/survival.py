"""How long things take when some are not over: the product-limit curve (Kaplan and Meier, JASA 53, 1958).

Durations are whole seconds; ``ended`` is False where a case was still open, or left without the event, after
that time. Percentiles of the curve are the first instant at which at least that share is resolved.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# a product of float ratios may land a hair above the level it equals exactly
SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Curve:
    """``times`` where something ended, the share still unresolved ``after`` each, and how many were at risk."""

    times: NDArray[np.int64]
    after: NDArray[np.float64]
    at_risk: NDArray[np.int64]

    def percentile(self, share: float) -> int | None:
        """Seconds until this share is resolved; None where the curve does not reach it."""
        reached = np.flatnonzero(self.after <= 1 - share + SLACK)
        return int(self.times[reached[0]]) if reached.size else None

    def resolved_by(self, seconds: int) -> float:
        """The share resolved within this many seconds."""
        before = np.searchsorted(self.times, seconds, side="right")
        return 0.0 if before == 0 else float(1 - self.after[before - 1])

    def points(self, most: int) -> list[list[float]]:
        """[seconds, share resolved] at no more than ``most`` instants, the last one among them."""
        if not self.times.size:
            return []
        chosen = np.unique(np.linspace(0, self.times.size - 1, min(most, self.times.size)).astype(np.int64))
        return [[int(self.times[i]), round(float(1 - self.after[i]), 6)] for i in chosen]


def curve(durations: NDArray[np.int64], ended: NDArray[np.bool_]) -> Curve:
    """The curve of one group; at equal times what ended comes before what was censored."""
    order = np.argsort(durations, kind="stable")
    durations, ended = durations[order], ended[order]
    times, first = np.unique(durations, return_index=True)
    deaths = np.add.reduceat(ended.astype(np.int64), first) if times.size else np.zeros(0, np.int64)
    at_risk = durations.size - first
    some = deaths > 0
    # each factor is a ratio of small integers; the product is taken in the order of time
    factors = (at_risk[some] - deaths[some]) / at_risk[some]
    return Curve(times[some], np.cumprod(factors, dtype=np.float64), at_risk[some])


def closed_percentiles(seconds: NDArray[np.int64], shares: Sequence[float]) -> list[int | None]:
    """Percentiles of the ended ones alone, linear between neighbours; biased short while others are open."""
    if not seconds.size:
        return [None for _ in shares]
    return [round(float(v)) for v in np.percentile(seconds, [100 * s for s in shares])]
