"""Seats: a dispatcher fills one by hand or asks the engine; officers take, accept, decline and hand back."""

from datetime import datetime
from typing import Any

from engine.definitions.model import SeatEffect, Transition
from engine.definitions.outline import HANDLER_SEAT
from engine.domain.case import CaseState
from engine.domain.errors import Reason, UsageError, refused
from engine.machine.judge import fact_title
from engine.machine.move import open_acts
from engine.machine.program import Program
from engine.machine.sitting import answered
from engine.persistence.case_store import CaseRow
from engine.persistence.unit import Unit
from engine.service import law
from engine.service.acting import do_act
from engine.service.caller import Answer, Caller
from engine.service.case import get_case
from engine.service.cover import cover
from engine.service.naming import find_seat
from engine.service.once import keyed
from engine.service.reasoned import do_reasoned
from engine.service.routing.wording import Wording


@keyed
def assign(
    unit: Unit,
    caller: Caller,
    *,
    ref: str,
    person: str | None = None,
    seat: str = HANDLER_SEAT,
    auto: bool = False,
    at: datetime | None = None,
    done_by: str | None = None,
    reason: str | None = None,
    ask: bool = False,
    if_version: int | None = None,
) -> Answer:
    """Fill a seat with a named person, or with the engine's choice. Assigning again replaces the handler."""
    if (person is None) == (not auto):
        raise UsageError("FM-U212")
    row = get_case(unit, caller, ref)
    program = law.program(unit, row.definition)
    name = find_seat(program, seat)
    answer = do_act(
        unit, caller, ref=ref, act=act_for(program, row.body, name, auto=auto), seats={name: [person]} if person else None,
        auto=auto, at=at, done_by=done_by, reason=reason, ask=ask, if_version=if_version,
    )  # fmt: skip
    if auto:
        _refuse_nobody(unit, caller, row, program, name, answer)
    return {**answer, **explained(answer, name, Wording(program, law.vocabulary(unit), caller.lang))}


def _refuse_nobody(
    unit: Unit, caller: Caller, row: CaseRow, program: Program, seat: str, answer: Answer
) -> None:
    """Where an effect fills the seat, a clock that finds nobody leaves an incident; whoever asks is refused instead,
    and nothing is written: why the tables do not answer, else FM-R561."""
    changes = [c for e in [answer.get("event"), *answer.get("effects", ())] if e for c in e["changes"]]
    of_seat = [c for c in changes if c.get("seat") == seat and c["do"] in ("seat", "incident")]
    if not of_seat or of_seat[-1]["do"] != "incident":
        return
    decision = of_seat[-1]["decision"]
    against = decision.get("against")
    if against:
        reason = Reason(against["code"], against["params"], "seat")
    else:
        titles = {f"title{end}": fact_title(program, seat, lang) for end, lang in (("", "en"), ("_zh", "zh"))}
        reason = Reason("FM-R561", {**decision, **titles, "seat": seat, "ref": row.ref}, "seat")
    raise refused(cover(unit, caller, row.body).audience.reasons([reason]))


def act_for(program: Program, state: CaseState, seat: str, *, auto: bool) -> str:
    """The act that fills a seat: the written one that asks for it (by hand) or lets the engine choose, the one
    open now before others; for handlers else the generated one."""
    fitting = fillers(program, seat, auto=auto)
    here = [trigger for trigger in open_acts(program, state) if trigger in fitting]
    if here:
        return here[0]
    if seat == HANDLER_SEAT:
        return "assign_handler"
    if not fitting:
        raise UsageError("FM-U214", seat=seat)
    return fitting[0]


def fillers(program: Program, seat: str, *, auto: bool) -> list[str]:
    """The written acts that fill a seat, in any state."""
    return [
        trigger
        for trigger, (_, transitions) in program.outline.triggers.items()
        if any(_fills(t, seat, auto=auto) for t in transitions)
    ]


def _fills(transition: Transition, seat: str, *, auto: bool) -> bool:
    if auto:
        picks = any(isinstance(e, SeatEffect) and e.seat == seat for e in transition.effects)
        return picks or (seat == HANDLER_SEAT and any(ask.name == seat for ask in transition.asks))
    return any(ask.name == seat for ask in transition.asks)


def explained(answer: Answer, seat: str, wording: Wording) -> dict[str, Any]:
    """Who sits now and how it was decided, lifted out of the events."""
    events = [answer.get("event"), *answer.get("effects", ())]
    changes = [
        c
        for e in events
        if e
        for c in e["changes"]
        if c["do"] in ("seat", "incident") and c.get("seat") == seat
    ]
    if not changes:
        return {"assignment": None, "candidates": [], "excluded": [], "rule": None}
    decision = changes[-1].get("decision", {})
    return {
        "assignment": {"seat": seat, "person": changes[-1].get("person"), "score": decision.get("score")},
        "candidates": [_with_titles(one, wording) for one in decision.get("candidates", [])],
        "excluded": [wording.out(out) for out in decision.get("excluded", [])],
        "rule": decision.get("rule"),
    }


def _with_titles(candidate: Answer, wording: Wording) -> Answer:
    return {**candidate, "terms": wording.terms(candidate["terms"])} if "terms" in candidate else candidate


def meant(program: Program, state: CaseState, seat: str, person: str, *, accepted: bool) -> str:
    """The seat somebody means: the named one, unless they sit (or were named) only in one other."""
    name = find_seat(program, seat)
    mine = [
        other
        for other, holders in state["seats"].items()
        if any(h["person"] == person and h["accepted"] == accepted for h in holders)
    ]
    return mine[0] if name not in mine and len(mine) == 1 else name


def refusable(program: Program, state: CaseState, seat: str, person: str) -> str:
    """The seat somebody does not want: of those he was named for, else the only one that he has."""
    name = meant(program, state, seat, person, accepted=False)
    named = any(h["person"] == person and not h["accepted"] for h in state["seats"].get(name, ()))
    return name if named else meant(program, state, seat, person, accepted=True)


@keyed
def take(
    unit: Unit,
    caller: Caller,
    *,
    ref: str,
    seat: str = HANDLER_SEAT,
    at: datetime | None = None,
    done_by: str | None = None,
    reason: str | None = None,
    if_version: int | None = None,
) -> Answer:
    """Take an open handler's seat oneself, or accept a seat one was named for. One winner, one clear loser."""
    row = get_case(unit, caller, ref)
    program = law.program(unit, row.definition)
    person = done_by or caller.name
    name = meant(program, row.body, seat, person, accepted=False)
    proposed = any(h["person"] == person and not answered(h) for h in row.body["seats"].get(name, ()))
    act = f"accept_{name}" if proposed or name != HANDLER_SEAT else "take_handler"
    return do_act(
        unit, caller, ref=ref, act=act, at=at, done_by=done_by, reason=reason, if_version=if_version
    )


@keyed
def decline(
    unit: Unit,
    caller: Caller,
    *,
    ref: str,
    seat: str = HANDLER_SEAT,
    reason: str | None = None,
    at: datetime | None = None,
    done_by: str | None = None,
    if_version: int | None = None,
) -> Answer:
    """Decline a seat one was named for; a reason is always asked."""
    row = get_case(unit, caller, ref)
    program = law.program(unit, row.definition)
    name = refusable(program, row.body, seat, done_by or caller.name)
    act = f"decline_{name}" if f"decline_{name}" in program.outline.generated else f"handback_{name}"
    return do_reasoned(
        unit, caller, ref=ref, act=act, reason=reason, at=at, done_by=done_by, if_version=if_version
    )


@keyed
def handback(
    unit: Unit,
    caller: Caller,
    *,
    ref: str,
    seat: str = HANDLER_SEAT,
    reason: str | None = None,
    at: datetime | None = None,
    done_by: str | None = None,
    if_version: int | None = None,
) -> Answer:
    """Hand a seat back with the reason; the case's clocks run on."""
    row = get_case(unit, caller, ref)
    name = meant(law.program(unit, row.definition), row.body, seat, done_by or caller.name, accepted=True)
    return do_reasoned(
        unit,
        caller,
        ref=ref,
        act=f"handback_{name}",
        reason=reason,
        at=at,
        done_by=done_by,
        if_version=if_version,
    )


@keyed
def give_up(
    unit: Unit,
    caller: Caller,
    *,
    ref: str,
    seat: str = HANDLER_SEAT,
    reason: str | None = None,
    at: datetime | None = None,
    done_by: str | None = None,
    if_version: int | None = None,
) -> Answer:
    """Decline a seat one is only named for, hand back one that was accepted."""
    row = get_case(unit, caller, ref)
    name = find_seat(law.program(unit, row.definition), seat)
    person = done_by or caller.name
    named = any(h["person"] == person and not h["accepted"] for h in row.body["seats"].get(name, ()))
    return (decline if named else handback)(
        unit, caller, ref=ref, seat=name, reason=reason, at=at, done_by=done_by, if_version=if_version
    )
