"""Where seconds lie among stretches of time: what a search says, whether a table leads there or not."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.analytics.estimate.stretches import Stretches

STARTS = st.lists(st.integers(0, 300), min_size=1, max_size=40, unique=True).map(sorted)


@given(STARTS, st.integers(-50, 10**9), st.integers(1, 10**7), st.data())
def test_a_second_lies_in_the_last_stretch_that_began(
    starts: list[int], begin: int, wide: int, data: st.DataObject
) -> None:
    """Also where some lie close together and others far apart."""
    at = [begin + (start if start < 150 else start * wide) for start in starts]
    last = data.draw(st.integers(at[0], at[-1] + 10**6))
    seconds = np.array(data.draw(st.lists(st.integers(at[0], last), max_size=20)), np.int64)
    found = Stretches(np.array(at, np.int64), last).of(seconds)
    assert found.tolist() == [sum(start <= second for start in at) - 1 for second in seconds.tolist()]


def test_many_that_begin_close_together_are_searched() -> None:
    starts = np.concatenate([np.arange(100), [10**9]]).astype(np.int64)
    assert Stretches(starts, 2 * 10**9).of(np.array([0, 57, 99, 5000, 10**9])).tolist() == [
        0,
        57,
        99,
        99,
        100,
    ]
