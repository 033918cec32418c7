"""Clocks of a case: list, explain, and the lawful changes — extending, and pausing by the act that suspends.

A clock is never stopped by hand: it pauses because the case stands in a state that pauses it. So ``pause`` and
``resume`` find the one act, open now, that leads into or out of such a state, and do that act.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.definitions.outline import MAIN
from engine.domain.case import ClockRun
from engine.domain.clock import intervals
from engine.domain.errors import NotFound, Reason, UsageError, refused
from engine.domain.instant import from_text, to_text
from engine.machine.judge import clock_title
from engine.machine.program import Program
from engine.persistence.case_store import CaseRow
from engine.persistence.unit import Unit
from engine.service import law, view
from engine.service.caller import Answer, Caller
from engine.service.case import get_case
from engine.service.once import keyed
from engine.service.reasoned import do_reasoned


def list_clocks(unit: Unit, caller: Caller, *, ref: str) -> Answer:
    """Every clock of a case with its runs, judged now."""
    row = get_case(unit, caller, ref)
    program = law.program(unit, row.definition)
    items = [view.clock(program, run, caller.lang, caller.now) for run in row.body["clocks"]]
    return {"ref": row.ref, "items": items, "count": len(items), "next": None, "as_of": to_text(caller.at)}


def explain(
    unit: Unit, caller: Caller, *, ref: str, clock: str, item: str | None = None, run: int | None = None
) -> Answer:
    """Every interval of a run, counted or not, and why; they add up to the whole exactly."""
    row = get_case(unit, caller, ref)
    program = law.program(unit, row.definition)
    found = find_run(program, row, clock, item, run)
    calendar = law.calendar(unit, program.definition.calendar, row.unit)
    upto = from_text(found["stopped"]) if "stopped" in found else caller.at
    pieces = intervals(calendar, found, upto)
    return {
        "ref": row.ref,
        **view.clock(program, found, caller.lang, caller.now),
        "upto": to_text(upto),
        "extensions_allowed": len(program.definition.clocks[found["name"]].extend),
        "intervals": [
            {
                "start": to_text(p.start),
                "end": to_text(p.end),
                "counted": p.counted,
                "why": p.why,
                "total_s": int((p.end - p.start).total_seconds()),
                "counted_s": p.counted_s,
            }
            for p in pieces
        ],
        "counted_s": sum(p.counted_s for p in pieces),
        "total_s": sum(int((p.end - p.start).total_seconds()) for p in pieces),
        "fired": dict(found["fired"]),
        "marks": dict(found["marks"]),
    }


def find_clock(program: Program, given: str) -> str:
    """A clock by id or title; FM-N007 names those there are."""
    wanted = given.strip().casefold()
    for name in program.definition.clocks:
        if wanted in (name, clock_title(program, name, "en").casefold(), clock_title(program, name, "zh")):
            return name
    raise NotFound("FM-N007", kind="usage", clock=given, known=", ".join(program.definition.clocks))


def find_run(program: Program, row: CaseRow, given: str, item: str | None, number: int | None) -> ClockRun:
    name = find_clock(program, given)
    runs = [
        r
        for r in row.body["clocks"]
        if r["name"] == name and item in (None, r.get("item")) and number in (None, r["run"])
    ]
    if not runs:
        raise NotFound("FM-N008", kind="usage", clock=name, ref=row.ref)
    return runs[-1]


@keyed
def extend(
    unit: Unit,
    caller: Caller,
    *,
    ref: str,
    clock: str,
    item: str | None = None,
    reason: str | None = None,
    set: dict[str, Any] | None = None,  # noqa: A002 - the word that people type
    at: datetime | None = None,
    done_by: str | None = None,
    ask: bool = False,
    if_version: int | None = None,
) -> Answer:
    """The next lawful extension of a clock; its length and who may grant it stand in the definition."""
    row = get_case(unit, caller, ref)
    program = law.program(unit, row.definition)
    name = find_clock(program, clock)
    if not program.definition.clocks[name].extend:
        params = {
            "clock": clock_title(program, name, "en"),
            "clock_zh": clock_title(program, name, "zh"),
            "times": "0",
        }
        due = next((r.get("due_date", "-") for r in reversed(row.body["clocks"]) if r["name"] == name), "-")
        raise refused(
            [Reason("FM-R401", {**params, "due": due}, "time", program.definition.clocks[name].basis)]
        )
    answer = do_reasoned(
        unit, caller, ref=ref, act=f"extend_{name}", item=item, reason=reason, set=set, at=at, done_by=done_by,
        ask=ask, if_version=if_version,
    )  # fmt: skip
    return {**answer, **_before_after(row, answer, name)}


def _before_after(row: CaseRow, answer: Answer, name: str) -> dict[str, Any]:
    before = next((r.get("due_date") for r in reversed(row.body["clocks"]) if r["name"] == name), None)
    runs = [
        c["run"]
        for c in (answer.get("event") or {}).get("changes", ())
        if c["do"] == "clock" and c["run"]["name"] == name
    ]
    return {"clock": name, "before": before, "after": runs[-1].get("due_date") if runs else None}


@keyed
def pause(
    unit: Unit,
    caller: Caller,
    *,
    ref: str,
    clock: str,
    reason: str | None = None,
    set: dict[str, Any] | None = None,  # noqa: A002 - the word that people type
    records: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    at: datetime | None = None,
    done_by: str | None = None,
    ask: bool = False,
    if_version: int | None = None,
) -> Answer:
    """Suspend: do the act that leads where this clock pauses."""
    act = _act_into(unit, caller, ref, clock, _pausing)
    return do_reasoned(
        unit, caller, ref=ref, act=act, reason=reason, set=set, records=records, at=at, done_by=done_by, ask=ask,
        if_version=if_version,
    )  # fmt: skip


@keyed
def resume(
    unit: Unit,
    caller: Caller,
    *,
    ref: str,
    clock: str,
    reason: str | None = None,
    set: dict[str, Any] | None = None,  # noqa: A002 - the word that people type
    records: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    at: datetime | None = None,
    done_by: str | None = None,
    ask: bool = False,
    if_version: int | None = None,
) -> Answer:
    """Take up again: do the act that leads back where this clock runs."""
    act = _act_into(unit, caller, ref, clock, _running)
    return do_reasoned(
        unit, caller, ref=ref, act=act, reason=reason, set=set, records=records, at=at, done_by=done_by, ask=ask,
        if_version=if_version,
    )  # fmt: skip


Leaves = Callable[[Program, str], frozenset[str]]


def _pausing(program: Program, clock: str) -> frozenset[str]:
    return frozenset(program.outline.spread(program.definition.clocks[clock].pauses_in))


def _running(program: Program, clock: str) -> frozenset[str]:
    runs_in = program.definition.clocks[clock].runs_in
    return program.outline.open_leaves if runs_in is None else frozenset(program.outline.spread(runs_in))


def _act_into(unit: Unit, caller: Caller, ref: str, given: str, leaves: Leaves) -> str:
    row = get_case(unit, caller, ref)
    program = law.program(unit, row.definition)
    name = find_clock(program, given)
    return _one_act(program, row, name, into=leaves(program, name))


def _one_act(program: Program, row: CaseRow, clock: str, *, into: frozenset[str]) -> str:
    """The single open act that leads into these leaves; none or several are told with their names."""
    leaf = row.body["states"][MAIN]
    found = []
    for (source, trigger), edge in program.outline.moves.items():
        if source != leaf or leaf in into or not [w for w in edge.transition.allow if w != "system"]:
            continue
        to = {
            row.body["back"].get(MAIN) if b.to == "back" else program.outline.entry(b.to)
            for b in edge.transition.dest
        }
        if to & into:
            found.append(trigger)
    if len(found) != 1:
        raise UsageError("FM-U215", clock=clock, acts=", ".join(found) or "-")
    return found[0]
