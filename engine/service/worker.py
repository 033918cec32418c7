"""The worker's portions: fire the marks of clocks by the same decision as any act, lapse what nobody answered.

A portion is bounded in cases and in time, so that commands of people get their turn between two of them. A
mark fires once: its case's version is compared when it is written, and a fired mark is part of the case. A
case whose mark cannot be carried out is an incident: left as it is, told, and passed by.
"""

import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from engine import bug
from engine.domain.errors import FolkmootError, Unavailable, refused
from engine.domain.instant import from_text, to_text
from engine.machine.decide import sweep as decide_sweep
from engine.persistence import due, table
from engine.persistence.case_store import DueCase, find_case_by_id
from engine.persistence.due import Reached
from engine.persistence.failure import Again, ConnectionLost
from engine.persistence.statement import Statement, Upsert
from engine.persistence.unit import Unit
from engine.service import approval, law, opening
from engine.service.caller import Answer, Caller
from engine.service.world import gather_for_sweep
from engine.service.writing import write

PORTION = 100  # cases
FOR_EVER = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)


def sweep(
    unit: Unit,
    caller: Caller,
    *,
    limit: int = PORTION,
    within_s: float = 60.0,
    after: Mapping[str, Any] | None = None,
    skip: Collection[str] = (),
) -> Answer:
    """Fire what is due now in at most ``limit`` cases, the longest waiting first, and stop after ``within_s``.

    {cases, fired, lapsed, more, after, incidents[{ref, code}], lateness_s, as_of}. While there is ``more``, the
    next portion is asked for with this one's ``after``; it says how far the round has come. ``skip`` names
    cases that are not tried in this portion.
    """
    portion = _Portion(unit, caller, limit, time.monotonic() + within_s, _read(after))
    fired = portion.fire(skip)
    lapsed = portion.lapse()
    _note(unit, caller)
    return {
        "cases": portion.cases,
        "fired": fired,
        "lapsed": lapsed,
        "more": portion.more,
        "after": _written(portion.reached) if portion.more else None,
        "incidents": portion.incidents,
        "lateness_s": int(portion.late.total_seconds()),
        "as_of": to_text(caller.at),
    }


class _Portion:
    """One portion at work."""

    def __init__(self, unit: Unit, caller: Caller, limit: int, until: float, reached: Reached) -> None:
        self.unit, self.caller, self.limit, self.until, self.reached = unit, caller, limit, until, reached
        self.cases = self.tried = 0
        self.more = False
        self.incidents: list[dict[str, str]] = []
        self.late = timedelta()

    def fire(self, skip: Collection[str]) -> int:
        found = due.take_due_cases(self.unit, self.caller.at, self.reached, limit=self.limit + 1)
        fired = 0
        for one in found[: self.limit]:
            if self._enough():
                break
            self.reached = self.reached._replace(due=one.next_due_at, case=one.id)
            if one.ref in skip:
                continue
            self.cases += 1
            self.late = max(self.late, self.caller.at - one.next_due_at)
            fired += self._each(one.ref, partial(_fire, self.unit, self.caller, one))
        self.more = bool(found) and self.reached.case != found[-1].id
        return fired

    def lapse(self) -> int:
        found = due.lapsing(self.unit, self.caller.at, self.reached, limit=self.limit + 1)
        lapsed = 0
        for number, case in found[: self.limit]:
            if self._enough():
                break
            self.reached = self.reached._replace(approval=number)
            lapsed += self._each(f"A-{number}", partial(_lapse, self.unit, self.caller, number, case))
        self.more |= bool(found) and self.reached.approval != found[-1][0]
        return lapsed

    def _enough(self) -> bool:
        return self.more or (self.tried > 0 and time.monotonic() >= self.until)

    def _each(self, name: str, work: Callable[[], int]) -> int:
        self.tried += 1
        try:
            with self.unit.savepoint():
                return work()
        except (ConnectionLost, Unavailable):  # nothing is wrong with the case
            raise
        except Again:  # somebody acted meanwhile; the next round sees the case anew
            return 0
        except FolkmootError as error:
            self.incidents.append({"ref": name, "code": error.code})
        except Exception as error:  # one case must not keep all others from their deadlines
            bug.keep(error, "worker")
            self.incidents.append({"ref": name, "code": "FM-X001"})
        return 0


def _fire(unit: Unit, caller: Caller, found: DueCase) -> int:
    row = find_case_by_id(unit, found.id)
    if row is None:
        return 0
    program = law.program(unit, row.definition)
    decision = opening.decided(
        unit,
        caller,
        gather_for_sweep(unit, caller, program, row.body),
        lambda around: decide_sweep(program, row.body, row.version, caller.at, around),
    )
    if decision.reasons:
        raise refused(decision.reasons)
    if decision.events:
        write(unit, row, program, decision)
    return sum(1 for e in decision.events if e["kind"] == "mark")


def _lapse(unit: Unit, caller: Caller, number: int, case: int) -> int:
    approval.lapse(unit, caller, number, case)
    return 1


def _read(after: Mapping[str, Any] | None) -> Reached:
    return Reached(from_text(after["due"]), after["case"], after["approval"]) if after else Reached()


def _written(reached: Reached) -> dict[str, Any]:
    return {"due": to_text(reached.due), "case": reached.case, "approval": reached.approval}


# ---- when deadlines were last looked at --------------------------------------------------------


def _swept(**bound: Any) -> Upsert:
    counter = table.columns_of(table.Counter)
    # two workers may end at the same moment
    return Upsert(counter, {"name": "swept", **bound}, key=("name",), change=lambda new: {"value": new.value})


_note_swept: Statement[..., Any] = Statement(_swept, ("value",), tuple)


def _note(unit: Unit, caller: Caller) -> None:
    unit.change(_note_swept, value=int(caller.at.timestamp()))


# ---- looking ahead, without taking the right to write ------------------------------------------


def look(unit: Unit, caller: Caller, *, skip: Collection[str] = ()) -> Answer:
    """{due, next, swept_at, as_of}: whether a sweep has something to do now, and when something falls due next.

    ``skip`` names cases that are not to be tried now.
    """
    counter = table.columns_of(table.Counter)
    swept = unit.execute(select(counter.c.value).where(counter.c.name == "swept"))
    found = due.due_cases(unit, caller.at, Reached(), limit=len(skip) + 1)
    lapsing = due.lapsing(unit, caller.at, Reached(), limit=len(skip) + 1)
    coming = due.next_moment(unit, caller.at)
    names = [one.ref for one in found] + [f"A-{number}" for number, _ in lapsing]
    return {
        "due": any(name not in skip for name in names),
        "next": to_text(coming) if coming else None,
        "swept_at": to_text(datetime.fromtimestamp(swept[0]["value"], tz=UTC)) if swept else None,
        "as_of": to_text(caller.at),
    }


def next_due(unit: Unit, caller: Caller) -> dict[str, Any]:
    """When the next mark of any case falls; null if none is to come."""
    first = due.due_cases(unit, FOR_EVER, Reached(), limit=1)
    return {"at": to_text(first[0].next_due_at) if first else None, "as_of": to_text(caller.at)}


def waiting(unit: Unit, caller: Caller) -> dict[str, Any]:
    """How many cases have a mark due that has not fired."""
    case = table.columns_of(table.Case)
    rows = unit.execute(select(case.c.id).where(case.c.next_due_at <= caller.at))
    return {"waiting": len(rows), "as_of": to_text(caller.at)}
