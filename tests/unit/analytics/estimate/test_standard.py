"""Case mix taken out, by hand and against chance."""

import math

import numpy as np
import pytest

from engine.analytics.estimate.standard import Strata, means, resolved, standardised, two_sided


def test_means_of_strata_are_weighed_by_the_standard() -> None:
    unit = Strata(np.array([10.0, 40.0]), np.array([1.0, 2.0]))
    rest = Strata(np.array([8.0, 30.0]), np.array([0.5, 1.0]))
    found = standardised(unit, rest, np.array([3, 1]))
    assert found.unit == 17.5
    assert found.reference == 13.5
    assert found.difference == 4.0
    assert found.error == pytest.approx(math.sqrt(0.75**2 * 1.25 + 0.25**2 * 5))
    assert found.low == pytest.approx(4 - 1.959964 * found.error)
    assert found.high == pytest.approx(4 + 1.959964 * found.error)
    assert found.p == pytest.approx(two_sided(4, found.error))
    assert found.covered == 1


def test_a_stratum_that_one_side_does_not_have_is_left_out_and_told() -> None:
    unit = Strata(np.array([10.0, np.nan]), np.array([1.0, np.nan]))
    rest = Strata(np.array([8.0, 30.0]), np.array([0.5, 1.0]))
    found = standardised(unit, rest, np.array([3, 1]))
    assert (found.unit, found.reference, found.covered) == (10, 8, 0.75)
    nothing = standardised(unit, Strata(np.full(2, np.nan), np.full(2, np.nan)), np.array([3, 1]))
    assert nothing.covered == 0
    assert math.isnan(nothing.difference)


def test_p_of_a_normal_deviate() -> None:
    assert two_sided(1.959964, 1) == pytest.approx(0.05, abs=1e-7)
    assert two_sided(0, 1) == 1
    assert (two_sided(0, 0), two_sided(2, 0)) == (1, 0)


def test_means_and_shares_by_stratum() -> None:
    lasted, ended = np.array([2, 4, 10, 10, 3]), np.array([True, True, True, False, False])
    kind = np.array([0, 0, 1, 1, 2])
    mean = means(lasted, ended, kind, 4, 8)
    assert mean.estimate[:2].tolist() == [3, 8]
    assert mean.error[:2].tolist() == [pytest.approx(math.sqrt(0.5)), 0]
    assert np.isnan(mean.estimate[2:]).all()
    share = resolved(lasted, ended, kind, 4, 3)
    assert share.estimate[:3].tolist() == [0.5, 0, 0]
    assert share.error[:3].tolist() == [pytest.approx(math.sqrt(0.125)), 0, 0]
    assert np.isnan(share.estimate[3])


def test_a_unit_with_harder_cases_is_not_slower_at_the_same_mix() -> None:
    random = np.random.default_rng(8)
    kind = np.concatenate([np.repeat([0, 1], [200, 800]), np.repeat([0, 1], [800, 200])])
    over = (random.exponential(1000, 2000) * np.where(kind == 1, 10, 1)).astype(np.int64)
    watched = random.integers(5000, 20000, 2000)
    lasted, ended, unit = np.minimum(over, watched), over <= watched, np.repeat([0, 1], 1000)
    mine, theirs = (means(lasted[unit == u], ended[unit == u], kind[unit == u], 2, 5000) for u in (0, 1))
    found = standardised(mine, theirs, np.bincount(kind))
    assert found.low < 0 < found.high
    raw = standardised(
        *(means(lasted[unit == u], ended[unit == u], kind[unit == u] * 0, 1, 5000) for u in (0, 1)),
        np.ones(1, int),
    )
    assert raw.low > 1000
