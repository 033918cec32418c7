"""What a decision looks up, keeps or leaves out against the same worked out in full, on random lives."""

import marshal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definitions.outline import MAIN
from engine.domain.case import CaseState
from engine.machine.command import SYSTEM
from engine.machine.fold import apply
from engine.machine.move import open_acts
from engine.machine.program import Program
from engine.rules.expression import Expression
from engine.rules.facts import Extra, Facts, build
from tests.support.walk import Walk
from workflows.calendar import load_calendar
from workflows.shipped import CASE_TYPES

steps = st.lists(st.integers(0, 2**32 - 1), min_size=10, max_size=40)
starts = st.fixed_dictionaries({
    "sides": st.sampled_from([2, 3, 1, 0]),
    "eager": st.sampled_from([0.6, 0.95]),
    "calm": st.sampled_from([10, 40]),
})  # fmt: skip
for_each_type = pytest.mark.parametrize("case_type", CASE_TYPES)
few = settings(max_examples=max(5, settings().max_examples // 8))


@for_each_type
@few
@given(steps=steps, start=starts)
def test_what_is_kept_of_a_case_is_what_would_be_made_anew(
    case_type: str, steps: list[int], start: dict[str, Any]
) -> None:
    """One Facts kept through a whole life, an expression given only what it reads, values remembered."""
    walk = Walk(case_type, **start)
    for step in steps:
        walk.step(step)
    state: Any = {}
    kept: Facts | None = None
    around = _around(walk)
    for event in walk.events:
        for change in event["changes"]:
            apply(state, change, event["at"], event["actor"])
        kept = kept or build(state, walk.program.schema, extra=around)
        everything = dict(build(state, walk.program.schema, extra=around))
        for expression in _plain(walk.program):
            assert expression.evaluate(kept) == expression.evaluate(everything), (expression.text, event)


def _around(walk: Walk) -> Extra:
    world = walk.world("off-05")
    return Extra(
        now=walk.now,
        zone=load_calendar("CN").zone,
        actor={"id": "off-05", "roles": sorted(world.roles)},
        act={"trigger": "note", "at": walk.now, "note": "n"},
        params=walk.program.params,
        persons=world.person,
    )


def _plain(program: Program) -> list[Expression]:
    """Expressions whose value hangs on nothing but what they are given."""
    expressions = [program.expression(key) for key in program.texts if key[2] is None]
    return [e for e in expressions if e.want != "value:date" and not e.worldly]


@for_each_type
@few
@given(steps=steps, start=starts)
def test_every_clock_is_where_the_case_says_and_every_open_act_is_open(
    case_type: str, steps: list[int], start: dict[str, Any]
) -> None:
    walk = Walk(case_type, **start)
    for step in steps:
        walk.step(step)
        check_clocks(walk)
        assert open_acts(walk.program, walk.state)[: len(written(walk))] == written(walk)


def check_clocks(walk: Walk) -> None:
    """Each clock of the definition, not only those that were looked at."""
    program, state = walk.program, walk.state
    for name, spec in program.definition.clocks.items():
        for item in _items(program, state, spec.per):
            runs = [r for r in state["clocks"] if r["name"] == name and r.get("item") == (item and item[1])]
            newest = max(runs, key=lambda run: run["run"])["status"] if runs else "stopped"
            wanted = _wanted(walk, name, item)
            # where clocks pause none begins: what was not running before has nothing to pause
            assert newest == wanted or (wanted, newest) == ("paused", "stopped"), (name, item, walk.leaf)


def _items(program: Program, state: CaseState, per: str | None) -> list[tuple[str, str] | None]:
    if per is None:
        return [None]
    if per == "party":
        return [(per, party["no"]) for party in state["parties"] if party["active"]]
    lasts = program.definition.records[per].lasts == "case"
    return [
        (per, r["id"])
        for r in state["records"]
        if r["kind"] == per and (lasts or r["cycle"] == state["cycle"])
    ]


def _living(walk: Walk) -> dict[str, str]:
    states = walk.state["states"]
    return {MAIN: states[MAIN]} if walk.closed else states


def _wanted(walk: Walk, name: str, item: tuple[str, str] | None) -> str:
    outline, spec = walk.program.outline, walk.program.definition.clocks[name]
    held = set(_living(walk).values())
    if held & set(outline.spread(spec.pauses_in)):
        return "paused"
    if not held & (outline.open_leaves if spec.runs_in is None else set(outline.spread(spec.runs_in))):
        return "stopped"
    if spec.while_ is None:
        return "running"
    facts = build(walk.state, walk.program.schema, item=item, extra=_around(walk))
    condition = walk.program.condition(spec.while_, item and item[0])
    return "running" if condition.evaluate(facts) is True else "stopped"


def written(walk: Walk) -> list[str]:
    """Triggers with an edge from where their region stands, in file order, but for those of the engine alone."""
    outline, held = walk.program.outline, _living(walk)
    return [
        trigger
        for trigger, (region, _) in outline.triggers.items()
        if (edge := outline.moves.get((held.get(region, ""), trigger)))
        and set(edge.transition.allow) != {SYSTEM}
    ]


@for_each_type
@few
@given(steps=steps, start=starts)
def test_no_decision_alters_what_it_was_given_or_what_was_decided_before(
    case_type: str, steps: list[int], start: dict[str, Any]
) -> None:
    walk = Walk(case_type, **start)
    history: list[bytes] = []
    for step in steps:
        history += [marshal.dumps(event) for event in walk.events[len(history) :]]
        before, state = walk.state, marshal.dumps(walk.state)
        walk.step(step)
        assert marshal.loads(state) == before  # noqa: S302 - dumped above
    assert [marshal.loads(text) for text in history] == walk.events[: len(history)]  # noqa: S302
