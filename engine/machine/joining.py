"""Deadlines that go with a case into another, and come away again: the earliest governs there, all are kept.

Limits only: a waiting period protects somebody and is not hurried. Those of one party or record stay behind, since
parties and records have other numbers over there.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from engine.domain.case import ClockRun, JoinedDeadline
from engine.domain.instant import to_text
from engine.domain.joined import COURSE, courses, governing
from engine.machine import timing
from engine.machine.command import Carried
from engine.machine.draft import Draft


def carried(draft: Draft) -> list[dict[str, Any]]:
    """What runs here now, each as ``name`` with its course; of joined ones the one that governs."""
    at = to_text(draft.at)
    found = []
    for run in _limits(draft):
        course = governing(courses(draft.world.calendar, run)).run
        known: dict[str, Any] = {name: part for name, part in course.items() if name in COURSE}
        known["pauses"] = [[begins, ends or at] for begins, ends in course["pauses"]]
        found.append({"name": run["name"], **known})
    return found


def receive(draft: Draft, given: Carried) -> None:
    """The other case stands linked here, and its deadlines beside those of the same name that run now."""
    if given.deadlines == "part":
        _part(draft, given)
        return
    if not any(link["kind"] == given.link and link["ref"] == given.ref for link in draft.state["links"]):
        draft.emit(do="link", kind=given.link, ref=given.ref)
    brought = {one["name"]: one for one in given.clocks}
    for run in _limits(draft):
        if run["name"] in brought:
            _join(draft, run, given.ref, brought[run["name"]])


def _join(draft: Draft, run: ClockRun, ref: str, brought: Mapping[str, Any]) -> None:
    course = {name: part for name, part in brought.items() if name != "name"}
    before = {"extended": len(run["extensions"]), "fired": sorted(run["fired"])}
    one = {"ref": ref, "at": to_text(draft.at), **before, **course}
    timing.put(draft, {**run, "joined": [*run.get("joined", ()), cast(JoinedDeadline, one)]}, "join")


def _part(draft: Draft, given: Carried) -> None:
    """What is due later again is marked again: a mark that fired for the other case did not fire for this one."""
    if any(link["kind"] == given.link and link["ref"] == given.ref for link in draft.state["links"]):
        draft.emit(do="unlink", kind=given.link, ref=given.ref)
    for run in _limits(draft):
        gone = [one for one in run.get("joined", ()) if one["ref"] == given.ref]
        if gone:
            draft.emit(do="clock", why="part", run=_parted(draft, run, gone))


def _parted(draft: Draft, run: ClockRun, gone: Sequence[JoinedDeadline]) -> ClockRun:
    rest = [one for one in run.get("joined", ()) if one not in gone]
    parted: ClockRun = {**run, "joined": rest}
    if not rest:
        parted.pop("joined")
    made, alone = timing.replanned(draft, parted), run["joined"][0]["fired"]
    made["fired"] = {
        mark: at
        for mark, at in run["fired"].items()
        if mark in alone or (mark in made["marks"] and made["marks"][mark] <= at)
    }
    return made


def _limits(draft: Draft) -> Iterator[ClockRun]:
    for run in draft.running():
        if run["kind"] == "limit" and "item" not in run and "silent" not in run:
            yield run
