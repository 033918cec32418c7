"""Cases in the store: read one, write one with its events, walk a history, find what is due."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, cast

from engine.domain.case import Event
from engine.domain.instant import from_text
from engine.persistence import boundary, chain, change, compound, edition, mirror, picks
from engine.persistence.change import Change
from engine.persistence.convert import instant
from engine.persistence.failure import Again
from engine.persistence.late import (
    Case,
    ClauseElement,
    CommandKey,
    Counter,
    columns_of,
    func,
    insert,
    literal_column,
    real,
    select,
    update,
)
from engine.persistence.late import Event as EventTable
from engine.persistence.statement import Element, Statement, Upsert, statement
from engine.persistence.stored import (
    CaseRow,
    CaseWrite,
    DueCase,
    Edition,
    HistoryRow,
    KeyWrite,
    Opened,
    StoredKey,
    Summary,
)
from engine.persistence.unit import Unit

__all__ = [
    "CaseRow", "CaseWrite", "DueCase", "HistoryRow", "KeyWrite", "Opened", "StoredKey", "Summary",
    "due_cases", "find_case", "find_case_by_id", "find_external", "find_key", "history", "insert_case",
    "lock_key", "next_serial", "open_case", "save_case", "write_key",
]  # fmt: skip

_case, _event, _key = columns_of(Case), columns_of(EventTable), columns_of(CommandKey)


# ---- reading -----------------------------------------------------------------------------------


def _make_row(cells: Sequence[Any]) -> CaseRow:
    return CaseRow._make([*cells[:-1], chain.read(cells[-1])])


@statement(_make_row)
def _by_ref(*, ref: str) -> ClauseElement:
    return select(_case).where(_case.c.ref == ref)


@statement(_make_row)
def _by_ref_locked(*, ref: str) -> ClauseElement:
    return select(_case).where(_case.c.ref == ref).with_for_update()


@statement(_make_row)
def _by_id(*, case_id: int) -> ClauseElement:
    return select(_case).where(_case.c.id == case_id)


@statement(_make_row)
def _by_id_locked(*, case_id: int) -> ClauseElement:
    return select(_case).where(_case.c.id == case_id).with_for_update()


def _make_opened(cells: Sequence[Any]) -> tuple[Opened, Edition]:
    row = CaseRow._make([*cells[:_BODY], chain.read(cells[_BODY])])
    key, digest, case_id, answer, at = cells[_BODY + 1 : _BODY + 6]
    held = None if key is None else StoredKey(key, digest, case_id, chain.read(answer), at)
    return Opened(row, held), edition.made(cells[_BODY + 6 :])


_BODY = len(CaseRow._fields) - 1


@statement(_make_opened)
def _opened(*, ref: str, key: str) -> ClauseElement:
    both = _case.outerjoin(real(_key), _key.c.key == key)
    return select(_case, _key, *edition.numbers()).select_from(both).where(_case.c.ref == ref)


def open_case(unit: Unit, ref: str, key: str | None) -> Opened | None:
    """A case by its exact reference, with the command that bound the key if there is one: all that an act
    reads of the store as a rule, in one question."""
    if unit.locking:
        row = find_case(unit, ref)
        return None if row is None else Opened(row, find_key(unit, key) if key else None)
    found = unit.find(_opened, ref=ref, key=key or "")
    if found is None:
        return None
    if unit.edition is None:
        unit.edition = found[1]
    return found[0]


def find_case(unit: Unit, ref: str) -> CaseRow | None:
    if not unit.locking:
        return unit.find(_by_ref, ref=ref)
    unit.begin()
    return unit.find(_by_ref_locked, ref=ref)


def find_case_by_id(unit: Unit, case_id: int) -> CaseRow | None:
    if not unit.locking:
        return unit.find(_by_id, case_id=case_id)
    unit.begin()
    return unit.find(_by_id_locked, case_id=case_id)


@statement(lambda cells: StoredKey(cells[0], cells[1], cells[2], chain.read(cells[3]), cells[4]))
def _key_row(*, key: str) -> ClauseElement:
    return select(_key).where(_key.c.key == key)


def find_key(unit: Unit, key: str) -> StoredKey | None:
    """The accepted command that bound this key."""
    return unit.find(_key_row, key=key)


@statement(lambda cells: None)
def _key_lock(*, key: str) -> ClauseElement:
    return select(func.pg_advisory_xact_lock(func.hashtextextended(key, literal_column("0"))))


def lock_key(unit: Unit, key: str) -> None:
    """Until the unit ends nobody else works under this key. A file has one writer at a time anyway."""
    if unit.dialect == "postgresql":
        unit.begin()
        unit.run(_key_lock, key=key)


@statement(lambda cells: str(cells[0]))
def _external_ref(*, system: str, number: str) -> ClauseElement:
    c = _case.c
    return select(c.ref).where(c.external_system == system, c.external_id == number)


def find_external(unit: Unit, system: str, number: str) -> str | None:
    """The reference of the case that has this number in another system."""
    return unit.find(_external_ref, system=system, number=number)


@statement(lambda cells: HistoryRow._make([*cells, json.loads(cells[2])]))
def _events(*, case_id: int, after_seq: int, limit: int) -> ClauseElement:
    c = _event.c
    return (
        select(c.seq, c.hash, c.body)
        .where(c.case_id == case_id, c.seq > after_seq)
        .order_by(c.seq)
        .limit(cast(Any, limit))
    )


def history(unit: Unit, case_id: int, *, after_seq: int = 0, limit: int = 1_000_000) -> list[HistoryRow]:
    """Events of a case in order, those after ``after_seq``."""
    return unit.run(_events, case_id=case_id, after_seq=after_seq, limit=limit)


@statement(DueCase._make)
def _due(*, now: datetime, limit: int) -> ClauseElement:
    c = _case.c
    return (
        select(c.id, c.ref, c.next_due_at)
        .where(c.next_due_at <= now)
        .order_by(c.next_due_at, c.id)
        .limit(cast(Any, limit))
    )


def due_cases(unit: Unit, now: datetime, *, limit: int) -> list[DueCase]:
    """Cases whose earliest unfired mark has come, the longest waiting first."""
    return unit.run(_due, now=now, limit=limit)


# ---- numbers -----------------------------------------------------------------------------------


@statement(lambda cells: int(cells[0]))
def _count(*, name: str) -> Element:
    counter = columns_of(Counter)
    return Upsert(
        counter,
        {"name": name, "value": 1},
        key=("name",),
        change=lambda _: {"value": counter.c.value + 1},
        returning=(counter.c.value,),
    )


@statement(lambda cells: int(cells[0]))
def _next_id() -> ClauseElement:
    return select(func.nextval("case_file_id_seq"))


def next_serial(unit: Unit, year: int) -> int:
    """The next serial number of a year's case references, from 1; taken for good when the unit commits."""
    return unit.run(_count, name=f"serial-{year}")[0]


def _new_id(unit: Unit) -> int:
    # the id is part of what is hashed, so it must be known before the row is written, and never come again
    return unit.run(_next_id)[0] if unit.dialect == "postgresql" else unit.run(_count, name="case")[0]


# ---- writing -----------------------------------------------------------------------------------


def insert_case(unit: Unit, write: CaseWrite, *, batch: int | None = None) -> int:
    """A new case with its first events; its id."""
    case_id = _new_id(unit)
    links = _link_events(case_id, chain.GENESIS, 0, write.events)
    row = dict(zip(_FOLLOWING, _columns(write, from_text(write.events[0]["at"])), strict=True)) | {
        "id": case_id,
        "ref": write.after["ref"],
        "case_type": write.after["case_type"],
        "filed_at": from_text(write.after["filed_at"]),
        "batch": batch,
        "version": len(links),
        "head": links[-1]["hash"],
        "body": chain.plain(write.after),
    }
    changes = _changes(write, links)
    if unit.dialect == "postgresql" and compound.fits(changes):
        compound.send(unit, row, changes, new=True)
    else:
        unit.change(_insert_case, **row)
        change.send(unit, case_id, changes)
    return case_id


def save_case(unit: Unit, row: CaseRow, write: CaseWrite) -> None:
    """The case after further events.

    Raises :class:`Again`, here or when the unit ends, if its version is no longer ``row.version`` or the
    key was bound meanwhile; then nothing was written.
    """
    links = _link_events(row.id, row.head, row.version, write.events)
    # an index is rewritten for each column that is set, changed or not
    wanted = zip(_FOLLOWING, _stored(row), _columns(write, _entered_at(row, write)), strict=True)
    changed: dict[str, Any] = {name: now for name, was, now in wanted if was != now}
    changed["version"] = row.version + len(links)
    changed["head"] = links[-1]["hash"]
    changed["body"] = chain.plain(write.after)
    changed["id"] = row.id
    changed["was"] = row.version
    changes = _changes(write, links)
    if unit.dialect == "postgresql" and compound.fits(changes):
        compound.send(unit, changed, changes, new=False)
    elif unit.put(_update_case(tuple(changed)), changed) == 0:
        raise Again
    else:
        change.send(unit, row.id, changes)


def _changes(write: CaseWrite, links: Sequence[dict[str, Any]]) -> list[Change]:
    """Everything but the case's own row: the rows of events, what mirrors the body, the key."""
    changes = [Change("add", "event", link) for link in links]
    reached = {} if write.anew is not None else write.summary.milestones
    changes += mirror.changes(write.before, write.after, reached)
    if write.anew is not None:
        changes += mirror.milestones(write.anew)
    changes += picks.changes(write.events)
    changes += write.beside
    if write.key is not None:
        changes.append(Change("add", "command_key", _key_cells(write.key)))
    return changes


def _link_events(case_id: int, head: bytes, version: int, events: Sequence[Event]) -> list[dict[str, Any]]:
    """Rows of the event table, each hashed onto the one before."""
    rows = []
    for seq, event in enumerate(events, start=version + 1):
        if event["seq"] != seq:
            raise ValueError(f"event {event['seq']} cannot follow version {seq - 1}")
        text = chain.canonical(event)
        head = chain.link_bytes(head, case_id, seq, boundary.check_body(text, event))
        rows.append({
            "seq": seq,
            "act": event["act"],
            "actor": event["actor"],
            "at": instant(event["at"]),
            "recorded_at": instant(event["recorded"]),
            "hash": head,
            "body": text,
        })  # fmt: skip
    if not rows:
        raise ValueError("a command without events changes nothing")
    return rows


# the columns that follow from the case and its summary
_FOLLOWING = (
    "definition", "state", "phase", "place", "unit", "holder", "risk", "channel", "cycle", "outcome",
    "entered_at", "closed_at", "next_due_at", "external_system", "external_id",
)  # fmt: skip
_stored = attrgetter(*_FOLLOWING)


def _columns(write: CaseWrite, entered_at: datetime) -> tuple[Any, ...]:
    """In their order."""
    after, summary = write.after, write.summary
    external = after.get("external") or {}
    return (
        after["definition"],
        summary.state,
        summary.phase,
        after["place"],
        after["unit"],
        summary.holder,
        summary.risk,
        after["channel"],
        after["cycle"],
        after.get("outcome"),
        entered_at,
        None if summary.open else summary.closed_at,
        summary.next_due_at,
        external.get("system"),
        external.get("id"),
    )


def _entered_at(row: CaseRow, write: CaseWrite) -> datetime:
    """When the case came into the state it is in; it may have left it and come back."""
    if write.anew is not None:
        return write.anew.entered_at
    for event in reversed(write.events):
        for done in event["changes"]:
            if done["do"] == "move" and done["region"] == "main" and done["from"] != done["to"]:
                return instant(event["at"])
    return row.entered_at


_insert_case: Statement[..., Any] = Statement(
    lambda **bound: insert(_case).values(**bound), lambda: [c.name for c in _case.columns], tuple
)


@lru_cache(maxsize=256)
def _update_case(given: tuple[str, ...]) -> Statement[..., Any]:
    def build(**bound: Any) -> ClauseElement:
        case_id, was = bound.pop("id"), bound.pop("was")
        return update(_case).where(_case.c.id == case_id, _case.c.version == was).values(**bound)

    return Statement(build, given, tuple)


def write_key(unit: Unit, key: KeyWrite) -> None:
    """Binds a key to its answer, for a command that touches no case."""
    unit.change(_insert_key, case_id=None, **_key_cells(key))


def _key_cells(key: KeyWrite) -> dict[str, Any]:
    return {"key": key.key, "digest": key.digest, "answer": chain.plain(key.answer), "at": key.at}


_insert_key: Statement[..., Any] = Statement(
    lambda **bound: insert(_key).values(**bound), lambda: [c.name for c in _key.columns], tuple
)
