"""Every (state, act, actor) of every shipped case type: what the definition does not allow is refused with its reason.

The expectation is read from the definition by the plainest reading of the language, not by the engine's own outline:
a parent means what is below it, `any` everything that is open, and the deeper source wins.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.definitions.canonical import content_hash
from engine.definitions.model import Definition, StateSpec, Transition
from engine.domain.case import CaseState
from engine.machine.command import Command, Filing, PersonFacts, World
from engine.machine.decide import decide, file_case
from engine.machine.program import Program, compile_definition
from workflows import shipped
from workflows.calendar import load_calendar

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
WHO = frozenset({"FM-R101", "FM-R103", "FM-R104"})


@dataclass(frozen=True)
class Actor:
    """Somebody who is one thing only. ``means``: the names under which the definition may allow that."""

    code: str
    roles: frozenset[str]
    means: frozenset[str]
    seat: str | None = None


# ---- the plainest reading ------------------------------------------------------------------------


def leaves(states: Mapping[str, StateSpec], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path to each leaf."""
    for name, spec in states.items():
        path = (*above, name)
        if spec.states:
            yield from leaves(spec.states, path)
        else:
            yield path


def final(states: Mapping[str, StateSpec], path: tuple[str, ...]) -> bool:
    spec = states[path[0]]
    return spec.final if len(path) == 1 else final(spec.states, path[1:])


def means(names: tuple[str, ...], path: tuple[str, ...], *, open_: bool) -> int | None:
    """How deep the deepest of the names is that means this leaf; None if none does."""
    depths = [path.index(name) + 1 for name in names if name in path]
    depths += [0 for name in names if name == "any" and open_]
    return max(depths, default=None)


def allowed_here(
    states: Mapping[str, StateSpec], transitions: tuple[Transition, ...], path: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    """Trigger to who may send it where the region stands at this leaf."""
    best: dict[str, tuple[int, tuple[str, ...]]] = {}
    is_open = not final(states, path)
    for one in transitions:
        depth = means(one.source, path, open_=is_open)
        if one.trigger is None or depth is None or means(one.except_, path, open_=is_open) is not None:
            continue
        if one.trigger not in best or depth > best[one.trigger][0]:
            best[one.trigger] = (depth, one.allow)
    return {trigger: allow for trigger, (_, allow) in best.items()}


def generated(definition: Definition, path: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Acts that follow from records, clocks and parties, for a main state; acts on seats need somebody in them."""
    is_open = not final(definition.states, path)
    found: dict[str, tuple[str, ...]] = {"note": ("anyone",)}
    for name, record in definition.records.items():
        if record.by and means(record.in_, path, open_=is_open) is not None:
            found[f"add_{name}"] = record.by
    for name, clock in definition.clocks.items():
        runs = ("any",) if clock.runs_in is None else clock.runs_in
        if clock.extend and means((*runs, *clock.pauses_in), path, open_=is_open) is not None:
            found[f"extend_{name}"] = clock.extend[0].allow  # the first rung; nothing was extended yet
    filing = next(t for t in definition.transitions if t.trigger == "file")
    if is_open:
        changes = definition.parties.changes or filing.allow
        found |= dict.fromkeys(("add_party", "change_party", "party_leaves"), changes)
    return found


# ---- cases and people ----------------------------------------------------------------------------


def program_of(case_type: str) -> Program:
    definition = next(d.definition for d in shipped.definitions() if d.definition.case_type == case_type)
    return compile_definition(definition, content_hash(definition), shipped.vocabulary())


def world(actor: Actor) -> World:
    return World(
        now=NOW, calendar=load_calendar("CN"), roles=actor.roles, entered_roles=actor.roles,
        person=lambda code: PersonFacts(frozenset(), "S"),
    )  # fmt: skip


def filed(program: Program) -> CaseState:
    """With one of each party, and everybody's acts of filing open: who files does not matter here."""
    definition = program.definition
    filing = next(t for t in definition.transitions if t.trigger == "file")
    everybody = Actor("god", frozenset(shipped.vocabulary().roles), frozenset())
    parties = [{"role": role} for role in definition.parties.roles]
    command = Command(
        "file", NOW, "god", "god", parties=parties, note="it began", fields=_least(definition, filing)
    )
    about = Filing(
        "26-00001-0", definition.case_type, "V1", "S", "it began", "desk", reporter={"person": "rep"}
    )
    decision = file_case(program, about, command, world(everybody))
    assert decision.state is not None, decision.reasons
    return decision.state


def _least(definition: Definition, filing: Transition) -> dict[str, Any]:
    values = {
        "bool": True,
        "int": 1,
        "text": "x",
        "money": "1",
        "date": "2026-11-23",
        "timestamp": "2026-11-23T01:00:00Z",
    }
    asked = [definition.fields[a.name] for a in filing.asks if a.needed and a.name in definition.fields]
    names = [a.name for a in filing.asks if a.needed and a.name in definition.fields]
    return {
        n: f.options[0] if f.kind == "choice" else values.get(f.kind, "x")
        for n, f in zip(names, asked, strict=True)
    }


def actors(definition: Definition) -> Iterator[Actor]:
    words = shipped.vocabulary()
    named = {who for t in definition.transitions for who in t.allow}
    named |= {who for c in definition.clocks.values() for rung in c.extend for who in rung.allow}
    yield Actor("nobody", frozenset(), frozenset({"anyone"}))
    for role in words.roles:
        if role not in definition.seats:
            yield Actor(f"one-{role}", frozenset({role}), frozenset({role, "anyone"}))
    for who in sorted(w for w in named if "@" in w or w == "superior"):
        held = frozenset({who, who.partition("@")[0]}) if "@" in who else frozenset({who, "head"})
        yield Actor(f"one-{who}", held, held | {"anyone"})
    for seat in definition.seats:
        yield Actor(f"in-{seat}", frozenset(), frozenset({seat, "anyone"}), seat)
    for number, role in enumerate(definition.parties.roles, start=1):
        yield Actor(f"P{number}", frozenset(), frozenset({"party", role, "anyone"}))
    yield Actor("rep", frozenset(), frozenset({"reporter", "anyone"}))


def standing(state: CaseState, region: str, leaf: str, actor: Actor) -> CaseState:
    """The case set down at a leaf, with the actor in their seat."""
    seats: dict[str, Any] = dict(state["seats"])
    if actor.seat is not None:
        seats[actor.seat] = [{"person": actor.code, "since": state["filed_at"], "accepted": True}]
    return {**state, "states": {**state["states"], region: leaf}, "seats": seats}


# ---- the test ------------------------------------------------------------------------------------


@pytest.mark.parametrize("case_type", shipped.CASE_TYPES)
def test_what_is_not_allowed_is_refused_with_its_reason(case_type: str) -> None:
    program = program_of(case_type)
    definition, state = program.definition, filed(program)
    everybody = list(actors(definition))
    checked = 0
    for region, states, transitions in definition.regions():
        triggers = {t.trigger for t in transitions if t.trigger not in (None, "file")}
        for path in leaves(states):
            may = allowed_here(states, transitions, path)
            made = generated(definition, path) if region == "main" else {}
            for actor in everybody:
                here = standing(state, region, path[-1], actor)
                for act in sorted({*triggers, *made}, key=str):
                    allow = may.get(str(act), made.get(str(act)))
                    found = _codes(program, here, str(act), actor)
                    _judge(allow, found, actor, (path[-1], act))
                    checked += 1
    assert checked > 20 * len(everybody)


def _running(state: CaseState, clock: str) -> CaseState:
    """With a run of the clock that an act would extend."""
    run: Any = {
        "name": clock, "run": 99, "kind": "limit", "start": state["filed_at"], "within": "5 cd", "pauses": [],
        "extensions": [], "rolls": True, "ends": "midnight", "status": "running", "fired": {}, "marks": {},
        "due": "2026-11-28T16:00:00Z", "due_date": "2026-11-28",
    }  # fmt: skip
    return {**state, "clocks": [run]}


def _codes(program: Program, state: CaseState, act: str, actor: Actor) -> set[str]:
    if act.startswith("extend_") and act not in program.outline.triggers:
        state = _running(state, act.removeprefix("extend_"))
    command = replace(Command(act, NOW, actor.code, actor.code), item="P1" if act == "party_leaves" else None)
    decision = decide(program, state, 1, command, world(actor))
    return {reason.code for reason in decision.reasons}


def _judge(allow: tuple[str, ...] | None, found: set[str], actor: Actor, where: tuple[Any, ...]) -> None:
    if allow is None:
        assert "FM-R201" in found, (where, actor.code, found)
    elif actor.means.isdisjoint(allow):
        assert found & WHO, (where, actor.code, allow, found)
    else:
        assert not found & {"FM-R101", "FM-R201"}, (where, actor.code, allow, found)
