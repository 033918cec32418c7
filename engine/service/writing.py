"""Putting a decision into the store, in one piece."""

from engine.machine.command import Decision
from engine.machine.program import Program
from engine.persistence.case_store import CaseRow, CaseWrite, KeyWrite, save_case
from engine.persistence.unit import Unit
from engine.service.summary import summarise


def write(
    unit: Unit, row: CaseRow, program: Program, decision: Decision, key: KeyWrite | None = None
) -> None:
    """Store a decision that moved the case; if somebody wrote in between, the whole work runs again."""
    assert decision.state is not None  # noqa: S101 - a decision without reasons has a state
    summary = summarise(program, decision.state, decision.events)
    if summary.closed_at is None and not summary.open:
        summary = summary._replace(closed_at=row.closed_at)
    save_case(unit, row, CaseWrite(row.body, decision.state, decision.events, summary, key))
