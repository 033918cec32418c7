"""What a case's columns say beside its body: it takes the definition to know."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.definitions.outline import HANDLER_SEAT, MAIN
from engine.domain.case import CaseState, Event
from engine.machine.program import Program
from engine.persistence.case_store import Summary
from engine.persistence.convert import instant
from engine.persistence.kept import Kept

Names = Mapping[str, Sequence[str]]
_kept: Kept[int, tuple[Program, Names]] = Kept(128)


def summarise(program: Program, state: CaseState, events: Sequence[Event]) -> Summary:
    """The columns after these events; ``milestones`` are those that they reached."""
    leaf = program.outline.leaves[state["states"][MAIN]]
    holders = state["seats"].get(HANDLER_SEAT)
    return Summary(
        leaf.name,
        leaf.phase,
        not leaf.final,
        _closed_at(events) if leaf.final else None,
        next_due(state),
        state["fields"].get("risk"),
        holders[0]["person"] if holders else None,
        reached(program, events),
    )


def next_due(state: CaseState) -> datetime | None:
    """The earliest mark that has still to fire."""
    waiting = [
        at
        for run in state["clocks"]
        if run["status"] == "running" and not run.get("silent")
        for mark, at in run["marks"].items()
        if mark not in run["fired"]
    ]
    return instant(min(waiting)) if waiting else None


def reached(program: Program, events: Iterable[Event]) -> dict[str, datetime]:
    """Milestones that these events reached, each at the latest of its instants among them."""
    by_name = _milestones(program)
    found: dict[str, datetime] = {}
    for event in events:
        for milestone in by_name.get(event["act"], ()):
            found[milestone] = instant(event["at"])
        dated = []  # what an import says itself of the past comes last
        for change in event["changes"]:
            kind = change["do"]
            if kind in _TELLING:
                for name in _names(change):
                    for milestone in by_name.get(name, ()):
                        found[milestone] = instant(event["at"])
            elif kind == "reached":
                dated.append(change)
        for change in dated:
            found[change["milestone"]] = instant(change["at"])
    return found


def _milestones(program: Program) -> Names:
    """Name of an act, state, record or seat to the milestones it reaches."""
    held = _kept.find(id(program))  # the program is kept with it, so that its place in memory stays its own
    if held is None:
        by_name: dict[str, list[str]] = {}
        for milestone, names in program.definition.milestones.items():
            for name in names:
                by_name.setdefault(name, []).append(milestone)
        held = _kept.keep(id(program), (program, by_name))
    return held[1]


_TELLING = frozenset({"move", "record", "seat"})  # most changes set a field and are no milestone


def _names(change: Mapping[str, Any]) -> Sequence[str]:
    """What a change can be a milestone by: the states it entered, the kind it recorded, the seat it filled."""
    match change["do"]:
        case "move":
            entered: Sequence[str] = change["entered"]
            return entered
        case "record":
            return (change["item"]["kind"],)
        case "seat":
            return (change["seat"],)
    return ()


def arrived(events: Sequence[Event]) -> datetime:
    """When the case came into the state it is in, by its whole history."""
    for event in reversed(events):
        for change in event["changes"]:
            if change["do"] == "move" and change["region"] == MAIN and change["from"] != change["to"]:
                return instant(event["at"])
    return instant(events[0]["at"])


def _closed_at(events: Sequence[Event]) -> datetime | None:
    for event in reversed(events):
        if any(c["do"] == "move" and c["region"] == MAIN for c in event["changes"]):
            return instant(event["at"])
    return None
