"""The mediator: named, accepting, sitting down with the parties, writing down what they agree."""

from datetime import timedelta
from typing import Any

from engine.service import acting, clock, seat
from workflows.demo.dispute.fate import DAY, Dispute
from workflows.demo.life import HOUR, MINUTE
from workflows.demo.stage import Steps


def accepted(life: Dispute) -> Steps:
    """The director names one, or the engine does; who declines says why."""
    director = life.local.director
    if life.sessions_held == 0:
        life.agreement_at = life.now + life.table_time
    if life.slips():
        yield life.awake(HOUR, life.handler)
        life.do(life.handler, "open_session", slip=True)
    while not life.seated("mediator"):
        yield life.office(2 * HOUR, director, spread=0.6)
        life.look()
        if life.seated("mediator"):
            break
        if life.chance.happens(0.3):
            life.call(seat.assign, director, seat="mediator", auto=True)
        else:
            life.call(seat.assign, director, seat="mediator", person=life.chance.pick(life.local.mediators))
        life.look()
    mediator = life.mediator
    yield life.awake(90 * MINUTE, mediator)
    if life.chance.happens(0.06):
        life.call(seat.decline, mediator, seat="mediator", reason=life.words("notes", "decline"))
    else:
        life.call(seat.take, mediator, seat="mediator")


def to_the_table(life: Dispute) -> Steps:
    """The next session; who is not on the case cannot open it."""
    first = life.sessions_held == 0
    if not first and life.table_time > 12 * DAY and life.slips(0.5):
        yield life.day(1)
        _ask_longer(life)
    mediator, wait = life.mediator, life.until_next()
    yield life.day(wait / DAY) if wait > DAY / 2 else life.awake(wait, mediator, spread=0.1)
    if life.slips(0.06):
        others = [m for m in life.local.mediators if m != mediator]
        life.do(life.chance.pick(others), "open_session", slip=True)
    if life.do(mediator, "open_session"):
        life.sessions_held += 1
    else:
        yield life.day(1)


def _ask_longer(life: Dispute) -> None:
    """The mediator may not extend; the director is asked."""
    inputs: dict[str, Any] = {
        "clock": "mediation_limit",
        "set": {"longer_agreed": True},
        "reason": life.words("notes", "longer"),
    }
    if life.slips(0.3):
        life.call(clock.extend, life.mediator, slip=True, **inputs)
    life.ask(life.mediator, clock.extend, life.local.director, **inputs)


def in_session(life: Dispute) -> Steps:
    """An hour or two at the table: adjourned, ended without agreement, or agreed."""
    began = life.now
    mediator = life.mediator
    yield life.now + life.chance.between(45 * MINUTE, 130 * MINUTE)
    more = life.sessions_held < life.sessions
    session: dict[str, Any] = {"starts": began.isoformat(), "place": life.words("hall"), "result": "held"}
    if more:
        came = life.chance.weighted({"adjourned": 7, "no_show": 3})
        life.do(mediator, "adjourn", records={"session": [{**session, "result": came}]})
    elif life.fate.no_agreement:
        life.do(mediator, "terminate", set={"ending": "no_agreement"})
    else:
        yield from _conclude(life, mediator, session)


def _conclude(life: Dispute, mediator: str, session: dict[str, Any]) -> Steps:
    agreement: dict[str, Any] = {
        "facts": life.words("facts"),
        "terms": life.words("terms"),
        "partial": life.fate.partial,
    }
    records: dict[str, Any] = {
        "session": [session],
        "agreement": [agreement],
        "obligation": _obligations(life),
    }
    if life.grade == "orange":  # one depends on the other
        apart = [{"party": no, "notes": life.words("notes", "look")} for no in life.parties]
        life.call(acting.record, mediator, kind="caucus", items=apart)
    if life.slips():
        lacking = {**records, "session": [{k: v for k, v in session.items() if k != "place"}]}
        life.do(mediator, "conclude", records=lacking, slip=True)
        yield life.soon(4 * MINUTE)
    elif life.slips(0.06):
        spoken = {**records, "agreement": [{**agreement, "oral": True, "writing_asked": True}]}
        life.do(mediator, "conclude", records=spoken, slip=True)
        yield life.soon(9 * MINUTE)
    life.do(mediator, "conclude", records=records)


def _obligations(life: Dispute) -> list[dict[str, Any]]:
    """One to three promises of the other side, each with its day."""
    debtor = life.parties[-1]
    today = life.stage.times.calendar.day_of(life.now)
    return [
        {
            "debtor": debtor,
            "act": life.words.any(life.chance, "duties"),
            "due": (today + timedelta(days=life.chance.whole(1, 5) + 3 * number)).isoformat(),
        }
        for number in range(life.chance.weighted({1: 60, 2: 30, 3: 10}))
    ]


def agreed(life: Dispute) -> Steps:
    """Everybody signs at the table, or one takes the paper home first."""
    mediator, parties = life.mediator, life.parties
    yield life.soon(8 * MINUTE)
    spoken = [item for item in life.body["records"] if item["kind"] == "agreement"][-1]["fields"].get("oral")
    if spoken:
        life.do(mediator, "sign_agreement")
        return
    if life.chance.happens(0.75):
        life.do(mediator, "sign_agreement", set={"by": [*parties, mediator]})
        return
    life.do(mediator, "sign_agreement", set={"by": [*parties[:-1], mediator]})
    yield life.awake(9 * HOUR, mediator)
    life.do(mediator, "sign_agreement", set={"by": [parties[-1]]})


def partially_agreed(life: Dispute) -> Steps:
    yield life.office(9 * HOUR, life.mediator)
    life.fate.partial = False
    if life.chance.happens(0.6):
        life.do(life.mediator, "continue_rest")
    else:
        life.do(life.mediator, "leave_rest")


def caucus(life: Dispute) -> Steps:
    """A talk with one side alone, while the case is at the table."""
    yield life.awake(20 * HOUR, life.local.mediators[0])
    if life.look() in ("assigned", "adjourned") and life.seated("mediator"):
        life.call(
            acting.record,
            life.mediator,
            kind="caucus",
            items=[{"party": life.parties[0], "notes": life.words("notes", "look")}],
        )
