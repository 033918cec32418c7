"""A workflow coloured by the time spent in each state, with how many are there now and how often each act led on."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from engine.analytics.chart.heading import Heading
from engine.analytics.chart.look import HEAT
from engine.analytics.chart.model import Axis, Chart, Flow, Move, State
from engine.analytics.chart.scale import span
from engine.definitions.drawing import Happened, picture
from engine.definitions.wording import Wording

NOWHERE = Axis("", "rank", 0, 1, ())


def flow_chart(
    wording: Wording,
    states: Sequence[Mapping[str, Any]],
    moves: Sequence[Mapping[str, Any]],
    head: Heading,
    *,
    measure: str = "",
    title: str = "",
) -> Chart:
    """``states[]``: ``state`` (a leaf), ``n_open`` there now, ``spent_s``: how long cases stay, null where nobody left;
    of final states neither is told.
    ``moves[]``: ``trigger`` (of what happens by itself its name), ``from``, ``to`` (leaves), ``n``.
    ``measure``: what ``spent_s`` is, "half leave by" where nothing is said. States that are not given count as empty.
    """
    measure = measure or head.word("half_leave")
    found = {state["state"]: state for state in states}
    most = max(
        (state["spent_s"] for state in states if state.get("spent_s") and not _final(wording, state)),
        default=0,
    )
    levels = tuple(most / 2**n for n in range(len(HEAT) - 1, 0, -1)) if most else ()
    made = [_state(wording, name, found.get(name, {}), levels) for name in wording.outline.leaves]
    counted = Counter[tuple[str, str, str]]()
    for move in moves:
        counted[move["trigger"], move["from"], move["to"]] += move["n"]
    titles = _titles(wording)
    done = [
        Move(act, titles.get(act, act), source, target, n) for (act, source, target), n in counted.items()
    ]
    happened = Happened(
        {state.id: HEAT[state.level] for state in made if state.level is not None},
        {
            state.id: _notes(state, head, measure)
            for state in made
            if state.n_open or state.spent_s is not None
        },
        counted,
    )
    any_ = any(state.n_open or state.spent_s is not None for state in made) or any(move.n for move in done)
    return Chart(
        "flow",
        head.lang,
        title or head.word("flow", case_type=wording.case_type()),
        head.subtitle,
        NOWHERE,
        NOWHERE,
        (),
        flow=Flow(tuple(made), tuple(done), levels, measure, picture(wording, happened)),
        empty="" if any_ else head.word("empty"),
    )


def _titles(wording: Wording) -> dict[str, str]:
    """What the acts, and what happens by itself, are called."""
    every = [move for region in wording.outline.regions.values() for move in region.transitions]
    return {
        move.trigger or move.name or "": wording.transition(move) or wording.word("drawing.by_itself")
        for move in every
    }


def _state(wording: Wording, name: str, given: Mapping[str, Any], levels: Sequence[float]) -> State:
    leaf, spec = wording.outline.leaves[name], wording.outline.specs[name]
    spent = None if spec.final else given.get("spent_s")  # nobody is waited for there
    return State(
        name,
        wording.state(name),
        leaf.phase,
        leaf.path[-2] if len(leaf.path) > 1 else "",
        spec.final,
        0 if spec.final else given.get("n_open", 0),
        spent,
        None if spent is None else bisect_right(levels, spent),
    )


def _final(wording: Wording, state: Mapping[str, Any]) -> bool:
    spec = wording.outline.specs.get(state["state"])
    return spec is not None and spec.final


def _notes(state: State, head: Heading, measure: str) -> list[str]:
    notes = [head.word("flow_open", n=state.n_open)] if state.n_open else []
    if state.spent_s is not None:
        notes.append(head.word("flow_spent", measure=measure, span=span(state.spent_s, head.lang)))
    return notes
