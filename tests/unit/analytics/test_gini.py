"""Gini's coefficient: known values, and the definition pair by pair."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from engine.analytics.gini import gini

loads = st.lists(st.integers(0, 40), min_size=1, max_size=12)


def by_pairs(values: list[int]) -> Fraction:
    """The mean difference of all pairs over twice the mean."""
    n, total = len(values), sum(values)
    return Fraction(sum(abs(a - b) for a in values for b in values), 2 * n * total) if total else Fraction(0)


def test_known_values() -> None:
    assert gini([]) is None
    assert gini([0, 0]) == 0
    assert gini([5, 5, 5]) == 0
    assert gini([0, 0, 0, 8]) == Fraction(3, 4)
    assert gini([6, 2, 0, 0]) == Fraction(5, 8)
    assert gini([1, 2, 3, 4]) == Fraction(1, 4)


@given(loads)
def test_it_is_the_mean_difference_of_all_pairs(values: list[int]) -> None:
    found = gini(values)
    assert found == by_pairs(values)
    assert 0 <= found <= Fraction(len(values) - 1, len(values))


@given(loads, st.integers(1, 9))
def test_scale_and_repetition_do_not_matter(values: list[int], times: int) -> None:
    assert gini([value * times for value in values]) == gini(values) == gini(values * times)


@given(loads.filter(lambda values: max(values) - min(values) > 1))
def test_a_case_from_the_most_to_the_least_loaded_makes_it_smaller(values: list[int]) -> None:
    even = sorted(values)
    even[0], even[-1] = even[0] + 1, even[-1] - 1
    assert gini(even) < gini(values)  # type: ignore[operator]
