"""What linked cases have to hear of: the events behind a consumer's own place in the event table.

On PostgreSQL numbers are given before they are committed, so an event is read only when its transaction, and every
one before it, has ended; SQLite has one writer.
"""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from engine.persistence.counter import find_number
from engine.persistence.late import Counter, columns_of
from engine.persistence.raw import rows
from engine.persistence.seal import START, Place
from engine.persistence.statement import Statement, Upsert
from engine.persistence.unit import Unit

_NAMES = ("relay-txid", "relay-position")
_ASKS = '"do":"relay"'  # as events are spelt; a case that parts from another asks it for an act and has no link left
_TOLD = (
    "CASE WHEN EXISTS (SELECT 1 FROM case_link l WHERE l.case_id = event.case_id) OR {asks} > 0 THEN body END"
)
_SQLITE, _POSTGRESQL = (
    _TOLD.format(asks=asks.format(_ASKS)) for asks in ("instr(body, '{}')", "strpos(body, '{}')")
)
_QUERY = {
    "sqlite": f"SELECT 0, rowid, case_id, seq, {_SQLITE} FROM event WHERE rowid > ? ORDER BY rowid LIMIT ?",  # noqa: S608 - our own words
    "postgresql": f"SELECT txid::text::bigint AS number, position, case_id, seq, {_POSTGRESQL} FROM event"  # noqa: S608 - our own words
    " WHERE (txid, position) > (?::text::xid8, ?) AND txid < pg_snapshot_xmin(pg_current_snapshot())"
    " ORDER BY event.txid, event.position LIMIT ?",
}


class Sent(NamedTuple):
    """An event; ``body`` only of a case that has links, or where another case is asked for something."""

    place: Place
    case_id: int
    seq: int
    body: dict[str, Any] | None


def reached(unit: Unit) -> Place:
    """How far the relay has come."""
    txid, position = (find_number(unit, name) for name in _NAMES)
    return START if position is None else (txid or 0, position)


def behind(unit: Unit, place: Place, *, limit: int) -> list[Sent]:
    """The next events behind a place, in the order of reading."""
    bound: Sequence[Any] = (place[1],) if unit.dialect == "sqlite" else (str(place[0]), place[1])
    found = rows(unit, _QUERY[unit.dialect], *bound, limit)
    return [Sent((r[0], r[1]), r[2], r[3], json.loads(r[4]) if r[4] is not None else None) for r in found]


def note(unit: Unit, place: Place) -> None:
    """The relay has come as far as this place."""
    for name, value in zip(_NAMES, place, strict=True):
        unit.change(_put, name=name, value=value)


def _build(**bound: Any) -> Upsert:
    return Upsert(columns_of(Counter), bound, key=("name",), change=lambda new: {"value": new.value})


_put: Statement[..., Any] = Statement(_build, ("name", "value"), tuple)
