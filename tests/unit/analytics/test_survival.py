"""The product-limit curve against exact fractions, and a published example."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.analytics.survival import closed_percentiles, curve


def exact(pairs: list[tuple[int, bool]], share: Fraction) -> int | None:
    """Kaplan and Meier with fractions, one time after another."""
    left = Fraction(1)
    for time in sorted({t for t, _ in pairs}):
        risk = sum(1 for t, _ in pairs if t >= time)
        ended = sum(1 for t, e in pairs if t == time and e)
        left *= Fraction(risk - ended, risk)
        if ended and left <= 1 - share:
            return time
    return None


def ours(pairs: list[tuple[int, bool]], share: float) -> int | None:
    durations = np.array([t for t, _ in pairs], np.int64)
    return curve(durations, np.array([e for _, e in pairs], np.bool_)).percentile(share)


@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=60))
def test_percentiles_equal_the_exact_ones(pairs: list[tuple[int, bool]]) -> None:
    for share in (Fraction(1, 2), Fraction(4, 5), Fraction(9, 10)):
        assert ours(pairs, float(share)) == exact(pairs, share)


def test_the_half_is_met_where_the_curve_stands_on_one_half() -> None:
    assert ours([(1, True), (2, True), (3, True), (4, True)], 0.5) == 2


def test_never_closed_cases_move_the_median() -> None:
    """A hundred cases that never end make the answer later, or none at all (N6)."""
    pairs = [(n, True) for n in range(1, 101)]
    assert ours(pairs, 0.5) == 50
    assert ours(pairs + [(1000, False)] * 50, 0.5) == 75
    assert ours(pairs + [(1000, False)] * 101, 0.5) is None


def test_the_leukaemia_patients_of_freireich() -> None:
    """6-MP group of 21 (Freireich et al., Blood 21, 1963; Kaplan-Meier values in every textbook): the curve
    is 0.857 after week 6 and its median is week 23."""
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    pairs = [(t, True) for t in ended] + [(t, False) for t in censored]
    made = curve(np.array([t for t, _ in pairs], np.int64), np.array([e for _, e in pairs], np.bool_))
    assert round(1 - made.resolved_by(6), 3) == 0.857
    assert round(1 - made.resolved_by(23), 3) == 0.448
    assert made.percentile(0.5) == 23


def test_closed_percentiles_are_linear_and_none_without_cases() -> None:
    assert closed_percentiles(np.array([10, 20], np.int64), [0.5]) == [15]
    assert closed_percentiles(np.array([], np.int64), [0.5, 0.9]) == [None, None]
