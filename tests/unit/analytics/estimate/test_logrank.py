"""The log-rank test against its published example and against fractions."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analytics.estimate.logrank import against_rest, logrank
from tests.support.survival import PLACEBO, SIX_MP, columns

Rows = list[tuple[int, bool, int, int]]
ROWS = st.lists(
    st.tuples(st.integers(0, 12), st.booleans(), st.integers(0, 3), st.integers(0, 2)),
    min_size=1,
    max_size=60,
)


def split(rows: Rows) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """lasted, ended, group, stratum."""
    lasted, ended, group, stratum = zip(*rows, strict=True)
    return np.array(lasted, np.int64), np.array(ended, np.bool_), np.array(group), np.array(stratum)


def slow(rows: Rows, group: int) -> tuple[int, Fraction, Fraction]:
    """Observed, expected and variance of one group against the rest, time after time."""
    observed, expected, variance = 0, Fraction(0), Fraction(0)
    for stratum in {s for _, _, _, s in rows}:
        of = [(t, e, g) for t, e, g, s in rows if s == stratum]
        for time in {t for t, e, _ in of if e}:
            r = sum(t >= time for t, _, _ in of)
            own = sum(t >= time and g == group for t, _, g in of)
            d = sum(t == time and e for t, e, _ in of)
            observed += sum(t == time and e and g == group for t, e, g in of)
            expected += Fraction(d * own, r)
            if r > 1:
                variance += Fraction(d * own * (r - own) * (r - d), r * r * (r - 1))
    return observed, expected, variance


def test_freireich_is_16_79() -> None:
    """Chi-square 16.79, expected 19.25 and 10.75: Kleinbaum and Klein, Survival Analysis, 2012, chapter 2."""
    lasted, ended = columns([*SIX_MP, *PLACEBO])
    found = logrank(lasted, ended, np.repeat([0, 1], 21), 2)
    assert round(found.chi2, 2) == 16.79
    assert found.freedom == 1
    assert found.observed.tolist() == [9, 21]
    assert found.expected.round(2).tolist() == [19.25, 10.75]
    assert found.p == pytest.approx(4.17e-5, rel=2e-3)


@given(ROWS)
def test_every_group_against_the_rest_is_the_exact_sum(rows: Rows) -> None:
    lasted, ended, group, stratum = split(rows)
    found = against_rest(lasted, ended, group, 4, stratum)
    for g in range(4):
        observed, expected, variance = slow(rows, g)
        assert found.observed[g] == observed
        assert found.expected[g] == pytest.approx(float(expected), rel=1e-9, abs=1e-12)
        if variance:
            assert found.variance[g] == pytest.approx(float(variance), rel=1e-6)
            assert found.z[g] == pytest.approx(
                float((observed - expected) / Fraction(float(variance) ** 0.5)), rel=1e-6, abs=1e-6
            )
        else:
            assert np.isnan(found.z[g])
            assert np.isnan(found.p[g])


@given(ROWS, st.integers(0, 3))
def test_one_against_the_rest_is_the_test_of_two(rows: Rows, one: int) -> None:
    lasted, ended, group, stratum = split(rows)
    many = against_rest(lasted, ended, group, 4, stratum)
    two = logrank(lasted, ended, (group == one).astype(int), 2, stratum)
    if np.isnan(many.z[one]):
        assert two.p == 1
    else:
        assert two.chi2 == pytest.approx(many.z[one] ** 2, rel=1e-6, abs=1e-9)
        assert two.p == pytest.approx(many.p[one], rel=1e-5, abs=1e-9)


@given(ROWS)
def test_what_is_expected_of_all_is_what_was_observed(rows: Rows) -> None:
    lasted, ended, group, stratum = split(rows)
    found = logrank(lasted, ended, group, 4, stratum)
    assert found.expected.sum() == pytest.approx(found.observed.sum())
    assert 0 <= found.p <= 1
    assert found.freedom <= 3


@given(ROWS)
def test_the_order_of_the_groups_does_not_matter(rows: Rows) -> None:
    lasted, ended, group, stratum = split(rows)
    assert logrank(lasted, ended, 3 - group, 4, stratum).chi2 == pytest.approx(
        logrank(lasted, ended, group, 4, stratum).chi2, rel=1e-6, abs=1e-9
    )


def test_pairs_as_strata_are_the_test_of_mcnemar() -> None:
    """Of matched pairs without censoring only counts who was first: (b - c)^2 / (b + c), here 8 against 3."""
    rows = [(1 + (pair < 8) * g + (pair >= 8) * (1 - g), True, g, pair) for pair in range(11) for g in (0, 1)]
    lasted, ended, group, stratum = split(rows)
    assert logrank(lasted, ended, group, 2, stratum).chi2 == pytest.approx((8 - 3) ** 2 / 11)


def test_case_mix_alone_makes_nobody_slower() -> None:
    """Hard cases take ten times as long in both units; one has more of them. Strata see that."""
    random = np.random.default_rng(4)
    kind = np.concatenate([np.repeat([0, 1], [200, 800]), np.repeat([0, 1], [800, 200])])
    lasted = (random.exponential(1000, 2000) * np.where(kind == 1, 10, 1)).astype(np.int64)
    unit, ended = np.repeat([0, 1], 1000), np.ones(2000, np.bool_)
    assert logrank(lasted, ended, unit, 2).p < 1e-6
    assert logrank(lasted, ended, unit, 2, kind).p > 0.05


def test_nothing_to_compare() -> None:
    lasted, ended = np.array([3, 4]), np.zeros(2, np.bool_)
    assert logrank(lasted, ended, np.array([0, 1]), 2).p == 1
    assert np.isnan(against_rest(lasted, ended, np.array([0, 1]), 2).p).all()
    nobody = np.zeros(0, np.int64)
    assert logrank(nobody, nobody > 0, nobody, 2).freedom == 0
    assert np.isnan(against_rest(nobody, nobody > 0, nobody, 2).z).all()


def test_seconds_too_wide_to_pack_are_found_all_the_same() -> None:
    wide = np.array([2**61, 2**60, 2**61, 5, 2**60, 7])
    narrow = np.array([4, 3, 4, 1, 3, 2])
    ended, group, stratum = np.ones(6, np.bool_), np.array([0, 1, 0, 1, 0, 1]), np.array([0, 0, 1, 1, 2, 3])
    a, b = (against_rest(lasted, ended, group, 2, stratum) for lasted in (wide, narrow))
    assert a.expected.tolist() == b.expected.tolist()
    assert a.z.tolist() == b.z.tolist()
