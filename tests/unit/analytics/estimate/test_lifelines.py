"""The same figures from an independent program, lifelines (Davidson-Pilon, Journal of Open Source Software 4, 2019)."""

from fractions import Fraction

import numpy as np
import pytest
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test
from lifelines.utils import median_survival_times, restricted_mean_survival_time

from engine.analytics.estimate.curve import curve
from engine.analytics.estimate.incidence import incidence
from engine.analytics.estimate.logrank import logrank
from engine.analytics.estimate.mean import rmst
from engine.analytics.estimate.percentile import percentiles

SEEDS = range(12)


def drawn(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """lasted, ended, group: 50 to 400 rows with ties."""
    random = np.random.default_rng(seed)
    n = int(random.integers(50, 400))
    over, watched = random.weibull(0.9, n) * 300, random.uniform(50, 900, n)
    return np.ceil(np.minimum(over, watched)).astype(np.int64), over <= watched, random.integers(0, 4, n)


@pytest.mark.parametrize("seed", SEEDS)
def test_curve_variance_limits_and_median(seed: int) -> None:
    lasted, ended, _ = drawn(seed)
    made, theirs = curve(lasted, ended), KaplanMeierFitter().fit(lasted, ended)
    np.testing.assert_allclose(made.after, theirs.survival_function_at_times(made.times), rtol=1e-9)
    limits = theirs.confidence_interval_.loc[made.times].to_numpy()
    known = made.after > 0
    np.testing.assert_allclose(np.stack(made.band(), axis=1)[known], limits[known], rtol=1e-7)
    # away from where the curve stands on one half, which they miss by rounding
    if not np.isclose(made.after, 0.5).any():
        assert made.percentile(0.5) == theirs.median_survival_time_
    between = median_survival_times(theirs.confidence_interval_).to_numpy()[0].tolist()
    assert [np.inf if end is None else end for end in made.percentile_interval(0.5)] == between


@pytest.mark.parametrize("seed", SEEDS)
def test_restricted_mean(seed: int) -> None:
    lasted, ended, _ = drawn(seed)
    made, theirs = curve(lasted, ended), KaplanMeierFitter().fit(lasted, ended)
    assert rmst(made, 200) == pytest.approx(restricted_mean_survival_time(theirs, 200), rel=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_outcomes_that_compete(seed: int) -> None:
    """Without ties, which they would shake apart."""
    random = np.random.default_rng(seed)
    n = int(random.integers(30, 200))
    lasted, cause = random.permutation(1000)[:n] + 1, random.integers(0, 4, n)
    cause[np.argmax(lasted)] = 0  # at the end of all they divide by nobody
    made = incidence(lasted, cause, 3)
    for k in (1, 2, 3):
        theirs = AalenJohansenFitter(calculate_variance=True).fit(lasted, cause, event_of_interest=k)
        at = theirs.cumulative_density_.loc[made.times].to_numpy()[:, 0]
        np.testing.assert_allclose(made.shares[:, k - 1], at, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(
            made.variance()[:, k - 1], theirs.variance_.loc[made.times], rtol=1e-6, atol=1e-12
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_comparison_of_four(seed: int) -> None:
    lasted, ended, group = drawn(seed)
    theirs = multivariate_logrank_test(lasted, group, ended)
    made = logrank(lasted, ended, group, 4)
    assert made.chi2 == pytest.approx(theirs.test_statistic, rel=1e-8)
    assert made.p == pytest.approx(theirs.p_value, rel=1e-7)


def test_where_the_curve_stands_on_one_half_they_are_late_and_we_are_not() -> None:
    """After three of six the curve is exactly 1/2; what they add up in logarithms is a hair above it."""
    lasted, ended = np.arange(1, 7), np.ones(6, np.bool_)
    assert curve(lasted, ended).exactly_after(2) == Fraction(1, 2)
    assert percentiles(lasted, ended, np.zeros(6, np.int32), 1, [0.5]).tolist() == [[3]]
    assert curve(lasted, ended).percentile(0.5) == 3
    assert KaplanMeierFitter().fit(lasted, ended).median_survival_time_ == 4
