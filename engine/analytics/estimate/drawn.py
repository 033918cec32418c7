"""What a drawing of a curve needs, as plain lists."""

from typing import Any

import numpy as np

from engine.analytics.estimate.arrange import Whole
from engine.analytics.estimate.curve import Curve
from engine.analytics.suppress import telling

POINTS = 200
# whole seconds, minutes, hours, days, tens of days: every place at which an axis of such lengths has a number
_PLACES = np.unique(
    np.concatenate(
        [np.arange(0, most + 1, step) for step, most in ((1, 120), (60, 7_200), (3_600, 172_800), (86_400, 129_600_000), (864_000, 2_000_000_000))]
    )
).astype(np.int64)  # fmt: skip


def drawn(curve: Curve, most: int = POINTS) -> dict[str, Any]:
    """``curve`` [s, share ended]; ``band`` [s, low, high], less where it is not known; ``censored``: when somebody left
    it open; ``at_risk`` as :func:`watched`; ``until_s``: how long the last one was watched. No more than ``most`` of
    each but the last."""
    low, high = curve.band()
    rows = curve.chosen(most)
    rows = rows[~(np.isnan(low[rows]) | np.isnan(high[rows]))]
    limits = zip(curve.times[rows].tolist(), (1 - high[rows]).tolist(), (1 - low[rows]).tolist(), strict=True)
    left = _censored(curve)
    return {
        "curve": curve.points(most),
        "band": [[at, round(a, 6), round(b, 6)] for at, a, b in limits],
        "censored": left[:: max(1, -(-len(left) // most))],
        "at_risk": watched(curve.watched),
        "until_s": int(curve.watched[-1]) if curve.n else 0,
    }


def drawn_outside(curve: Curve) -> dict[str, Any]:
    """As :func:`drawn` for readers outside: only points between which several ended, no limits, and nothing of those who
    were left open, each of whom would be told to the second."""
    total = np.cumsum(curve.events).tolist()
    rows = telling(total, curve.n, total[-1] if total else 0)
    points = zip(curve.times[rows].tolist(), curve.after[rows].tolist(), strict=True)
    return {"curve": [[at, round(1 - after, 6)] for at, after in points]}


def _censored(curve: Curve) -> list[int]:
    times, counts = np.unique(curve.watched, return_counts=True)
    counts[np.searchsorted(times, curve.times)] -= curve.events
    found: list[int] = times[counts > 0].tolist()
    return found


def watched(ordered: Whole) -> list[list[int]]:
    """[s, how many lasted so long or longer] of sorted durations, at whole seconds, minutes, hours or days.

    The number at a place that is not among them is that of the next one.
    """
    if not ordered.size:
        return []
    places = _PLACES[: int(np.searchsorted(_PLACES, ordered[-1])) + 1]
    left = ordered.size - np.searchsorted(ordered, places, side="left")
    last = np.append(left[1:] != left[:-1], True)
    return [[int(at), int(n)] for at, n in zip(places[last], left[last], strict=True)]
