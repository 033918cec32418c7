"""Answers to a request: yes, no, sent up to the level above, taken back, or none at all in time."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from engine.domain.errors import Conflict, FolkmootError, NotFound, Reason, refused
from engine.domain.instant import to_text
from engine.domain.messages import tell, text
from engine.machine.command import SYSTEM
from engine.machine.program import Program
from engine.persistence import late as table
from engine.persistence.case_store import CaseRow, find_case_by_id
from engine.persistence.late import update
from engine.persistence.unit import Unit
from engine.service import directory, law
from engine.service.acting import run
from engine.service.approval.reading import answers, get_approval, granted, lies_at, not_yours
from engine.service.asking import lapses_after, note_on_case
from engine.service.caller import Answer, Caller
from engine.service.correcting import undo
from engine.service.today import today

Row = dict[str, Any]
Work = Callable[[Unit, Caller, Row, str | None], Row]


# ---- many at once, or one ------------------------------------------------------------------------


def grant(unit: Unit, caller: Caller, *, ids: Sequence[str], reason: str | None = None) -> Answer:
    """Do what was asked, by the granter's authority, with the asker on record. Each id has its own result."""
    return _many(unit, caller, ids, _grant, reason)


def refuse(unit: Unit, caller: Caller, *, ids: Sequence[str], reason: str | None = None) -> Answer:
    """Say no. The case stays as it is."""
    return _many(unit, caller, ids, _refuse, reason)


def forward(unit: Unit, caller: Caller, *, ids: Sequence[str], reason: str | None = None) -> Answer:
    """Send requests up to the unit above, where they wait anew."""
    return _many(unit, caller, ids, _forward, reason)


def withdraw(unit: Unit, caller: Caller, *, ids: Sequence[str], reason: str | None = None) -> Answer:
    """Take back what one has asked, or a yes on which nothing was built yet."""
    return _many(unit, caller, ids, _withdraw, reason)


def grant_one(unit: Unit, caller: Caller, *, name: str, reason: str | None = None) -> Answer:
    """The yes to one request; what is against it is raised."""
    return {"status": "granted", **_one(unit, caller, name, _grant, reason)}


def refuse_one(unit: Unit, caller: Caller, *, name: str, reason: str | None = None) -> Answer:
    """The no to one request; what is against it is raised."""
    return _one(unit, caller, name, _refuse, reason)


def forward_one(unit: Unit, caller: Caller, *, name: str, reason: str | None = None) -> Answer:
    """One request sent up; what is against it is raised."""
    return _one(unit, caller, name, _forward, reason)


def withdraw_one(unit: Unit, caller: Caller, *, name: str, reason: str | None = None) -> Answer:
    """One request, or one yes, taken back; what is against it is raised."""
    return _one(unit, caller, name, _withdraw, reason)


def _one(unit: Unit, caller: Caller, given: str, work: Work, reason: str | None) -> Answer:
    row = get_approval(unit, caller, given)
    return {"id": f"A-{row['id']}", **work(unit, caller, row, reason)}


def _many(unit: Unit, caller: Caller, ids: Sequence[str], work: Work, reason: str | None) -> Answer:
    results = [_each(unit, caller, given, work, reason) for given in ids]
    failed = sum(1 for r in results if "problem" in r)
    return {"results": results, "done": len(results) - failed, "failed": failed}


def _each(unit: Unit, caller: Caller, given: str, work: Work, reason: str | None) -> Row:
    try:
        with unit.savepoint():
            return {"id": given, **work(unit, caller, get_approval(unit, caller, given), reason)}
    except FolkmootError as error:
        reasons = [{**r.to_json(), "text": tell(r, caller.lang)} for r in error.reasons]
        return {"id": given, "problem": {"code": error.code, "text": reasons[0]["text"], "reasons": reasons}}


# ---- yes and no ----------------------------------------------------------------------------------


def _grant(unit: Unit, caller: Caller, row: Row, reason: str | None) -> Row:
    case, program = _open_for(unit, caller, row)
    answer = run(unit, caller, case, program, granted(row, caller, reason))
    _decided(unit, row, caller, "granted", reason, seq=answer["event"]["seq"])
    return answer


def _refuse(unit: Unit, caller: Caller, row: Row, reason: str | None) -> Row:
    case, program = _open_for(unit, caller, row)
    note_on_case(unit, caller, case, program, row["id"], "refused", actor=caller.name, note=reason)
    _decided(unit, row, caller, "refused", reason)
    return {"status": "refused", "ref": row["ref"]}


def _open_for(unit: Unit, caller: Caller, row: Row) -> tuple[CaseRow, Program]:
    """The case and its definition, if the request waits and the caller may answer it."""
    _waiting(row, caller)
    case, program = _case_of(unit, row)
    if row["asked_by"] == caller.name:
        about = {
            "actor": caller.name,
            "because": "who asks does not answer",
            "because_zh": "申请人不能审批自己的申请",
        }
        raise refused([Reason("FM-R103", about, "who")])
    if not answers(unit, caller, program, case, row):
        raise refused([not_yours(program, row)])
    return case, program


def _waiting(row: Row, caller: Caller) -> None:
    name = f"A-{row['id']}"
    if row["status"] != "waiting":
        raise _decided_already(row)
    if row["lapses_at"] is not None and row["lapses_at"] <= caller.now:
        raise Conflict("FM-C007", kind="conflict", id=name, at=to_text(row["lapses_at"]))


def _decided_already(row: Row) -> Conflict:
    """Who decided it and how, in words; or that nobody did in time."""
    if row["status"] == "lapsed":
        return Conflict("FM-C007", kind="conflict", id=f"A-{row['id']}", at=to_text(row["lapses_at"]))
    word = f"word.approval_is_{row['status']}"
    return Conflict(
        "FM-C006",
        kind="conflict",
        id=f"A-{row['id']}",
        by=row["decided_by"] or "-",
        status=text(word, "en"),
        status_zh=text(word, "zh"),
    )


def _case_of(unit: Unit, row: Row) -> tuple[CaseRow, Program]:
    case = find_case_by_id(unit, row["case_id"])
    if case is None:
        raise NotFound("FM-N006", kind="usage", id=f"A-{row['id']}")
    return case, law.program(unit, case.definition)


# ---- up, and back --------------------------------------------------------------------------------


def _forward(unit: Unit, caller: Caller, row: Row, reason: str | None) -> Row:
    """To the unit above. Who may answer stays what the law says; who has it on the list, and until when, changes."""
    _waiting(row, caller)
    case, program = _case_of(unit, row)
    near = directory.around(unit, case.place, function=case.case_type, on=today(unit, caller))
    sent, name = json.loads(row["forwards"]), f"A-{row['id']}"
    if sent and sent[-1]["by"] == caller.name:
        raise Conflict("FM-C024", kind="conflict", id=name, unit=sent[-1]["to"], at=sent[-1]["at"])
    if row["asked_by"] != caller.name and not _of_its_kind(unit, caller, row, near):
        raise refused([not_yours(program, row)])
    lies = lies_at(row) or case.unit
    above = near.above(lies)
    if above is None or not directory.held_over(unit, _posts(row), near.at_or_above(above), near.on):
        raise refused([Reason("FM-R110", {"id": name, "unit": lies}, "who")])
    note_on_case(unit, caller, case, program, row["id"], "forwarded", actor=caller.name, note=reason)
    lapses = lapses_after(unit, program, above, caller.at)
    sent.append({"by": caller.name, "at": to_text(caller.at), "to": above, "reason": reason})
    _change(unit, row, forwards=json.dumps(sent), lapses_at=lapses)
    told = to_text(lapses) if lapses else None
    return {"status": "waiting", "ref": row["ref"], "to": above, "lapses_at": told}


def _posts(row: Row) -> set[tuple[str, str | None]]:
    """(role, level or None) of those who may answer; seats and parties are of no unit."""
    named = (who.partition("@") for who in json.loads(row["allow"]))
    return {(role, level or None) for role, _, level in named}


def _of_its_kind(unit: Unit, caller: Caller, row: Row, near: directory.Around) -> bool:
    """Who holds, at whatever level, a post of those that answer may send it on; and of the unit where it lies."""
    if caller.person is None:
        return False
    roles = {role for role, _ in _posts(row)}
    if roles.isdisjoint(directory.who(unit, caller.person, near)):
        return False
    lies = lies_at(row)
    mine = directory.appointed_over(unit, caller.person, near)
    return lies is None or not mine.isdisjoint(near.at_or_above(lies))


def _withdraw(unit: Unit, caller: Caller, row: Row, reason: str | None) -> Row:
    """A request by whoever asked. A yes by whoever gave it, as long as no act was built on it."""
    name = f"A-{row['id']}"
    asked = row["status"] == "waiting"
    mine = row["asked_by"] if asked else row["decided_by"]
    if not asked and row["status"] != "granted":
        raise _decided_already(row)
    if mine != caller.name:
        raise refused([Reason("FM-R111", {"id": name, "who": mine or "-"}, "who")])
    case, program = _case_of(unit, row)
    told: Row = {"status": "withdrawn", "ref": row["ref"]}
    if asked:
        note_on_case(unit, caller, case, program, row["id"], "withdrawn", actor=caller.name, note=reason)
    else:
        told |= undo(unit, caller, case, program, row["seq"], reason=reason or name)
    if asked:
        _decided(unit, row, caller, "withdrawn", reason)
    return told


# ---- no answer -----------------------------------------------------------------------------------


def lapse(unit: Unit, caller: Caller, number: int, case_id: int) -> None:
    """Close a request that nobody answered in time, with an event of its case."""
    approval = table.columns_of(table.Approval)
    case = find_case_by_id(unit, case_id)
    if case is not None:
        note_on_case(unit, caller, case, law.program(unit, case.definition), number, "lapsed", actor=SYSTEM)
    waiting = (approval.c.id == number, approval.c.status == "waiting")
    unit.execute(update(approval).where(*waiting).values(status="lapsed", decided_at=caller.at))


def _decided(
    unit: Unit,
    row: Row,
    caller: Caller,
    status: str,
    reason: str | None,
    *,
    seq: int | None = None,
) -> None:
    made: dict[str, Any] = {} if seq is None else {"seq": seq}
    _change(unit, row, status=status, decided_by=caller.name, decided_at=caller.at, reason=reason, **made)


def _change(unit: Unit, row: Row, **values: str | int | datetime | None) -> None:
    approval = table.columns_of(table.Approval)
    mine = (approval.c.id == row["id"], approval.c.status == "waiting")
    unit.execute(update(approval).where(*mine).values(**values))
