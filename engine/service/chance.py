"""Where chance comes from: the one place that draws, for lots and ``draw``. What was drawn is written down."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

SEED_BYTES = 16

_rehearsed: ContextVar[Callable[[], str] | None] = ContextVar("rehearsed", default=None)


def seed() -> str:
    """A fresh seed as text, from the system's own randomness: nobody can choose it or know it beforehand."""
    source = _rehearsed.get()
    return source() if source else secrets.token_hex(SEED_BYTES)


@contextmanager
def rehearsed(source: Callable[[], str]) -> Iterator[None]:
    """Seeds of the caller's own while a made-up history is played that has to come out the same again."""
    kept = _rehearsed.set(source)
    try:
        yield
    finally:
        _rehearsed.reset(kept)
