"""Counting the clocks of a case anew when its calendar has changed: an event like any other.

What is over stays as it was: stopped runs keep their verdict, and a due moment that has passed is not moved.
"""

from engine.domain.case import CaseState, ClockRun
from engine.domain.instant import to_text
from engine.machine import timing
from engine.machine.command import Command, Decision, World
from engine.machine.draft import Draft
from engine.machine.follow import fire_marks
from engine.machine.program import Program

RECOUNT = "recount_clocks"


def recount(program: Program, state: CaseState, version: int, command: Command, world: World) -> Decision:
    """Running clocks under the calendar of this world; no events if none of them moves.

    Marks that by the new count lie in the past fire at once, as after any re-basing.
    """
    draft = Draft(program, state, world, version)
    moved = [run for run in draft.running() if _moves(draft, run, command)]
    if not moved:
        return Decision(None)
    draft.begin(RECOUNT, command)
    for run in moved:
        timing.put(draft, run, "calendar")
    fire_marks(draft, command.at)
    return Decision(draft.state, tuple(draft.events), opens=tuple(draft.opens))


def _moves(draft: Draft, run: ClockRun, command: Command) -> bool:
    if "due" in run and run["due"] <= to_text(command.at):
        return False
    return timing.replanned(draft, run) != run
