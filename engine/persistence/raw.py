"""Rows as the driver gives them, for whoever must not stumble over what somebody wrote into a database."""

from typing import Any

from engine.domain.errors import Unavailable
from engine.persistence.failure import translate
from engine.persistence.unit import Unit


def rows(unit: Unit, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """All rows of a query with ``?`` for its values; nothing is converted.

    Text of a SQLite file that is no UTF-8 is read too, its bytes as lone surrogates; PostgreSQL lets none in.
    """
    unit.flush()
    text = sql if unit.dialect == "sqlite" else sql.replace("?", "%s")
    connection: Any = unit.connection
    try:
        found: list[tuple[Any, ...]] = connection.execute(text, values).fetchall()
    except UnicodeEncodeError:  # a value that was read so: no text of a query can name it
        return []
    except Exception as error:
        if "Could not decode to UTF-8" in str(error):
            return _garbled(connection, text, values)
        if _lacking(error):
            raise Unavailable("FM-S013", kind="store", detail=str(error).splitlines()[0]) from error
        told = translate(error)
        if told is error:
            raise
        raise told from error
    return found


def _lacking(error: Exception) -> bool:
    """Whether a table or a column is not there that every store of this schema has."""
    told = str(error).startswith(("no such table", "no such column"))
    return told or getattr(error, "sqlstate", None) in ("42P01", "42703")


def _garbled(connection: Any, sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    before = connection.text_factory
    connection.text_factory = _decode
    try:
        found: list[tuple[Any, ...]] = connection.execute(sql, values).fetchall()
    finally:
        connection.text_factory = before
    return found


def _decode(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
