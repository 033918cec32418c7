"""Somebody's open work, seat by seat, and how each seat goes to another.

What moves is decided by the case's ordinary acts, so nothing is moved that a dispatcher could not move one by one.
Each seat is a command of its own: :mod:`engine.handover` commits them one after another.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.definitions.model import SeatEffect, Transition
from engine.definitions.outline import HANDLER_SEAT
from engine.domain.case import CaseState, Holder
from engine.domain.errors import FolkmootError, Refused, UsageError
from engine.domain.messages import tell, text
from engine.machine.act import chosen
from engine.machine.judge import fact_title
from engine.machine.move import open_acts
from engine.machine.program import Program
from engine.persistence import late as table
from engine.persistence.late import case, select
from engine.persistence.unit import Unit
from engine.service import law
from engine.service.acting import do_act
from engine.service.caller import Answer, Caller
from engine.service.case import get_case
from engine.service.hiding import there
from engine.service.once import keyed
from engine.service.person import is_open, resolve_person
from engine.service.routing.wording import Wording
from engine.service.seat import explained
from engine.service.unit import resolve_unit, units_below

Told = dict[str, Any]
GRADES = ("red", "orange", "yellow", "blue")
_case, _seat = (table.columns_of(model) for model in (table.Case, table.SeatHolder))


@keyed
def plan(
    unit: Unit,
    caller: Caller,
    *,
    persons: Sequence[str],
    to: str | None = None,
    seat: str | None = None,
    unit_code: str | None = None,
    cases: Sequence[str] = (),
) -> Answer:
    """Every seat that these people hold on open cases, the gravest first: {items[{ref, seat, person}], persons, to}.

    ``cases``: these alone, and those among them that the people no longer hold too, so that a list seen before is
    told whole. FM-U380 for one who would take over from himself.
    """
    codes = list(dict.fromkeys(resolve_person(unit, given) for given in persons))
    other = resolve_person(unit, to) if to else None
    if other in codes:
        raise UsageError("FM-U380", person=other)
    wanted = [_seat.c.person.in_(codes), is_open(), there(unit, caller)]
    if unit_code:
        wanted.append(_case.c.unit.in_(sorted(units_below(unit, resolve_unit(unit, unit_code)))))
    meant = [get_case(unit, caller, ref).ref for ref in cases]
    if meant:
        wanted.append(_case.c.ref.in_(meant))
    gravest = case(*[(_case.c.risk == grade, n) for n, grade in enumerate(GRADES)], else_=len(GRADES))
    rows = unit.execute(
        select(_case.c.ref, _seat.c.seat, _seat.c.person)
        .where(_case.c.id == _seat.c.case_id, *wanted)
        .order_by(gravest, _case.c.filed_at, _case.c.ref, _seat.c.seat, _seat.c.person)
    )
    items = [row for row in rows if seat is None or _is_called(unit, caller, row, seat)]
    known = {item["ref"] for item in items}
    gone = [
        {"ref": ref, "seat": seat or HANDLER_SEAT, "person": codes[0]} for ref in meant if ref not in known
    ]
    return {"items": [*items, *gone], "persons": codes, "to": other}


def _is_called(unit: Unit, caller: Caller, row: Told, seat: str) -> bool:
    """Whether the seat has this id or this title where it is."""
    wanted = seat.strip().casefold()
    if row["seat"] == wanted:
        return True
    program = law.program(unit, get_case(unit, caller, row["ref"]).definition)
    return wanted in (fact_title(program, row["seat"], lang).casefold() for lang in ("en", "zh"))


@keyed
def move(
    unit: Unit,
    caller: Caller,
    *,
    ref: str,
    seat: str,
    person: str,
    to: str | None = None,
    reason: str | None = None,
) -> Answer:
    """One seat to another person: to the one named, else as the rules pick.

    ``result``: moved · taken (somebody else was first) · nobody (stays, and stands on the head's list) ·
    needs_person (by lot, elected, or chosen by the parties). What the rules refuse is raised.
    """
    row = get_case(unit, caller, ref)
    about = {"ref": row.ref, "seat": seat, "from": person}
    held = row.body["seats"].get(seat, [])
    mine = next((h for h in held if h["person"] == person), None)
    if mine is None:
        return _taken(caller, about, held)
    program = law.program(unit, row.definition)
    acts, why = _acts(program, row.body, seat, mine, by_hand=to is not None)
    if not acts:
        return _told(caller, about, "needs_person", **_needs(program, why, seat))
    note = reason or text("word.reassign_note", caller.lang, person=person)
    answer = _first_allowed(
        unit, caller, acts, ref=row.ref, seats={seat: [to]} if to else None, auto=to is None,
        replaces={seat: person}, reason=note,
    )  # fmt: skip
    picked = explained(answer, seat, Wording(program, law.vocabulary(unit), caller.lang))
    taker = (picked["assignment"] or {}).get("person")
    if taker is None:
        return _told(caller, about, "nobody", **_explained(picked))
    return _told(caller, {**about, "to": taker}, "moved", **_explained(picked))


def _first_allowed(unit: Unit, caller: Caller, acts: Sequence[str], **given: Any) -> Answer:
    """The first of the acts that the caller may do; of acts for others, the reasons of the last."""
    for act in acts[:-1]:
        try:
            return do_act(unit, caller, act=act, **given)
        except Refused as error:  # nothing was written: a refused decision is none
            if any(reason.kind != "who" for reason in error.reasons):
                raise
    return do_act(unit, caller, act=acts[-1], **given)


def preview(
    unit: Unit,
    caller: Caller,
    *,
    persons: Sequence[str],
    to: str | None = None,
    seat: str | None = None,
    unit_code: str | None = None,
    cases: Sequence[str] = (),
    reason: str | None = None,
) -> Answer:
    """The whole of it in one unit, for a unit that is rolled back: each pick counts for the load of the next."""
    planned = plan(unit, caller, persons=persons, to=to, seat=seat, unit_code=unit_code, cases=cases)
    results = []
    for item in planned["items"]:
        try:
            with unit.savepoint():
                results.append(move(unit, caller, **item, to=planned["to"], reason=reason))
        except FolkmootError as error:
            results.append(refused(caller, item, error))
    return summed(planned, results)


def refused(caller: Caller, item: Mapping[str, Any], error: FolkmootError) -> Told:
    """The result of a seat that was not moved, with every reason."""
    reasons = [{**r.to_json(), "text": tell(r, caller.lang)} for r in error.reasons]
    about = {"ref": item["ref"], "seat": item["seat"], "from": item["person"]}
    because = " ".join(reason["text"] for reason in reasons)
    return {
        **_told(caller, about, "refused", because=because),
        "problem": {"code": error.code, "reasons": reasons},
    }


def summed(planned: Mapping[str, Any], results: Sequence[Told]) -> Answer:
    """{results, count, moved, failed, persons}."""
    moved = sum(one["result"] == "moved" for one in results)
    return {
        "results": list(results),
        "count": len(results),
        "moved": moved,
        "failed": len(results) - moved,
        "persons": planned["persons"],
    }


# ---- which act does it ---------------------------------------------------------------------------


def _acts(
    program: Program, state: CaseState, seat: str, holder: Holder, *, by_hand: bool
) -> tuple[list[str], str]:
    """The acts that put another into the seat and leave the case where it stands; or why there is none: a word."""
    spec = program.outline.seats[seat]
    if seat == HANDLER_SEAT:
        return ["assign_handler"], ""
    if seat in program.lots:
        return [], "lot"
    if any(name in program.outline.seats for name in spec.of):
        return [], "elected"
    if chosen(holder):
        return [], "chosen"
    return [*_written(program, state, seat, by_hand=by_hand), f"hand_on_{seat}"], ""


def _written(program: Program, state: CaseState, seat: str, *, by_hand: bool) -> Iterator[str]:
    """Written acts that are open here: first those by which the engine picks, which more people may do."""
    fitting = []
    for trigger in open_acts(program, state):
        _, transitions = program.outline.triggers.get(trigger, ("", ()))
        here = [t for t in transitions if _stays(t)]
        picks = any(isinstance(e, SeatEffect) and e.seat == seat for t in here for e in t.effects)
        asks = any(_asks_only(t, seat) for t in here)
        if asks or (picks and not by_hand):
            fitting.append((asks, trigger))
    return (trigger for _, trigger in sorted(fitting, key=lambda one: one[0]))


def _stays(transition: Transition) -> bool:
    return all(branch.to == "stay" for branch in transition.dest) and set(transition.allow) != {"party"}


def _asks_only(transition: Transition, seat: str) -> bool:
    asks = transition.asks
    return any(ask.name == seat for ask in asks) and not any(ask.needed and ask.name != seat for ask in asks)


# ---- what is told --------------------------------------------------------------------------------


def _taken(caller: Caller, about: Told, held: Sequence[Holder]) -> Told:
    if not held:
        return _told(caller, about, "taken", by=None, at=None)
    newest = max(held, key=lambda h: h["since"])
    return _told(caller, about, "taken", by=newest["person"], at=newest["since"])


def _explained(picked: Told) -> Told:
    return {name: picked[name] for name in ("candidates", "excluded", "rule")}


def _needs(program: Program, why: str, seat: str) -> Told:
    titles = {"title": fact_title(program, seat, "en"), "title_zh": fact_title(program, seat, "zh")}
    return {"why": why, **titles}


def _told(caller: Caller, about: Told, result: str, **more: Any) -> Told:
    """A result with its sentence in the caller's language."""
    word = result if result != "needs_person" else f"needs_{more['why']}"
    if result == "taken" and more["by"] is None:
        word = "left"
    given = {**about, **{name: "" if value is None else value for name, value in more.items()}}
    if caller.lang == "zh" and "title_zh" in more:
        given["title"] = more["title_zh"]
    said = text(f"word.reassign_{word}", caller.lang, **given)
    told = {name: value for name, value in more.items() if name not in ("title", "title_zh", "because")}
    return {"to": None, **about, "result": result, **told, "text": said}
