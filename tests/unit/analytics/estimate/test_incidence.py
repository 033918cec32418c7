"""Outcomes that compete: against fractions, a published table, and the variance worked out another way."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analytics.estimate import moments as room
from engine.analytics.estimate.curve import curve
from engine.analytics.estimate.incidence import Incidence, incidence
from engine.analytics.estimate.moments import at_moments, in_order
from tests.support.survival import counted

ROWS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3)), min_size=1, max_size=50)


def made(rows: list[tuple[int, int]], causes: int = 3) -> Incidence:
    return incidence(
        np.array([t for t, _ in rows], np.int64), np.array([c for _, c in rows], np.int16), causes
    )


@given(ROWS)
def test_shares_and_what_is_open_make_one_exactly(rows: list[tuple[int, int]]) -> None:
    found = made(rows)
    after, shares = found.exact()
    for left, row in zip(after, shares, strict=True):
        assert left + sum(row) == 1
    np.testing.assert_allclose(found.after, [float(left) for left in after], rtol=1e-12)
    np.testing.assert_allclose(
        found.shares.reshape(-1), [float(s) for row in shares for s in row], rtol=1e-12
    )
    np.testing.assert_allclose(found.shares.sum(1) + found.after, 1, rtol=1e-12)


@given(ROWS)
def test_each_share_is_the_sum_of_what_each_time_adds(rows: list[tuple[int, int]]) -> None:
    after, shares = made(rows).exact()
    slow = counted([(t, c > 0) for t, c in rows])
    assert after == [left for _, _, _, left in slow]
    for cause in (1, 2, 3):
        total, before = Fraction(0), Fraction(1)
        for (time, risk, _, left), row in zip(slow, shares, strict=True):
            total += before * Fraction(sum(1 for t, c in rows if (t, c) == (time, cause)), risk)
            assert row[cause - 1] == total
            before = left


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 3)), min_size=1, max_size=50))
def test_without_censoring_it_is_counting(rows: list[tuple[int, int]]) -> None:
    """Shares are counts over n, their variance binomial."""
    found, n = made(rows), len(rows)
    for i, time in enumerate(found.times.tolist()):
        shares = [sum(t <= time and c == cause for t, c in rows) / n for cause in (1, 2, 3)]
        assert found.shares[i].tolist() == pytest.approx(shares, rel=1e-12)
        binomial = [share * (1 - share) / n for share in shares]
        assert found.variance()[i].tolist() == pytest.approx(binomial, rel=1e-9, abs=1e-12)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 1)), min_size=1, max_size=50))
def test_one_outcome_alone_is_the_curve_with_its_variance_and_limits(rows: list[tuple[int, int]]) -> None:
    found = made(rows, 1)
    alone = curve(np.array([t for t, _ in rows]), np.array([c > 0 for _, c in rows]))
    np.testing.assert_allclose(1 - found.shares[:, 0], alone.after, atol=1e-12)
    np.testing.assert_allclose(found.variance()[:, 0], alone.variance(), atol=1e-12)
    if alone.reach is not None:
        low, high = alone.band()
        np.testing.assert_allclose(found.interval()[0][:, 0], 1 - high, atol=1e-7)
        np.testing.assert_allclose(found.interval()[1][:, 0], 1 - low, atol=1e-7)


@given(ROWS)
def test_the_variance_is_that_of_slopes_and_multinomial_counts(rows: list[tuple[int, int]]) -> None:
    """Another way to it: at each time the counts vary as of a multinomial; the estimate moves by its slope in each."""
    found = made(rows)
    for cause in range(3):
        assert found.variance()[-1:, cause].tolist() == pytest.approx(
            by_slopes(found, cause), rel=1e-6, abs=1e-9
        )


def by_slopes(found: Incidence, cause: int) -> list[float]:
    if not found.times.size:
        return []
    rates = found.events / found.at_risk[:, None]
    step, total = 1e-6, 0.0
    for i, risk in enumerate(found.at_risk.tolist()):
        slopes = []
        for k in range(3):
            moved = [rates.copy(), rates.copy()]
            moved[0][i, k] += step
            moved[1][i, k] -= step
            slopes.append((share(moved[0], cause) - share(moved[1], cause)) / (2 * step))
        covariance = (np.diag(rates[i]) - np.outer(rates[i], rates[i])) / risk
        total += float(np.array(slopes) @ covariance @ slopes)
    return [total]


def share(rates: np.ndarray, cause: int) -> float:
    left, total = 1.0, 0.0
    for row in rates:
        total += left * row[cause]
        left *= 1 - row.sum()
    return total


def test_the_breast_cancer_patients_of_satagopan() -> None:
    """Satagopan et al., British Journal of Cancer 91, 2004, table 2: 305 patients, of whom nine were followed for 27
    months or less. Percent, to one decimal as printed there; the paper adds rounded steps up to 1.2, they make 1.3."""
    first = [(7, 0), (10, 1), (14, 0), (16, 1), (18, 2), (23, 1), (24, 0), (26, 2), (27, 1)]
    found = made(first + [(28, 0)] * 296, 2)
    assert found.times.tolist() == [10, 16, 18, 23, 26, 27]
    assert found.at_risk.tolist() == [304, 302, 301, 300, 298, 297]
    assert (100 * found.after).round(1).tolist() == [99.7, 99.3, 99.0, 98.7, 98.3, 98.0]
    cancer = found.shares[[0, 1, 3, 5], 0]
    assert (100 * np.diff(cancer, prepend=0)).round(1).tolist() == [0.3, 0.3, 0.3, 0.3]
    assert round(100 * float(cancer[-1]), 1) == 1.3
    # taken for censored, the deaths of other causes would make it more
    alone = curve(
        np.array([t for t, _ in first] + [28] * 296), np.array([c == 1 for _, c in first] + [False] * 296)
    )
    assert alone.resolved_by(27) > cancer[-1]


@given(ROWS, st.integers(1, 9), st.integers(1, 3))
def test_at_some_moments_it_is_what_the_whole_curves_say(
    rows: list[tuple[int, int]], portion: int, groups: int
) -> None:
    """Of each group by itself, of causes alone and of several that count together."""
    columns = [[1], [2], [3], [1, 3], [1, 2, 3]]
    flags = np.array([[cause in column for cause in (1, 2, 3)] for column in columns])
    lasted, cause = np.array([t for t, _ in rows], np.int64), np.array([c for _, c in rows], np.int64) - 1
    group = np.arange(len(rows)) % groups
    seconds = [0, 3, 7, 7, 1000]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(room, "_PORTION", portion)
        found = [at_moments(one, flags, seconds) for one in in_order(lasted, cause, 3, group, groups)]
    for number, told in enumerate(found):
        mine = [row for n, row in enumerate(rows) if n % groups == number]
        for place, column in enumerate(columns):
            # the column is cause 1, whatever else ends it is cause 2
            whole = made([(t, c and (1 if c in column else 2)) for t, c in mine], 2)
            low, high = whole.interval()
            for n, moment in enumerate(seconds):
                row = int(np.searchsorted(whole.times, moment, side="right")) - 1
                share = whole.by(moment)[0]
                assert told.share[n, place] == pytest.approx(share, abs=1e-12)
                assert told.open[n] == pytest.approx(whole.after[row] if row >= 0 else 1, abs=1e-12)
                limits = (low[row, 0], high[row, 0]) if row >= 0 and share < 1 - 1e-9 else (math.nan,) * 2
                assert (told.low[n, place], told.high[n, place]) == pytest.approx(
                    limits, abs=1e-9, nan_ok=True
                )


def test_groups_causes_and_seconds_have_to_fit_one_integer() -> None:
    with pytest.raises(ValueError, match="so many seconds"):
        next(in_order(np.array([1 << 60]), np.array([0]), 9, np.array([0]), 1))


def test_by_when() -> None:
    found = made([(1, 1), (2, 2), (3, 0), (4, 1)], 2)
    assert found.by(0).tolist() == [0, 0]
    assert found.by(2).tolist() == [0.25, 0.25]
    assert found.by(99).tolist() == [0.75, 0.25]


def test_limits_hold_the_share() -> None:
    found = made([(t, t % 4) for t in range(1, 60)])
    low, high = found.interval()
    inside = (found.shares > 0) & (found.shares < 1)
    assert inside.sum() > 100
    assert ((low < found.shares) & (found.shares < high))[inside].all()
    assert np.isnan(low[~inside]).all()
    assert not math.isnan(low[-1, 0])


def test_nobody_has_no_outcomes() -> None:
    found = made([])
    assert found.times.size == 0
    assert found.shares.shape == found.variance().shape == (0, 3)
