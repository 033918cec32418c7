"""Converters between Python's values and the driver's.

For SQLite they are our own, by name, so that a statement that stands ready needs no SQLAlchemy: the same text and
the same values as its converters give, instants in a fraction of the time (a test compares them). All others
are SQLAlchemy's.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from engine.domain.instant import from_text

if TYPE_CHECKING:
    from sqlalchemy import Dialect
    from sqlalchemy.types import TypeEngine

Convert = Callable[[Any], Any]


def binder(kind: "TypeEngine[Any]", dialect: "Dialect") -> Convert | None:
    """What is done to a value of this type on its way to the driver; None: nothing."""
    name = type(kind).__name__
    if dialect.name == "sqlite" and name in BINDERS:
        return BINDERS[name]
    if dialect.name == "postgresql" and name == "UTCDateTime":
        return instant_with_zone
    return kind.dialect_impl(dialect).bind_processor(dialect)


def reader(kind: "TypeEngine[Any]", dialect: "Dialect") -> Convert | None:
    """What is done to a value of this type that the driver gives; None: nothing."""
    name = type(kind).__name__
    if dialect.name == "sqlite" and name in READERS:
        return READERS[name]
    return kind.dialect_impl(dialect).result_processor(dialect, None)


@lru_cache(maxsize=1024)
def instant(text: str) -> datetime:
    """The instant of a text in an event; the same one comes several times with a command."""
    return from_text(text)


@lru_cache(maxsize=1024)
def instant_to_text(value: datetime | None) -> str | None:
    """``2026-11-24 00:21:00.000000``, in UTC; sorts as the instants do."""
    if value is None:
        return None
    if value.tzinfo is not UTC:
        if value.tzinfo is None:
            raise ValueError(f"naive instant {value!r}")
        value = value.astimezone(UTC)
    return value.isoformat(" ", "microseconds")[:26]


def instant_with_zone(value: datetime | None) -> str | None:
    """The same for PostgreSQL, whose places for instants say what they are."""
    return None if value is None else f"{instant_to_text(value)}+00"


def text_to_instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text + "+00:00")


def day_to_text(value: date | None) -> str | None:
    return None if value is None else f"{value.year:04}-{value.month:02}-{value.day:02}"


def text_to_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def text_to_json(text: str | None) -> Any:
    return None if text is None else json.loads(text)


def bool_to_number(value: bool | None) -> int | None:
    return None if value is None else int(value)


def number_to_bool(value: int | None) -> bool | None:
    return None if value is None else bool(value)


# by the name of the type; bytes go as they are
BINDERS: dict[str, Convert | None] = {
    "UTCDateTime": instant_to_text,
    "Date": day_to_text,
    "Boolean": bool_to_number,
    "LargeBinary": None,
}
READERS: dict[str, Convert] = {
    "UTCDateTime": text_to_instant,
    "Date": text_to_day,
    "JSON": text_to_json,
    "Boolean": number_to_bool,
}
OURS: dict[str, Convert] = {
    convert.__name__: convert for convert in (*BINDERS.values(), *READERS.values()) if convert is not None
}
