"""Percentiles of many groups against exact fractions and numpy."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analytics.estimate.percentile import closed_percentiles, percentiles
from tests.support.survival import PLACEBO, SIX_MP, columns, counted, percentile

SHARES = (0.1, 0.25, Fraction(1, 3), 0.5, 0.8, 0.9, 1)
ROW = st.tuples(st.integers(0, 30), st.booleans(), st.integers(0, 4))


def expected(rows: list[tuple[int, bool]], share: float | Fraction) -> int:
    found = percentile(rows, Fraction(str(share)))
    return -1 if found is None else found


def asked(rows: list[tuple[int, bool, int]], groups: int) -> np.ndarray:
    lasted, ended, group = (np.array([row[i] for row in rows], kind) for i, kind in enumerate("q?i"))
    return percentiles(lasted, ended, group, groups, SHARES)


@given(st.lists(ROW, max_size=90))
def test_each_group_has_the_percentiles_of_its_exact_curve(rows: list[tuple[int, bool, int]]) -> None:
    made = asked(rows, 5)
    for g in range(5):
        own = [(t, e) for t, e, of in rows if of == g]
        assert made[g].tolist() == [expected(own, share) for share in SHARES]


def test_all_small_groups_there_are() -> None:
    """Every way in which up to six cases can end or stay open one after another, thousands of groups in one call."""
    shapes = [shape for n in range(1, 7) for shape in itertools.product((True, False), repeat=n)]
    ties = [(1, 2, 3, 4, 5, 6), (1, 1, 2, 2, 3, 3), (1, 1, 1, 2, 2, 2), (7,) * 6]
    groups = [list(zip(times, shape, strict=False)) for shape in shapes for times in ties]
    made = asked([(t, e, g) for g, rows in enumerate(groups) for t, e in rows], len(groups))
    for found, rows in zip(made.tolist(), groups, strict=True):
        assert found == [expected(rows, share) for share in SHARES]


@given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=40))
def test_every_level_that_the_curve_meets_exactly_counts_as_reached(rows: list[tuple[int, bool]]) -> None:
    """Each value of the curve is asked for itself, after however many censorings."""
    shares = sorted({1 - left for _, _, _, left in counted(rows) if left.denominator <= 10**6})
    lasted, ended = columns(rows)
    made = percentiles(lasted, ended, np.zeros(len(rows), np.int32), 1, shares)[0].tolist()
    assert made == [percentile(rows, share) for share in shares]


@pytest.mark.parametrize(("seed", "level"), [(5, "0.692689"), (20, "0.826378")], ids=["below", "above"])
def test_a_level_missed_by_less_than_logarithms_can_tell_is_decided_by_integers(
    seed: int, level: str
) -> None:
    """Half of 200,000 are open; one of them ends where the curve comes within 1e-11 of the level, on either side."""
    n, wanted = 200_000, Fraction(level)
    ended = np.random.default_rng(seed).random(n) < 0.5
    made = percentiles(np.arange(n), ended, np.zeros(n, np.int32), 1, [1 - wanted])
    row = int(made[0, 0])
    assert ended[row]
    of = [n - i for i in range(row + 1) if ended[i]]
    left = [r - 1 for r in of]
    assert wanted.denominator * multiplied(left) <= wanted.numerator * multiplied(of)
    assert wanted.denominator * multiplied(left[:-1]) > wanted.numerator * multiplied(of[:-1])


def multiplied(values: list[int]) -> int:
    half = len(values) // 2
    return multiplied(values[:half]) * multiplied(values[half:]) if half else math.prod(values)


def test_the_half_counts_as_half_though_a_product_of_floats_is_above_it() -> None:
    product = math.prod((23 - i) / (24 - i) for i in range(12))
    assert product > 0.5
    lasted, ended = columns([(t, True) for t in range(1, 25)])
    assert percentiles(lasted, ended, np.zeros(24, np.int32), 1, [0.5]).tolist() == [[12]]


def test_one_large_group_is_exact_without_censoring() -> None:
    n = 200_000
    lasted = np.random.default_rng(1).permutation(n).astype(np.int64)
    made = percentiles(lasted, np.ones(n, np.bool_), np.zeros(n, np.int32), 1, [0.5, 0.8, 0.9, 0.999999, 1])
    assert made.tolist() == [[n // 2 - 1, n * 8 // 10 - 1, n * 9 // 10 - 1, n - 1, n - 1]]


def test_the_medians_of_freireich() -> None:
    lasted, ended = columns([*SIX_MP, *PLACEBO])
    group = np.repeat([0, 1], 21)
    assert percentiles(lasted, ended, group, 2, [0.5]).tolist() == [[23], [8]]


def test_seconds_and_groups_that_do_not_fit_into_one_integer_are_ranked() -> None:
    rows = [(2**62 + 5, True, 0), (7, True, 70_000), (2**61, True, 0), (2**62, False, 70_000)]
    made = asked(rows, 70_001)
    assert made[0].tolist()[3:] == [2**61, 2**62 + 5, 2**62 + 5, 2**62 + 5]
    assert made[70_000].tolist()[3:] == [7, -1, -1, -1]
    assert (made[1:70_000] == -1).all()


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 3)), max_size=60))
def test_closed_percentiles_are_those_of_numpy(rows: list[tuple[int, int]]) -> None:
    lasted, group = np.array([t for t, _ in rows], np.int64), np.array([g for _, g in rows], np.int32)
    made = closed_percentiles(lasted, np.ones(len(rows), np.bool_), group, 4, (0.5, 0.8, 0.9))
    for g in range(4):
        own = lasted[group == g]
        theirs = np.percentile(own, (50, 80, 90)) if own.size else np.full(3, np.nan)
        np.testing.assert_allclose(made[g], theirs, rtol=1e-12, atol=0)


def test_closed_percentiles_leave_the_open_out() -> None:
    lasted, ended = columns([(10, True), (20, True), (1000, False)])
    assert closed_percentiles(lasted, ended, np.zeros(3, np.int32), 2, [0.5])[0].tolist() == [15]
    assert np.isnan(closed_percentiles(lasted, ended, np.zeros(3, np.int32), 2, [0.5])[1]).all()


def test_columns_that_cannot_be_meant_are_refused() -> None:
    one, yes, zero = np.ones(1, np.int64), np.ones(1, np.bool_), np.zeros(1, np.int32)
    for given_ in (
        (-one, yes, zero),
        (one, yes, zero + 1),
        (one, yes, zero - 1),
        (one, np.ones(2, np.bool_), zero),
    ):
        with pytest.raises(ValueError):  # noqa: PT011 - which of them is told by the value
            percentiles(*given_, 1, [0.5])
    for share in (0, -0.5, 1.5, 0.12345678):
        with pytest.raises(ValueError, match="is no share"):
            percentiles(one, yes, zero, 1, [share])
