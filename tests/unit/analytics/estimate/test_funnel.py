"""Limits of a funnel against binomial sums, Wilson's interval against published values."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest

from engine.analytics.estimate.funnel import limits, wilson


def up_to(count: int, n: int, p: Fraction) -> Fraction:
    return sum((comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(count + 1)), Fraction(0))


def limit(n: int, target: Fraction, p: Fraction) -> float:
    """Spiegelhalter (2005), appendix A.1.1, in fractions."""
    count = next(r for r in range(n + 1) if up_to(r, n, target) >= p)
    above, below = up_to(count, n, target), up_to(count - 1, n, target)
    return float(max(Fraction(0), (count - (above - p) / (above - below)) / n))


@pytest.mark.parametrize("target", [Fraction(1, 10), Fraction(1, 2), Fraction(47, 50)])
def test_limits_are_those_of_binomial_sums(target: Fraction) -> None:
    sizes = [1, 2, 5, 10, 33, 120]
    made = limits(np.array(sizes), float(target))
    assert made.shape == (6, 2, 2)
    for i, n in enumerate(sizes):
        for j, level in enumerate((Fraction(95, 100), Fraction(998, 1000))):
            wanted = [limit(n, target, (1 - level) / 2), limit(n, target, (1 + level) / 2)]
            assert made[i, j].tolist() == pytest.approx(wanted, rel=1e-9, abs=1e-12)


def test_the_funnel_narrows_and_holds_its_target() -> None:
    made = limits(np.array([10, 100, 1000, 10_000]), 0.3)
    width = made[:, :, 1] - made[:, :, 0]
    assert (np.diff(width, axis=0) < 0).all()
    assert ((made[:, :, 0] <= 0.3) & (made[:, :, 1] >= 0.3)).all()
    assert (width[:, 1] > width[:, 0]).all()
    # for many it is the normal one
    assert made[3, 0].tolist() == pytest.approx([0.3 - 1.96 * 0.0045826, 0.3 + 1.96 * 0.0045826], abs=1e-4)


def test_units_without_cases_have_no_limits() -> None:
    assert np.isnan(limits(np.array([0]), 0.3)).all()
    assert np.isnan(wilson(np.array([0]), np.array([0]))).all()


def test_targets_of_nothing_and_all() -> None:
    assert limits(np.array([20]), 0.0)[0, 0].tolist() == [0, 0]
    assert limits(np.array([20]), 1.0)[0, 0].tolist() == pytest.approx(
        [0.95 + 0.05 * 0.025, 0.95 + 0.05 * 0.975]
    )


def test_wilson_as_published() -> None:
    """Newcombe, Statistics in Medicine 17, 1998, table I, method 3: 81/263, 15/148, 0/20, 1/29."""
    made = wilson(np.array([81, 15, 0, 1]), np.array([263, 148, 20, 29]))
    assert made.round(4).tolist() == [[0.2553, 0.3662], [0.0624, 0.1605], [0.0, 0.1611], [0.0061, 0.1718]]
