"""How the people of a service request go on from each state."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from engine.service import acting, clock, seat
from workflows.demo.cast import Local
from workflows.demo.chance import Chance
from workflows.demo.life import HOUR, MINUTE, Life
from workflows.demo.stage import Stage, Steps


class Request(Life):
    def __init__(self, stage: Stage, chance: Chance, local: Local, ref: str, category: str) -> None:
        super().__init__(stage, chance, local, ref, category)
        self.scope = chance.weighted({"ours": 88, "other": 8, "unclear": 4})
        self.frail = chance.weighted({"none": 82, "elderly": 14, "disabled": 4})
        self.danger = chance.happens(0.015)
        self.calls = 0
        self.extended = False


def received(life: Request) -> Steps:
    """Looked at within the hour; at night some wait for the morning."""
    desk = life.local.dispatcher
    night = not 7 <= life.now.astimezone(life.stage.times.calendar.tz).hour < 22
    yield (
        life.awake(25 * MINUTE, desk)
        if night and life.chance.happens(0.6)
        else life.soon(13 * MINUTE, spread=0.8)
    )
    found = {"danger": life.danger, "scope": life.scope, "frail": life.frail, "need": life.category}
    life.do(desk, "triage", set=found)


def triaged(life: Request) -> Steps:
    desk = life.local.dispatcher
    yield life.awake(20 * MINUTE, desk, spread=0.9)
    if life.scope != "ours":
        yield from _pass_on(life, desk)
    elif life.chance.happens(0.14) and life.frail == "none":
        answer = {"result": [{"what": life.words.any(life.chance, "results")}], "reply": [{"means": "phone"}]}
        life.do(desk, "answer_at_once", records=answer)
    elif life.chance.happens(0.025):
        ground = life.chance.pick(["needs_court", "petition_pending", "lawfully_finished"])
        life.do(desk, "refuse", set={"refusal_ground": ground}, note=life.words("notes", "refer"))
    else:
        yield from _send(life, desk, life.local.handler)


def _pass_on(life: Request, desk: str) -> Steps:
    """What is clearly others' goes with one call; where it is unclear the three talk first."""
    if life.scope == "unclear":
        if life.slips(0.6):
            life.do(desk, "pass_to_12345", slip=True)
            yield life.soon(6 * MINUTE)
        call = {"with_whom": "hotline", "agreed": life.words("notes", "not_ours")}
        life.call(acting.record, desk, kind="three_way_call", items=[call])
    life.do(desk, "pass_to_12345", note=life.words("notes", "not_ours"))


def _send(life: Request, desk: str, handler: str) -> Steps:
    if life.stage.present(handler, life.now) > life.now:  # tried all the same: the rules name who is there
        if life.do(desk, "dispatch", seats={"handler": [handler]}, slip=True):
            return
        yield life.soon(3 * MINUTE)
        others = (life.local.officer, life.local.head)
        handler = next((o for o in others if life.stage.present(o, life.now) == life.now), life.local.head)
    if life.slips(0.04):
        far = life.stage.cast.local(life.chance.pick(life.stage.cast.villages)).handler
        life.do(desk, "dispatch", seats={"handler": [far]}, slip=True)
    if life.look() in ("triaged", "returned"):
        life.do(desk, "dispatch", seats={"handler": [handler]})


def passed_on(life: Request) -> Steps:
    desk = life.local.dispatcher
    yield life.office(4 * HOUR, desk) if life.row.state == "passed_to_12345" else life.soon(40 * MINUTE)
    if life.row.state == "passed_to_12345" and life.chance.happens(0.12):
        life.scope = "ours"
        life.do(desk, "came_back", note=life.words("notes", "back"), set={"scope": "ours"})
    else:
        life.do(desk, "taken_over")


def dispatched(life: Request) -> Steps:
    handler = life.handler
    yield life.office(70 * MINUTE, handler, spread=0.9)
    if life.chance.happens(0.04):
        life.do(
            handler,
            "return_order",
            set={"return_ground": "not_our_duty"},
            note=life.words("notes", "not_ours"),
            slip=True,
        )
        return
    life.do(handler, "accept")


def returned(life: Request) -> Steps:
    desk, was = life.local.dispatcher, life.local.auxiliary
    yield life.office(90 * MINUTE, desk)
    yield from _send(life, desk, life.local.officer if was else life.local.head)


def accepted(life: Request) -> Steps:
    yield life.office(2 * HOUR, life.handler)
    life.do(life.handler, "start")


def in_progress(life: Request) -> Steps:
    """Half a day to some days; a home visit where somebody is frail; some wait for others, some ask for time."""
    handler = life.handler
    if life.frail != "none" and not life.records("visit"):
        yield life.office(5 * HOUR, handler)
        life.record(handler, "visit", {"found": life.words("notes", "look")})
    yield life.office(6 * HOUR, handler, spread=0.9)
    if life.chance.happens(0.1) and not life.records("waiting"):
        until = (life.now + timedelta(days=life.chance.whole(2, 6))).date().isoformat()
        waiting: dict[str, Any] = {"body": life.words("notes", "part"), "until": until}
        life.do(handler, "wait_for_other", records={"waiting": [waiting]})
        return
    if life.chance.happens(0.1):
        _ask_time(life)
        yield life.office(20 * HOUR, handler)
    if life.slips(0.05):
        life.do(handler, "finish", slip=True)  # without the result
    if life.chance.happens(0.07):
        told = {"why": life.words("explanation", "why"), "plan": life.words("explanation", "plan")}
        life.do(handler, "explain", records={"explanation": [told]})
    else:
        life.do(handler, "finish", records={"result": [{"what": life.words.any(life.chance, "results")}]})


def _ask_time(life: Request) -> None:
    """The handler cannot extend his own limit; the head is asked."""
    inputs: dict[str, Any] = {"clock": "handle_within", "reason": life.words("notes", "part")}
    if life.slips(0.4):
        life.call(clock.extend, life.handler, slip=True, **inputs)
    life.extended = True
    life.ask(life.handler, clock.extend, life.local.head, **inputs)


def waiting_other(life: Request) -> Steps:
    yield life.day(float(life.chance.whole(1, 5)))
    life.do(life.handler, "go_on")


def finished(life: Request) -> Steps:
    handler = life.handler
    yield life.office(3 * HOUR, handler)
    if life.chance.happens(0.06):
        life.do(handler, "waive_reply")
        life.do(handler, "skip_reply")
        return
    life.do(
        handler, "reply", records={"reply": [{"means": life.chance.pick(["phone", "in_person", "message"])}]}
    )


def replied(life: Request) -> Steps:
    """Called back by the desk, three times at most."""
    desk = life.local.dispatcher
    yield life.office(7 * HOUR, desk)
    if life.slips(0.06):
        life.do(desk, "call_back", records={"call": [{"answer": "satisfied"}]}, slip=True)  # without a score
    answer = life.chance.weighted({"satisfied": 80, "unsatisfied": 8, "not_reached": 12})
    call: dict[str, Any] = {"answer": answer}
    if answer != "not_reached":
        call["score"] = life.chance.weighted(
            {5: 55, 4: 35, 3: 10} if answer == "satisfied" else {1: 40, 2: 60}
        )
    life.do(desk, "call_back", records={"call": [call]})
    if answer == "not_reached":
        yield life.day(1)


def again(life: Request) -> Steps:
    """Who did it does it again; what the desk had answered itself gets a handler now."""
    if not life.seated("handler"):
        yield life.office(HOUR, life.local.dispatcher)
        life.call(seat.assign, life.local.dispatcher, auto=True)
        life.look()
    yield life.office(3 * HOUR, life.handler)
    life.do(life.handler, "start")


def with_head(life: Request) -> Steps:
    head = life.local.head
    yield life.office(7 * HOUR, head)
    if life.chance.happens(0.3):
        life.do(head, "order_redo", note=life.words("notes", "again"))
    else:
        life.do(head, "settle", note=life.words("notes", "leave"))


def to_close(life: Request) -> Steps:
    desk = life.local.dispatcher
    yield life.office(2 * HOUR, desk)
    if life.slips(0.07):
        life.do(life.handler, "close", slip=True)
    life.do(desk, "close")


def closed(life: Request) -> Steps:
    if not life.chance.happens(0.02) or life.body.get("outcome") in ("merged", "transferred", "refused"):
        return
    yield life.day(float(life.chance.whole(2, 8)))
    life.scope, life.frail = "ours", "none"
    life.do(life.local.dispatcher, "reopen", note=life.words("notes", "again"))


POLICIES: Mapping[str, Callable[[Request], Steps]] = {
    "received": received,
    "triaged": triaged,
    "passed_to_110": passed_on,
    "passed_to_12345": passed_on,
    "dispatched": dispatched,
    "returned": returned,
    "accepted": accepted,
    "in_progress": in_progress,
    "waiting_other": waiting_other,
    "done": finished,
    "explained": finished,
    "replied": replied,
    "redo": again,
    "with_head": with_head,
    "to_close": to_close,
    "closed": closed,
}
