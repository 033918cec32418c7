"""Blocks of how a case moves: states, transitions, outcomes, tracks, milestones, counts."""

import re
from collections.abc import Mapping as MappingType
from typing import Any, get_args

from engine.definitions.model import (
    Ask,
    Branch,
    Count,
    Grade,
    Outcome,
    Phase,
    Rule,
    StateSpec,
    Track,
    Transition,
)
from engine.definitions.written.effect import effects
from engine.definitions.written.fact import optional_name, optional_text, rule
from engine.definitions.written.node import Mapping, Node, Scalar, Sequence
from engine.definitions.written.reader import Reader

STATE_KEYS = ("initial", "states", "final", "waits_for", "phase", "class", "enter", "title", "waive")
TRANSITION_KEYS = (
    "trigger", "as_soon_as", "name", "source", "except", "dest", "allow", "asks", "requires", "guard",
    "outcome", "reopens", "undoes", "effects", "basis", "title", "waive",
)  # fmt: skip
BRANCH_KEYS = ("when", "to", "outcome", "effects")
OUTCOME_KEYS = ("title", "grade")
TRACK_KEYS = ("title", "states", "transitions")
COUNT_KEYS = ("outcomes", "records", "of")
_CODE = re.compile(r"FM-D[0-9]{3}\Z")


def waivers(reader: Reader, entries: MappingType[str, Node], path: str) -> dict[str, str]:
    found = reader.entries(entries.get("waive"), f"{path}.waive")
    for code in found:
        if not _CODE.match(code):
            at = reader.positions.find(f"{path}.waive.{code}")
            reader.fault(at, f"{path}.waive", "wanted.code", found=f"`{code}`")
    return {code: reader.text(inner, f"{path}.waive.{code}") for code, inner in found.items()}


# ---- states ------------------------------------------------------------------------------------------


def states(reader: Reader, node: Node | None, path: str) -> dict[str, StateSpec]:
    found = reader.named(node, path)
    if node is not None and not found:
        reader.fault(node.at, path, "yaml.no_state")
    read = {name: _state(reader, inner, f"{path}.{name}") for name, inner in found.items()}
    initial = [name for name, spec in read.items() if spec.initial]
    for name in initial[1:]:
        at = reader.positions.find(f"{path}.{name}.initial")
        reader.fault(at, f"{path}.{name}.initial", "yaml.two_initial", first=initial[0], second=name)
    if read and not initial:
        first = next(iter(read))
        read[first] = read[first].model_copy(update={"initial": True})
    return read


def _state(reader: Reader, node: Node, path: str) -> StateSpec:
    entries = reader.block(node, path, STATE_KEYS)
    waits = entries.get("waits_for")
    phase = entries.get("phase")
    inner = states(reader, entries["states"], f"{path}.states") if "states" in entries else {}
    final = reader.flag(entries.get("final"), f"{path}.final")
    if final and inner:
        reader.fault(entries["final"].at, f"{path}.final", "yaml.final_parent")
    return StateSpec(
        initial=reader.flag(entries.get("initial"), f"{path}.initial"),
        states=inner,
        final=final,
        waits_for=None if waits is None else reader.names(waits, f"{path}.waits_for"),
        phase=None if phase is None else reader.option(phase, f"{path}.phase", get_args(Phase), "work"),
        class_=optional_name(reader, entries, "class", path),
        enter=effects(reader, entries.get("enter"), f"{path}.enter"),
        title=optional_text(reader, entries, "title", path),
        waive=waivers(reader, entries, path),
    )


# ---- transitions -------------------------------------------------------------------------------------


def transitions(reader: Reader, node: Node | None, path: str) -> tuple[Transition, ...]:
    if node is not None and not isinstance(node, Sequence):
        reader.wrong(node, path, "list")
        return ()
    return tuple(_transition(reader, item, own) for item, own in reader.many(node, path))


def _transition(reader: Reader, node: Node, path: str) -> Transition:
    if not isinstance(node, Mapping):
        reader.wrong(node, path, "map")
        return Transition()
    entries = reader.block(node, path, TRANSITION_KEYS)
    _proportions(reader, node, entries, path)
    at = {key: f"{path}.{key}" for key in TRANSITION_KEYS}
    return Transition(
        trigger=reader.id(entries["trigger"], at["trigger"]) if "trigger" in entries else None,
        as_soon_as=reader.expression(entries["as_soon_as"], at["as_soon_as"])
        if "as_soon_as" in entries
        else None,
        name=reader.id(entries["name"], at["name"]) if "name" in entries else None,
        source=reader.names(entries.get("source"), at["source"]),
        except_=reader.names(entries.get("except"), at["except"]),
        dest=_dest(reader, entries.get("dest"), at["dest"]),
        allow=reader.names(entries.get("allow"), at["allow"]),
        asks=asks(reader, entries.get("asks"), at["asks"]),
        requires=reader.names(entries.get("requires"), at["requires"]),
        guard=guards(reader, entries.get("guard"), at["guard"]),
        outcome=reader.names(entries.get("outcome"), at["outcome"]),
        reopens=reader.flag(entries.get("reopens"), at["reopens"]),
        undoes=reader.names(entries.get("undoes"), at["undoes"]),
        effects=effects(reader, entries.get("effects"), at["effects"]),
        basis=optional_text(reader, entries, "basis", path),
        title=optional_text(reader, entries, "title", path),
        waive=waivers(reader, entries, path),
    )


def _proportions(reader: Reader, node: Mapping, entries: MappingType[str, Node], path: str) -> None:
    """What must stand together, and what must not."""
    triggered, joined = "trigger" in entries, "as_soon_as" in entries
    if triggered == joined:
        if triggered:
            reader.fault(node.at, path, "yaml.trigger_or_join")
        else:
            reader.lacks(node, path, "trigger")
        return
    trigger = entries.get("trigger")
    filing = isinstance(trigger, Scalar) and trigger.text == "file"
    needed = ("source",) if joined else ("allow",) if filing else ("source", "allow")
    barred = (
        ("allow", "asks", "reopens", "undoes")
        if joined
        else ("source", "except", "name", "undoes")
        if filing
        else ("name",)
    )
    for key in needed:
        if key not in entries:
            reader.lacks(node, path, key)
    for key in barred:
        if key in entries:
            detail = "yaml.not_in_join" if joined else "yaml.not_in_filing" if filing else "yaml.not_in_act"
            reader.fault(node.keys[key], f"{path}.{key}", detail, key=key)


def _dest(reader: Reader, node: Node | None, path: str) -> tuple[Branch, ...]:
    if node is None:
        return (Branch(),)
    if isinstance(node, Scalar):
        reader.positions.put(f"{path}.0", node.at)
        reader.positions.put(f"{path}.0.to", node.at)
        return (Branch(to=reader.name(node, path) or "stay"),)
    branches = tuple(_branch(reader, item, own) for item, own in reader.many(node, path))
    if not branches:
        reader.wrong(node, path, "dest")
    return branches or (Branch(),)


def _branch(reader: Reader, node: Node, path: str) -> Branch:
    if not isinstance(node, Mapping):
        reader.wrong(node, path, "dest")
        return Branch()
    entries = reader.block(node, path, BRANCH_KEYS, ("to",))
    return Branch(
        when=reader.expression(entries["when"], f"{path}.when") if "when" in entries else None,
        to=reader.name(entries["to"], f"{path}.to") if "to" in entries else "stay",
        outcome=optional_name(reader, entries, "outcome", path),
        effects=effects(reader, entries.get("effects"), f"{path}.effects"),
    )


def asks(reader: Reader, node: Node | None, path: str) -> tuple[Ask, ...]:
    """``a``, ``b?``, ``c+``, ``d*``."""
    found = []
    for item, own in reader.many(node, path):
        written = reader.name(item, own)
        mark: Any = written[-1:] if written[-1:] in ("?", "+", "*") else ""
        found.append(Ask(name=written.removesuffix(mark), mark=mark))
    return tuple(found)


def guards(reader: Reader, node: Node | None, path: str) -> tuple[str | Rule, ...]:
    found: list[str | Rule] = []
    for item, own in reader.many(node, path):
        if isinstance(item, Mapping) and item.tag is None:
            found.append(rule(reader, item, own))
        else:
            found.append(reader.expression(item, own))
    return tuple(found)


# ---- outcomes, tracks, milestones ----------------------------------------------------------------------


def outcomes(reader: Reader, node: Node | None) -> dict[str, Outcome]:
    found = {}
    for name, inner in reader.named(node, "outcomes").items():
        path = f"outcomes.{name}"
        entries = reader.block(inner, path, OUTCOME_KEYS, ("grade",))
        grade = reader.option(entries.get("grade"), f"{path}.grade", get_args(Grade), "procedural")
        found[name] = Outcome(grade=grade, title=optional_text(reader, entries, "title", path))
    return found


def tracks(reader: Reader, node: Node | None) -> dict[str, Track]:
    found = {}
    for name, inner in reader.named(node, "tracks").items():
        path = f"tracks.{name}"
        entries = reader.block(inner, path, TRACK_KEYS, ("states", "transitions"))
        found[name] = Track(
            title=optional_text(reader, entries, "title", path),
            states=states(reader, entries.get("states"), f"{path}.states"),
            transitions=transitions(reader, entries.get("transitions"), f"{path}.transitions"),
        )
    return found


def milestones(reader: Reader, node: Node | None) -> dict[str, tuple[str, ...]]:
    return {
        name: reader.names(inner, f"milestones.{name}")
        for name, inner in reader.named(node, "milestones").items()
    }


def counts(reader: Reader, node: Node | None) -> dict[str, Count]:
    found = {}
    for name, inner in reader.named(node, "counts").items():
        path = f"counts.{name}"
        entries = reader.block(inner, path, COUNT_KEYS)
        found[name] = Count(**{key: reader.names(given, f"{path}.{key}") for key, given in entries.items()})
    return found
