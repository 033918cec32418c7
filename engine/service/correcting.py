"""Corrections of what was entered: an act told otherwise, or taken back. Both values stay in the history (U5)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.domain.errors import NotFound, UsageError, refused
from engine.domain.instant import to_text, whole
from engine.machine.believed import as_corrected, believed
from engine.machine.command import Command, Decision
from engine.machine.correct import CORRECT, TAKEN_BACK, Amendment, amend
from engine.machine.correct import take_back as decide_take_back
from engine.machine.fold import fold
from engine.machine.program import Program
from engine.persistence import late as table
from engine.persistence.case_store import CaseRow, history
from engine.persistence.late import update
from engine.persistence.unit import Unit
from engine.service import law, opening, view
from engine.service.acting import answer_of, expect
from engine.service.caller import Answer, Caller
from engine.service.case import get_case
from engine.service.cover import answered, cover
from engine.service.once import keyed
from engine.service.summary import reached
from engine.service.titles import corrected
from engine.service.words import words_of
from engine.service.world import gather
from engine.service.writing import write


@keyed
def correct(
    unit: Unit,
    caller: Caller,
    *,
    ref: str,
    seq: int,
    reason: str,
    set: Mapping[str, Any] | None = None,  # noqa: A002 - the word that people type
    records: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    at: datetime | None = None,
    take_back: bool = False,
    done_by: str | None = None,
    if_version: int | None = None,
) -> Answer:
    """Act number ``seq`` told otherwise: what it set, what it recorded, or when it happened; or taken back, as long as
    nothing was built on it. A correction always has a reason, and says which of the two it is."""
    if not (reason or "").strip():
        raise UsageError("FM-U240")
    if take_back == bool(set or records or at):
        raise UsageError("FM-U248", n=seq)
    row = get_case(unit, caller, ref)
    expect(unit, caller, row, if_version)
    program = law.program(unit, row.definition)
    amendment = Amendment(dict(set or {}), _by_item(records or {}), whole(at) if at else None)
    if take_back:
        return undo(unit, caller, row, program, seq, reason=reason, done_by=done_by)
    command = _command(caller, CORRECT, reason, done_by)
    told = [held.event for held in history(unit, row.id)]
    _numbered(row, told, seq)
    now = as_corrected(told, seq)
    if now is None:
        raise UsageError("FM-U241", ref=row.ref, n=seq)
    world = gather(unit, caller, program, row.body, command)
    decision = opening.decided(
        unit,
        caller,
        world,
        lambda around: amend(program, row.body, row.version, now, amendment, command, around),
    )
    return _written(unit, caller, row, program, decision, seq, told)


def undo(
    unit: Unit,
    caller: Caller,
    row: CaseRow,
    program: Program,
    seq: int,
    *,
    reason: str,
    done_by: str | None = None,
) -> Answer:
    """The case as it was before the act; FM-R409 if another was built on it."""
    told = [held.event for held in history(unit, row.id)]
    _numbered(row, told, seq)
    command = _command(caller, TAKEN_BACK, reason, done_by)
    if seq not in {e["seq"] for e in believed(told)}:
        raise UsageError("FM-U241", ref=row.ref, n=seq)
    if seq == 1:
        raise UsageError("FM-U242", ref=row.ref)
    world = gather(unit, caller, program, row.body, command)
    before, later = fold(told[: seq - 1]), told[seq - 1 :]
    decision = opening.decided(
        unit,
        caller,
        world,
        lambda around: decide_take_back(program, row.body, row.version, later, before, command, around),
    )
    answer = _written(unit, caller, row, program, decision, seq, told)
    _yes_withdrawn(unit, caller, row, seq, reason)
    return answer


def _yes_withdrawn(unit: Unit, caller: Caller, row: CaseRow, seq: int, reason: str) -> None:
    """If a yes had done the act, the request says that it was taken back."""
    approval = table.columns_of(table.Approval)
    mine = (approval.c.case_id == row.id, approval.c.seq == seq, approval.c.status == "granted")
    said = {"status": "withdrawn", "decided_by": caller.name, "decided_at": caller.at, "reason": reason}
    unit.execute(update(approval).where(*mine).values(**said))


def _by_item(records: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Mapping[str, Any]]:
    """Each item once; what was sent for it more than once, the last word holds."""
    return {name: {k: v for item in items for k, v in item.items()} for name, items in records.items()}


def _command(caller: Caller, trigger: str, reason: str, done_by: str | None) -> Command:
    actor = done_by or caller.name
    return Command(trigger, whole(caller.now), actor, caller.name, caller.identity, note=reason)


def _numbered(row: CaseRow, told: Sequence[Any], seq: int) -> Any:
    if not 1 <= seq <= len(told):
        raise NotFound("FM-N035", kind="usage", ref=row.ref, n=seq, last=len(told))
    return told[seq - 1]


def _written(
    unit: Unit,
    caller: Caller,
    row: CaseRow,
    program: Program,
    decision: Decision,
    seq: int,
    told: Sequence[Any],
) -> Answer:
    if decision.reasons:
        raise refused(decision.reasons)
    before = reached(program, believed(told))
    after = reached(program, believed([*told, *decision.events]))
    names = sorted(name for name in {**before, **after} if before.get(name) != after.get(name))
    answer = answered(unit, caller, decision, answer_of(program, decision, caller.lang, row.version))
    write(unit, row, program, decision)
    changes = _changes(program, decision.events[0], caller.lang)
    mine = caller.person in (told[seq - 1]["actor"], told[seq - 1]["entered_by"])
    return {
        **answer,
        "corrects": seq,
        "changes": changes if mine else cover(unit, caller, row.body).corrected(changes),
        "measures": [
            {"name": name, "before": _time(before.get(name)), "after": _time(after.get(name))}
            for name in names
        ],
        "told_then": _told_then(told, seq),
    }


def _changes(program: Program, event: Mapping[str, Any], lang: str) -> list[dict[str, Any]]:
    """What was, what is, as :func:`engine.service.titles.corrected` tells it."""
    said = next((c for c in event["changes"] if c["do"] == "corrected"), None)
    if said is None:
        return []
    return corrected(words_of(program, lang), said["before"], said["after"])


def _time(at: datetime | None) -> str | None:
    return to_text(at) if at else None


def _told_then(told: Sequence[Any], seq: int) -> list[dict[str, Any]]:
    """Whom the act had told something: that cannot be unsaid, only corrected."""
    return [dict(entry) for entry in told[seq - 1].get("told", ())]


def list_corrections(unit: Unit, caller: Caller, *, ref: str) -> Answer:
    """Every correction of a case, the first first: which act, what was, what is, by whom and why."""
    row = get_case(unit, caller, ref)
    program = law.program(unit, row.definition)
    rows, shown = [], cover(unit, caller, row.body)
    for held in history(unit, row.id):
        event = held.event
        about = next((c for c in event["changes"] if c["do"] in ("corrected", "restore")), None)
        if about is not None:
            said = shown.event(view.event(program, event, caller.lang))
            changes = shown.corrected(_changes(program, event, caller.lang))
            rows.append({**said, "corrects": about["seq"], "changes": changes})
    about = {"ref": row.ref, "version": row.version}
    return {**about, "items": rows, "count": len(rows), "next": None, "as_of": to_text(caller.at)}
