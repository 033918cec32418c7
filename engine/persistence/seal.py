"""Seals in the store: what waits to be sealed, the last seal, one more.

Sealing is the first consumer of the event table. On PostgreSQL numbers are given before they are committed,
so an event is read only when its transaction, and every one before it, has ended; SQLite has one writer.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from engine.domain.instant import to_text
from engine.persistence import chain
from engine.persistence.raw import rows
from engine.persistence.statement import Element, Statement, Upsert
from engine.persistence.table import Seal as SealTable
from engine.persistence.table import columns_of
from engine.persistence.unit import Unit

Place = tuple[int, int]  # transaction and position of an event: the order of reading
START: Place = (0, 0)
END: Place = (1 << 62, 1 << 62)
PAGE = 16  # seals read at once

_table = columns_of(SealTable)


class Seal(NamedTuple):
    """As stored, unread: a damaged row gives whatever stands there."""

    n: int
    txid: int
    position: int
    events: int  # how many
    root: bytes
    at: Any
    leaves: bytes = b""

    @property
    def upto(self) -> Place:
        """Where it ends. Behind a place that cannot be read nothing is sealed: an audit tells."""
        if isinstance(self.txid, int) and isinstance(self.position, int):
            return self.txid, self.position
        return END


class Leaf(NamedTuple):
    """An event as a seal sees it."""

    place: Place
    case_id: int
    seq: int
    hash: bytes

    @property
    def leaf(self) -> bytes:
        return chain.leaf(self.case_id, self.seq, self.hash)


_HEAD = "SELECT n, txid, position, count, root, at FROM seal"
_WHOLE = "SELECT n, txid, position, count, root, at, leaves FROM seal"
_EVENTS = {
    "sqlite": "SELECT 0, rowid, case_id, seq, hash FROM event WHERE rowid > ?{until} ORDER BY rowid",
    # a cast has another name, or the order would be that of the text
    "postgresql": "SELECT txid::text::bigint AS number, position, case_id, seq, hash FROM event"
    " WHERE (txid, position) > (?::text::xid8, ?){until} ORDER BY event.txid, event.position",
}
_ENDED = " AND txid < pg_snapshot_xmin(pg_current_snapshot())"
_UNTIL = {"sqlite": " AND rowid <= ?", "postgresql": " AND (txid, position) <= (?::text::xid8, ?)"}


def last(unit: Unit) -> Seal | None:
    """The newest seal, without its leaves."""
    found = rows(unit, f"{_HEAD} ORDER BY n DESC LIMIT 1")
    return Seal(*found[0]) if found else None


def find(unit: Unit, n: int) -> Seal | None:
    found = rows(unit, f"{_HEAD} WHERE n = ?", n)
    return Seal(*found[0]) if found else None


def each(unit: Unit, *, after: int | None = None) -> Iterator[Seal]:
    """Every seal with its leaves, in order of numbers; those behind number ``after``."""
    after = -(1 << 62) if after is None else after
    while page := rows(unit, f"{_WHOLE} WHERE n > ? ORDER BY n LIMIT {PAGE}", after):
        for cells in page:
            yield Seal(*cells)
        after = page[-1][0]


def waiting(unit: Unit, after: Place, *, limit: int) -> list[Leaf]:
    """The next events behind a place whose transactions, and all before them, have ended."""
    ended = _ENDED if unit.dialect == "postgresql" else ""
    return _leaves(unit, ended, after, f" LIMIT {int(limit)}")


def between(unit: Unit, after: Place | None, until: Place) -> list[Leaf]:
    """Events behind one place up to another, in order; ``after`` None: from the very first."""
    first: Place = (0, -(1 << 62)) if after is None else after
    return _leaves(unit, _UNTIL[unit.dialect], first, "", until)


def behind(unit: Unit, after: Place) -> tuple[int, Any]:
    """How many events lie behind a place, ended or not, and when the first of them was recorded."""
    query = _EVENTS[unit.dialect].format(until="").partition(" FROM ")[2].partition(" ORDER BY ")[0]
    found = rows(unit, f"SELECT count(*), min(recorded_at) FROM {query}", *_bound(unit, after))  # noqa: S608 - our own words
    return found[0][0], found[0][1]


def _leaves(unit: Unit, condition: str, after: Place, tail: str, until: Place | None = None) -> list[Leaf]:
    query = _EVENTS[unit.dialect].format(until=condition) + tail
    bound = [*_bound(unit, after), *(_bound(unit, until) if until else ())]
    return [Leaf((r[0], r[1]), _number(r[2]), _number(r[3]), _bytes(r[4])) for r in rows(unit, query, *bound)]


def _bound(unit: Unit, place: Place) -> Sequence[Any]:
    return (place[1],) if unit.dialect == "sqlite" else (str(place[0]), place[1])


def _number(cell: Any) -> int:
    """SQLite keeps in a column whatever was put there."""
    return cell if isinstance(cell, int) else 0


def _bytes(cell: Any) -> bytes:
    return bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode("utf-8", "replace")


def put(unit: Unit, before: Seal | None, events: Sequence[Leaf], *, at: datetime) -> Seal | None:
    """The next seal over these events; None if another sealer was first, whose seal then stands."""
    leaves = b"".join(event.leaf for event in events)
    n = before.n + 1 if before else 1
    root = chain.seal_root(_bytes(before.root) if before else chain.GENESIS, n, to_text(at), leaves)
    txid, position = events[-1].place
    cells = {"n": n, "txid": txid, "position": position, "count": len(events), "leaves": leaves}
    made = unit.change(_insert, **cells, root=root, at=at)
    return Seal(n, txid, position, len(events), root, at, leaves) if made == 1 else None


def _build(**bound: Any) -> Element:
    return Upsert(_table, bound, key=("n",))


_insert: Statement[..., Any] = Statement(_build, [c.name for c in _table.columns], tuple)
