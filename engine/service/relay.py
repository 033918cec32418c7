"""What one case asks of another, and what follows there because a linked case moved: after the commit, by the worker.

Each event is told once: the place in the event table is written in the same commit as what was done, and every act
is bound to a key of its own besides (`relay:<ref>:<seq>:<n>`). A refusal leaves an incident in the case that refused.
"""

from typing import Any

from engine.definitions.outline import MAIN
from engine.domain.case import CaseState
from engine.domain.instant import from_text, to_text
from engine.machine.command import SYSTEM, Carried, Command, Decision
from engine.machine.decide import decide, nudge
from engine.machine.opening import BACKWARDS, forward
from engine.machine.program import Program
from engine.machine.releasing import released
from engine.machine.remark import remark
from engine.persistence import outbox
from engine.persistence.case_store import CaseRow, KeyWrite, find_case, find_case_by_id, find_key
from engine.persistence.outbox import Sent
from engine.persistence.unit import Unit
from engine.service import law, opening
from engine.service.caller import Answer, Caller
from engine.service.world import gather_for_sweep
from engine.service.writing import write

PORTION = 200  # events
RELAYED = "relayed"


def pass_on(unit: Unit, caller: Caller, *, limit: int = PORTION) -> Answer:
    """Tell the linked cases of the next events: {read, acted, more, as_of}. ``acted``: cases in which something was
    done."""
    found = outbox.behind(unit, outbox.reached(unit), limit=limit + 1)
    acted = sum(_each(unit, caller, event) for event in found[:limit] if event.body is not None)
    if found:
        outbox.note(unit, found[:limit][-1].place)
    return {
        "read": min(len(found), limit),
        "acted": acted,
        "more": len(found) > limit,
        "as_of": to_text(caller.at),
    }


def waiting(unit: Unit, caller: Caller) -> Answer:
    """Whether there is an event that was not passed on, without taking the right to write: {waiting, as_of}."""
    found = outbox.behind(unit, outbox.reached(unit), limit=1)
    return {"waiting": bool(found), "as_of": to_text(caller.at)}


def _each(unit: Unit, caller: Caller, event: Sent) -> int:
    changes: list[dict[str, Any]] = event.body["changes"] if event.body else []
    asked = [change for change in changes if change["do"] == "relay"]
    moved = any(_moves(change) for change in changes)
    row = find_case_by_id(unit, event.case_id) if asked or moved else None
    if row is None:
        return 0
    acted = 0
    number = 0
    for change in asked:
        for ref in _linked(change, row):
            number += 1
            key = f"relay:{row.ref}:{event.seq}:{number}"
            acted += _ask(unit, caller, row.ref, ref, change, key)
    for ref in dict.fromkeys(link["ref"] for link in row.body["links"]) if moved else ():
        acted += _nudge(unit, caller, ref)
    return acted


def _linked(change: dict[str, Any], row: CaseRow) -> list[str]:
    """The cases that are asked. Events of earlier releases do not name them: then those that are linked now."""
    if "refs" in change:
        return list(change["refs"])
    return [link["ref"] for link in row.body["links"] if forward(link["kind"]) == change["on"]]


def _moves(change: dict[str, Any]) -> bool:
    """What the fact ``links`` of another case may tell."""
    return change["do"] in ("outcome", "reopen", "restore") or (
        change["do"] in ("move", "link") and change.get("region", MAIN) == MAIN
    )


def _ask(unit: Unit, caller: Caller, sender: str, ref: str, asked: dict[str, Any], key: str) -> int:
    """One act of the engine in a linked case, once."""
    row, trigger = find_case(unit, ref), asked["trigger"]
    if row is None or find_key(unit, key) is not None:
        return 0
    program = law.program(unit, row.definition)
    command = Command(
        trigger, caller.at, SYSTEM, SYSTEM, identity="engine", note=sender, carried=_carried(sender, asked)
    )
    world = gather_for_sweep(unit, caller, program, row.body)
    decision = opening.decided(
        unit, caller, world, lambda around: decide(program, row.body, row.version, command, around)
    )
    if decision.reasons:
        decision = released(program, row.body, row.version, command, world) or decision
    if decision.reasons:
        told = Command(RELAYED, caller.at, SYSTEM, SYSTEM, identity="engine", note=sender)
        codes = [reason.code for reason in decision.reasons]
        change = {
            "do": "incident",
            "what": "relay_refused",
            "trigger": trigger,
            "ref": sender,
            "codes": codes,
        }
        decision = remark(program, row.body, row.version, told, world, **change)
    answer = {"ref": ref, "from": sender, "trigger": trigger}
    write(unit, row, program, decision, KeyWrite(key, key, answer, caller.at))
    return 1


def _carried(sender: str, asked: dict[str, Any]) -> Carried | None:
    """What comes along of deadlines; a joined case stands linked on both."""
    if "deadlines" not in asked:
        return None
    of = asked.get("of", sender)  # a closed case passes on what was joined to it
    return Carried(of, asked["on"] + BACKWARDS, asked["deadlines"], asked.get("clocks", ()))


def _nudge(unit: Unit, caller: Caller, ref: str) -> int:
    """Let a case look at its links again; nothing is written where nothing follows."""
    row = find_case(unit, ref)
    if row is None or not _looks(unit, row):
        return 0
    program = law.program(unit, row.definition)
    decision = opening.decided(
        unit,
        caller,
        gather_for_sweep(unit, caller, program, row.body),
        lambda around: nudge(program, row.body, row.version, _moment(caller, row.body), around),
    )
    return _written(unit, row, program, decision)


def _looks(unit: Unit, row: CaseRow) -> bool:
    return law.program(unit, row.definition).reads_links


def _moment(caller: Caller, state: CaseState) -> Any:
    return max(caller.at, from_text(state["filed_at"]))


def _written(unit: Unit, row: CaseRow, program: Program, decision: Decision) -> int:
    if decision.state is None or not decision.events:
        return 0
    write(unit, row, program, decision)
    return 1
