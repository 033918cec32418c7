"""Deadlines that go with a case into another, and come away again: the earliest governs there, all are kept.

Limits only: a waiting period protects somebody and is not hurried. Those of one party or record stay behind, since
parties and records have other numbers over there.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from engine.domain.case import ClockRun, JoinedDeadline
from engine.domain.instant import to_text
from engine.domain.joined import COURSE, courses
from engine.machine import timing
from engine.machine.command import Carried
from engine.machine.draft import Draft


def carried(draft: Draft) -> list[dict[str, Any]]:
    """What runs here now, each as ``name`` with its course; of what was joined here each with the case that it is of
    (``of``) and the cases through which it came (``via``)."""
    at = to_text(draft.at)
    found = []
    for run in _limits(draft):
        own, *others = courses(draft.world.calendar, run)
        found.append({"name": run["name"], **_course(own.run, at)})
        for one, course in zip(run.get("joined", ()), others, strict=True):
            came: dict[str, Any] = {"of": one["ref"], "via": [*one.get("via", ()), draft.state["ref"]]}
            found.append({"name": run["name"], **came, **_course(course.run, at)})
    return found


def _course(run: ClockRun, at: str) -> dict[str, Any]:
    known: dict[str, Any] = {name: part for name, part in run.items() if name in COURSE}
    known["pauses"] = [[begins, ends or at] for begins, ends in run["pauses"]]
    return known


def receive(draft: Draft, given: Carried) -> None:
    """The other case stands linked here, and its deadlines beside those of the same name that run now."""
    if given.deadlines == "part":
        _part(draft, given)
        return
    if not any(link["kind"] == given.link and link["ref"] == given.ref for link in draft.state["links"]):
        draft.emit(do="link", kind=given.link, ref=given.ref)
    for run in _limits(draft):
        brought = [one for one in given.clocks if one["name"] == run["name"]]
        if brought:
            _join(draft, run, given.ref, brought)


def _join(draft: Draft, run: ClockRun, ref: str, brought: Sequence[Mapping[str, Any]]) -> None:
    before = {"extended": len(run["extensions"]), "fired": sorted(run["fired"])}
    made: list[JoinedDeadline] = []
    for one in brought:
        course = {name: part for name, part in one.items() if name not in ("name", "of")}
        joins = {"ref": one.get("of", ref), "at": to_text(draft.at), **before, **course}
        made.append(cast(JoinedDeadline, joins))
    joined: ClockRun = {**run, "joined": [*run.get("joined", ()), *made]}
    if "joined" not in run:
        joined["own_fired"] = dict(run["fired"])
    timing.put(draft, joined, "join")


def _part(draft: Draft, given: Carried) -> None:
    """What is due later again is marked again: a mark that fired for the other case did not fire for this one."""
    if any(link["kind"] == given.link and link["ref"] == given.ref for link in draft.state["links"]):
        draft.emit(do="unlink", kind=given.link, ref=given.ref)
    for run in _limits(draft):
        if came_with(run, given.ref):
            draft.emit(do="clock", why="part", run=parted(draft, run, given.ref))


def came_with(run: ClockRun, ref: str) -> list[JoinedDeadline]:
    """Deadlines of that case, and of those that came through it."""
    return [one for one in run.get("joined", ()) if ref == one["ref"] or ref in one.get("via", ())]


def parted(draft: Draft, run: ClockRun, ref: str) -> ClockRun:
    """The run without what came with that case."""
    gone = came_with(run, ref)
    rest = [one for one in run.get("joined", ()) if one not in gone]
    made = timing.replanned(draft, {**run, "joined": rest})
    made["fired"] = _fired(run, made)
    if not rest:
        made = cast(ClockRun, {name: part for name, part in made.items() if name not in _SHARED})
    return made


_SHARED = ("joined", "own_due", "own_due_date", "own_marks", "own_fired")


def _fired(run: ClockRun, made: ClockRun) -> dict[str, str]:
    """What has fired of the deadlines that stay. A mark that fell for this one by itself is not fired again, though it
    was put off since or stands still; one that lies where it lay, and fired too early for it, is made up for."""
    alone, at_first = made.get("own_fired", {}), run["joined"][0]["fired"]
    kept = {
        mark: alone.get(mark, at)  # when it fell for this one
        for mark, at in run["fired"].items()
        if mark in at_first or (mark in made["marks"] and made["marks"][mark] <= at)
    }
    over = {
        mark: at
        for mark, at in alone.items()
        if made["status"] == "paused" or made["own_marks"].get(mark) != at
    }
    return kept | over


def _limits(draft: Draft) -> Iterator[ClockRun]:
    for run in draft.running():
        if run["kind"] == "limit" and "item" not in run and "silent" not in run:
            yield run
