"""Large answers are built without looking for garbage in between.

An answer of tens of thousands of groups is a million dicts and lists, none of them garbage and none in a circle. The
collector would look through all of them again each time they have grown by a quarter, which takes as long as building
them does. Most lines of many groups are alike, and told once they take a third of the room.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any

_lock = Lock()
_building = 0  # answers in all threads; the first turns the collector off, the last on again
_was_on = False


@contextmanager
def uncollected() -> Iterator[None]:
    """For parts of a second: what other threads leave behind meanwhile has to wait."""
    global _building, _was_on
    with _lock:
        if not _building:
            _was_on = gc.isenabled()
            gc.disable()
        _building += 1
    try:
        yield
    finally:
        with _lock:
            _building -= 1
            if not _building and _was_on:
                gc.enable()


def alike(tell: Callable[..., dict[str, Any]], *, public: bool) -> Callable[..., dict[str, Any]]:
    """A line of an answer by what it says, one and the same wherever it says the same. Not for readers outside: what is
    too little is taken out of their lines afterwards, of each by itself."""
    return tell if public else cache(tell)
