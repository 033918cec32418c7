"""An open case goes on under another text of its type: an event like any other, with a reason and a plan.

Everything the case holds has to have a place in the other text, else it stays where it is and says why. Clocks keep
their start and their pauses and are counted by the other text's lengths; what it does not know stops without a
verdict, what it wants begins now.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.definitions.model import FieldSpec
from engine.definitions.outline import MAIN
from engine.domain.case import CaseState, ClockRun
from engine.domain.clock import rebase
from engine.domain.errors import Reason
from engine.machine import timing
from engine.machine.command import Command, Decision, Halt, World
from engine.machine.draft import Draft
from engine.machine.follow import fire_marks, follow
from engine.machine.program import Program

MIGRATE = "migrate"


def migrate(
    program: Program, state: CaseState, version: int, plan: Mapping[str, str], command: Command, world: World
) -> Decision:
    """The case under ``program``. ``plan``: a state's name in the old text to its name in the new one; states that
    are not named keep theirs. FM-R420 for each thing that has no place."""
    against = list(_orphans(program, state, plan))
    if against:
        return Decision(None, reasons=tuple(against))
    draft = Draft(program, state, world, version)
    try:
        draft.begin(MIGRATE, command)
        states = _states(program, state, plan)
        gone = sorted(set(state["states"]) - set(states))
        draft.emit(do="migrate", was=state["definition"], definition=program.hash, states=states, gone=gone)
        for run in draft.running():
            _carry(draft, run)
        timing.settle(draft, MIGRATE)
        follow(draft, command)
        fire_marks(draft, command.at)
    except Halt as halt:
        return Decision(None, reasons=halt.reasons)
    return Decision(draft.state, tuple(draft.events), opens=tuple(draft.opens))


def _states(program: Program, state: CaseState, plan: Mapping[str, str]) -> dict[str, str]:
    """Each region's leaf: mapped or the same; a track that is new begins."""
    found = {}
    for name, region in program.outline.regions.items():
        held = state["states"].get(name)
        found[name] = plan.get(held, held) if held is not None else region.initial
    return found


def _carry(draft: Draft, run: ClockRun) -> None:
    """A running clock under the other text: counted anew from its own start, or ended where it is not known."""
    spec = draft.program.definition.clocks.get(run["name"])
    at = draft.events[-1]["at"]
    if spec is None or (spec.per is None) != ("item" not in run) or (spec.until is None) != ("within" in run):
        pauses = run["pauses"]
        if run["status"] == "paused":
            pauses = [*pauses[:-1], [pauses[-1][0], at]]
        ended: ClockRun = {**run, "pauses": pauses, "status": "stopped", "stopped": at}
        draft.emit(do="clock", why=MIGRATE, run=ended)
        return
    rolls = draft.world.calendar.rolls if spec.rolls is None else spec.rolls
    moved: ClockRun = {**run, "kind": spec.kind, "ends": spec.ends, "rolls": rolls}
    if spec.within is not None:
        moved = rebase(moved, timing.resolve(draft, spec.within, f"clock {run['name']}"))
    made = timing.replanned(draft, moved)
    if made != run:
        draft.emit(do="clock", why=MIGRATE, run=made)


# ---- what has no place ---------------------------------------------------------------------------


def _orphans(program: Program, state: CaseState, plan: Mapping[str, str]) -> Iterator[Reason]:
    for what, name in _strangers(program, state, plan):
        yield Reason("FM-R420", {"what": what, "name": name}, "state")


def _strangers(program: Program, state: CaseState, plan: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(kind of thing, its name) of all that the other text does not know."""
    definition = program.definition
    yield from _homeless(program, state, plan)
    for name, value in state["fields"].items():
        yield from _value("field", name, definition.fields.get(name), value)
    for party in state["parties"]:
        if party["role"] not in definition.parties.roles:
            yield "party role", party["role"]
        for name, value in party["fields"].items():
            yield from _value("field of parties", name, definition.parties.fields.get(name), value)
    for item in state["records"]:
        record = definition.records.get(item["kind"])
        if record is None:
            yield "record", item["kind"]
            continue
        for name, value in item["fields"].items():
            yield from _value(f"field of {item['kind']}", name, record.fields.get(name), value)


def _homeless(program: Program, state: CaseState, plan: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """States without a state to go to, and seats."""
    regions = program.outline.regions
    for region, leaf in state["states"].items():
        to = plan.get(leaf, leaf)
        if region in regions and to not in regions[region].leaves:
            yield "state", leaf
        elif region == MAIN and program.outline.leaves[to].final:
            yield "open state", to
    for seat, holders in state["seats"].items():
        if holders and seat not in program.outline.seats:
            yield "seat", seat


def _value(what: str, name: str, spec: FieldSpec | None, value: Any) -> Iterator[tuple[str, str]]:
    if spec is None:
        yield what, name
    elif spec.kind in ("choice", "choices"):
        for option in value if isinstance(value, list) else [value]:
            if option not in spec.options:
                yield f"option of {name}", str(option)
    elif not _fits(spec.kind, value):
        yield f"{what}, which is {spec.kind} there", name


def _fits(kind: str, value: Any) -> bool:
    if kind == "bool":
        return isinstance(value, bool)
    if kind == "int":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, list) if kind in ("parties", "persons") else isinstance(value, str)
