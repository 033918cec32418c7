"""Then: who was told, and when it is due."""

from collections.abc import Mapping
from typing import Any

from pytest_bdd import parsers, then

from engine.domain.instant import from_text
from tests.acceptance.moment import ZONE, day, moment
from tests.acceptance.station import STAFF
from tests.acceptance.story import Story, code_of

# the role under which somebody is reminded who holds no seat on the case
ROLE_OF = {"Ding": "dispatcher", "Chen": "head", "Du": "director", "Ou": "officer"}


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


@then(parsers.re(r'(?P<name>\w+) was reminded twice of "(?P<clock>.+)"'))
def was_reminded_twice(story: Story, name: str, clock: str) -> None:
    assert _reminders(story, name, clock) == 2


@then(parsers.re(r'(?P<name>\w+) was not reminded of "(?P<clock>.+)"'))
def was_not_reminded(story: Story, name: str, clock: str) -> None:
    assert _reminders(story, name, clock) == 0


@then("the officer on the case is reminded")
def officer_is_reminded(story: Story) -> None:
    assert any("officer" in entry["to"] for entry in story.told("reminder"))


@then(parsers.re(r'the reporter of the second report has the "(?P<title>.+)"'))
def second_reporter_is_told(story: Story, title: str) -> None:
    told = story.driver.history(story.other, by=STAFF["Ding"])["items"]
    notices = [entry for event in told for entry in event["told"] if entry["kind"] == "notice"]
    assert ["reporter" in n["to"] for n in notices if n["title"] == title] == [True]


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


@then(parsers.re(r'the deadline "(?P<title>[^"]+)" is not late yet'))
def deadline_is_not_late(story: Story, title: str) -> None:
    run = story.clock(title)
    assert (run["status"], run["late"]) == ("running", False)


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
