"""The worker: fires the marks of clocks, by the same decision as any act. A sweep is bounded.

A mark fires once: its case's version is compared when it is written, and a fired mark is part of the case.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select

from engine.domain.errors import FolkmootError, refused
from engine.domain.instant import to_text
from engine.machine.decide import sweep as decide_sweep
from engine.persistence import table
from engine.persistence.case_store import DueCase, due_cases, find_case_by_id
from engine.persistence.failure import Again
from engine.persistence.unit import Unit
from engine.service import approval, law
from engine.service.caller import Answer, Caller
from engine.service.world import gather_for_sweep
from engine.service.writing import write

BATCH = 100  # cases in one sweep, so that a backlog never starves the commands of people
FOR_EVER = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)


def sweep(unit: Unit, caller: Caller, *, limit: int = BATCH) -> Answer:
    """Fire what is due now in at most ``limit`` cases, the longest waiting first.

    Returns {cases, fired, lapsed, more, incidents[], lateness_s}; ``more`` says that others wait still.
    """
    due = due_cases(unit, caller.at, limit=limit + 1)
    fired, incidents = 0, []
    for found in due[:limit]:
        try:
            with unit.savepoint():
                made = _fire(unit, caller, found)
        except Again:  # somebody acted meanwhile; the next sweep sees the case anew
            continue
        except FolkmootError as error:
            incidents.append({"ref": found.ref, "code": error.code})
            continue
        fired += made
    _swept(unit, caller)
    late = max(((caller.at - d.next_due_at) for d in due), default=timedelta())
    return {
        "cases": len(due[:limit]),
        "fired": fired,
        "lapsed": approval.lapse_all(unit, caller),
        "more": len(due) > limit,
        "incidents": incidents,
        "lateness_s": int(late.total_seconds()),
        "as_of": to_text(caller.at),
    }


def _fire(unit: Unit, caller: Caller, due: DueCase) -> int:
    row = find_case_by_id(unit, due.id)
    if row is None:
        return 0
    program = law.program(unit, row.definition)
    decision = decide_sweep(
        program, row.body, row.version, caller.at, gather_for_sweep(unit, caller, program, row.body)
    )
    if decision.reasons:
        raise refused(decision.reasons)
    if decision.events:
        write(unit, row, program, decision)
    return sum(1 for e in decision.events if e["kind"] == "mark")


def _swept(unit: Unit, caller: Caller) -> None:
    counter = table.columns_of(table.Counter)
    unit.execute(delete(counter).where(counter.c.name == "swept"))
    unit.execute(insert(counter).values(name="swept", value=int(caller.at.timestamp())))


def next_due(unit: Unit, caller: Caller) -> dict[str, Any]:
    """When the next mark of any case falls; null if none is to come."""
    first = due_cases(unit, FOR_EVER, limit=1)
    return {"at": to_text(first[0].next_due_at) if first else None, "as_of": to_text(caller.at)}


def waiting(unit: Unit, caller: Caller) -> dict[str, Any]:
    """How many cases have a mark due that has not fired."""
    case = table.columns_of(table.Case)
    rows = unit.execute(select(case.c.id).where(case.c.next_due_at <= caller.at))
    return {"waiting": len(rows), "as_of": to_text(caller.at)}
