"""Instants as they stand in event bodies and case rows: UTC, whole seconds, ``2026-11-24T00:21:00Z``.

Whole seconds and one spelling make the text sortable and its hash stable.
"""

from datetime import UTC, datetime
from functools import lru_cache


def to_text(at: datetime) -> str:
    """An aware instant as text; a naive one is a bug and refused."""
    if at.tzinfo is None:
        raise ValueError(f"naive instant {at!r}")
    return _spelt(at)


@lru_cache(maxsize=4096)  # one act says the same few instants again and again
def _spelt(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()[:19] + "Z"


def from_text(text: str) -> datetime:
    """The aware UTC instant that :func:`to_text` wrote."""
    return datetime.fromisoformat(text)


def whole(at: datetime) -> datetime:
    """The instant without its fraction of a second, in UTC."""
    if at.tzinfo is not UTC:
        at = at.astimezone(UTC)
    return at.replace(microsecond=0) if at.microsecond else at
