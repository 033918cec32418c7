"""Then: where the case stands and who holds its seats."""

from collections.abc import Mapping
from typing import Any

from pytest_bdd import parsers, then

from engine.domain.instant import from_text
from tests.acceptance.station import STAFF
from tests.acceptance.story import Story, code_of


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


@then(parsers.re(r"(?P<role>[A-Z][a-z ]+) still answers for it"))
def still_answers(story: Story, role: str) -> None:
    assert role in [w["title"] for w in story.case["waits_on"]]


@then(parsers.re(r"it is in its cycle (?P<number>\d)"))
def is_in_cycle(story: Story, number: str) -> None:
    assert story.case["cycle"] == int(number)


@then(parsers.re(r'the statistics (?P<count>count it|do not count it) as over in "(?P<clock>\w+)"'))
def statistics_count(story: Story, count: str, clock: str) -> None:
    told = story.driver.measure("durations", {"clock": clock}, by=STAFF["Ding"])
    assert (told["n"], told["n_reached"]) == (1, 1 if count == "count it" else 0)


def _within(story: Story, days: str) -> Mapping[str, Any]:
    [group] = story.driver.measure("durability", {}, by=STAFF["Ding"])["groups"]
    return next(one for one in group["within"] if one["days"] == int(days))


@then(parsers.re(r"of (?P<n>\d) cases? settled (?P<days>\d+) days ago or longer (?P<failed>\d) did not last"))
def did_not_last(story: Story, n: str, days: str, failed: str) -> None:
    one = _within(story, days)
    assert (one["n_watched"], one["n_failed"]) == (int(n), int(failed))


@then(parsers.re(r"(?P<n>\d) case was settled less than (?P<days>\d+) days ago"))
def is_still_watched(story: Story, n: str, days: str) -> None:
    assert _within(story, days)["n_open"] == int(n)


@then("it has to be screened again")
def has_to_be_screened(story: Story) -> None:
    assert story.offer("Ding", "screen")["allowed"]
    assert "ask_consent" not in [o["act"] for o in story.offers("Wang") if o["allowed"]]


@then("it has a receipt for the reporter")
def has_a_receipt(story: Story) -> None:
    assert story.reply.body["receipt"]


@then(parsers.re(r'the confirmation is "(?P<title>.+)"'))
def confirmation_is(story: Story, title: str) -> None:
    assert story.case["tracks"]["confirmation"]["state_title"] == title, story.reply.told


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
