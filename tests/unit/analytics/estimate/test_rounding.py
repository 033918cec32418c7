"""Rounded parts add up."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from engine.analytics.estimate.rounding import add_up

PARTS = st.lists(st.fractions(min_value=-50, max_value=50, max_denominator=997), max_size=12)


@given(PARTS, st.integers(0, 3))
def test_parts_add_up_and_none_is_a_whole_unit_off(parts: list[Fraction], digits: int) -> None:
    made, total = add_up(parts, digits)
    assert sum(made, Decimal(0)) == total
    assert total == round(sum(parts, Fraction(0)), digits)
    for part, printed in zip(parts, made, strict=True):
        assert abs(Fraction(printed) - part) < Fraction(1, 10**digits)


def test_three_thirds_are_one() -> None:
    made, total = add_up([Fraction(1, 3)] * 3)
    assert [str(part) for part in made] == ["0.4", "0.3", "0.3"]
    assert str(total) == "1.0"


def test_parts_that_need_no_rounding_stay() -> None:
    made, total = add_up(
        [Fraction(9, 10), Fraction(26, 10), Fraction(12, 10), Fraction(1, 10), Fraction(-2, 10)]
    )
    assert [str(part) for part in made] == ["0.9", "2.6", "1.2", "0.1", "-0.2"]
    assert str(total) == "4.6"


def test_nothing_is_nothing() -> None:
    assert add_up([]) == ([], Decimal("0.0"))
