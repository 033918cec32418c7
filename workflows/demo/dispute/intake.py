"""The desk: safety questions, the right forum, a handler, and everybody's consent."""

from datetime import timedelta
from typing import Any

from engine.service import acting, party, seat
from workflows.demo.dispute.fate import Dispute
from workflows.demo.life import HOUR, MINUTE
from workflows.demo.stage import Steps

TEMPO = {"red": 6 * MINUTE, "orange": 35 * MINUTE}
SAFE: dict[str, Any] = dict.fromkeys(
    ("violence", "weapon", "dv", "minor", "crime", "crisis", "power_gap", "mass", "official", "language"),
    False,
)


def reported(life: Dispute) -> Steps:
    """Screened in the order of urgency; a repeated report is found by the desk and linked."""
    desk = life.local.dispatcher
    urgent = TEMPO.get(life.grade)
    yield life.soon(urgent, spread=0.4) if urgent else life.office(80 * MINUTE, desk, spread=1.0)
    first = _first_report(life)
    if life.fate.repeated and first is not None and life.do(desk, "mark_duplicate", set={"same_as": first}):
        return
    form = _form(life)
    if (form["weapon"] or form["mass"]) and life.slips(0.5):
        mild = "yellow" if form["weapon"] else "blue"
        life.do(desk, "screen", records={"screening_form": [form]}, set=_found(life, form, mild), slip=True)
        yield life.soon(2 * MINUTE)
    life.do(desk, "screen", records={"screening_form": [form]}, set=_found(life, form, life.grade))
    if form["weapon"]:
        life.do(desk, "call_police", note=life.words("red"))


def _first_report(life: Dispute) -> str | None:
    """An earlier open dispute of the same village."""
    from engine.service import query

    wanted = {"type": "dispute_mediation", "place": life.local.village, "open": True}
    found = life.stage.engine.read(
        query.list_cases, life.stage.engine.caller(person=life.local.dispatcher), filter=wanted, limit=20
    )
    return next((item["ref"] for item in found["items"] if item["ref"] != life.ref), None)


def _form(life: Dispute) -> dict[str, Any]:
    found = {
        "weapon": life.grade == "red",
        "power_gap": life.grade == "orange",
        "dv": life.fate.dv,
        "minor": life.fate.minor,
        "crime": life.fate.crime,
        "mass": len(life.parties) >= 6,
    }
    return {**SAFE, **found, "prior_reports": life.chance.weighted({0: 80, 1: 14, 2: 5, 4: 1})}


def _found(life: Dispute, form: dict[str, Any], grade: str) -> dict[str, Any]:
    """Grade and kind; a safety question answered yes rules out blue."""
    flagged = any(form[name] is True for name in SAFE) or form["prior_reports"] >= 3
    mild = grade == "blue" == life.grade
    return {"risk": "yellow" if flagged and mild else grade, "category": life.category}


def screening(life: Dispute) -> Steps:
    """The right forum or a handler; then everybody is asked."""
    desk, fate = life.local.dispatcher, life.fate
    yield life.soon(7 * MINUTE) if life.grade == "red" else life.office(25 * MINUTE, desk)
    if fate.crime and life.slips(0.6):
        life.do(desk, "ask_consent", slip=True)
    if fate.crime or fate.wrong_forum:
        fate.wrong_forum = False
        agency = "station" if fate.crime else life.chance.pick(["land_office", "labour_office", "court"])
        life.do(
            desk,
            "refer",
            set={"agency": agency},
            note=life.words("notes", "crime" if fate.crime else "refer"),
        )
        return
    if life.chance.happens(0.012) and life.grade != "red":
        life.do(desk, "dismiss", note=life.words("notes", "unfounded"))
        return
    if life.slips(0.05):  # somebody who serves another village
        far = life.stage.cast.local(life.chance.pick(life.stage.cast.villages)).handler
        life.call(seat.assign, desk, person=far, slip=True)
    if not life.seated("handler"):
        life.call(seat.assign, desk, auto=True)
    yield life.soon(9 * MINUTE) if life.grade == "red" else life.awake(30 * MINUTE, life.handler)
    if len(life.parties) < 2:
        if life.slips(0.3):
            life.do(life.handler, "ask_consent", slip=True)
        other = life.words.person(life.chance, 1)
        life.call(party.add, life.handler, role="respondent", fields={"name": other})
    life.do(life.handler, "ask_consent")
    if life.grade in TEMPO:
        plan = {"lead": life.local.officer, "measures": life.words("notes", "rise")}
        life.call(acting.record, life.handler, kind="plan", items=[plan])


def referred_out(life: Dispute) -> Steps:
    """The other body takes over, mostly within the day; now and then it sends the case back."""
    desk = life.local.dispatcher
    yield life.office(5 * HOUR, desk)
    if not life.fate.crime and life.chance.happens(0.2):
        life.do(desk, "came_back", note=life.words("notes", "back"))
    else:
        life.do(desk, "taken_over")


def awaiting_consent(life: Dispute) -> Steps:
    """Each party is asked for itself; one clear refusal ends it."""
    handler = life.handler
    if life.fate.away:
        yield life.office(4 * HOUR, life.local.director)
        life.fate.away = False
        _suspend(life)
        return
    if life.slips():
        yield life.awake(HOUR, handler)
        life.do(handler, "open_session", slip=True)
    if life.fate.dv:
        yield life.office(6 * HOUR, life.local.officer)
        life.do(life.local.officer, "clear_dv", records={"victim_interview": [{"alone": True, "safe": True}]})
    if life.fate.silent:
        yield from _search(life, handler)
        return
    if not life.records("identity_paper"):
        yield life.awake(2 * HOUR, handler)
        seen = [{"party": no, "kind": "id_card"} for no in life.parties]
        life.call(acting.record, handler, kind="identity_paper", items=seen)
    for number, no in enumerate(life.parties):
        yield life.awake(4 * HOUR, handler, spread=0.8)
        if life.fate.minor:
            _minor(life, handler, no, child=number == 1)
        last = number == len(life.parties) - 1
        decision = "refused" if life.fate.refuses and last else "given"
        answer = {"party": no, "decision": decision}
        if last and life.fate.forgotten:
            yield from _enter_late(life, handler, answer)
        elif no in life.parties:
            life.record(handler, "consent", answer)
    yield life.day(2)  # nothing more to do unless something was not accepted


def _enter_late(life: Dispute, handler: str, answer: dict[str, Any]) -> Steps:
    """Told in time, typed when the deadline is missed: that needs the head's yes."""
    told = life.now
    yield life.day(6)
    late: dict[str, Any] = {"kind": "consent", "items": [answer], "at": told}
    life.call(acting.record, handler, slip=True, **late)
    life.ask(handler, acting.record, life.local.head, reason=life.words("notes", "phone"), **late)
    yield life.day(2)
    if life.look() == "awaiting_consent":
        life.record(handler, "consent", answer)


def _minor(life: Dispute, handler: str, no: str, *, child: bool) -> None:
    """Where a minor is concerned, everybody's age is asked and the guardian is told."""
    life.call(party.change, handler, no=no, fields={"age": 15 if child else life.chance.whole(28, 71)})
    if child:
        life.record(handler, "guardian_notice", {"party": no, "guardian": life.words.person(life.chance, 5)})


def _search(life: Dispute, handler: str) -> Steps:
    """Three attempts on three days, then it is given up; trying to give up earlier is refused."""
    for attempt in range(3):
        yield life.day(1 if attempt else 0.2)
        means = life.chance.pick(["visit", "phone"])
        life.record(handler, "contact", {"party": life.parties[-1], "means": means, "reached": False})
        if attempt == 1 and life.slips(0.5):
            life.do(handler, "give_up_search", slip=True)
    yield life.awake(2 * HOUR, handler)
    life.do(handler, "give_up_search")


def _suspend(life: Dispute) -> None:
    until = (life.now + timedelta(days=life.chance.whole(5, 14))).date().isoformat()
    director = life.local.director
    if life.slips(0.4):
        past = (life.now - timedelta(days=1)).date().isoformat()
        why = [{"ground": "party_away", "until": past}]
        life.do(director, "suspend", records={"suspension": why}, note=life.words("notes", "away"), slip=True)
    why = [{"ground": "party_away", "until": until}]
    life.do(director, "suspend", records={"suspension": why}, note=life.words("notes", "away"))


def daily_look(life: Dispute) -> Steps:
    """A red case is looked at every day for as long as it is open."""
    while True:
        yield life.awake(11 * HOUR, life.local.officer, spread=0.1)
        if life.look() == "closed" or life.risk != "red":
            return
        life.call(acting.note, life.local.officer, text=life.words("notes", "look"))
