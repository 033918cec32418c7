"""Random small definitions for property tests: nested states, branches over three facts, joins, clocks."""

from typing import Any

from hypothesis import strategies as st

from engine.definitions.model import Ask, Branch, ClockSpec, Definition

FACTS = ("b0", "b1", "b2")
CONDITIONS = ("b0", "!b1", "b0 && b2", "b1 || !b2", "!b0 && !b2")
TRIGGERS = ("go", "turn", "rest", "leap")


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    """At most five outer states with at most three children each, and one final state `done`."""
    states: dict[str, Any] = {}
    names: list[str] = []
    for n in range(draw(st.integers(1, 5))):
        children = {f"s{n}_{c}": {} for c in range(draw(st.integers(0, 3)))}
        states[f"s{n}"] = {"states": children} if len(children) > 1 else {}
        names += [f"s{n}", *(children if len(children) > 1 else ())]
    states["done"] = {"final": True}
    transitions = [{"trigger": "file", "dest": [{"to": "s0"}], "allow": ["anyone"]}]
    transitions += draw(st.lists(_transition([*names, "done"]), min_size=1, max_size=8))
    return Definition.model_validate(
        {
            "case_type": "random",
            "title": "Random",
            "version": "1",
            "basis": "none",
            "effective": {"from_": "2000-01-01"},
            "calendar": "CN",
            "parties": {"roles": {"claimant": {}}},
            "fields": {name: {"kind": "bool", "default": False, "has_default": True} for name in FACTS},
            "states": states,
            "outcomes": {"over": {"grade": "procedural"}},
            "transitions": transitions,
        }
    )


@st.composite
def _transition(draw: st.DrawFn, names: list[str]) -> dict[str, Any]:
    source = draw(st.lists(st.sampled_from([*names, "any"]), min_size=1, max_size=2, unique=True))
    excepted = draw(st.lists(st.sampled_from(names), max_size=1))
    branches = [
        {"when": draw(st.sampled_from(CONDITIONS)), "to": draw(_goal(names))}
        for _ in range(draw(st.integers(0, 2)))
    ]
    if draw(st.booleans()) or not branches:
        branches.append({"to": draw(_goal(names))})
    return {
        "trigger": draw(st.sampled_from(TRIGGERS)),
        "source": source,
        "except_": excepted,
        "dest": branches,
        "allow": ["anyone"],
        "outcome": ["over"],
    }


def _goal(names: list[str]) -> st.SearchStrategy[str]:
    return st.sampled_from([*names, "stay", "back"])


@st.composite
def timed(draw: st.DrawFn) -> Definition:
    """The same, whose acts may state the facts and whose clocks act by themselves, some more than once.

    A branch of every act is always open: what a clock fires must have somewhere to go.
    """
    made = draw(definitions())
    asks = tuple(Ask(name=name, mark="?") for name in FACTS)
    moves = [t.model_copy(update={"asks": asks}) for t in made.transitions[1:]]
    moves = [t.model_copy(update={"allow": (*t.allow, "system"), "dest": (*t.dest, Branch())}) for t in moves]
    clocks = {name: draw(_clock([*made.states])) for name in draw(st.sampled_from([["c0"], ["c0", "c1"]]))}
    return made.model_copy(update={"transitions": (made.transitions[0], *moves), "clocks": clocks})


@st.composite
def _clock(draw: st.DrawFn, states: list[str]) -> ClockSpec:
    runs_in = draw(st.none() | st.lists(st.sampled_from(states), min_size=1, max_size=2, unique=True))
    fires = [{"verb": "fire", "trigger": trigger} for trigger in TRIGGERS]
    return ClockSpec.model_validate({
        "within": draw(st.sampled_from(["1 cd", "2 wd", "5 cd"])),
        "kind": draw(st.sampled_from(["limit", "wait"])),
        "runs_in": runs_in,
        "restarts_on": draw(st.lists(st.sampled_from(TRIGGERS), max_size=1)),
        "at": {mark: draw(st.lists(st.sampled_from(fires), max_size=1)) for mark in ("50%", "due")},
    })  # fmt: skip
