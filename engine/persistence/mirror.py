"""The parts of a case's body that queries need as rows of their own: only what changed is written."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Literal

from engine.domain.case import CaseState, ClockRun
from engine.domain.instant import from_text
from engine.persistence.change import Change, columns
from engine.persistence.late import METADATA

Rows = Mapping[tuple[Any, ...], dict[str, Any]]
RowsOf = Callable[[CaseState | None], Rows]


def changes(
    before: CaseState | None, after: CaseState, milestones: Mapping[str, datetime]
) -> Iterator[Change]:
    """What brings clock runs, seats and links from one state of the case to the next; milestones reached."""
    for part, table, rows_of in _PARTS:
        if before is not None and before[part] == after[part]:
            continue
        held, wanted = rows_of(before), rows_of(after)
        for key in sorted(held.keys() - wanted.keys()):
            yield Change("drop", table, {name: held[key][name] for name in _key(table)})
        for key, row in wanted.items():
            if held.get(key) != row:
                yield Change("put", table, row)
    for name, at in milestones.items():
        yield Change("reach", "milestone", {"name": name, "first_at": at, "last_at": at})


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


_PARTS: tuple[tuple[Literal["clocks", "seats", "links"], str, RowsOf], ...] = (
    ("clocks", "clock_run", clocks),
    ("seats", "seat_holder", seats),
    ("links", "case_link", links),
)


@cache
def _key(table: str) -> list[str]:
    return [name for name in columns("drop", METADATA.tables[table]) if name != "case_id"]
