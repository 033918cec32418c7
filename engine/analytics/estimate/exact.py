"""Integers behind the curves: products of many small ratios without rounding.

A product-limit curve is a product of ratios (r - d) / r. Where nobody was censored between two of them, what is left
after the first is at risk at the second and cancels; so a *run* of events without a censoring is one ratio, what is
left at its end over what was at risk at its start.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_MOST = 10**6


class Piece(NamedTuple):
    """Falls by ``left / of`` over its length, with ``area / of`` below it, both as shares of where it began."""

    left: int
    of: int
    area: int


def as_share(share: float | Fraction) -> Fraction:
    """As it is written: 0.8 is four fifths. ValueError if not in (0, 1] or not of at most six decimals."""
    found = Fraction(str(share))
    if not 0 < found <= 1 or found.denominator > _MOST:
        raise ValueError(f"{share} is no share above 0 and up to 1 of at most six decimals")
    return found


def joined(pieces: Sequence[Piece]) -> Piece:
    """One behind the other; multiplied in pairs, so that large numbers meet large ones (binary splitting)."""
    row = list(pieces) or [Piece(1, 1, 0)]
    while len(row) > 1:
        pairs = [_two(a, b) for a, b in zip(row[::2], row[1::2], strict=False)]
        row = pairs + row[len(pairs) * 2 :]
    return row[0]


def _two(a: Piece, b: Piece) -> Piece:
    return Piece(a.left * b.left, a.of * b.of, a.area * b.of + a.left * b.area)


def runs(at_risk: NDArray[np.int64], left: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first of each run, int64, ascending; of events in the order of time, ``at_risk`` before, ``left`` after."""
    if not at_risk.size:
        return np.zeros(0, np.int64)
    return np.flatnonzero(np.concatenate([[True], at_risk[1:] != left[:-1]]))


def product(at_risk: NDArray[np.int64], left: NDArray[np.int64]) -> Fraction:
    """What the curve is after these events."""
    whole = _falls(at_risk, left)
    return Fraction(whole.left, whole.of)


def at_most(at_risk: NDArray[np.int64], left: NDArray[np.int64], level: Fraction) -> bool:
    """Whether the curve is at the level or below after these events; cheaper than the reduced fraction."""
    whole = _falls(at_risk, left)
    return whole.left * level.denominator <= level.numerator * whole.of


def _falls(at_risk: NDArray[np.int64], left: NDArray[np.int64]) -> Piece:
    starts = runs(at_risk, left)
    ends = np.append(starts[1:], at_risk.size) - 1 if starts.size else starts
    ratios = zip(at_risk[starts].tolist(), left[ends].tolist(), strict=True)
    return joined([Piece(after, before, 0) for before, after in ratios])
