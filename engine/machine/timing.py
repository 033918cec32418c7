"""Clocks that live in states: after every event each clock is where the case's state says it must be.

Leaving ``runs_in`` stops a run and gives its verdict, coming back is a new run, standing in ``pauses_in`` pauses.
The arithmetic is ``engine.domain.clock``; here is only when a run begins, pauses and ends.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from engine.definitions.model import ClockSpec, TableRef, Tree
from engine.domain.case import ClockRun, Holder
from engine.domain.clock import planned, rebase
from engine.domain.errors import Reason
from engine.domain.instant import from_text, to_text
from engine.machine.command import Halt
from engine.machine.draft import Draft
from engine.machine.sitting import answered

Item = tuple[str, str]


def settle(draft: Draft, trigger: str, reentered: str | None = None) -> None:
    """Bring every clock to where it belongs after the current event. ``reentered``: a leaf left for itself.

    A clock that neither has a run nor runs where the case stands now is where it belongs.
    """
    here, clocks = draft.stand.clocks, draft.program.definition.clocks
    newest = _newest(draft.state["clocks"])
    elsewhere = {
        name for name, runs in newest.items() if name not in here and any(map(_active, runs.values()))
    }
    for name in sorted((*here, *elsewhere), key=draft.program.order.__getitem__) if elsewhere else here:
        spec, runs = clocks[name], newest.get(name, {})
        for item in _items(draft, spec, runs):
            _settle_one(draft, name, spec, item, runs.get(item and item[1]), trigger, reentered)


def _newest(clocks: Iterable[ClockRun]) -> dict[str, dict[str | None, ClockRun]]:
    """Clock to item (None where it has none) to the newest run."""
    found: dict[str, dict[str | None, ClockRun]] = {}
    for run in clocks:
        runs, item = found.setdefault(run["name"], {}), run.get("item")
        if item not in runs or run["run"] > runs[item]["run"]:
            runs[item] = run
    return found


def _active(run: ClockRun) -> bool:
    return run["status"] != "stopped"


def resolve(draft: Draft, value: Any, what: str) -> str:
    """The duration meant by a ``within`` or ``by``: text, ``param.X``, a fact's name, or a tree over facts."""
    while (
        not isinstance(value, str) or value.startswith("param.") or value in draft.program.definition.fields
    ):
        if isinstance(value, Tree):
            value = _branch(draft, value, what)
        elif isinstance(value, TableRef):
            value = _told(draft, value)
        elif isinstance(value, str) and value.startswith("param."):
            name = value.removeprefix("param.")
            value = draft.world.params.get(name, draft.program.definition.params[name])
        else:
            value = _fact(draft, str(value), what)
    return value


def _told(draft: Draft, ref: TableRef) -> Any:
    """How long whoever was put on the seat last may take to answer."""
    said = [h["acknowledge"] for h in draft.state["seats"].get(ref.table, ()) if "acknowledge" in h]
    return said[-1] if said else ref.otherwise


def _branch(draft: Draft, tree: Tree, what: str) -> Any:
    spec = draft.program.definition.fields[tree.by]
    value = draft.state["fields"].get(tree.by, spec.default if spec.has_default else None)
    if value is None:
        raise Halt([Reason("FM-R203", {"because": what, "missing": tree.by}, "guard")])
    key = str(value).lower() if isinstance(value, bool) else str(value)
    return tree.options.get(key, tree.otherwise)


def _fact(draft: Draft, name: str, what: str) -> Any:
    value = draft.state["fields"].get(name, draft.program.definition.fields[name].default)
    if value is None:
        raise Halt([Reason("FM-R203", {"because": what, "missing": name}, "guard")])
    return value


def _items(draft: Draft, spec: ClockSpec, runs: Mapping[str | None, ClockRun]) -> Sequence[Item | None]:
    if spec.per is None:
        return (None,)
    alive = draft.active() if spec.per == "party" else [r["id"] for r in draft.items(spec.per)]
    gone = [str(no) for no, run in runs.items() if no not in alive and _active(run)]
    return [(spec.per, no) for no in (*alive, *gone)]


def _settle_one(
    draft: Draft,
    name: str,
    spec: ClockSpec,
    item: Item | None,
    run: ClockRun | None,
    trigger: str,
    reentered: str | None,
) -> None:
    active = run if run is not None and _active(run) else None
    wanted = _wanted(draft, name, spec, item)
    restart = active is not None and wanted == "run" and _restarts(draft, name, spec, trigger, reentered)
    if active is not None and (wanted == "stop" or restart):
        stop(draft, active)
        active = None
    if wanted == "run" and active is None:
        try:
            _start(draft, name, spec, item, run["run"] + 1 if run else 1)
        except Halt:
            if not draft.entering:
                raise
    elif active is not None:
        _keep(draft, name, spec, active, wanted)


def _wanted(draft: Draft, name: str, spec: ClockSpec, item: Item | None) -> str:
    """run, pause or stop. A parted party's or a past cycle's item stops."""
    if item is not None and not _lives(draft, item):
        return "stop"
    wanted = draft.stand.clocks.get(name, "stop")
    if (
        wanted == "run"
        and spec.while_ is not None
        and not draft.holds(draft.program.condition(spec.while_, item[0] if item else None), item)
    ):
        return "stop"
    return wanted


def _lives(draft: Draft, item: Item) -> bool:
    kind, no = item
    return no in (draft.active() if kind == "party" else [r["id"] for r in draft.items(kind)])


def _restarts(draft: Draft, name: str, spec: ClockSpec, trigger: str, reentered: str | None) -> bool:
    # what a clock does by itself is no activity: its own reminder must not put its end off
    anything = "any" in spec.restarts_on and draft.events[-1]["kind"] == "act"
    if trigger in spec.restarts_on or anything or _asked_anew(draft, spec):
        return True
    if reentered is None or spec.runs_in is None:
        return False
    return draft.program.spans[name][0] == {reentered}


def _asked_anew(draft: Draft, spec: ClockSpec) -> bool:
    """Whoever is put on the seat for whose answer the clock waits has the whole time."""
    seat = spec.within.table if isinstance(spec.within, TableRef) else None
    return seat is not None and any(
        c["do"] == "seat" and c["seat"] == seat for c in draft.events[-1]["changes"]
    )


def grace(draft: Draft, run: ClockRun, mark: str, at: datetime) -> Holder | None:
    """Who is waited for, is off duty when his time is over, and has so much longer by the tables; once."""
    within = draft.program.definition.clocks[run["name"]].within
    if mark != "due" or not isinstance(within, TableRef):
        return None
    return next(
        (
            h
            for h in draft.state["seats"].get(within.table, ())
            if not answered(h)
            and "grace" in h
            and h["grace"] not in run["extensions"]
            and draft.world.off_duty(h["person"], at)
        ),
        None,
    )


def _start(draft: Draft, name: str, spec: ClockSpec, item: Item | None, number: int) -> None:
    per = item[0] if item else None
    calendar = draft.world.calendar
    start = draft.at
    if spec.from_ is not None:
        start = _instant(draft, spec.from_, f"clock {name}", per, item)
    run: dict[str, Any] = {
        "name": name,
        "run": number,
        "kind": spec.kind,
        "start": to_text(start),
        "pauses": [],
        "extensions": [],
        "rolls": calendar.rolls if spec.rolls is None else spec.rolls,
        "ends": spec.ends,
        "status": "running",
        "fired": {},
        "marks": {},
    }
    expired = _expired_day(draft)
    if spec.from_ is None and expired is not None:
        run["dated"] = expired
    if item is not None:
        run["item"] = item[1]
    if spec.until is not None:
        run["until"] = to_text(_end(draft, _instant(draft, spec.until, f"clock {name}", per, item)))
    else:
        run["within"] = resolve(draft, spec.within, f"clock {name}")
    if draft.silent:
        run["silent"] = True
    put(draft, cast(ClockRun, run), "start")


def _expired_day(draft: Draft) -> str | None:
    """The day that ended, if all this follows from a mark at 24:00: what begins by expiry counts from it."""
    for event in reversed(draft.events):
        if event["kind"] != "follow":
            dated: str | None = event.get("dated")
            return dated
    return None


def _instant(draft: Draft, text: str, name: str, per: str | None, item: Item | None) -> datetime:
    value = draft.known(draft.program.value(text, "timestamp", per), name, item)
    return cast(datetime, value)


def _end(draft: Draft, until: datetime) -> datetime:
    """A day given as the last one ends at 24:00: a date is read as its local midnight (Civil Code art. 203)."""
    local = until.astimezone(draft.world.calendar.tz)
    whole_day = local.hour == local.minute == local.second == 0
    return local + timedelta(days=1) if whole_day else until


def _keep(draft: Draft, name: str, spec: ClockSpec, run: ClockRun, wanted: str) -> None:
    """A run goes on: pause or resume it, and re-base it when what its length hangs on has changed."""
    at = draft.events[-1]["at"]
    if wanted == "pause" and run["status"] == "running":
        put(draft, {**run, "status": "paused", "pauses": [*run["pauses"], [at, None]]}, "pause")
    elif wanted == "run" and run["status"] == "paused":
        closed = [*run["pauses"][:-1], [run["pauses"][-1][0], at]]
        put(draft, {**run, "status": "running", "pauses": closed}, "resume")
    elif "within" in run:
        within = resolve(draft, spec.within, f"clock {name}")
        if within != run["within"]:
            put(draft, rebase(run, within), "rebase")


def stop(draft: Draft, run: ClockRun) -> None:
    """End a run; a limit gets its verdict, which nothing later changes."""
    at = draft.events[-1]["at"]
    ended: ClockRun = {**run, "status": "stopped", "stopped": at}
    if run["status"] == "paused":
        ended["pauses"] = [*run["pauses"][:-1], [run["pauses"][-1][0], at]]
    draft.emit(do="clock", why="stop", run=judged(ended))


def judged(run: ClockRun) -> ClockRun:
    """A stopped run with the verdict that its times give; a wait has none."""
    if run["kind"] != "limit":
        return run
    due, at = run.get("due"), run["stopped"]
    # at the very instant only an expiry ends it; a late entry let in from before it meets the limit
    late = due is not None and (at > due or (at == due and "due" in run["fired"]))
    return {**run, "verdict": "missed" if late else ("met_extended" if run["extensions"] else "met")}


def extend(draft: Draft, run: ClockRun, by: str) -> None:
    put(draft, {**run, "extensions": [*run["extensions"], by]}, "extend")


def put(draft: Draft, run: ClockRun, why: str) -> None:
    """State a run with its due instant and marks computed on the calendar of this moment."""
    draft.emit(do="clock", why=why, run=replanned(draft, run))


def replanned(draft: Draft, run: ClockRun) -> ClockRun:
    """The run with due instant and marks as this moment's calendar has them."""
    marks = tuple(draft.program.definition.clocks[run["name"]].at)
    return planned(draft.world.calendar, _by_itself(draft, run), marks)


def _by_itself(draft: Draft, run: ClockRun) -> ClockRun:
    """Where deadlines of others are joined: which of its own marks fell before its course changes now."""
    if "own_marks" not in run or "own_fired" not in run:
        return run
    fell = {mark: at for mark, at in run["own_marks"].items() if at <= draft.now}
    return {**run, "own_fired": {**fell, **run["own_fired"]}}


def next_mark(draft: Draft, upto: str) -> tuple[datetime, ClockRun, str] | None:
    """The earliest mark due by then that has not fired, over all running clocks; ties in file order."""
    order = draft.program.order
    found = [
        (at, order[run["name"]], index, run, mark)
        for run in draft.state["clocks"]
        if run["status"] == "running" and "silent" not in run
        for index, (mark, at) in enumerate(run["marks"].items())
        if at <= upto and mark not in run["fired"]
    ]
    if not found:
        return None
    at, _, _, run, mark = min(found, key=lambda row: row[:3])
    return from_text(at), run, mark
