"""A few cases, rows and stretches at a time, so that tests of few cases cross the edges that millions have."""

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module")
def small_portions() -> Iterator[None]:
    from engine.analytics import recurrence
    from engine.analytics.estimate import moments, percentile, pile
    from engine.analytics.traces import frame

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(frame, "PORTION", 2)
        patched.setattr(frame, "_LET_GO", 2)
        patched.setattr(recurrence, "_PORTION", 2)
        patched.setattr(pile, "_STRETCH", 3)
        patched.setattr(percentile, "_ROWS", 3)
        patched.setattr(moments, "_PORTION", 3)
        yield
