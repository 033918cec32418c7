"""Rows as the driver gives them, for whoever must not stumble over what somebody wrote into a database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from engine.persistence.failure import translate
from engine.persistence.unit import Unit


def rows(unit: Unit, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """All rows of a query with ``?`` for its values; nothing is converted."""
    unit.flush()
    text = sql if unit.dialect == "sqlite" else sql.replace("?", "%s")
    try:
        found: list[tuple[Any, ...]] = unit.connection.execute(text, values).fetchall()
    except Exception as error:
        told = translate(error)
        if told is error:
            raise
        raise told from error
    return found


@contextmanager
def any_text(unit: Unit) -> Iterator[None]:
    """Text that is no UTF-8 is read too, its bytes as lone surrogates; PostgreSQL lets none in."""
    if unit.dialect != "sqlite":
        yield
        return
    connection: Any = unit.connection
    before = connection.text_factory
    connection.text_factory = _decode
    try:
        yield
    finally:
        connection.text_factory = before


def _decode(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
