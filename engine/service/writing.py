"""Putting a decision into the store, in one piece."""

from datetime import datetime

from engine.machine.believed import believed, corrected
from engine.machine.command import Decision
from engine.machine.program import Program
from engine.persistence.case_store import CaseRow, CaseWrite, KeyWrite, Summary, history, save_case
from engine.persistence.stored import Anew
from engine.persistence.unit import Unit
from engine.service.erasing import erase
from engine.service.hiding import hidden_from
from engine.service.served import attach
from engine.service.summary import arrived, summarise


def write(
    unit: Unit, row: CaseRow, program: Program, decision: Decision, key: KeyWrite | None = None
) -> None:
    """Store a decision that moved the case; if somebody wrote in between, the whole work runs again."""
    assert decision.state is not None  # noqa: S101 - a decision without reasons has a state
    assert not decision.opens  # noqa: S101 - engine.service.opening has opened them, and put references in their place
    events = attach(unit, program, decision.state, decision.events)
    if program.erases:
        events = erase(unit, row, events)
    summary = summarise(program, decision.state, events)
    hidden = hidden_from(unit, program, row.body, decision.state, events)
    if corrected(decision.events):
        summary, anew = _told_anew(unit, row, program, decision)
        save_case(unit, row, CaseWrite(row.body, decision.state, events, summary, key, anew, hidden))
        return
    if summary.closed_at is None and not summary.open:
        summary = summary._replace(closed_at=row.closed_at)
    save_case(unit, row, CaseWrite(row.body, decision.state, events, summary, key, beside=hidden))


def _told_anew(unit: Unit, row: CaseRow, program: Program, decision: Decision) -> tuple[Summary, Anew]:
    """What is told of a case whose history was corrected, worked out from all of it as it is believed now."""
    assert decision.state is not None  # noqa: S101 - see above
    told = [held.event for held in history(unit, row.id)] + list(decision.events)
    events = believed(told)
    reached: dict[str, tuple[datetime, datetime]] = {}
    for event in events:
        for name, at in summarise(program, decision.state, [event]).milestones.items():
            first, last = reached.get(name, (at, at))
            reached[name] = (min(first, at), max(last, at))
    gone = [name for name in program.definition.milestones if name not in reached]
    return summarise(program, decision.state, events), Anew(arrived(events), reached, gone)
