# ruff: noqa: S608 - the names are our own
"""The store read in portions for an audit: cases with all that belongs to them, exactly as it stands there."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from engine.persistence.own_history import OWN
from engine.persistence.raw import rows
from engine.persistence.table import METADATA
from engine.persistence.unit import Unit

PAGE = 200  # cases at once
MIRRORS = ("clock_run", "seat_holder", "case_link", "case_party", "milestone", "seat_pick")
CASE = tuple(METADATA.tables["case_file"].columns.keys())
_LEAN = ("id", "ref", "version", "head")
_EVENTS = "SELECT case_id, seq, hash, body, act, actor, at, recorded_at FROM event"
_HASHED = "SELECT case_id, seq, hash, body FROM event"
_NAMES = {
    name: tuple(c for c in METADATA.tables[name].columns.keys() if c != "case_id")  # noqa: SIM118
    for name in MIRRORS
}
LOWEST = -(1 << 63)

Row = dict[str, Any]


@dataclass(slots=True)
class Entry:
    """An event as it stands in its row."""

    seq: Any
    hash: Any
    text: Any
    act: Any = None
    actor: Any = None
    at: Any = None
    recorded_at: Any = None


@dataclass(slots=True)
class Kept:
    """A case's row (None: there are only things that say they belong to it), its events, the rows beside it."""

    case_id: Any
    row: Row | None = None
    events: list[Entry] = field(default_factory=list)
    erased: int = 0  # events whose content a purge took
    mirrors: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in MIRRORS})


def whole(unit: Unit, *, every: int = 1, only: int | None = None, lean: bool = False) -> Iterator[list[Kept]]:
    """Pages of cases in order of ids; ``every`` so many-th page, or the ``only`` case.

    ``lean``: what the hashes need and no more.
    """
    if only is not None:
        yield _page(unit, only - 1, only, only, lean)
        return
    after, number = LOWEST, 0
    while True:
        found = rows(unit, "SELECT id FROM case_file WHERE id > ? ORDER BY id LIMIT ?", after, PAGE)
        last = found[-1][0] if found else None
        if number % every == 0 or last is None:
            yield _page(unit, after, after if last is None else last, last, lean)
        if last is None:
            return
        after, number = last, number + 1


def own(unit: Unit) -> Kept:
    """The store's own history."""
    kept = Kept(OWN)
    for cells in rows(unit, f"{_EVENTS} WHERE case_id = ? ORDER BY seq", OWN):
        kept.events.append(Entry(*cells[1:]))
    return kept


def _page(unit: Unit, after: int, last: int, upto: int | None, lean: bool) -> list[Kept]:
    """Cases behind one id up to another; ``upto`` None: and all other rows that are left, whatever they say."""
    found: dict[Any, Kept] = {}
    names = _LEAN if lean else CASE
    for cells in rows(
        unit, f"SELECT {', '.join(names)} FROM case_file WHERE id > ? AND id <= ? ORDER BY id", after, last
    ):
        row = dict(zip(names, cells, strict=True))
        found[row["id"]] = Kept(row["id"], row)
    bound = " WHERE case_id > ?" + ("" if upto is None else " AND case_id <= ?")
    values = (after,) if upto is None else (after, upto)
    query = _HASHED if lean else _EVENTS
    for cells in rows(unit, f"{query}{bound} ORDER BY case_id, seq", *values):
        if cells[0] != OWN:
            found.setdefault(cells[0], Kept(cells[0])).events.append(Entry(*cells[1:]))
    for name, columns in _NAMES.items() if not lean else ():
        query = f"SELECT case_id, {', '.join(columns)} FROM {name}{bound}"
        for cells in rows(unit, query, *values):
            row = dict(zip(columns, cells[1:], strict=True))
            found.setdefault(cells[0], Kept(cells[0])).mirrors[name].append(row)
    return list(found.values())
