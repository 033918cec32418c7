"""The second person's yes: what ``--ask`` stored, shown with what a yes would change, granted or refused."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from engine.domain.errors import Conflict, FolkmootError, NotFound, Reason, refused
from engine.domain.instant import to_text
from engine.domain.messages import tell
from engine.machine.command import SYSTEM, Command
from engine.machine.decide import decide
from engine.machine.judge import act_title, who_title
from engine.machine.program import Program
from engine.machine.who import may
from engine.persistence import late as table
from engine.persistence.case_store import CaseRow, find_case_by_id
from engine.persistence.late import select, update
from engine.persistence.unit import Unit
from engine.service import directory, law
from engine.service.acting import run
from engine.service.asking import command_of, note_on_case
from engine.service.caller import VISITOR, Answer, Caller
from engine.service.world import gather

# ---- reading -----------------------------------------------------------------------------------


def list_approvals(unit: Unit, caller: Caller, *, mine: bool = False, unit_code: str | None = None) -> Answer:
    """Requests that wait for an answer, the first to lapse first. ``mine``: those I could grant or have asked."""
    approval, case = table.columns_of(table.Approval), table.columns_of(table.Case)
    query = (
        select(approval, case.c.ref, case.c.unit)
        .where(approval.c.status == "waiting", case.c.id == approval.c.case_id)
        .order_by(approval.c.lapses_at, approval.c.id)
    )
    if unit_code:
        query = query.where(case.c.unit == unit_code)
    rows = [_item(unit, caller, row) for row in unit.execute(query)]
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
    command = _granted(row, caller)
    decision = decide(
        program, case.body, case.version, command, gather(unit, caller, program, case.body, command)
    )
    before = {r["name"]: r.get("due_date") for r in case.body["clocks"] if r["status"] != "stopped"}
    after = {
        r["name"]: r.get("due_date")
        for r in (decision.state or {"clocks": []})["clocks"]
        if r["status"] != "stopped"
    }
    moved = {
        name: [before.get(name), after.get(name)]
        for name in {**before, **after}
        if before.get(name) != after.get(name)
    }
    effect = {
        "state_before": case.body["states"]["main"],
        "state_after": decision.state["states"]["main"] if decision.state else None,
        "deadlines": moved,
    }
    return {
        **item,
        "effect": effect if decision.moved else None,
        "against": [r.to_json() for r in decision.reasons],
    }


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
        "reason": command.note,
        "asked_by": row["asked_by"],
        "at": to_text(row["at"]),
        "lapses_at": to_text(row["lapses_at"]) if row["lapses_at"] else None,
        "status": "lapsed" if lapsed else row["status"],
        "yours": bool(case and program and not lapsed and _may(unit, caller, program, case, row)),
        "who": [who_title(program, who, caller.lang) for who in json.loads(row["allow"])] if program else [],
        "decided_by": row["decided_by"],
    }


def _may(unit: Unit, caller: Caller, program: Program, case: CaseRow, row: dict[str, Any]) -> bool:
    if caller.person is None:
        return False
    day = caller.now.date()
    near = directory.around(unit, case.place, function=case.case_type, on=day)
    roles = directory.who(unit, caller.person, near)
    return may(json.loads(row["allow"]), program.outline, case.body, caller.person, roles)


# ---- deciding ----------------------------------------------------------------------------------


def grant(unit: Unit, caller: Caller, *, ids: Sequence[str], reason: str | None = None) -> Answer:
    """Do what was asked, by the granter's authority, with the asker on record. Each id has its own result."""
    results = [_each(unit, caller, given, _grant, reason) for given in ids]
    return _results(results)


def refuse(unit: Unit, caller: Caller, *, ids: Sequence[str], reason: str | None = None) -> Answer:
    """Say no. The case stays as it is."""
    return _results([_each(unit, caller, given, _refuse, reason) for given in ids])


def grant_one(unit: Unit, caller: Caller, *, id: str, reason: str | None = None) -> Answer:  # noqa: A002
    """The yes to one request; what is against it is raised."""
    row = get_approval(unit, id)
    return {"id": f"A-{row['id']}", "status": "granted", **_grant(unit, caller, row, reason)}


def refuse_one(unit: Unit, caller: Caller, *, id: str, reason: str | None = None) -> Answer:  # noqa: A002
    """The no to one request; what is against it is raised."""
    row = get_approval(unit, id)
    return {"id": f"A-{row['id']}", **_refuse(unit, caller, row, reason)}


def _results(results: list[dict[str, Any]]) -> Answer:
    failed = sum(1 for r in results if "problem" in r)
    return {"results": results, "done": len(results) - failed, "failed": failed}


def _each(unit: Unit, caller: Caller, given: str, work: Any, reason: str | None) -> dict[str, Any]:
    try:
        with unit.savepoint():
            return {"id": given, **work(unit, caller, get_approval(unit, given), reason)}
    except FolkmootError as error:
        reasons = [{**r.to_json(), "text": tell(r, caller.lang)} for r in error.reasons]
        return {"id": given, "problem": {"code": error.code, "text": reasons[0]["text"], "reasons": reasons}}


def _open_for(unit: Unit, caller: Caller, row: dict[str, Any]) -> tuple[CaseRow, Program]:
    if row["status"] != "waiting":
        raise Conflict(
            "FM-C006", kind="conflict", id=f"A-{row['id']}", status=row["status"], by=row["decided_by"] or "-"
        )
    if row["lapses_at"] is not None and row["lapses_at"] <= caller.now:
        raise Conflict("FM-C007", kind="conflict", id=f"A-{row['id']}", at=to_text(row["lapses_at"]))
    case = find_case_by_id(unit, row["case_id"])
    if case is None:
        raise NotFound("FM-N006", kind="usage", id=f"A-{row['id']}")
    program = law.program(unit, case.definition)
    if row["asked_by"] == caller.name:
        about = {
            "actor": caller.name,
            "because": "who asks does not answer",
            "because_zh": "申请人不能审批自己的申请",
        }
        raise refused([Reason("FM-R103", about, "who")])
    if not _may(unit, caller, program, case, row):
        allow = json.loads(row["allow"])
        told = {lang: ", ".join(who_title(program, who, lang) for who in allow) for lang in ("en", "zh")}
        raise refused(
            [Reason("FM-R107", {"id": f"A-{row['id']}", "who": told["en"], "who_zh": told["zh"]}, "who")]
        )
    return case, program


def _grant(unit: Unit, caller: Caller, row: dict[str, Any], reason: str | None) -> dict[str, Any]:
    case, program = _open_for(unit, caller, row)
    command = _granted(row, caller, reason)
    answer = run(unit, caller, case, program, command)
    _decided(unit, row, caller, "granted", reason)
    return answer


def _granted(row: dict[str, Any], caller: Caller, reason: str | None = None) -> Command:
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


def _refuse(unit: Unit, caller: Caller, row: dict[str, Any], reason: str | None) -> dict[str, Any]:
    case, program = _open_for(unit, caller, row)
    note_on_case(unit, caller, case, program, row["id"], "refused", actor=caller.name, note=reason)
    _decided(unit, row, caller, "refused", reason)
    return {"status": "refused", "ref": row["ref"]}


def _decided(unit: Unit, row: dict[str, Any], caller: Caller, status: str, reason: str | None) -> None:
    approval = table.columns_of(table.Approval)
    unit.execute(
        update(approval)
        .where(approval.c.id == row["id"], approval.c.status == "waiting")
        .values(status=status, decided_by=caller.name, decided_at=caller.at, reason=reason)
    )


def lapse(unit: Unit, caller: Caller, number: int, case_id: int) -> None:
    """Close a request that nobody answered in time, with an event of its case."""
    approval = table.columns_of(table.Approval)
    case = find_case_by_id(unit, case_id)
    if case is not None:
        note_on_case(unit, caller, case, law.program(unit, case.definition), number, "lapsed", actor=SYSTEM)
    waiting = (approval.c.id == number, approval.c.status == "waiting")
    unit.execute(update(approval).where(*waiting).values(status="lapsed", decided_at=caller.at))
