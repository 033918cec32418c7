"""Whether a store is whole: each case is what its history folds to, and every row beside it says the same."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine.domain.case import CaseState, Event
from engine.domain.instant import from_text
from engine.machine.believed import believed
from engine.machine.fold import fold
from engine.machine.program import Program
from engine.persistence import table
from engine.persistence.case_store import CaseRow, find_case, history
from engine.persistence.evidence import verify_chain
from engine.persistence.store import Store
from engine.persistence.table import METADATA, columns_of
from engine.persistence.unit import Unit
from engine.service import law

Rows = Mapping[str, list[tuple[Any, ...]]]


def dump(store: Store) -> Rows:
    """Every row of every table, as the driver gives it."""
    return store.read(_dump)


def _dump(unit: Unit) -> Rows:
    found = {}
    for name, made in METADATA.tables.items():
        keys = ", ".join(column.name for column in made.primary_key)
        rows = unit.connection.execute(f"SELECT * FROM {name} ORDER BY {keys}").fetchall()  # noqa: S608
        found[name] = [tuple(row) for row in rows]
    return found


def check_case(unit: Unit, ref: str) -> CaseRow:
    """One case against its history and its own rows; gives the case."""
    row = find_case(unit, ref)
    assert row is not None
    program = law.program(unit, row.definition)
    events = [entry.event for entry in history(unit, row.id)]
    assert fold(events) == row.body
    assert [event["seq"] for event in events] == list(range(1, row.version + 1))
    _check_definition(program, row, events)
    counting = believed(events)  # an act that was taken back, by hand or by taking cases apart, left no trace
    _check_columns(program, row, counting)
    _check_rows(unit, row)
    assert _rows(unit, table.Milestone, row.id, "name", "first_at", "last_at") == _milestones(
        program, counting
    )
    assert verify_chain(unit, row.id) == []
    return row


def _check_definition(program: Program, row: CaseRow, events: Iterable[Event]) -> None:
    """It stands where its pinned definition has a place for it."""
    assert {event["definition"] for event in events} == {row.definition}
    regions = program.outline.regions
    assert row.body["states"].keys() == regions.keys()
    assert all(leaf in regions[region].leaves for region, leaf in row.body["states"].items())


def _check_columns(program: Program, row: CaseRow, events: list[Event]) -> None:
    body = row.body
    leaf = program.outline.leaves[body["states"]["main"]]
    handler = next((holder["person"] for holder in body["seats"].get("handler", ())), None)
    came = [event["at"] for event in events if any(_comes(change) for change in event["changes"])][-1]
    waiting = [
        at
        for run in body["clocks"]
        if run["status"] == "running"
        for mark, at in run["marks"].items()
        if mark not in run["fired"]
    ]
    assert (row.ref, row.case_type, row.place, row.unit) == tuple(
        body[key] for key in ("ref", "case_type", "place", "unit")
    )
    assert (row.state, row.phase, row.cycle) == (leaf.name, leaf.phase, body["cycle"])
    assert (row.holder, row.outcome) == (handler, body.get("outcome"))
    assert row.risk == body["fields"].get("risk")
    assert (row.filed_at, row.entered_at) == (from_text(body["filed_at"]), from_text(came))
    assert row.closed_at == (from_text(came) if leaf.final else None)
    assert row.next_due_at == (from_text(min(waiting)) if waiting else None)


def _comes(change: Mapping[str, Any]) -> bool:
    return (change["do"], change.get("region")) == ("move", "main") and change["from"] != change["to"]


def _check_rows(unit: Unit, row: CaseRow) -> None:
    body = row.body
    runs = sorted(
        (
            run["name"],
            run.get("item", ""),
            run["run"],
            run["status"],
            from_text(run["start"]),
            from_text(run["due"]) if "due" in run else None,
            run.get("verdict"),
            from_text(run["stopped"]) if "stopped" in run else None,
        )
        for run in body["clocks"]
    )
    columns = ("name", "item", "run", "status", "started_at", "due_at", "verdict", "stopped_at")
    assert _rows(unit, table.ClockRun, row.id, *columns) == runs
    holders = sorted(
        (seat, holder["person"], from_text(holder["since"]), holder["accepted"])
        for seat, held in body["seats"].items()
        for holder in held
    )
    assert _rows(unit, table.SeatHolder, row.id, "seat", "person", "since", "accepted") == holders
    links = sorted({(link["kind"], link["ref"]) for link in body["links"]})
    assert _rows(unit, table.CaseLink, row.id, "kind", "ref") == links


def _rows(unit: Unit, model: Any, case_id: int, *names: str) -> list[tuple[Any, ...]]:
    columns = columns_of(model).c
    rows = unit.execute(select(*[columns[name] for name in names]).where(columns.case_id == case_id))
    return sorted(tuple(row[name] for name in names) for row in rows)


def _milestones(program: Program, events: Iterable[Event]) -> list[tuple[str, datetime, datetime]]:
    """Each named moment with its first and its last time, straight from what the events say."""
    found: dict[str, list[datetime]] = {}
    for event in events:
        said = {event["act"]}
        for change in event["changes"]:
            said |= set(change.get("entered", ())) if change["do"] == "move" else set()
            said |= {change["item"]["kind"]} if change["do"] == "record" else set()
            said |= {change["seat"]} if change["do"] == "seat" else set()
        for name, signs in program.definition.milestones.items():
            if not said.isdisjoint(signs):
                found.setdefault(name, []).append(from_text(event["at"]))
    return sorted((name, min(times), max(times)) for name, times in found.items())


def state_of(store: Store, ref: str) -> CaseState:
    row = store.read(lambda unit: find_case(unit, ref))
    assert row is not None
    return row.body
