"""What a case's columns say beside its body: it takes the definition to know."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from engine.definitions.outline import HANDLER_SEAT, MAIN
from engine.domain.case import CaseState, Event
from engine.domain.instant import from_text
from engine.machine.program import Program
from engine.persistence.case_store import Summary
from engine.service.kept import Kept

Names = Mapping[str, Sequence[str]]
_kept: Kept[int, tuple[Program, Names]] = Kept(128)


def summarise(program: Program, state: CaseState, events: Iterable[Event]) -> Summary:
    """The columns after these events; ``milestones`` are those that they reached."""
    leaf = program.outline.leaves[state["states"][MAIN]]
    holders = state["seats"].get(HANDLER_SEAT) or ()
    events = list(events)
    return Summary(
        state=leaf.name,
        phase=leaf.phase,
        open=not leaf.final,
        closed_at=_closed_at(events) if leaf.final else None,
        next_due_at=next_due(state),
        risk=state["fields"].get("risk"),
        holder=next((h["person"] for h in holders), None),
        milestones=reached(program, events),
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
    return from_text(min(waiting)) if waiting else None


def reached(program: Program, events: Iterable[Event]) -> dict[str, datetime]:
    """Milestones that these events reached, each at the latest of its instants among them."""
    by_name = _milestones(program)
    found: dict[str, datetime] = {}
    for event in events:
        for name in _names(event):
            for milestone in by_name.get(name, ()):
                found[milestone] = from_text(event["at"])
        for change in event["changes"]:
            if change["do"] == "reached":
                found[change["milestone"]] = from_text(change["at"])
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


def _names(event: Event) -> Iterable[str]:
    """What an event can be a milestone by: its act, the states it entered, the kinds it recorded."""
    yield event["act"]
    for change in event["changes"]:
        if change["do"] == "move":
            yield from change["entered"]
        elif change["do"] == "record":
            yield change["item"]["kind"]
        elif change["do"] == "seat":
            yield change["seat"]


def _closed_at(events: list[Event]) -> datetime | None:
    for event in reversed(events):
        if any(c["do"] == "move" and c["region"] == MAIN for c in event["changes"]):
            return from_text(event["at"])
    return None
