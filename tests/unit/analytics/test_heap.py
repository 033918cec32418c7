"""Large answers are built without looking for garbage, and afterwards it is as before."""

import gc
from contextlib import suppress

import pytest

from engine.analytics.heap import uncollected


@pytest.mark.parametrize("on", [True, False])
def test_whoever_is_last_turns_it_on_again_where_it_was(on: bool) -> None:
    was = gc.isenabled()
    (gc.enable if on else gc.disable)()
    try:
        with suppress(KeyError), uncollected():
            assert not gc.isenabled()
            with uncollected():
                pass
            assert not gc.isenabled()
            raise KeyError
        assert gc.isenabled() is on
    finally:
        (gc.enable if was else gc.disable)()
