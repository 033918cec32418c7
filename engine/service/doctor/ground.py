"""Checks of what the store stands on: the file or the server, its schema, the room it has."""

import shutil
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.persistence.connection import SERVER
from engine.persistence.raw import rows
from engine.persistence.table import METADATA
from engine.persistence.unit import Unit
from engine.service.doctor.check import Check, Found, Look

ROOM = 100_000_000  # bytes that must be free, or as much as the store is large: upgrades keep a copy
SQLITE = (3, 35, 0)
SETTINGS = ("fsync", "full_page_writes", "synchronous_commit")


def pages(look: Look) -> Iterator[Found]:
    """Every page of the file, and every reference from row to row."""
    pragma = "quick_check" if look.quick else "integrity_check"
    for (line,) in rows(look.unit, f"PRAGMA {pragma}(20)"):
        if line != "ok":
            yield Found("found", {"what": line})
    for table, row, other, _number in rows(look.unit, "PRAGMA foreign_key_check")[:20]:
        yield Found("reference", {"table": table, "row": row, "other": other})


def durable(look: Look) -> Iterator[Found]:
    """What was answered for is on the disk."""
    if look.on_file:
        (mode,) = rows(look.unit, "PRAGMA journal_mode")[0]
        if mode in ("off", "memory"):
            yield Found("found", {"name": "journal_mode", "value": mode})
        return
    for name in SETTINGS:
        (value,) = rows(look.unit, f"SHOW {name}")[0]
        if value == "off":
            yield Found("found", {"name": name, "value": value})


def version(look: Look) -> Iterator[Found]:
    if look.on_file:
        if sqlite3.sqlite_version_info < SQLITE:
            yield Found("found", {"has": sqlite3.sqlite_version, "needs": ".".join(map(str, SQLITE))})
        return
    (number,) = rows(look.unit, "SELECT current_setting('server_version_num')::int")[0]
    if number < SERVER:
        yield Found("found", {"has": f"PostgreSQL {number // 10000}", "needs": "PostgreSQL 14"})


def schema(look: Look) -> Iterator[Found]:
    """Tables, columns and indexes are those that this program made."""
    yield from (Found("found", {"what": what}) for what in lacking(look.unit))
    indexes = _indexes(look)
    for table in METADATA.tables.values():
        for index in table.indexes:
            if index.name not in indexes:
                yield Found("found", {"what": str(index.name)})
    if not look.on_file and "ix_event_outbox" not in indexes:
        yield Found("found", {"what": "ix_event_outbox"})


def lacking(unit: Unit) -> list[str]:
    """Tables and columns that are not there."""
    if unit.dialect == "sqlite":
        held = {(n, row[1]) for n in METADATA.tables for row in rows(unit, f"PRAGMA table_info({n})")}
    else:
        query = "SELECT table_name, column_name FROM information_schema.columns"
        held = set(rows(unit, f"{query} WHERE table_schema = current_schema()"))
    own = [(name, column.name) for name, table in METADATA.tables.items() for column in table.columns]
    if unit.dialect == "postgresql":
        own += [("event", "txid"), ("event", "position")]
    return [f"{table}.{column}" for table, column in own if (table, column) not in held]


def _indexes(look: Look) -> set[Any]:
    query = "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"
    if look.on_file:
        query = "SELECT name FROM sqlite_master WHERE type = 'index'"
    return {name for (name,) in rows(look.unit, query)}


def room(look: Look) -> Iterator[Found]:
    if look.file is None:
        return
    path = Path(look.file)
    free, needs = shutil.disk_usage(path.parent).free, max(ROOM, path.stat().st_size)
    if free < needs:
        yield Found("found", {"free": free // 1_000_000, "needs": needs // 1_000_000})


def owned(look: Look) -> Iterator[Found]:
    """Only its owner can write the file."""
    if look.file is None:
        return
    mode = Path(look.file).stat().st_mode
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        yield Found("found", {"mode": f"{stat.S_IMODE(mode):o}", "file": look.file})


def order(look: Look) -> Iterator[Found]:
    """Events are numbered by this server: after a move to another one consumers would wait for ever."""
    query = "SELECT max(txid::text::bigint) FROM event WHERE txid >= pg_snapshot_xmax(pg_current_snapshot())"
    (ahead,) = rows(look.unit, query)[0]
    if ahead is not None:
        yield Found("found", {"number": ahead, "epoch": (ahead >> 32) + 1})


CHECKS = (
    Check("pages", pages, only="sqlite"),
    Check("schema", schema),
    Check("version", version),
    Check("durable", durable, 9),
    Check("owned", owned, only="sqlite"),
    Check("room", room, only="sqlite"),
    Check("order", order, 5, only="postgresql"),
)
