"""After the table: promises kept or broken, visits, a second person who closes, now and then a reopening."""

from datetime import date

from engine.service import acting
from workflows.demo.dispute.fate import DAY, Dispute
from workflows.demo.life import HOUR, MINUTE
from workflows.demo.stage import Steps

VISITS = {"red": (3, 7, 14, 25), "orange": (7, 14, 25), "yellow": (7, 25), "blue": (24,)}


def performing(life: Dispute) -> Steps:
    """Mostly on the day, some before, some after a reminder; who breaks the promise lets the days of grace go."""
    if life.slips(0.08):
        yield life.soon(30 * MINUTE)
        life.do(life.mediator, "file_confirmation", slip=True)  # one party alone
    for item in _open_obligations(life):
        due = date.fromisoformat(item["due"])
        early = life.chance.weighted({0: 50, 1: 25, 2: 10, -1: 15})
        at = life.stage.times.office(
            life.stage.times.calendar.start_of(due - early * DAY), life.chance.between(HOUR, 7 * HOUR)
        )
        yield max(at, life.office(HOUR, life.handler))
        if life.fate.breaks:
            break
        if early < 0:
            life.do(life.mediator, "urge")
        day = life.stage.times.calendar.day_of(life.now)
        life.record(life.handler, "performance", {"of": item["id"], "on": day.isoformat()})
    yield life.day(1.5)
    if life.fate.breaks and life.chance.happens(0.4):
        life.do(life.mediator, "urge")


def _open_obligations(life: Dispute) -> list[dict[str, str]]:
    items = life.body["records"]
    done = {item.get("of") for item in items if item["kind"] == "performance"}
    force = life.body["fields"].get("in_force")
    return [
        {"id": item["id"], "due": item["fields"]["due"]}
        for item in items
        if item["kind"] == "obligation" and item.get("of") == force and item["id"] not in done
    ]


def breached(life: Dispute) -> Steps:
    """Urged once more: most perform late, some sit down again, some go to court."""
    mediator = life.mediator
    yield life.office(5 * HOUR, mediator)
    life.fate.breaks = False
    if life.chance.happens(0.3):
        life.do(mediator, "mediate_again")
        return
    if life.chance.happens(0.15):
        yield life.day(9)
        life.do(mediator, "leave_to_court")
        return
    life.do(mediator, "urge")
    yield life.day(life.chance.whole(2, 9))
    for item in _open_obligations(life):
        day = life.stage.times.calendar.day_of(life.now)
        life.record(life.handler, "performance", {"of": item["id"], "on": day.isoformat()})


def follow_up(life: Dispute) -> Steps:
    """Visits as the grade asks, then the director or the head closes; the mediator himself may not."""
    since = life.now
    made = life.records("visit")
    for day in VISITS[life.risk][made:]:
        due = life.stage.times.awake(since + day * DAY, life.chance.between(HOUR, 30 * HOUR))
        yield max(due, life.now + HOUR)
        visitor = life.handler if life.chance.happens(0.8) else life.mediator
        life.record(
            visitor, "visit", {"performed": True, "satisfied": life.chance.happens(0.9), "latent_risk": False}
        )
        if life.slips(0.09):
            life.do(life.local.director, "close", slip=True)  # before the last visit
    if life.body["fields"].get("second_look"):
        seen = {"performed": True, "satisfied": True, "latent_risk": False}
        life.call(acting.record, life.local.director, kind="visit", items=[seen])
    yield life.awake(3 * HOUR, life.mediator)
    if life.slips(0.3):
        life.do(life.mediator, "close", slip=True)
    if life.chance.happens(0.25):
        life.ask(
            life.mediator, acting.do_act, life.local.director, act="close", note=life.words("notes", "fine")
        )
        yield life.day(3)
    closer = life.local.director if life.local.director != life.mediator else life.local.head
    yield life.office(6 * HOUR, closer)
    life.do(closer, "close", note=life.words("notes", "fine"))


def terminated(life: Dispute) -> Steps:
    yield life.office(9 * HOUR, life.local.director)
    if life.chance.happens(0.8):
        forum = life.chance.weighted({"court": 4, "town_committee": 3, "judicial_office": 2, "none": 1})
        life.do(life.local.director, "name_forum", set={"next_forum": forum})
    else:
        yield life.day(12)  # forgotten: the clock closes it


def suspended(life: Dispute) -> Steps:
    """Resumed when the party is back early, else by the clock."""
    yield life.day(5)
    if life.chance.happens(0.3):
        life.do(life.local.director, "resume")
    else:
        yield life.day(12)


def closed(life: Dispute) -> Steps:
    """Some come back: the same dispute keeps its number."""
    outcome = life.body.get("outcome")
    if not life.fate.reopens or outcome in ("merged", "referred", "unfounded"):
        return
    yield life.day(life.chance.whole(2, 9))
    life.again()
    life.do(
        life.local.head,
        "reopen",
        set={"reopen_ground": life.chance.pick(["new_fact", "complaint"])},
        note=life.words("notes", "reopen"),
    )


def court(life: Dispute) -> Steps:
    """Some agreements are confirmed by the court, beside their performance."""
    for _ in range(25):
        yield life.day(2)
        if life.look() == "closed":
            return
        if life.body["states"].get("confirmation") == "open_to_court":
            break
    else:
        return
    for no in life.parties:
        life.record(life.mediator, "application", {"party": no, "court": life.words("court")})
    if life.do(life.mediator, "file_confirmation", slip=True):
        yield life.day(float(life.chance.whole(6, 14)))
        life.do(life.mediator, "court_decides", set={"court_confirms": life.chance.happens(0.9)}, slip=True)
