"""Where a case stands and what was done on it: seats, clocks, states, acts, as expressions read them."""

from collections.abc import Iterable, Mapping
from typing import Any

from engine.domain.case import CaseState, ClockRun
from engine.rules.kind import stamp

Map = dict[str, Any]


def seat(state: CaseState, names: Iterable[str]) -> Map:
    """The named seats with their holders; an empty one is an empty list."""
    held = state["seats"]
    return {
        name: [
            {"id": h["person"], "accepted": h["accepted"], "since": stamp(h["since"])}
            for h in held.get(name, ())
        ]
        for name in names
    }


def clock(state: CaseState, names: Iterable[str], now: str, bound: str | None = None) -> Map:
    """The named clocks at an instant (text). Of several runs the newest speaks, or that of the bound item."""
    runs: dict[str, list[ClockRun]] = {}
    for run in state["clocks"]:
        if bound is None or run.get("item", bound) == bound:
            runs.setdefault(run["name"], []).append(run)
    return {name: _clock(runs.get(name, []), now) for name in names}


def _clock(runs: list[ClockRun], now: str) -> Map:
    """A wait that is due runs no longer, an overdue limit does; a clock stopped before its due never expired."""
    if not runs:
        return {"running": False, "paused": False, "expired": False, "runs": 0, "extensions": 0}
    run = runs[-1]
    due = run.get("due")
    expired = due is not None and due <= run.get("stopped", now)
    made: Map = {
        "running": run["status"] == "running" and not (expired and run["kind"] == "wait"),
        "paused": run["status"] == "paused",
        "expired": expired,
        "runs": len(runs),
        "extensions": len(run["extensions"]),
        "start": stamp(run["start"]),
    }
    if due is not None:
        made["due"] = stamp(due)
    return made


def inside(state: CaseState, paths: Mapping[str, tuple[str, ...]], names: Iterable[str]) -> Map:
    """The named states of all regions: whether the case stands in one or in a leaf below it."""
    within = {name for leaf in state["states"].values() for name in paths.get(leaf, (leaf,))}
    return {name: name in within for name in names}


def been(state: CaseState, names: Iterable[str]) -> Map:
    """The named states as far as they were entered in this cycle; those never entered are absent."""
    entered = state["been"]
    return {name: {"at": stamp(entered[name]["at"]), "times": entered[name]["times"]} for name in names}


def last(state: CaseState, names: Iterable[str]) -> Map:
    """The named acts, all done in this cycle."""
    done = state["last"]
    return {name: {**done[name], "at": stamp(done[name]["at"])} for name in names}
