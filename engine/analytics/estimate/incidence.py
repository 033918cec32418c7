"""Outcomes that compete: which share has ended in each way by when (Aalen and Johansen, Scand. J. Statist. 5, 1978).

Who was refused can no longer be settled; counting him as censored would tell how it went if nobody were refused.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from engine.analytics.estimate import band
from engine.analytics.estimate.arrange import Whole, check
from engine.analytics.estimate.curve import survival

Reals = NDArray[np.float64]
WHOLE = 1e-12  # what is left open where all ended so is rounding


@dataclass(frozen=True, slots=True)
class Incidence:
    """``times`` int64 [K] at which something ended, ``at_risk`` int64 [K], ``events`` int64 [K, causes].

    ``after`` float64 [K]: the share still open. ``shares`` float64 [K, causes]: ended by then in each way; cause 1 is
    column 0. A row of shares and what is open make 1.
    """

    times: Whole
    at_risk: Whole
    events: Whole
    after: Reals
    shares: Reals
    n: int

    def by(self, seconds: int) -> Reals:
        """float64 [causes]: ended in each way within this many seconds."""
        row = int(np.searchsorted(self.times, seconds, side="right")) - 1
        found: Reals = np.zeros(self.events.shape[1]) if row < 0 else self.shares[row]
        return found

    def exact(self) -> tuple[list[Fraction], list[list[Fraction]]]:
        """``after`` and ``shares`` without rounding; for small groups, since the denominators grow."""
        left, ended = Fraction(1), [Fraction(0)] * self.events.shape[1]
        after, shares = [], []
        for at_risk, events in zip(self.at_risk.tolist(), self.events.tolist(), strict=True):
            ended = [share + left * Fraction(d, at_risk) for share, d in zip(ended, events, strict=True)]
            left *= Fraction(at_risk - sum(events), at_risk)
            after.append(left)
            shares.append(ended)
        return after, shares

    def variance(self) -> Reals:
        """float64 [K, causes], of ``shares``, by the delta method (Marubini and Valsecchi, Analysing Survival Data, 1995).

        Of one cause it is Greenwood's, without censoring F (1 - F) / n.
        """
        r = self.at_risk[:, None].astype(np.float64)
        d = self.events.sum(axis=1, keepdims=True)
        before = np.concatenate([[1.0], self.after[:-1]])[:, None]
        # where all that were left ended, nothing follows, and the factor (F - F) is 0
        left = np.where(r > d, r - d, np.inf)
        a, b = d / (r * left), before * self.events / r**2
        own = before**2 * self.events * (r - self.events) / r**3
        f = self.shares
        # the sums of (F(t) - F(s))^2 a(s), own(s) and 2 (F(t) - F(s)) b(s) over s up to t
        spread = f**2 * a.cumsum(0) - 2 * f * (f * a).cumsum(0) + (f**2 * a).cumsum(0)
        crossed = f * b.cumsum(0) - (f * b).cumsum(0)
        found: Reals = np.maximum(spread + own.cumsum(0) - 2 * crossed, 0.0)
        return found

    def interval(self, level: float = 0.95) -> tuple[Reals, Reals]:
        """Pointwise limits of ``shares``, each float64 [K, causes], nan where a share is 0 or 1.

        On the scale log(-log(1 - F)), so that one cause alone has the limits of its curve (Beyersmann, Allignol and
        Schumacher, Competing Risks and Multistate Models with R, 2012, formula 4.21).
        """
        open_ = 1 - np.where(self.shares > 1 - WHOLE, 1.0, self.shares)
        low, high = band.loglog(open_, np.sqrt(self.variance()), level)
        return 1 - high, 1 - low


def incidence(lasted: Whole, cause: NDArray[np.integer], n_causes: int) -> Incidence:
    """Of columns [n]; ``cause`` 0: still open; 1 to ``n_causes``: how it ended."""
    check(lasted, cause > 0, cause, n_causes + 1)
    lasted, cause = np.divmod(np.sort(lasted.astype(np.int64) * (n_causes + 1) + cause), n_causes + 1)
    first = np.flatnonzero(np.concatenate([lasted[:1] >= 0, lasted[1:] != lasted[:-1]]))
    kinds = cause[:, None] == np.arange(1, n_causes + 1)
    events = (
        np.add.reduceat(kinds.view(np.int8), first, dtype=np.int64)
        if first.size
        else np.zeros((0, n_causes), np.int64)
    )
    some = events.any(axis=1)
    at_risk, events = (lasted.size - first)[some], events[some]
    after = survival(at_risk, at_risk - events.sum(axis=1))
    before = np.concatenate([[1.0], after[:-1]])[: after.size]
    shares = np.cumsum(before[:, None] * events / at_risk[:, None], axis=0)
    return Incidence(lasted[first][some], at_risk, events, after, shares, lasted.size)
