"""What waits for a second person's yes: the list, and one request with what a yes would change."""

import json
from dataclasses import replace
from typing import Any

from engine.domain.errors import NotFound
from engine.domain.instant import to_text
from engine.machine.command import Command
from engine.machine.decide import decide
from engine.machine.judge import act_title, who_title
from engine.machine.program import Program
from engine.machine.who import may
from engine.persistence import late as table
from engine.persistence.case_store import CaseRow, find_case_by_id
from engine.persistence.late import select
from engine.persistence.unit import Unit
from engine.service import directory, law, sealed
from engine.service.asking import command_of
from engine.service.caller import VISITOR, Answer, Caller
from engine.service.world import gather


def list_approvals(unit: Unit, caller: Caller, *, mine: bool = False, unit_code: str | None = None) -> Answer:
    """Requests that wait for an answer, the first to lapse first. ``mine``: those I could grant or have asked.

    ``unit_code``: those of that unit's cases, and those that were sent up to it.
    """
    approval, case = table.columns_of(table.Approval), table.columns_of(table.Case)
    query = (
        select(approval, case.c.ref, case.c.unit)
        .where(approval.c.status == "waiting", case.c.id == approval.c.case_id)
        .order_by(approval.c.lapses_at, approval.c.id)
    )
    found = [row for row in unit.execute(query) if unit_code in (None, row["unit"], lies_at(row))]
    rows = [_item(unit, caller, row) for row in found]
    if mine:
        rows = [r for r in rows if r["asked_by"] == caller.person or r["yours"]]
    return {"items": rows, "count": len(rows), "next": None, "as_of": to_text(caller.at)}


def show(unit: Unit, caller: Caller, *, id: str) -> Answer:  # noqa: A002
    """One request: what is asked, why, what a yes would do, what has been checked."""
    row = get_approval(unit, id)
    item = _item(unit, caller, row)
    case = find_case_by_id(unit, row["case_id"])
    if case is None or row["status"] != "waiting":
        return {**item, "effect": None}
    program = law.program(unit, case.definition)
    command = granted(row, caller)
    decision = decide(
        program, case.body, case.version, command, gather(unit, caller, program, case.body, command)
    )
    return {
        **item,
        "effect": _effect(case, decision.state) if decision.moved else None,
        "against": [r.to_json() for r in decision.reasons],
    }


def _effect(case: CaseRow, after: Any) -> dict[str, Any]:
    before, then = _deadlines(case.body), _deadlines(after)
    names = sorted({**before, **then})
    return {
        "state_before": case.body["states"]["main"],
        "state_after": after["states"]["main"],
        "deadlines": {n: [before.get(n), then.get(n)] for n in names if before.get(n) != then.get(n)},
    }


def _deadlines(state: Any) -> dict[str, str | None]:
    return {run["name"]: run.get("due_date") for run in state["clocks"] if run["status"] != "stopped"}


def get_approval(unit: Unit, given: str) -> dict[str, Any]:
    """An approval by ``A-118``, ``118``; FM-N006."""
    digits = given.upper().removeprefix("A-").strip()
    approval, case = table.columns_of(table.Approval), table.columns_of(table.Case)
    rows = (
        unit.execute(
            select(approval, case.c.ref, case.c.unit).where(
                approval.c.id == int(digits), case.c.id == approval.c.case_id
            )
        )
        if digits.isdecimal() and len(digits) < 18
        else []
    )
    if not rows:
        raise NotFound("FM-N006", kind="usage", id=given)
    return rows[0]


def _item(unit: Unit, caller: Caller, row: dict[str, Any]) -> dict[str, Any]:
    case = find_case_by_id(unit, row["case_id"])
    lapsed = row["status"] == "waiting" and row["lapses_at"] is not None and row["lapses_at"] <= caller.now
    command = command_of(row["command"])
    program = law.program(unit, case.definition) if case else None
    return {
        "id": f"A-{row['id']}",
        "asks": row["asks"],
        "ref": row["ref"],
        "what": act_title(program, command.trigger, caller.lang) if program else command.trigger,
        "reason": None if case and sealed.closed(unit, caller, case.body) else command.note,
        "asked_by": row["asked_by"],
        "at": to_text(row["at"]),
        "lapses_at": to_text(row["lapses_at"]) if row["lapses_at"] else None,
        "status": "lapsed" if lapsed else row["status"],
        "yours": bool(case and program and not lapsed and answers(unit, caller, program, case, row)),
        "who": [who_title(program, who, caller.lang) for who in json.loads(row["allow"])] if program else [],
        "decided_by": row["decided_by"],
        "forwards": json.loads(row["forwards"]),
    }


# ---- who answers, and what a yes does ------------------------------------------------------------


def lies_at(row: dict[str, Any]) -> str | None:
    """The unit that a request was last sent up to."""
    sent = json.loads(row["forwards"])
    return sent[-1]["to"] if sent else None


def answers(unit: Unit, caller: Caller, program: Program, case: CaseRow, row: dict[str, Any]) -> bool:
    """Whether the caller may answer: one whom the law names, and of the unit it was sent up to or above it."""
    if caller.person is None:
        return False
    near = directory.around(unit, case.place, function=case.case_type, on=caller.now.date())
    roles = directory.who(unit, caller.person, near)
    if not may(json.loads(row["allow"]), program.outline, case.body, caller.person, roles):
        return False
    upwards = lies_at(row)
    if upwards is None:
        return True
    return not directory.appointed_over(unit, caller.person, near).isdisjoint(near.at_or_above(upwards))


def granted(row: dict[str, Any], caller: Caller, reason: str | None = None) -> Command:
    """What a yes does: the granter's act, at this moment. A late entry stays the act of whoever did it, when they
    did it, and the granter is who lets it in."""
    asked = command_of(row["command"])
    asked = replace(
        asked, entered_by=caller.person or VISITOR, identity=caller.identity, note=asked.note or reason,
        asked_by=row["asked_by"],
    )  # fmt: skip
    if row["asks"] == "late_entry":
        return replace(asked, late_allowed=True)
    return replace(asked, actor=caller.person or VISITOR, at=caller.at)
