"""Reading one case: its page, what can be done and why not, its history.

Nothing here builds a statement, so that a command that reads one case never loads SQLAlchemy.
"""

from typing import Any

from engine.machine.command import Command
from engine.machine.judge import act_title, state_title, who_title
from engine.machine.offer import Offer, offers
from engine.machine.program import Program
from engine.persistence.case_store import CaseRow
from engine.persistence.case_store import history as events_of
from engine.persistence.evidence import verify_chain
from engine.persistence.unit import Unit
from engine.service import cover, law, place, view
from engine.service.acting import find_act
from engine.service.caller import VISITOR, Answer, Caller
from engine.service.case import get_case
from engine.service.hiding import seen_links
from engine.service.past import goes_on_in
from engine.service.world import gather


def show_case(unit: Unit, caller: Caller, *, ref: str) -> Answer:
    """One page: everything of a case, its last five acts, and what the caller can do next."""
    row = get_case(unit, caller, ref)
    program = law.program(unit, row.definition)
    events = events_of(unit, row.id, after_seq=max(0, row.version - 5))
    mine = [o for o in _offers(unit, caller, program, row, every=False) if o.allowed]
    shown = cover.cover(unit, caller, row.body)
    page = view.full(program, row, caller.lang, caller.now)
    links = seen_links(unit, caller, page["links"])
    return {
        **shown.case({**page, "links": links}),
        "goes_on_in": goes_on_in(row.body, links) if row.phase == "done" else None,
        "place_name": place.name_of(unit, row.place),
        "history": [shown.event(view.event(program, e.event, caller.lang)) for e in events],
        "next": [{"act": o.act, "title": act_title(program, o.act, caller.lang)} for o in mine],
    }


def next_acts(unit: Unit, caller: Caller, *, ref: str, act: str | None = None, every: bool = False) -> Answer:
    """What the caller can do, what not, and why; with ``act`` only that one."""
    row = get_case(unit, caller, ref)
    program = law.program(unit, row.definition)
    if act is None:
        found = _offers(unit, caller, program, row, every=every)
    else:
        found = _offers(unit, caller, program, row, only=find_act(program, act))
    brief = view.brief(program, row.body, row.version, caller.lang)
    return {
        **cover.line(unit, caller, row.body, brief),
        "due": _next_deadline(program, row, caller),
        "items": [_offer(program, o, caller.lang) for o in found],
    }


def standing(
    unit: Unit, caller: Caller, *, ref: str, act: str | None = None, since: int | None = None
) -> Answer:
    """How a case stands, for one whose ``act`` was refused: what happened after version ``since``, and
    what the caller could do instead."""
    row = get_case(unit, caller, ref)
    program = law.program(unit, row.definition)
    after = row.version if since is None else max(0, since)
    shown = cover.cover(unit, caller, row.body)
    events = [
        shown.event(view.event(program, e.event, caller.lang))
        for e in events_of(unit, row.id, after_seq=after)
    ]
    told = ("act", "title", "actor", "occurred_at")
    brief = view.brief(program, row.body, row.version, caller.lang)
    return {
        "case": {name: brief[name] for name in ("ref", "state", "state_title", "version")},
        "since": [{"version": e["seq"], **{name: e[name] for name in told}} for e in events],
        "way_out": [
            {"act": o.act, "title": act_title(program, o.act, caller.lang)}
            for o in _offers(unit, caller, program, row)
            if o.allowed and o.act != act
        ],
    }


def _offers(
    unit: Unit,
    caller: Caller,
    program: Program,
    row: CaseRow,
    *,
    every: bool = False,
    only: str | None = None,
) -> list[Offer]:
    person = caller.person or VISITOR
    command = Command("", caller.at, person, person, caller.identity)
    world = gather(unit, caller, program, row.body, command)
    return offers(program, row.body, row.version, command, world, every=every, only=only)


def _offer(program: Program, offer: Offer, lang: str) -> dict[str, Any]:
    from engine.domain.messages import tell

    return {
        "act": offer.act,
        "title": act_title(program, offer.act, lang),
        "allowed": offer.allowed,
        "who": [who_title(program, who, lang) for who in offer.who],
        "basis": offer.basis,
        "input": offer.form,
        "reasons": [{**r.to_json(), "text": tell(r, lang)} for r in offer.reasons],
    }


def _next_deadline(program: Program, row: CaseRow, caller: Caller) -> dict[str, Any] | None:
    live = [r for r in row.body["clocks"] if r["status"] == "running" and r["kind"] == "limit" and "due" in r]
    if not live:
        return None
    return view.clock(program, min(live, key=lambda r: r["due"]), caller.lang, caller.now)


def history(unit: Unit, caller: Caller, *, ref: str, verify: bool = False) -> Answer:
    """Who did what, when it happened, when it was entered, on what basis; with ``verify`` the chain is checked."""
    row = get_case(unit, caller, ref)
    program = law.program(unit, row.definition)
    shown = cover.cover(unit, caller, row.body)
    items = [
        {
            **shown.event(view.event(law.program(unit, e.event["definition"]), e.event, caller.lang)),
            "hash": e.hash.hex(),
        }
        for e in events_of(unit, row.id)
    ]
    answer: Answer = {
        "ref": row.ref,
        "type": row.case_type,
        **shown.line({"what": row.body["what"]}),
        "items": items,
        "count": len(items),
    }
    answer["state_title"] = state_title(program, row.state, caller.lang)
    if verify:
        breaks = verify_chain(unit, row.id)
        answer["verified"] = not breaks
        answer["breaks"] = [{"ref": row.ref, "seq": b.seq, "kind": b.kind} for b in breaks]
    return answer
