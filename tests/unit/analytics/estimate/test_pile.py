"""Rows taken in pieces come to what they come to one by one."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analytics.estimate import percentile, pile
from engine.analytics.estimate.arrange import arrange
from engine.analytics.estimate.numbering import again, distinct, ranks
from engine.analytics.estimate.percentile import closed_percentiles_of, percentiles_of
from engine.analytics.estimate.pile import Pile

Row = tuple[int, int, bool, bool]  # group, seconds, ended, marked
rows_ = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 50), st.booleans(), st.booleans()), max_size=40)
SHARES = (0.5, Fraction(9, 10))


def piled(rows: list[Row], cut: int) -> pile.Sums:
    made = Pile(len(rows), 9, 50)
    for begin in range(0, len(rows), cut):
        group, seconds, ended, marked = zip(*rows[begin : begin + cut], strict=True)
        made.add(np.array(group), np.array(seconds), np.array(ended), np.array(marked))
    return made.sums()


@given(rows_, st.integers(1, 9), st.sampled_from([1, 3, 1 << 17]))
def test_what_groups_come_to(rows: list[Row], cut: int, stretch: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pile, "_STRETCH", stretch)
        found = piled(rows, cut)
    groups = sorted({row[0] for row in rows})
    of = [[row for row in rows if row[0] == group] for group in groups]
    assert found.group.tolist() == groups
    assert found.n.tolist() == [len(some) for some in of]
    assert found.n_open.tolist() == [sum(not row[2] for row in some) for some in of]
    assert found.n_marked.tolist() == [sum(row[3] for row in some) for some in of]
    assert found.seconds.tolist() == [sum(row[1] for row in some) for some in of]


@given(rows_, st.integers(1, 9), st.sampled_from([1, 4, 1 << 18]))
def test_percentiles_are_those_of_all_rows_together(rows: list[Row], cut: int, most: int) -> None:
    group, seconds, ended = (
        np.array([row[n] for row in rows], kind) for n, kind in ((0, int), (1, int), (2, bool))
    )
    whole = arrange(seconds, ended, group, 9)
    there = np.unique(group)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(percentile, "_ROWS", most)
        found = piled(rows, cut).rows
        assert (percentiles_of(found, SHARES) == percentiles_of(whole, SHARES)[there]).all()
        np.testing.assert_array_equal(
            closed_percentiles_of(found, SHARES), closed_percentiles_of(whole, SHARES)[there]
        )
        joined = found.regrouped(there // 3, 3)
        assert (
            percentiles_of(joined, SHARES) == percentiles_of(arrange(seconds, ended, group // 3, 3), SHARES)
        ).all()


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="groups"):
        Pile(1, 1 << 40, 1 << 30)
    some = np.array([0, 0]), np.array([True, True])
    with pytest.raises(ValueError, match="more than 1 rows"):
        Pile(1, 1, 9).add(some[0], some[0], *some[1:], some[1])
    for seconds in (-1, 16):
        with pytest.raises(ValueError, match="seconds"):
            Pile(2, 1, 9).add(some[0], np.array([0, seconds]), *some[1:], some[1])


@given(st.lists(st.integers(-5, 5)))
def test_values_that_come_again(values: list[int]) -> None:
    column = np.array(values, np.int64)
    assert again(column).tolist() == [value in values[:n] for n, value in enumerate(values)]
    assert distinct(column).tolist() == sorted(set(values))
    assert ranks(column).tolist() == [sorted(set(values)).index(value) for value in values]
