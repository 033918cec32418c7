"""The parts of a case's body that queries need as rows of their own: only what changed is written."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import case, delete

from engine.domain.case import CaseState, ClockRun
from engine.domain.instant import from_text
from engine.persistence.statement import Element, Statement, Upsert, statement
from engine.persistence.table import CaseLink, Milestone, Row, SeatHolder, columns_of
from engine.persistence.table import ClockRun as ClockTable
from engine.persistence.unit import Unit

Rows = Mapping[tuple[Any, ...], dict[str, Any]]
RowsOf = Callable[[CaseState | None], Rows]

_milestone = columns_of(Milestone)


def write(
    unit: Unit,
    case_id: int,
    before: CaseState | None,
    after: CaseState,
    milestones: Mapping[str, datetime],
) -> None:
    """Brings clock runs, seats and links from one state of the case to the next; adds milestones."""
    for part, rows_of, put, drop in _PARTS:
        if before is not None and before[part] == after[part]:
            continue
        held, wanted = rows_of(before), rows_of(after)
        for key in held.keys() - wanted.keys():
            unit.change(drop, case_id=case_id, **{name: held[key][name] for name in drop.names[1:]})
        for key, row in wanted.items():
            if held.get(key) != row:
                unit.change(put, case_id=case_id, **row)
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


def _put(model: type[Row]) -> Statement[..., Any]:
    table = columns_of(model)
    key = [column.name for column in table.primary_key]
    rest = [column.name for column in table.columns if column.name not in key]

    def build(**bound: Any) -> Element:
        return Upsert(table, bound, key=key, change=lambda new: {name: new[name] for name in rest})

    return Statement(build, [column.name for column in table.columns], tuple)


def _drop(model: type[Row]) -> Statement[..., Any]:
    table = columns_of(model)

    def build(**bound: Any) -> Element:
        return delete(table).where(*(table.c[name] == value for name, value in bound.items()))

    return Statement(build, [column.name for column in table.primary_key], tuple)


_PARTS: tuple[
    tuple[Literal["clocks", "seats", "links"], RowsOf, Statement[..., Any], Statement[..., Any]], ...
] = (
    ("clocks", clocks, _put(ClockTable), _drop(ClockTable)),
    ("seats", seats, _put(SeatHolder), _drop(SeatHolder)),
    ("links", links, _put(CaseLink), _drop(CaseLink)),
)


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
