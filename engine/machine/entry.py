"""Old cases from a register: filed and set down in a mapped state, without effects and marked as imported.

Nothing is told to anybody and nothing follows. Clocks run from the mapped times and judge silently, unless the
register is brought in live.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.definitions.outline import MAIN
from engine.domain.errors import Reason
from engine.domain.instant import to_text
from engine.machine import timing
from engine.machine.command import Command, Decision, Filing, Halt, World
from engine.machine.decide import blank
from engine.machine.draft import Draft
from engine.machine.intake import Intake
from engine.machine.move import entered
from engine.machine.program import UNFILED, Program


@dataclass(frozen=True, slots=True)
class Stand:
    """Where the case stood from an instant on; ``outcome`` for a final state."""

    state: str
    at: datetime
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One old case. ``stands`` in the order of time, the last one is where it stands now."""

    filing: Filing
    filed_at: datetime
    by: str
    stands: Sequence[Stand]
    fields: Mapping[str, Any] = field(default_factory=dict)
    parties: Sequence[Mapping[str, Any]] = ()
    reached: Mapping[str, datetime] = field(default_factory=dict)
    live: bool = False


def enter(program: Program, entry: Entry, world: World) -> Decision:
    """The imported case, or why its values do not fit."""
    draft = Draft(program, None, world, 0)
    draft.silent, draft.entering = not entry.live, True
    try:
        _file(draft, entry)
        for stand in entry.stands:
            _stand(draft, entry, stand)
    except Halt as halt:
        return Decision(None, reasons=halt.reasons)
    return Decision(draft.state, tuple(draft.events))


def _file(draft: Draft, entry: Entry) -> None:
    command = Command("file", entry.filed_at, entry.by, entry.by, fields=entry.fields)
    event = draft.begin("file", command, kind="import")
    draft.emit(do="file", case=blank(draft.program, entry.filing, event["at"], entry.by))
    draft.begin_facts("file", command)
    intake = Intake(draft, command)
    for index, party in enumerate(entry.parties):
        intake.party(party, f"/parties/{index}")
    intake.fields()
    for name, at in entry.reached.items():
        draft.emit(do="reached", milestone=name, at=to_text(at))
    reasons: list[Reason] = intake.told("file", draft.program.definition.fields)
    if reasons:
        raise Halt(reasons)


def _stand(draft: Draft, entry: Entry, stand: Stand) -> None:
    before = draft.state["states"][MAIN]
    if before != UNFILED:
        draft.begin("enter", Command("enter", stand.at, entry.by, entry.by), kind="import")
    draft.at = stand.at
    names = entered(draft.program, before, stand.state)
    been = [name for name in names if ("been", name) in draft.program.kept]
    draft.emit(do="move", region=MAIN, **{"from": before, "to": stand.state}, entered=list(names), been=been)
    if stand.outcome is not None:
        grade = draft.program.definition.outcomes[stand.outcome].grade
        draft.emit(do="outcome", outcome=stand.outcome, grade=grade)
    timing.settle(draft, "enter")
