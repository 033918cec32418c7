"""The second person's yes: what ``--ask`` stored, shown with what a yes would change, granted or refused."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import insert, select, update

from engine.domain.errors import Conflict, FolkmootError, NotFound, Reason, refused
from engine.domain.instant import from_text, to_text
from engine.domain.messages import tell
from engine.machine.command import SYSTEM, Command
from engine.machine.decide import decide
from engine.machine.judge import act_title, who_title
from engine.machine.program import Program
from engine.machine.remark import remark
from engine.machine.who import may
from engine.persistence import table
from engine.persistence.case_store import CaseRow, KeyWrite, find_case_by_id
from engine.persistence.unit import Unit
from engine.service import directory, law
from engine.service.caller import Answer, Caller
from engine.service.world import gather
from engine.service.writing import write

LATE_ENTRY = (
    "FM-R402"  # what happened before a missed deadline and is entered after it: the head sees it first
)
LAPSES_AFTER = "2 wd"  # a request nobody answers lapses at the end of the second working day, and says so


def ask(
    unit: Unit,
    caller: Caller,
    row: CaseRow,
    program: Program,
    command: Command,
    reasons: Sequence[Reason],
    *,
    key: Callable[[Answer], KeyWrite | None] = lambda answer: None,
) -> Answer:
    """Keep a command for those who may do it. Of the case only its history changes; ``key`` binds the answer."""
    from engine.domain.clock import plan

    late = all(reason.code == LATE_ENTRY for reason in reasons)
    allow = ("head",) if late else approvers(program, row, command)
    calendar = law.calendar(unit, program.definition.calendar, row.unit)
    run: Any = {
        "name": "", "run": 1, "kind": "limit", "start": to_text(caller.at), "within": LAPSES_AFTER, "pauses": [],
        "extensions": [], "rolls": True, "ends": "midnight", "status": "running", "fired": {}, "marks": {},
    }  # fmt: skip
    lapses = plan(calendar, run).due
    approval = table.columns_of(table.Approval)
    values = {
        "case_id": row.id,
        "asks": "late_entry" if late else _kind(command),
        "command": json.dumps(_stored(command), sort_keys=True, ensure_ascii=False),
        "asked_by": command.actor,
        "at": caller.at,
        "allow": json.dumps(list(allow)),
        "lapses_at": lapses,
        "status": "waiting",
    }
    made = unit.execute(insert(approval).values(**values).returning(approval.c.id))[0]["id"]
    told = {
        "id": f"A-{made}",
        "asks": values["asks"],
        "ref": row.ref,
        "lapses_at": to_text(lapses) if lapses else None,
    }
    answer = {
        "approval": {**told, "who": [who_title(program, who, caller.lang) for who in allow]},
        "reasons": [r.to_json() for r in reasons],
    }
    bound = key(answer)
    _told(unit, caller, row, program, made, "asked", actor=command.actor, note=command.note, key=bound)
    return answer


def approvers(program: Program, row: CaseRow, command: Command) -> tuple[str, ...]:
    """Who could do it: the act's own ``allow``; for a clock's extension the next rung's; late entries: the head."""
    generated = program.outline.generated.get(command.trigger)
    if generated is not None and generated.kind == "extend":
        spec = program.definition.clocks[generated.subject]
        runs = [r for r in row.body["clocks"] if r["name"] == generated.subject and r["status"] != "stopped"]
        used = len(runs[-1]["extensions"]) if runs else 0
        return spec.extend[min(used, len(spec.extend) - 1)].allow
    if generated is not None:
        return generated.allow
    edges = [e for (_, trigger), e in program.outline.moves.items() if trigger == command.trigger]
    here = [e for e in edges if e.source in row.body["states"].values()] or edges
    allow = here[0].transition.allow if here else ("head",)
    return tuple(who for who in allow if who != "system") or ("head",)


def _kind(command: Command) -> str:
    return "extension" if command.trigger.startswith("extend_") else command.trigger


def _stored(command: Command) -> dict[str, Any]:
    kept = {name: value for name, value in asdict(command).items() if value not in (None, {}, (), False)}
    return kept | {"at": to_text(command.at)}


def command_of(text: str) -> Command:
    kept = json.loads(text)
    return Command(**{**kept, "at": from_text(kept["at"])})


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
        if digits.isdigit()
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
    from engine.service.acting import run

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
        asked, entered_by=caller.person or "-", identity=caller.identity, note=asked.note or reason,
        asked_by=row["asked_by"],
    )  # fmt: skip
    if row["asks"] == "late_entry":
        return replace(asked, late_allowed=True)
    return replace(asked, actor=caller.person or "-", at=caller.at)


def _refuse(unit: Unit, caller: Caller, row: dict[str, Any], reason: str | None) -> dict[str, Any]:
    case, program = _open_for(unit, caller, row)
    _told(unit, caller, case, program, row["id"], "refused", actor=caller.name, note=reason)
    _decided(unit, row, caller, "refused", reason)
    return {"status": "refused", "ref": row["ref"]}


def _decided(unit: Unit, row: dict[str, Any], caller: Caller, status: str, reason: str | None) -> None:
    approval = table.columns_of(table.Approval)
    unit.execute(
        update(approval)
        .where(approval.c.id == row["id"], approval.c.status == "waiting")
        .values(status=status, decided_by=caller.name, decided_at=caller.at, reason=reason)
    )


def lapse_all(unit: Unit, caller: Caller) -> int:
    """Close requests that nobody answered in time, each with an event of its case; how many."""
    approval = table.columns_of(table.Approval)
    rows = unit.execute(
        select(approval.c.id, approval.c.case_id).where(
            approval.c.status == "waiting", approval.c.lapses_at <= caller.at
        )
    )
    for row in rows:
        case = find_case_by_id(unit, row["case_id"])
        if case is not None:
            _told(unit, caller, case, law.program(unit, case.definition), row["id"], "lapsed", actor=SYSTEM)
        unit.execute(
            update(approval).where(approval.c.id == row["id"]).values(status="lapsed", decided_at=caller.at)
        )
    return len(rows)


def _told(
    unit: Unit,
    caller: Caller,
    case: CaseRow,
    program: Program,
    number: int,
    what: str,
    *,
    actor: str,
    note: str | None = None,
    key: KeyWrite | None = None,
) -> None:
    """The case's own history says what became of a request."""
    command = Command(
        f"approval_{what}", caller.at, actor, caller.person or actor, caller.identity, note=note
    )
    world = gather(unit, caller, program, case.body, command)
    decision = remark(
        program, case.body, case.version, command, world, do="approval", approval=f"A-{number}", what=what
    )
    write(unit, case, program, decision, key)
