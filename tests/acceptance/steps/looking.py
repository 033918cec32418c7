"""What is seen afterwards: where the case stands, its deadlines, who was told, the audit trail."""

from collections.abc import Mapping
from typing import Any

from pytest_bdd import parsers, then

from tests.acceptance.moment import ZONE, day, moment
from tests.acceptance.station import PARTIES, STAFF
from tests.acceptance.story import Story, code_of
from engine.domain.instant import from_text

# the role under which somebody is reminded who holds no seat on the case
ROLE_OF = {"Ding": "dispatcher", "Chen": "head", "Du": "director", "Ou": "officer"}


# ---- where the case stands -------------------------------------------------------------------------


@then(parsers.re(r'the case is closed as "(?P<outcome>.+)"'))
def is_closed_as(story: Story, outcome: str) -> None:
    case = story.case
    assert (case["phase"], case["outcome_title"]) == ("done", outcome), story.reply.told


@then(parsers.re(r'the case is "(?P<title>.+)"'))
def stands_in(story: Story, title: str) -> None:
    assert story.case["state_title"] == title, story.reply.told


@then(parsers.re(r"it counts as (?P<grade>\w+)"))
def counts_as(story: Story, grade: str) -> None:
    assert story.case["grade"] == grade


@then(parsers.re(r"it waits for (?P<name>[A-Z]\w+)"))
def waits_for_person(story: Story, name: str) -> None:
    people = [person for w in story.case["waits_on"] for person in w["people"].split(", ")]
    assert code_of(name) in people


@then(parsers.re(r"it waits for the (?P<role>[a-z ]+)"))
def waits_for_role(story: Story, role: str) -> None:
    assert [w["title"].lower() for w in story.case["waits_on"]] == [role]


@then(parsers.re(r"it is in its cycle (?P<number>\d)"))
def is_in_cycle(story: Story, number: str) -> None:
    assert story.case["cycle"] == int(number)


@then("it has to be screened again")
def has_to_be_screened(story: Story) -> None:
    assert _offer(story, "Ding", "screen")["allowed"]
    assert "ask_consent" not in [o["act"] for o in _offers(story, "Wang") if o["allowed"]]


@then("it has a receipt for the reporter")
def has_a_receipt(story: Story) -> None:
    assert story.reply.body["receipt"]


@then(parsers.re(r'the confirmation is "(?P<title>.+)"'))
def confirmation_is(story: Story, title: str) -> None:
    assert story.case["tracks"]["confirmation"]["state_title"] == title, story.reply.told


# ---- refusals --------------------------------------------------------------------------------------


@then(parsers.re(r'it is refused under "(?P<rule>\w+)"'))
def is_refused_under(story: Story, rule: str) -> None:
    told = [reason["params"].get("rule") for reason in story.reply.reasons]
    assert told == [rule], story.reply.told or "it was done"


@then(parsers.re(r'it is refused because (?:it )?"(?P<text>.+)"'))
def is_refused_because(story: Story, text: str) -> None:
    assert text in story.reply.told, story.reply.told or "it was done"


@then(parsers.re(r"the refusal names (?P<name>\w+)"))
def refusal_names(story: Story, name: str) -> None:
    assert [r["params"]["party"] for r in story.reply.reasons] == [PARTIES[name]]


@then(parsers.re(r'the refusal says that he is "(?P<role>.+)"'))
def refusal_says(story: Story, role: str) -> None:
    assert story.reply.reasons[0]["params"]["holds"] == role


@then(parsers.re(r"(?P<name>\w+) cannot open a session"))
def cannot_open(story: Story, name: str) -> None:
    assert "open_session" not in [o["act"] for o in _offers(story, name) if o["allowed"]]
    assert not story.act(name, "open_session").done


@then(parsers.re(r'(?P<name>\w+) may not "(?P<act>\w+)", because it "(?P<text>.+)"'))
def may_not(story: Story, name: str, act: str, text: str) -> None:
    offer = _offer(story, name, act)
    assert not offer["allowed"]
    assert any(text in reason["text"] for reason in offer["reasons"])


@then(parsers.re(r'(?P<name>\w+) may "(?P<act>\w+)"'))
def may(story: Story, name: str, act: str) -> None:
    assert _offer(story, name, act)["allowed"]


def _offers(story: Story, name: str) -> list[Mapping[str, Any]]:
    return story.driver.next_acts(story.ref, by=STAFF[name])


def _offer(story: Story, name: str, act: str) -> Mapping[str, Any]:
    return next(offer for offer in _offers(story, name) if offer["act"] == act)


# ---- who was told ------------------------------------------------------------------------------------


@then(parsers.re(r'(?P<one>\w+) and (?P<two>\w+) have the "(?P<title>.+)"'))
def have_the_notice(story: Story, one: str, two: str, title: str) -> None:
    served = {person for n in story.told("notice") if n["title"] == title for person in n["to"]}
    assert {code_of(one), code_of(two)} <= served


@then(parsers.re(r'(?P<one>\w+) and (?P<two>\w+) are reminded of "(?P<clock>.+)"'))
def are_reminded(story: Story, one: str, two: str, clock: str) -> None:
    assert _reminders(story, one, clock)
    assert _reminders(story, two, clock)


@then(parsers.re(r'(?P<one>\w+) and (?P<two>\w+) were reminded twice of "(?P<clock>.+)"'))
def were_reminded_twice(story: Story, one: str, two: str, clock: str) -> None:
    assert [_reminders(story, name, clock) for name in (one, two)] == [2, 2]


@then(parsers.re(r'(?P<name>\w+) was reminded once of "(?P<clock>.+)"'))
def was_reminded_once(story: Story, name: str, clock: str) -> None:
    assert _reminders(story, name, clock) == 1


@then(parsers.re(r'(?P<name>\w+) was not reminded of "(?P<clock>.+)"'))
def was_not_reminded(story: Story, name: str, clock: str) -> None:
    assert _reminders(story, name, clock) == 0


@then("the officer on the case is reminded")
def officer_is_reminded(story: Story) -> None:
    assert any("officer" in entry["to"] for entry in story.told("reminder"))


def _reminders(story: Story, name: str, clock: str) -> int:
    """How often somebody was reminded by the marks of a clock."""
    known = {code_of(name), ROLE_OF.get(name)}
    marks = (e for e in story.history if e["kind"] == "mark" and e["title"].startswith(f"{clock} ("))
    return sum(
        1
        for event in marks
        for entry in event["told"]
        if entry["kind"] == "reminder" and known & set(entry["to"])
    )


# ---- deadlines -----------------------------------------------------------------------------------------


@then(parsers.re(r'the deadline "(?P<title>[^"]+)" is (?P<due>\w+day .+)'))
def deadline_is(story: Story, title: str, due: str) -> None:
    _falls_on(story.clock(title), due)


def _falls_on(run: Mapping[str, Any], due: str) -> None:
    if ", " in due:
        assert from_text(run["due_at"]).astimezone(ZONE) == moment(due)
    else:
        assert run["due_date"] == day(due).isoformat()


@then(parsers.re(r'the deadline "(?P<title>[^"]+)" is late'))
def deadline_is_late(story: Story, title: str) -> None:
    assert story.clock(title)["late"]


@then(parsers.re(r"the deadline of obligation (?P<number>\d) was (?P<verdict>met|missed)"))
def obligation_was(story: Story, number: str, verdict: str) -> None:
    assert story.clock("Obligation", f"obligation-{number}")["verdict"] == verdict


@then(parsers.re(r"the deadline of obligation (?P<number>\d) is (?P<due>.+)"))
def obligation_is_due(story: Story, number: str, due: str) -> None:
    _falls_on(story.clock("Obligation", f"obligation-{number}"), due)


@then(parsers.re(r'the clock "(?P<title>.+)" stands still'))
def stands_still(story: Story, title: str) -> None:
    run = story.clock(title)
    assert (run["status"], run["due_at"]) == ("paused", None)


# ---- the audit trail -------------------------------------------------------------------------------------


def _event(story: Story, title: str) -> Mapping[str, Any]:
    """The latest event of that title."""
    return next(event for event in reversed(story.history) if event["title"] == title)


@then(parsers.re(r'the audit trail gives "(?P<basis>.+)" as the basis of "(?P<title>.+)"'))
def trail_gives_basis(story: Story, basis: str, title: str) -> None:
    assert _event(story, title)["basis"] == basis


@then(parsers.re(r'the audit trail dates "(?P<title>.+)" to (?P<on>.+)'))
def trail_dates(story: Story, title: str, on: str) -> None:
    """What happens by expiry counts for the day that ended."""
    event = _event(story, title)
    cause = next((e for e in story.history if e["seq"] == event["cause"]), event)
    assert (event["dated"] or cause["dated"]) == day(on).isoformat()


@then(parsers.re(r'the audit trail names the engine as the one who did "(?P<title>.+)"'))
def trail_names_engine(story: Story, title: str) -> None:
    assert _event(story, title)["actor"] == "system"


@then(
    parsers.re(r"the audit trail says it happened at (?P<at>[\d:]+) and was entered at (?P<entered>[\d:]+)")
)
def trail_has_both_times(story: Story, at: str, entered: str) -> None:
    event = story.history[-1]
    times = [
        from_text(event[key]).astimezone(ZONE).strftime("%H:%M") for key in ("occurred_at", "recorded_at")
    ]
    assert times == [at, entered]


@then(
    parsers.re(
        r"the audit trail names (?P<name>\w+) as the one who did it and (?P<other>\w+) as the one who entered it"
    )
)
def trail_names_both(story: Story, name: str, other: str) -> None:
    event = story.history[-1]
    assert (event["actor"], event["entered_by"]) == (code_of(name), code_of(other))


@then(parsers.re(r'the audit trail ends with "(?P<title>.+)"'))
def trail_ends_with(story: Story, title: str) -> None:
    assert story.history[-1]["title"] == title


@then(parsers.re(r'the audit trail keeps the reason "(?P<reason>.+)"'))
def trail_keeps_reason(story: Story, reason: str) -> None:
    assert story.history[-1]["note"] == reason


@then(parsers.re(r"the audit trail keeps the ten answers of (?P<name>\w+)"))
def trail_keeps_answers(story: Story, name: str) -> None:
    event = _event(story, "Answer the safety questions")
    record = next(c["item"] for c in event["changes"] if c["do"] == "record")
    answers = [value for value in record["fields"].values() if value is False]
    assert (len(answers), record["by"]) == (10, STAFF[name])


@then(parsers.re(r"the audit trail says that nobody was found for the (?P<seat>\w+)"))
def trail_says_nobody(story: Story, seat: str) -> None:
    incidents = [c for e in story.history for c in e["changes"] if c["do"] == "incident"]
    assert [(i["what"], i["seat"]) for i in incidents] == [("nobody_found", seat)]


# ---- seats -------------------------------------------------------------------------------------------------


def _holders(story: Story, seat: str) -> list[tuple[str, bool]]:
    return [(s["person"], s["accepted"]) for s in story.case["seats"] if s["seat"] == seat]


@then(parsers.re(r"nobody holds the seat of the (?P<seat>\w+)"))
def nobody_holds(story: Story, seat: str) -> None:
    assert _holders(story, seat) == []


@then(parsers.re(r"(?P<name>[A-Z]\w+) holds the seat of the (?P<seat>\w+)"))
def holds(story: Story, name: str, seat: str) -> None:
    assert _holders(story, seat) == [(STAFF[name], True)], story.reply.told


@then(parsers.re(r"(?P<name>[A-Z]\w+) is asked to take the seat of the (?P<seat>\w+)"))
def is_asked(story: Story, name: str, seat: str) -> None:
    assert _holders(story, seat) == [(STAFF[name], False)]


@then("a mediator is asked to take the seat")
def a_mediator_is_asked(story: Story) -> None:
    [(person, accepted)] = _holders(story, "mediator")
    assert person in (STAFF["Ma"], STAFF["Meng"])
    assert not accepted


@then("the answer says who else was considered")
def says_who_else(story: Story) -> None:
    considered = {c["person"] for c in story.reply.body["candidates"]}
    assert STAFF["Ou"] in considered


@then(parsers.re(r"the answer says why (?P<name>\w+) was left out"))
def says_why_left_out(story: Story, name: str) -> None:
    [out] = [c for c in story.reply.body["excluded"] if c["person"] == STAFF[name]]
    assert out["because"]


# ---- the second report -------------------------------------------------------------------------------------


def _second(story: Story) -> Mapping[str, Any]:
    return story.driver.show(story.other, by=STAFF["Ding"])


@then(parsers.re(r'the second report is closed as "(?P<outcome>.+)"'))
def second_is_closed(story: Story, outcome: str) -> None:
    assert _second(story)["outcome_title"] == outcome, story.reply.told


@then(parsers.re(r"the second report is linked as (?P<kind>\w+) to the first"))
def second_is_linked(story: Story, kind: str) -> None:
    assert [(link["kind"], link["ref"]) for link in _second(story)["links"]] == [(kind, story.ref)]


@then("both reports keep the time at which they came")
def both_keep_their_time(story: Story) -> None:
    first, second = from_text(story.case["filed_at"]), from_text(_second(story)["filed_at"])
    assert (second - first).total_seconds() == 600
