"""A definition as a Mermaid state diagram, for pages that draw it themselves."""

from collections.abc import Iterator, Mapping

from engine.definitions.model import StateSpec, Transition
from engine.definitions.outline import MAIN
from engine.definitions.wording import Wording

_TAKEN = frozenset(
    (
        "end",
        "state",
        "note",
        "class",
        "classdef",
        "style",
        "default",
        "direction",
        "as",
        "hide",
        "scale",
        "click",
    )
)
_ESCAPED = str.maketrans(
    {'"': "#quot;", ";": "#59;", ":": "#58;", "#": "#35;", "<": "#lt;", ">": "#gt;", "\n": " "}
)


def mermaid(wording: Wording) -> str:
    """``stateDiagram-v2`` with nested states, the tracks as states of their own beside the main one."""
    lines = ["stateDiagram-v2", "    direction TB"]
    for region in wording.outline.regions.values():
        drawn = [*_states(wording, region.states), *_moves(wording, region.name)]
        if region.name == MAIN:
            lines += [f"    {line}" for line in drawn]
        else:
            lines.append(f'    state "{_said(wording.track(region.name))}" as track_{region.name} {{')
            lines += [f"        {line}" for line in drawn]
            lines.append("    }")
    return "\n".join(lines) + "\n"


def _id(name: str) -> str:
    return f"s_{name}" if name in _TAKEN else name


def _said(text: str) -> str:
    return text.translate(_ESCAPED)


def _states(wording: Wording, states: Mapping[str, StateSpec]) -> Iterator[str]:
    initial = next((n for n, s in states.items() if s.initial), next(iter(states), ""))
    for name, spec in states.items():
        head = f'state "{_said(wording.state(name))}" as {_id(name)}'
        if not spec.states:
            yield head
            continue
        yield f"{head} {{"
        yield from (f"    {line}" for line in _states(wording, spec.states))
        yield "}"
    yield f"[*] --> {_id(initial)}"
    for name, spec in states.items():
        if spec.final:
            yield f"{_id(name)} --> [*]"


def _moves(wording: Wording, region: str) -> Iterator[str]:
    """One arrow for each pair of states, with every act that goes that way."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for transition in wording.outline.regions[region].transitions:
        for source in transition.source:
            for to in dict.fromkeys(branch.to for branch in transition.dest):
                if to != "stay":
                    arrows.setdefault((source, to), []).append(_label(wording, transition))
    pseudo = dict.fromkeys(name for pair in arrows for name in pair if name in ("any", "back"))
    for name in pseudo:
        yield f'state "{_said(wording.state(name))}" as {_pseudo(region, name)}'
    for (source, to), labels in arrows.items():
        ends = [_pseudo(region, n) if n in pseudo else _id(n) for n in (source, to)]
        yield f"{ends[0]} --> {ends[1]}: {' / '.join(dict.fromkeys(labels))}"


def _pseudo(region: str, name: str) -> str:
    return f"{name}_of_{region}"


def _label(wording: Wording, transition: Transition) -> str:
    return _said(wording.transition(transition) or wording.word("drawing.by_itself"))
