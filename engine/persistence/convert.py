"""Converters between Python's values and the driver's.

They are SQLAlchemy's own, except for instants in SQLite: seven or eight go with each command, and these
give the same text and the same instant in a fraction of the time (a test compares them).
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.types import TypeEngine
from sqlmodel import UTCDateTime

Convert = Callable[[Any], Any]


def binder(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    """What is done to a value of this type on its way to the driver; None: nothing."""
    if dialect.name == "sqlite" and isinstance(kind, UTCDateTime):
        return instant_to_text
    return kind.dialect_impl(dialect).bind_processor(dialect)


def reader(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    """What is done to a value of this type that the driver gives; None: nothing."""
    if dialect.name == "sqlite" and isinstance(kind, UTCDateTime):
        return text_to_instant
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def instant_to_text(value: datetime | None) -> str | None:
    """``2026-11-24 00:21:00.000000``, in UTC; sorts as the instants do."""
    if value is None:
        return None
    if value.tzinfo is not UTC:
        if value.tzinfo is None:
            raise ValueError(f"naive instant {value!r}")
        value = value.astimezone(UTC)
    return value.isoformat(" ", "microseconds")[:26]


def text_to_instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text + "+00:00")
