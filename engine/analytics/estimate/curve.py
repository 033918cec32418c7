"""The product-limit curve of one group (Kaplan and Meier, JASA 53, 1958)."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.analytics.estimate import band
from engine.analytics.estimate.arrange import Flags, Whole, check
from engine.analytics.estimate.exact import as_share, at_most, product, runs

Reals = NDArray[np.float64]
# how far a value of the curve, which is a product of double ratios, may lie from the true one
USUAL = 0.95  # the level of limits that nobody names
_NEAR = 1e-9


class AtRisk(NamedTuple):
    """How many are still watched and open before ``time`` seconds; how many ended, and were left open, up to it."""

    time: int
    at_risk: int
    ended: int
    censored: int


@dataclass(frozen=True)
class Curve:
    """``times`` int64 [K] at which something ended, how many were ``at_risk`` there and how many ended (``events``).

    ``after`` float64 [K]: the share still open after each. ``watched`` int64 [n]: all that was given, sorted.
    """

    times: Whole
    at_risk: Whole
    events: Whole
    after: Reals
    watched: Whole

    @property
    def n(self) -> int:
        return self.watched.size

    @property
    def reach(self) -> int | None:
        """Seconds up to which the curve is known; None where it came down to 0."""
        if self.times.size and self.at_risk[-1] == self.events[-1]:
            return None
        return int(self.watched[-1]) if self.watched.size else 0

    def percentile(self, share: float | Fraction) -> int | None:
        """The first second by which at least this share has ended; None where the curve does not reach it."""
        level = 1 - as_share(share)
        near = float(level) + _NEAR
        for i in range(int(np.searchsorted(-self.after, -near)), self.times.size):
            left = self.at_risk - self.events
            if self.after[i] < level - Fraction(_NEAR) or at_most(
                self.at_risk[: i + 1], left[: i + 1], level
            ):
                return int(self.times[i])
        return None

    def percentile_interval(
        self, share: float | Fraction, level: float = USUAL
    ) -> tuple[int | None, int | None]:
        """Seconds: where the band crosses the share (Brookmeyer and Crowley, Biometrics 38, 1982, log-log).

        None where that limit of the curve never comes down so far, or is not known because all have ended.
        """
        low, high = self.band(level)
        target = float(1 - as_share(share))
        ends = [np.flatnonzero(side <= target) for side in (low, high)]
        first, last = (int(self.times[found[0]]) if found.size else None for found in ends)
        return first, last

    def exactly_after(self, row: int) -> Fraction:
        """What ``after[row]`` is, without rounding."""
        at_risk = self.at_risk[: row + 1]
        return product(at_risk, at_risk - self.events[: row + 1])

    def row(self, seconds: int) -> int:
        """The last row not after ``seconds``, -1 where nothing had ended by then."""
        return int(np.searchsorted(self.times, seconds, side="right")) - 1

    def ended_by(self, seconds: int) -> int:
        """How many had ended within this many seconds."""
        return int(self.events[: self.row(seconds) + 1].sum())

    def open_after(self, seconds: int) -> float:
        """The share still open after this many seconds."""
        row = self.row(seconds)
        return 1.0 if row < 0 else float(self.after[row])

    def resolved_by(self, seconds: int) -> float:
        """The share ended within this many seconds."""
        return 1 - self.open_after(seconds)

    def resolved_between(self, seconds: int, level: float = USUAL) -> tuple[float, float] | None:
        """The confidence limits of :meth:`resolved_by`; None before the first end, and where all have ended."""
        row = self.row(seconds)
        if row < 0 or not self.after[row]:
            return None
        low, high = self.band(level)
        return 1 - float(high[row]), 1 - float(low[row])

    def hazard_variance(self) -> Reals:
        """float64 [K]: the sum of d / (r (r - d)), the variance of the curve's logarithm; inf where it is 0."""
        left = self.at_risk - self.events
        with np.errstate(divide="ignore"):
            return np.cumsum(self.events / (self.at_risk * left.astype(np.float64)))

    def variance(self) -> Reals:
        """float64 [K], of ``after`` (Greenwood 1926); 0 where the curve is 0."""
        above = self.after > 0
        return np.where(above, self.after**2 * np.where(above, self.hazard_variance(), 0), 0.0)

    def band(self, level: float = USUAL) -> tuple[Reals, Reals]:
        """Pointwise limits of ``after``, each float64 [K], nan where the curve is 0.

        By log(-log), so inside 0 and 1 (Kalbfleisch and Prentice, The Statistical Analysis of Failure Time Data, 1980).
        """
        return self._usual if level == USUAL else self._limits(level)

    @cached_property
    def _usual(self) -> tuple[Reals, Reals]:
        return self._limits(USUAL)

    def _limits(self, level: float) -> tuple[Reals, Reals]:
        return band.loglog(self.after, np.sqrt(self.variance()), level)

    def risk_table(self, times: list[int]) -> list[AtRisk]:
        """What the numbers below a drawn curve say at these seconds."""
        total = np.concatenate([[0], np.cumsum(self.events)])
        before = np.searchsorted(self.watched, times, side="left")
        until = np.searchsorted(self.watched, times, side="right")
        ended = total[np.searchsorted(self.times, times, side="right")]
        columns = (times, (self.n - before).tolist(), ended.tolist(), (until - ended).tolist())
        return [AtRisk(*row) for row in zip(*columns, strict=True)]

    def points(self, most: int) -> list[list[float]]:
        """[seconds, share ended] at no more than ``most`` instants, the last one among them."""
        return [[int(self.times[i]), round(float(1 - self.after[i]), 6)] for i in self.chosen(most)]

    def chosen(self, most: int) -> Whole:
        """int64: the rows of :meth:`points`, evenly spread."""
        if not self.times.size:
            return np.zeros(0, np.int64)
        return np.unique(np.linspace(0, self.times.size - 1, min(most, self.times.size)).astype(np.int64))


def curve(lasted: Whole, ended: Flags) -> Curve:
    """Of columns [n]; at equal times what ended comes before what was censored."""
    check(lasted, ended, np.zeros(lasted.shape, np.int8), 1)
    # two in one, since integers sort much faster than rows
    packed = np.sort(lasted.astype(np.int64) * 2 + ~ended)
    watched, ended = packed >> 1, packed & 1 == 0
    first = np.flatnonzero(np.concatenate([watched[:1] >= 0, watched[1:] != watched[:-1]]))
    events = np.add.reduceat(ended.astype(np.int64), first) if first.size else np.zeros(0, np.int64)
    some = events > 0
    at_risk, events = (watched.size - first)[some], events[some]
    return Curve(watched[first][some], at_risk, events, survival(at_risk, at_risk - events), watched)


def reach(lasted: Whole, ended: Flags) -> int | None:
    """As :attr:`Curve.reach`, where nothing else is asked: it comes down to 0 where all that lasted longest ended."""
    longest = int(lasted.max(initial=0))
    return None if lasted.size and bool(ended[lasted == longest].all()) else longest


def survival(at_risk: Whole, left: Whole) -> Reals:
    """float64 [K]: products of left / at_risk; where nobody was censored in between, one ratio and no product."""
    starts = runs(at_risk, left)
    if not starts.size:
        return np.zeros(0)
    ends = np.append(starts[1:], at_risk.size) - 1
    fallen = np.cumprod(left[ends] / at_risk[starts])
    before = np.concatenate([[1.0], fallen[:-1]])
    run = np.repeat(np.arange(starts.size), np.diff(starts, append=at_risk.size))
    return before[run] * (left / at_risk[starts][run])
