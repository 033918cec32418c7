"""Asking for the second person's yes: a command kept for those who may, and the case's own word of it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from engine.domain.clock import plan
from engine.domain.errors import Conflict, Reason, refused
from engine.domain.instant import from_text, to_text
from engine.machine.command import Command
from engine.machine.judge import who_title
from engine.machine.program import Program
from engine.machine.remark import remark
from engine.machine.who import names_of
from engine.persistence import late as table
from engine.persistence.case_store import CaseRow, KeyWrite
from engine.persistence.late import insert, select
from engine.persistence.unit import Unit
from engine.service import law
from engine.service.caller import Answer, Caller
from engine.service.world import gather
from engine.service.writing import write

# what happened before a deadline was missed, or before a seat changed hands, and is entered after it:
# the head sees it first
LATE_ENTRIES = frozenset({"FM-R402", "FM-R418"})
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
    _once(unit, row, command)
    if not _has_a_part(unit, caller, row, program, command):
        raise refused(reasons)
    late = all(reason.code in LATE_ENTRIES for reason in reasons)
    allow = ("head",) if late else approvers(program, row, command)
    lapses = lapses_after(unit, program, row.unit, caller.at)
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
        "forwards": "[]",
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
    note_on_case(unit, caller, row, program, made, "asked", actor=command.actor, note=command.note, key=bound)
    return answer


def _once(unit: Unit, row: CaseRow, command: Command) -> None:
    """FM-C025 if the same is waiting for a yes already."""
    approval = table.columns_of(table.Approval)
    waiting = (approval.c.case_id == row.id, approval.c.status == "waiting")
    for held in unit.execute(select(approval.c.id, approval.c.command, approval.c.asked_by).where(*waiting)):
        asked = command_of(held["command"])
        if (asked.trigger, asked.item, asked.at) == (command.trigger, command.item, command.at) or (
            command.trigger.startswith("extend_")
            and (asked.trigger, asked.item) == (command.trigger, command.item)
        ):
            raise Conflict("FM-C025", kind="conflict", id=f"A-{held['id']}", by=held["asked_by"])


def _has_a_part(unit: Unit, caller: Caller, row: CaseRow, program: Program, command: Command) -> bool:
    """Whether the asker serves this case's place, sits in it or is a party of it."""
    world = gather(unit, caller, program, row.body, command)
    return len(names_of(command.actor, program.outline, row.body, world.roles)) > 1  # more than "anyone"


def lapses_after(unit: Unit, program: Program, office: str, at: datetime) -> datetime | None:
    """When a request made or sent up at that moment lapses, by the calendar of the office where it lies."""
    run: Any = {
        "name": "", "run": 1, "kind": "limit", "start": to_text(at), "within": LAPSES_AFTER, "pauses": [],
        "extensions": [], "rolls": True, "ends": "midnight", "status": "running", "fired": {}, "marks": {},
    }  # fmt: skip
    return plan(law.calendar(unit, program.definition.calendar, office), run).due


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


def note_on_case(
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
