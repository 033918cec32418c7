"""Curves counted the slow way, in fractions, and data from the literature."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

Row = tuple[int, bool]

# weeks in remission under 6-MP and placebo: Freireich et al., Blood 21, 1963; Gehan, Biometrika 52, 1965
SIX_MP: list[Row] = [(t, True) for t in (6, 6, 6, 7, 10, 13, 16, 22, 23)] + [
    (t, False) for t in (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
]
PLACEBO: list[Row] = [
    (t, True) for t in (1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)
]


def columns(rows: Sequence[Row]) -> tuple[np.ndarray, np.ndarray]:
    """``lasted`` and ``ended``."""
    return np.array([t for t, _ in rows], np.int64), np.array([e for _, e in rows], np.bool_)


def counted(rows: Sequence[Row]) -> list[tuple[int, int, int, Fraction]]:
    """(time, at risk, ended, still open after) at each time at which something ended."""
    left, found = Fraction(1), []
    for time in sorted({t for t, e in rows if e}):
        risk = sum(1 for t, _ in rows if t >= time)
        ended = sum(1 for t, e in rows if t == time and e)
        left *= Fraction(risk - ended, risk)
        found.append((time, risk, ended, left))
    return found


def open_at(rows: Sequence[Row], time: int) -> Fraction:
    """The share still open after this time."""
    return next((left for t, _, _, left in reversed(counted(rows)) if t <= time), Fraction(1))


def percentile(rows: Sequence[Row], share: Fraction) -> int | None:
    return next((time for time, _, _, left in counted(rows) if left <= 1 - share), None)


def area(rows: Sequence[Row], tau: int) -> Fraction:
    """The restricted mean, second after second."""
    return sum((open_at(rows, second) for second in range(tau)), Fraction(0))
