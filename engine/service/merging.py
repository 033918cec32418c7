"""Two reports that are one matter: joined by the act that the definition has for it, and taken apart again.

Nothing is joined here by itself: a person says so, and what each case was is kept. Which deadline will govern is worked
out beforehand, by the very decisions that the worker will take in the other case.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.definitions.model import FireEffect, LinkEffect, Transition
from engine.domain.case import CaseState
from engine.domain.errors import FolkmootError, Reason, UsageError, refused
from engine.domain.instant import whole
from engine.domain.messages import text
from engine.machine import joining
from engine.machine.command import SYSTEM, Carried, Command, Decision
from engine.machine.decide import decide, sweep
from engine.machine.draft import Draft
from engine.machine.opening import BACKWARDS
from engine.machine.program import Program
from engine.machine.releasing import released
from engine.persistence.case_store import CaseRow
from engine.persistence.unit import Unit
from engine.service import law, view
from engine.service.caller import Answer, Caller
from engine.service.case import get_case
from engine.service.once import keyed
from engine.service.past import SAME, goes_on_in
from engine.service.reasoned import do_reasoned
from engine.service.routing.brought import GRADES
from engine.service.world import gather, gather_for_sweep


@dataclass(frozen=True, slots=True)
class Joins:
    """An act that joins this case to another. ``field`` takes the other, ``asks`` is the act asked of it."""

    trigger: str
    link: str
    field: str
    asks: str


@keyed
def merge(
    unit: Unit,
    caller: Caller,
    *,
    ref: str,
    into: str,
    kind: str | None = None,
    reason: str | None = None,
    at: datetime | None = None,
    done_by: str | None = None,
    ask: bool = False,
    if_version: int | None = None,
) -> Answer:
    """Join a case to another, in which it goes on: {.., into, kind, clocks}. ``clocks``: those of the other case that
    both have, each with what governs from now on and what it would be by itself."""
    row, far = get_case(unit, caller, ref), _other(unit, caller, into)
    if row.id == far.id:
        raise UsageError("FM-U394", reasons=[Reason("FM-U394", {"ref": row.ref}, "input", pointer="/into")])
    program = law.program(unit, row.definition)
    chosen = _chosen(program, row, kind)
    before = _swept(unit, caller, program, row)
    answer = do_reasoned(
        unit, caller, ref=row.ref, act=chosen.trigger, set={chosen.field: far.ref}, reason=reason, at=at,
        done_by=done_by, ask=ask, if_version=if_version,
    )  # fmt: skip
    told = {"into": far.ref, "kind": chosen.link, "warnings": _doubts(row, far, caller.lang)}
    if "event" not in answer:  # it waits for a second person
        return {**answer, **told, "clocks": []}
    taken = _taken_in(unit, caller, row, before, far, chosen)
    return {**answer, **told, "clocks": _governing(unit, caller, row, far, taken)}


@keyed
def unmerge(
    unit: Unit,
    caller: Caller,
    *,
    ref: str,
    reason: str | None = None,
    at: datetime | None = None,
    done_by: str | None = None,
    ask: bool = False,
    if_version: int | None = None,
) -> Answer:
    """Take a joined case apart again: {.., left, clocks}. ``clocks``: what runs in both cases from now on."""
    row = get_case(unit, caller, ref)
    program = law.program(unit, row.definition)
    undoing = _undoing(program, row)
    left = [link["ref"] for link in row.body["links"] if link["kind"] in SAME]
    before = row.body
    answer = do_reasoned(
        unit, caller, ref=row.ref, act=str(undoing.trigger), reason=reason, at=at, done_by=done_by, ask=ask,
        if_version=if_version,
    )  # fmt: skip
    if "event" not in answer:
        return {**answer, "left": left, "clocks": []}
    own = _restored(unit, caller, program, row, str(undoing.trigger), reason, at, done_by)
    clocks = [*_running(unit, caller, row, own)]
    for effect in undoing.effects:
        if isinstance(effect, FireEffect) and effect.deadlines == "part":
            for link in before["links"]:
                if link["kind"] == effect.on:
                    far = get_case(unit, caller, link["ref"])
                    carried = Carried(row.ref, effect.on + BACKWARDS, "part")
                    alone = _asked(unit, caller, row.ref, far, effect.trigger, carried)
                    clocks += _running(unit, caller, far, alone.state)
    return {**answer, "left": left, "clocks": clocks}


# ---- which act -----------------------------------------------------------------------------------


def joins(program: Program) -> Iterator[Joins]:
    """Every act that joins a case of this type to another, in file order."""
    for trigger, (_, transitions) in program.outline.triggers.items():
        for transition in transitions:
            links = {e.link: e.case for e in transition.effects if isinstance(e, LinkEffect)}
            for effect in transition.effects:
                if isinstance(effect, FireEffect) and effect.deadlines == "join" and effect.on in links:
                    yield Joins(trigger, str(effect.on), links[effect.on], effect.trigger)


def _chosen(program: Program, row: CaseRow, kind: str | None) -> Joins:
    """The act of that kind of link; of several the first that is open where the case stands."""
    known = list(joins(program))
    if not known:
        about = {"case_type": row.case_type}
        raise UsageError("FM-U395", reasons=[Reason("FM-U395", about, "input", pointer="/into")])
    able = [one for one in known if kind in (None, one.link)]
    if not able:
        about = {"given": str(kind), "known": ", ".join(dict.fromkeys(one.link for one in known))}
        raise UsageError("FM-U396", reasons=[Reason("FM-U396", about, "input", pointer="/kind")])
    open_here = program.stand(row.body["states"]).moves
    return next((one for one in able if one.trigger in open_here), able[0])


def _undoing(program: Program, row: CaseRow) -> Transition:
    """The act that undoes what closed this case; where nothing did, the first there is says why not."""
    kept = row.body.get("kept")
    known = [t for _, transitions in program.outline.triggers.values() for t in transitions if t.undoes]
    if not known:
        about = {"case_type": row.case_type}
        raise UsageError("FM-U395", reasons=[Reason("FM-U395", about, "input")])
    found = next((t for t in known if kept is not None and kept["act"] in t.undoes), None)
    if found is None:
        raise refused([Reason("FM-R530", {"ref": row.ref}, "state")])
    return found


# ---- what will be so in both ---------------------------------------------------------------------


def _swept(unit: Unit, caller: Caller, program: Program, row: CaseRow) -> CaseState:
    """The case as it stands now, whatever a worker has done."""
    world = gather_for_sweep(unit, caller, program, row.body)
    return sweep(program, row.body, row.version, caller.at, world).state or row.body


def _taken_in(
    unit: Unit, caller: Caller, row: CaseRow, before: CaseState, far: CaseRow, chosen: Joins
) -> CaseState:
    """The other case after it took this one in; FM-R531 with its reasons if it cannot."""
    program = law.program(unit, row.definition)
    draft = Draft(program, before, gather_for_sweep(unit, caller, program, before), row.version)
    draft.begin(chosen.trigger, Command(chosen.trigger, caller.at, SYSTEM, SYSTEM))
    carried = Carried(row.ref, chosen.link + BACKWARDS, "join", joining.carried(draft))
    decision = _asked(unit, caller, row.ref, far, chosen.asks, carried)
    if decision.state is None:
        onward = goes_on_in(far.body)
        en, zh = (text("word.goes_on_in", lang, onward=onward) if onward else "" for lang in ("en", "zh"))
        about = {"ref": row.ref, "into": far.ref, "way": en, "way_zh": zh}
        raise refused([Reason("FM-R531", about, "state", pointer="/into"), *decision.reasons])
    return decision.state


def _asked(unit: Unit, caller: Caller, sender: str, far: CaseRow, trigger: str, carried: Carried) -> Decision:
    """What the worker will do in the other case, decided and not written."""
    program = law.program(unit, far.definition)
    command = Command(trigger, caller.at, SYSTEM, SYSTEM, "engine", note=sender, carried=carried)
    world = gather_for_sweep(unit, caller, program, far.body)
    decision = decide(program, far.body, far.version, command, world)
    if decision.reasons:
        return released(program, far.body, far.version, command, world) or decision
    return decision


def _restored(
    unit: Unit,
    caller: Caller,
    program: Program,
    row: CaseRow,
    trigger: str,
    reason: str | None,
    at: datetime | None,
    done_by: str | None,
) -> CaseState | None:
    actor = done_by or caller.name
    command = Command(trigger, whole(at or caller.now), actor, caller.name, caller.identity, note=reason)
    world = gather(unit, caller, program, row.body, command)
    return decide(program, row.body, row.version, command, world).state


def _governing(
    unit: Unit, caller: Caller, row: CaseRow, far: CaseRow, taken: CaseState
) -> list[dict[str, Any]]:
    program = law.program(unit, far.definition)
    found = []
    for run in taken["clocks"]:
        brought = [one for one in run.get("joined", ()) if one["ref"] == row.ref]
        if not brought:
            continue
        told = view.clock(program, run, caller.lang, caller.now)
        mine = next((one for one in told["joined"] if one["ref"] == row.ref), None)
        governs = next((one["ref"] for one in told["joined"] if one["governs"]), far.ref)
        found.append({
            **_in_short(far.ref, told), "own_due_at": told["own_due_at"],
            "brought_due_at": mine["due_at"] if mine else None, "governs": governs,
        })  # fmt: skip
    return found


def _running(unit: Unit, caller: Caller, row: CaseRow, state: CaseState | None) -> Iterator[dict[str, Any]]:
    program = law.program(unit, row.definition)
    for run in state["clocks"] if state is not None else ():
        if run["status"] != "stopped" and run["kind"] == "limit":
            yield _in_short(row.ref, view.clock(program, run, caller.lang, caller.now))


def _in_short(ref: str, told: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("name", "title", "status", "due_at", "due_date", "provisional", "late")
    return {"ref": ref, **{name: told[name] for name in kept}}


def _doubts(row: CaseRow, far: CaseRow, lang: str) -> list[str]:
    """What speaks against the two being one matter, or gets lost: told, for a person decides."""
    found = []
    if row.place != far.place:  # who the parties are is not for everybody who may join the cases
        found.append(text("word.merge_other_place", lang, into=far.ref))
    if row.case_type != far.case_type:
        found.append(text("word.merge_other_type", lang, into=far.ref))
    if GRADES.get(row.risk or "", 0) > GRADES.get(far.risk or "", 0):
        grades = {"grade": row.risk, "less": far.risk or "-", "into": far.ref}
        found.append(text("word.merge_graver", lang, **grades))
    return found


def _other(unit: Unit, caller: Caller, ref: str) -> CaseRow:
    try:
        return get_case(unit, caller, ref)
    except FolkmootError as error:  # the one that was given, not the one to be joined
        error.reasons = tuple(replace(reason, pointer="/into") for reason in error.reasons)
        raise
