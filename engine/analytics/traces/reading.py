"""Histories as the store has them, for whoever makes rows of them: which cases there are, and what is new."""

import os
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

import orjson

from engine.persistence.own_history import OWN
from engine.persistence.raw import rows
from engine.persistence.unit import Unit

PAGE = 2000  # ids of cases whose histories are read at once
Case = tuple[int, list[dict[str, Any]]]


class Place(NamedTuple):
    """How far the event table was read: the order in which consumers read it, and the event that stands there."""

    txid: int
    position: int
    case_id: int
    seq: int
    hash: str


START = Place(0, 0, 0, 0, "")
_AT = {
    "sqlite": "SELECT 0, rowid, case_id, seq, hash FROM event WHERE rowid = ? AND ? = 0",
    "postgresql": "SELECT txid::text::bigint, position, case_id, seq, hash FROM event WHERE position = ? AND txid::text::bigint = ?",
}
_LAST = {
    "sqlite": "SELECT 0, rowid, case_id, seq, hash FROM event ORDER BY rowid DESC LIMIT 1",
    "postgresql": "SELECT txid::text::bigint, position, case_id, seq, hash FROM event"
    " WHERE txid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY event.txid DESC, event.position DESC LIMIT 1",
}
_NEW = {
    # not DISTINCT: SQLite would look for it through the index of all events
    "sqlite": "SELECT case_id FROM event WHERE rowid > ? AND 0 = ?",
    "postgresql": "SELECT DISTINCT case_id FROM event WHERE (txid, position) > (?::text::xid8, ?)",
}


def identity(unit: Unit) -> str:
    """What tells this database from another at the same address."""
    if unit.dialect == "sqlite":
        path = rows(unit, "PRAGMA database_list")[0][2]
        return f"sqlite:{os.stat(path).st_ino}" if path else ""
    found = rows(unit, "SELECT oid::text, datname FROM pg_database WHERE datname = current_database()")
    return "postgresql:" + ":".join(found[0])


def last(unit: Unit) -> Place:
    """The newest event that every transaction before it has ended."""
    found = rows(unit, _LAST[unit.dialect])
    return _place(found[0]) if found else START


def still_there(unit: Unit, place: Place) -> bool:
    """Whether the event at that place is the one that stood there: else the store is another one."""
    if place == START:
        return True
    found = rows(unit, _AT[unit.dialect], place.position, place.txid)
    return bool(found) and _place(found[0]) == place


def touched(unit: Unit, place: Place) -> list[int]:
    """Cases with events behind a place, ascending; 0 for the store's own history."""
    bound = (place.position, 0) if unit.dialect == "sqlite" else (str(place.txid), place.position)
    return sorted({row[0] for row in rows(unit, _NEW[unit.dialect], *bound)})


def highest(unit: Unit) -> int:
    return int(rows(unit, "SELECT coalesce(max(id), 0) FROM case_file")[0][0])


def ids(unit: Unit) -> list[int]:
    """Every case there is, ascending."""
    return [row[0] for row in rows(unit, "SELECT id FROM case_file ORDER BY id")]


def refs(unit: Unit, wanted: Iterable[int]) -> dict[int, str]:
    """The references of cases by their ids."""
    ordered, found = sorted(set(wanted)), dict[int, str]()
    for first in range(0, len(ordered), PAGE // 4):
        page = ordered[first : first + PAGE // 4]
        query = f"SELECT id, ref FROM case_file WHERE id IN ({', '.join('?' * len(page))})"  # noqa: S608 - only marks
        found.update((row[0], str(row[1])) for row in rows(unit, query, *page))
    return found


def histories(unit: Unit, wanted: list[int]) -> Iterator[Case]:
    """Some cases with their events in order; one that is not there any more is left out."""
    for first in range(0, len(wanted), PAGE // 4):
        page = wanted[first : first + PAGE // 4]
        marks = ", ".join("?" * len(page))
        query = f"SELECT case_id, body FROM event WHERE case_id IN ({marks}) ORDER BY case_id, seq"  # noqa: S608 - only marks
        yield from _cases(rows(unit, query, *page))


def every_history(unit: Unit, upto: int, after: int = 0) -> Iterator[Case]:
    """All cases whose ids are above one number and up to another."""
    query = "SELECT case_id, body FROM event WHERE case_id > ? AND case_id <= ? ORDER BY case_id, seq"
    for first in range(after, upto, PAGE):
        yield from _cases(rows(unit, query, first, min(first + PAGE, upto)))


def _cases(found: list[tuple[Any, ...]]) -> Iterator[Case]:
    for case_id, events in groupby(found, key=lambda row: row[0]):
        if case_id != OWN:
            yield case_id, [orjson.loads(body) for _, body in events]


def _place(row: tuple[Any, ...]) -> Place:
    return Place(row[0], row[1], row[2], row[3], bytes(row[4]).hex())
