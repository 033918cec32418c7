"""The curve of one group against fractions and the published values of the leukaemia patients."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analytics.estimate.curve import curve
from engine.analytics.estimate.mean import rmst, rmst_error, rmst_exact
from tests.support.survival import PLACEBO, SIX_MP, area, columns, counted, open_at, percentile

ROWS = st.lists(st.tuples(st.integers(0, 25), st.booleans()), min_size=1, max_size=50)


@given(ROWS)
def test_the_curve_is_the_exact_one(rows: list[tuple[int, bool]]) -> None:
    made = curve(*columns(rows))
    slow = counted(rows)
    assert made.times.tolist() == [time for time, _, _, _ in slow]
    assert made.at_risk.tolist() == [risk for _, risk, _, _ in slow]
    assert made.events.tolist() == [ended for _, _, ended, _ in slow]
    assert [made.exactly_after(i) for i in range(made.times.size)] == [left for _, _, _, left in slow]
    np.testing.assert_allclose(made.after, [float(left) for _, _, _, left in slow], rtol=1e-13)


@given(ROWS)
def test_percentiles_of_the_curve_are_exact(rows: list[tuple[int, bool]]) -> None:
    made = curve(*columns(rows))
    for share in (Fraction(1, 2), Fraction(1, 3), Fraction(4, 5), Fraction(9, 10), Fraction(1)):
        assert made.percentile(share) == percentile(rows, share)


@given(ROWS, st.integers(1, 30))
def test_the_restricted_mean_is_the_exact_area(rows: list[tuple[int, bool]], tau: int) -> None:
    made = curve(*columns(rows))
    if made.reach is not None and tau > made.reach:
        with pytest.raises(ValueError, match="known up to"):
            rmst(made, tau)
        return
    assert rmst_exact(made, tau) == area(rows, tau)
    assert rmst(made, tau) == pytest.approx(float(area(rows, tau)), rel=1e-12)


@given(ROWS, st.integers(1, 30))
def test_the_error_of_the_mean_is_that_of_the_formula(rows: list[tuple[int, bool]], tau: int) -> None:
    made = curve(*columns(rows))
    if made.reach is not None and tau > made.reach:
        return
    total = Fraction(0)
    for time, risk, ended, _ in counted(rows):
        if time < tau and risk > ended:
            behind = sum((open_at(rows, second) for second in range(time, tau)), Fraction(0))
            total += behind**2 * Fraction(ended, risk * (risk - ended))
    assert rmst_error(made, tau) == pytest.approx(float(total) ** 0.5, rel=1e-9, abs=1e-9)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=40), st.integers(41, 60))
def test_without_censoring_all_is_what_plain_counting_gives(times: list[int], tau: int) -> None:
    """Shares are counts over n, the variance binomial, the mean the mean."""
    made = curve(np.array(times, np.int64), np.ones(len(times), np.bool_))
    n = len(times)
    for i, time in enumerate(made.times.tolist()):
        share = sum(t > time for t in times) / n
        assert made.after[i] == pytest.approx(share, rel=1e-15)
        assert made.variance()[i] == pytest.approx(share * (1 - share) / n, rel=1e-9, abs=1e-15)
    assert rmst_exact(made, tau) == Fraction(sum(times), n)
    assert rmst_error(made, tau) == pytest.approx(float(np.std(times)) / n**0.5, rel=1e-9, abs=1e-9)


def test_the_leukaemia_patients_of_freireich() -> None:
    """Estimates and Greenwood errors of the 6-MP group as in Klein and Moeschberger (2003), table 4.1."""
    made = curve(*columns(SIX_MP))
    assert made.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert made.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert made.after.round(3).tolist() == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    errors = np.sqrt(made.variance())
    assert errors.round(4).tolist() == [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]
    assert made.percentile(0.5) == 23
    assert made.percentile_interval(0.5) == (13, None)


def test_the_placebo_group_of_freireich() -> None:
    made = curve(*columns(PLACEBO))
    assert made.percentile(0.5) == 8
    assert made.reach is None
    assert made.open_after(11) == pytest.approx(6 / 21)
    # the ordinary mean, 8.667 weeks, since nobody was censored
    assert rmst_exact(made, 40) == Fraction(182, 21)


def test_limits_stay_inside_0_and_1_and_hold_the_curve() -> None:
    made = curve(*columns(SIX_MP))
    low, high = made.band()
    assert ((low > 0) & (low < made.after) & (made.after < high) & (high < 1)).all()
    wide = made.band(0.99)
    assert (wide[0] < low).all()
    assert (wide[1] > high).all()
    assert made.resolved_between(5) is None
    assert made.resolved_between(6) == pytest.approx((1 - high[0], 1 - low[0]))


def test_limits_are_unknown_where_nobody_is_left() -> None:
    made = curve(*columns([(1, True), (2, True)]))
    low, high = made.band()
    assert np.isnan(low[1])
    assert np.isnan(high[1])
    assert made.variance()[1] == 0
    assert made.resolved_between(2) is None
    assert made.percentile_interval(0.9) == (1, None)


def test_the_table_below_the_curve() -> None:
    made = curve(*columns(SIX_MP))
    table = made.risk_table([0, 6, 10, 20, 35, 36])
    assert [row.at_risk for row in table] == [21, 21, 15, 8, 1, 0]
    assert [row.ended for row in table] == [0, 3, 5, 7, 9, 9]
    assert [row.censored for row in table] == [0, 1, 3, 7, 12, 12]


def test_never_closed_cases_move_the_median() -> None:
    """A hundred cases that never end make the answer later, or none at all (N6)."""
    ended = [(n, True) for n in range(1, 101)]
    assert curve(*columns(ended)).percentile(0.5) == 50
    assert curve(*columns(ended + [(1000, False)] * 50)).percentile(0.5) == 75
    assert curve(*columns(ended + [(1000, False)] * 101)).percentile(0.5) is None


def test_points_keep_the_last_one() -> None:
    made = curve(np.arange(1, 1001), np.ones(1000, np.bool_))
    points = made.points(200)
    assert len(points) == 200
    assert points[0] == [1, 0.001]
    assert points[-1] == [1000, 1.0]


def test_a_curve_of_nobody() -> None:
    made = curve(np.zeros(0, np.int64), np.zeros(0, np.bool_))
    assert made.percentile(0.5) is None
    assert made.resolved_by(10) == 0
    assert made.points(5) == []
    assert made.reach == 0
    assert made.risk_table([3]) == [(3, 0, 0, 0)]


def test_a_long_curve_with_many_censorings_has_an_exact_area() -> None:
    """Some ten thousand runs; held against the floats, which are near."""
    random = np.random.default_rng(3)
    made = curve(random.integers(0, 10**7, 30_000), random.random(30_000) < 0.6)
    assert float(rmst_exact(made, 5 * 10**6)) == pytest.approx(rmst(made, 5 * 10**6), rel=1e-11)
