"""A case that is closed lets go of one that was joined to it, and passes it on to where it went itself.

Closed cases are sent nothing else. What was joined to this one is one with the case that this one was joined to, so
that has to give up its deadlines; and what this case keeps for its own parting must not hold them any more.
"""

from engine.definitions.model import FireEffect, NoticeEffect
from engine.domain.case import CaseState, Kept
from engine.machine import joining
from engine.machine.command import Carried, Command, Decision, Halt, World
from engine.machine.draft import Draft
from engine.machine.effect import run_effects
from engine.machine.program import Program


def released(
    program: Program, state: CaseState, version: int, command: Command, world: World
) -> Decision | None:
    """None where the case is not closed, or what is asked is no parting."""
    given = command.carried
    if (
        given is None
        or given.deadlines != "part"
        or not program.outline.leaves[state["states"]["main"]].final
    ):
        return None
    draft = Draft(program, state, world, version)
    try:
        draft.begin(command.trigger, command)
        _release(draft, given, command.trigger)
    except Halt as halt:
        return Decision(None, reasons=halt.reasons)
    return Decision(draft.state, tuple(draft.events))


def _release(draft: Draft, given: Carried, trigger: str) -> None:
    for transition in draft.program.outline.triggers.get(trigger, ("", ()))[1]:
        run_effects(draft, [one for one in transition.effects if isinstance(one, NoticeEffect)])
        break
    if any(link["kind"] == given.link and link["ref"] == given.ref for link in draft.state["links"]):
        draft.emit(do="unlink", kind=given.link, ref=given.ref)
    kept = draft.state.get("kept")
    if kept is None:
        return
    if any(joining.came_with(run, given.ref) for run in kept["clocks"]):
        clocks = [
            joining.parted(draft, run, given.ref)
            if run["status"] != "stopped" and joining.came_with(run, given.ref)
            else run
            for run in kept["clocks"]
        ]
        draft.emit(do="keep_clocks", clocks=clocks)
    _pass_on(draft, kept, given.ref)


def _pass_on(draft: Draft, kept: Kept, ref: str) -> None:
    """The case that this one was joined to is asked by the act that undoing would ask it by."""
    for _, transitions in draft.program.outline.triggers.values():
        for transition in transitions:
            if kept["act"] not in transition.undoes:
                continue
            for effect in transition.effects:
                if isinstance(effect, FireEffect) and effect.deadlines == "part":
                    refs = [link["ref"] for link in draft.state["links"] if link["kind"] == effect.on]
                    if refs:
                        draft.emit(
                            do="relay",
                            trigger=effect.trigger,
                            on=effect.on,
                            refs=refs,
                            deadlines="part",
                            of=ref,
                        )
