"""Cases that an act or a mark opens: filed by their own `file`, numbered and linked in the same commit.

What cannot be opened is put before the decision again, which then refuses or leaves an incident.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from engine.domain.case import CaseState
from engine.domain.errors import Reason
from engine.domain.reference import make
from engine.machine.command import SYSTEM, Command, Decision, Filing, NewCase, Opening, Origin, World
from engine.machine.decide import file_case as decide_filing
from engine.machine.opening import referred
from engine.machine.program import Program
from engine.persistence.case_store import CaseWrite, insert_case, next_serial
from engine.persistence.unit import Unit
from engine.service import law
from engine.service.caller import Caller
from engine.service.directory import around
from engine.service.hiding import hidden_from
from engine.service.served import attach
from engine.service.summary import summarise
from engine.service.today import today
from engine.service.world import gather_for_filing

DEPTH = 3  # a case that opens a case that opens a case: further ones are a loop between definitions
Against = Mapping[str, Sequence[Reason]]  # case type to why none can be opened
UNSERVED = ""  # no unit serves the place


def decided(
    unit: Unit, caller: Caller, world: World, decide: Callable[[World], Decision], *, depth: int = 0
) -> Decision:
    """The decision, with the cases that it opens in the store. ``decide`` is asked anew for each type that fails."""
    against: dict[str, Sequence[Reason]] = {}
    while True:
        decision = decide(_telling(unit, world, against))
        if not decision.opens or decision.state is None:
            return decision
        failed = {
            o.case_type: r for o in decision.opens if (r := _refusal(unit, caller, decision.state, o, depth))
        }
        if not failed:
            return _opened(unit, caller, decision, depth)
        against |= failed


def _telling(unit: Unit, world: World, against: Against) -> World:
    def opens(case_type: str) -> Sequence[Reason]:
        return against.get(case_type) or _not_in_force(unit, case_type, world.now)

    return replace(world, opens=opens)


def _not_in_force(unit: Unit, case_type: str, at: datetime) -> Sequence[Reason]:
    if law.in_force(unit, case_type, at.date()):
        return ()
    return [replace(r, kind="state") for r in law.not_in_force(unit, case_type, at.date()).reasons]


def _refusal(unit: Unit, caller: Caller, state: CaseState, opening: Opening, depth: int) -> Sequence[Reason]:
    """Why the new case would refuse to be filed."""
    if depth >= DEPTH:
        return [Reason("FM-R214", {"case_type": opening.case_type}, "state")]
    program, filing, command, world = _filing(unit, caller, state, opening)
    return decide_filing(program, filing, command, _telling(unit, world, {})).reasons


def _opened(unit: Unit, caller: Caller, decision: Decision, depth: int) -> Decision:
    assert decision.state is not None  # noqa: S101 - only of decisions that moved
    refs: dict[str, str] = {}
    opened: list[NewCase] = []
    for opening in decision.opens:
        program, filing, command, world = _filing(unit, caller, decision.state, opening)
        ref = str(make(command.at.year % 100, next_serial(unit, command.at.year)))
        named = replace(filing, ref=ref)

        def file(
            around: World, named: Filing = named, command: Command = command, program: Program = program
        ) -> Decision:
            return decide_filing(program, named, command, around)

        new = decided(unit, caller, world, file, depth=depth + 1)
        assert new.state is not None  # noqa: S101 - it was asked before whether it would be refused
        summary = summarise(program, new.state, new.events)
        events = attach(unit, program, new.state, new.events)
        hidden = hidden_from(unit, program, None, new.state, events)
        insert_case(unit, CaseWrite(None, new.state, events, summary, beside=hidden))
        refs[opening.place] = ref
        opened += [NewCase(program, new.state, new.events), *new.opened]
    return replace(referred(decision, refs), opened=tuple(opened))


def _filing(
    unit: Unit, caller: Caller, state: CaseState, opening: Opening
) -> tuple[Program, Filing, Command, World]:
    """How the engine files the new case: at the same place, told in the words of the old one."""
    day = today(unit, caller)
    program = law.active(unit, opening.case_type, day)
    home = around(unit, state["place"], function=opening.case_type, on=day).home
    fields = program.definition.fields
    carried = {name: value for name, value in opening.fields.items() if name in fields}
    filing = Filing(
        ref="",
        case_type=opening.case_type,
        place=state["place"],
        unit=home.code if home else UNSERVED,
        what=state["what"],
        channel=state["channel"],
        reporter=None if opening.splits else state.get("reporter"),
        origin=Origin(opening.back, state["ref"], opening.parties, carried),
    )
    command = Command("file", caller.at, SYSTEM, caller.person or SYSTEM, caller.identity, note=state["what"])
    return program, filing, command, gather_for_filing(unit, caller, program, filing, command)
