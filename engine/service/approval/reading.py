"""What waits for a second person's yes: the list, and one request with what a yes would change."""

import json
from dataclasses import replace
from typing import Any

from engine.domain.errors import NotFound, Reason
from engine.domain.instant import to_text
from engine.domain.messages import tell, text
from engine.machine.command import Command
from engine.machine.decide import decide
from engine.machine.judge import act_title, clock_title, state_title, who_title
from engine.machine.program import Program
from engine.machine.who import may
from engine.persistence import late as table
from engine.persistence.case_store import CaseRow, find_case_by_id
from engine.persistence.late import select
from engine.persistence.unit import Unit
from engine.service import directory, law
from engine.service.asking import command_of
from engine.service.caller import VISITOR, Answer, Caller
from engine.service.cover import cover
from engine.service.hiding import there
from engine.service.today import today
from engine.service.world import gather


def list_approvals(unit: Unit, caller: Caller, *, mine: bool = False, unit_code: str | None = None) -> Answer:
    """Requests that wait for an answer, the first to lapse first. ``mine``: those I could grant or have asked.

    ``unit_code``: those of that unit's cases, and those that were sent up to it.
    """
    if unit_code is not None:
        from engine.service.unit import resolve_unit  # no other list of requests needs it

        unit_code = resolve_unit(unit, unit_code)
    approval, case = table.columns_of(table.Approval), table.columns_of(table.Case)
    query = (
        select(approval, case.c.ref, case.c.unit)
        .where(approval.c.status == "waiting", case.c.id == approval.c.case_id, there(unit, caller))
        .order_by(approval.c.lapses_at, approval.c.id)
    )
    found = [row for row in unit.execute(query) if unit_code in (None, row["unit"], lies_at(row))]
    rows = [_item(unit, caller, row) for row in found]
    if mine:
        rows = [r for r in rows if r["asked_by"] == caller.person or r["yours"]]
    return {"items": rows, "count": len(rows), "next": None, "as_of": to_text(caller.at)}


def show(unit: Unit, caller: Caller, *, name: str) -> Answer:
    """One request: what is asked, why, what a yes would do, what has been checked."""
    row = get_approval(unit, caller, name)
    item = _item(unit, caller, row)
    case = find_case_by_id(unit, row["case_id"])
    if case is None or item["status"] != "waiting":
        return {**item, "effect": None, "against": []}
    program = law.program(unit, case.definition)
    not_mine = [] if item["yours"] else [not_yours(program, row)]
    command = granted(row, caller)
    decision = decide(
        program, case.body, case.version, command, gather(unit, caller, program, case.body, command)
    )
    effect = _effect(program, case, decision.state, caller.lang) if decision.moved else None
    if effect is not None:
        effect["told"] = [dict(told) for event in decision.events for told in event.get("told", ())]
        effect["extension"] = _extension(program, case, command.trigger)
    against = {r.code: r for r in (*decision.reasons, *not_mine)}  # the way up, not the way of who asks anew
    told = [{**r.to_json(), "text": tell(r, caller.lang)} for r in against.values()]
    return {**item, "effect": effect, "against": told}


def _effect(program: Program, case: CaseRow, after: Any, lang: str) -> dict[str, Any]:
    before, then = _deadlines(case.body), _deadlines(after)
    moved = [n for n in sorted({**before, **then}) if before.get(n) != then.get(n)]
    stood, stands = case.body["states"]["main"], after["states"]["main"]
    return {
        "state_before": stood,
        "state_before_title": state_title(program, stood, lang),
        "state_after": stands,
        "state_after_title": state_title(program, stands, lang),
        "deadlines": {n: [before.get(n), then.get(n)] for n in moved},
        "deadline_titles": {n: clock_title(program, n, lang) for n in moved},
    }


def _extension(program: Program, case: CaseRow, trigger: str) -> dict[str, int] | None:
    """Which of how many lawful extensions of a clock it would be; None for other acts."""
    generated = program.outline.generated.get(trigger)
    if generated is None or generated.kind != "extend":
        return None
    rungs = program.definition.clocks[generated.subject].extend
    return {"number": _used(case, generated.subject) + 1, "of": len(rungs)}


def _adds(program: Program, case: CaseRow, trigger: str) -> str | None:
    """By how much an extension that is asked for would lengthen its clock."""
    generated = program.outline.generated.get(trigger)
    if generated is None or generated.kind != "extend":
        return None
    rungs = program.definition.clocks[generated.subject].extend
    by = rungs[min(_used(case, generated.subject), len(rungs) - 1)].by
    return by if isinstance(by, str) else None


def _used(case: CaseRow, clock: str) -> int:
    runs = [r for r in case.body["clocks"] if r["name"] == clock and r["status"] != "stopped"]
    return len(runs[-1]["extensions"]) if runs else 0


def _deadlines(state: Any) -> dict[str, str | None]:
    return {run["name"]: run.get("due_date") for run in state["clocks"] if run["status"] != "stopped"}


def get_approval(unit: Unit, caller: Caller, given: str) -> dict[str, Any]:
    """An approval by ``A-118``, ``118``; FM-N006."""
    digits = given.upper().removeprefix("A-").strip()
    approval, case = table.columns_of(table.Approval), table.columns_of(table.Case)
    rows = (
        unit.execute(
            select(approval, case.c.ref, case.c.unit).where(
                approval.c.id == int(digits), case.c.id == approval.c.case_id, there(unit, caller)
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
    open_ = row["status"] == "waiting" and not lapsed
    return {
        "id": f"A-{row['id']}",
        "asks": row["asks"],
        "ref": row["ref"],
        "what": act_title(program, command.trigger, caller.lang) if program else command.trigger,
        "reason": None if case and cover(unit, caller, case.body).shut else command.note,
        "adds": _adds(program, case, command.trigger) if program and case else None,
        "happened": to_text(command.at) if row["asks"] == "late_entry" else None,
        "asked_by": row["asked_by"],
        "at": to_text(row["at"]),
        "lapses_at": to_text(row["lapses_at"]) if row["lapses_at"] else None,
        "status": "lapsed" if lapsed else row["status"],
        "yours": bool(case and program and open_ and answers(unit, caller, program, case, row)),
        "who": [who_title(program, who, caller.lang) for who in json.loads(row["allow"])] if program else [],
        "decided_by": row["decided_by"],
        "decided_at": to_text(row["decided_at"]) if row["decided_at"] else None,
        "decided_because": row["reason"],
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
    near = directory.around(unit, case.place, function=case.case_type, on=today(unit, caller))
    roles = directory.who(unit, caller.person, near)
    if not may(json.loads(row["allow"]), program.outline, case.body, caller.person, roles):
        return False
    upwards = lies_at(row)
    if upwards is None:
        return True
    return not directory.appointed_over(unit, caller.person, near).isdisjoint(near.at_or_above(upwards))


def not_yours(program: Program, row: dict[str, Any]) -> Reason:
    """A clock that others extend: the way is up. Anything else: who answers it, and where it lies."""
    allow, command, lies = json.loads(row["allow"]), command_of(row["command"]), lies_at(row)
    told = {lang: ", ".join(who_title(program, who, lang) for who in allow) for lang in ("en", "zh")}
    at = lies or row["unit"]
    who = {"who": f"{told['en']} ({at})", "who_zh": f"{told['zh']}({at})", "id": f"A-{row['id']}"}
    generated = program.outline.generated.get(command.trigger)
    if generated is None or generated.kind != "extend":
        return Reason("FM-R107", who, "who")
    titles = {
        "clock": clock_title(program, generated.subject, "en"),
        "clock_zh": clock_title(program, generated.subject, "zh"),
    }
    basis = program.definition.clocks[generated.subject].basis
    word = "word.lies_above" if lies else "word.send_it_up"
    way = [text(word, lang, id=who["id"], unit=at) for lang in ("en", "zh")]
    return Reason("FM-R104", {**who, **titles, "way": way[0], "way_zh": way[1]}, "who", basis=basis)


def granted(row: dict[str, Any], caller: Caller, reason: str | None = None) -> Command:
    """What a yes does: the granter's act, at this moment. A late entry stays the act of whoever did it, when they
    did it, and the granter is who lets it in."""
    asked = command_of(row["command"])
    asked = replace(
        asked, entered_by=caller.person or VISITOR, identity=caller.identity, asked_by=row["asked_by"],
        granted_because=reason,
    )  # fmt: skip
    if row["asks"] == "late_entry":
        return replace(asked, late_allowed=True)
    return replace(asked, actor=caller.person or VISITOR, at=caller.at)
