"""The parts of a case's body that queries need as rows of their own: only what changed is written."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ClauseElement, and_, case, delete
from sqlalchemy import Table as Core

from engine.domain.case import CaseState, ClockRun
from engine.domain.instant import from_text
from engine.persistence.statement import Element, Statement, Upsert, statement
from engine.persistence.table import CaseLink, Milestone, Row, SeatHolder, columns_of
from engine.persistence.table import ClockRun as ClockTable
from engine.persistence.unit import Unit

Rows = Mapping[tuple[Any, ...], dict[str, Any]]

_seat, _link, _milestone = columns_of(SeatHolder), columns_of(CaseLink), columns_of(Milestone)


def write(
    unit: Unit,
    case_id: int,
    before: CaseState | None,
    after: CaseState,
    milestones: Mapping[str, datetime],
) -> None:
    """Brings clock runs, seats and links from one state of the case to the next; adds milestones."""
    if before is None or before["clocks"] != after["clocks"]:
        for row in _changed(clocks(before), clocks(after)):
            unit.change(_put_clock, case_id=case_id, **row)
    if before is None or before["seats"] != after["seats"]:
        held, wanted = seats(before), seats(after)
        for seat, person in held.keys() - wanted.keys():
            unit.change(_leave_seat, case_id=case_id, seat=seat, person=person)
        for row in _changed(held, wanted):
            unit.change(_put_seat, case_id=case_id, **row)
    if before is None or before["links"] != after["links"]:
        for row in _changed(links(before), links(after)):
            unit.change(_put_link, case_id=case_id, **row)
        for kind, ref in links(before).keys() - links(after).keys():
            unit.change(_drop_link, case_id=case_id, kind=kind, ref=ref)
    for name, at in milestones.items():
        unit.change(_reach, case_id=case_id, name=name, first_at=at, last_at=at)


def clocks(state: CaseState | None) -> Rows:
    runs = state["clocks"] if state is not None else ()
    return {(run["name"], run.get("item", ""), run["run"]): _clock(run) for run in runs}


def seats(state: CaseState | None) -> Rows:
    return {
        (seat, holder["person"]): {
            "seat": seat,
            "person": holder["person"],
            "since": from_text(holder["since"]),
            "accepted": holder["accepted"],
        }
        for seat, holders in (state["seats"] if state is not None else {}).items()
        for holder in holders
    }


def links(state: CaseState | None) -> Rows:
    return {
        (link["kind"], link["ref"]): {"kind": link["kind"], "ref": link["ref"], "at": from_text(link["at"])}
        for link in (state["links"] if state is not None else ())
    }


def _clock(run: ClockRun) -> dict[str, Any]:
    return {
        "name": run["name"],
        "item": run.get("item", ""),
        "run": run["run"],
        "kind": run["kind"],
        "status": run["status"],
        "started_at": from_text(run["start"]),
        "due_at": _instant(run.get("due")),
        "due_date": date.fromisoformat(run["due_date"]) if "due_date" in run else None,
        "provisional": run.get("provisional", False),
        "verdict": run.get("verdict"),
        "stopped_at": _instant(run.get("stopped")),
    }


def _instant(text: str | None) -> datetime | None:
    return None if text is None else from_text(text)


def _changed(held: Rows, wanted: Rows) -> Iterable[dict[str, Any]]:
    return (row for key, row in wanted.items() if held.get(key) != row)


def _put(model: type[Row]) -> Statement[..., Any]:
    table: Core = columns_of(model)
    key = [column.name for column in table.primary_key]
    rest = [column.name for column in table.columns if column.name not in key]

    def build(**bound: Any) -> Element:
        return Upsert(table, bound, key=key, change=lambda new: {name: new[name] for name in rest})

    return Statement(build, [column.name for column in table.columns], tuple)


_put_clock, _put_seat, _put_link = _put(ClockTable), _put(SeatHolder), _put(CaseLink)


@statement(tuple)
def _leave_seat(*, case_id: int, seat: str, person: str) -> ClauseElement:
    c = _seat.c
    return delete(_seat).where(and_(c.case_id == case_id, c.seat == seat, c.person == person))


@statement(tuple)
def _drop_link(*, case_id: int, kind: str, ref: str) -> ClauseElement:
    c = _link.c
    return delete(_link).where(and_(c.case_id == case_id, c.kind == kind, c.ref == ref))


@statement(tuple)
def _reach(*, case_id: int, name: str, first_at: datetime, last_at: datetime) -> Element:
    """A late entry may come before the first or stay behind the last."""
    c = _milestone.c
    return Upsert(
        _milestone,
        {"case_id": case_id, "name": name, "first_at": first_at, "last_at": last_at},
        key=("case_id", "name"),
        change=lambda new: {
            "first_at": case((new.first_at < c.first_at, new.first_at), else_=c.first_at),
            "last_at": case((new.last_at > c.last_at, new.last_at), else_=c.last_at),
        },
    )
