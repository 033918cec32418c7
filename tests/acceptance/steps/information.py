"""What people tell in passing: handed in, checked, verified, graded, watched, forgotten.

Said as having happened it must not have been refused.
"""

from typing import Any

from pytest_bdd import given, parsers, then, when

from tests.acceptance.driver import Reply
from tests.acceptance.moment import day
from tests.acceptance.station import STAFF
from tests.acceptance.story import NAME, Story

SAID = "he was seen at the well at night"


def _hand_in(story: Story, name: str, *, person: bool) -> None:
    filed = story.call(
        "file_case", by=STAFF[name], case_type="social_information", place="示例一村", what="heard at the market",
        fields={"subject": "dispute", "grounds": "heard", "names_person": person},
    )  # fmt: skip
    story.ref = story.must(filed).body["ref"]


@given(parsers.re(rf"{NAME} has handed in that a quarrel is brewing"))
def has_handed_in_a_quarrel(story: Story, name: str) -> None:
    _hand_in(story, name, person=False)


@given(parsers.re(rf"{NAME} has handed in something about a person"))
def has_handed_in_a_person(story: Story, name: str) -> None:
    _hand_in(story, name, person=True)


@given(parsers.re(rf"{NAME} has checked it"))
def has_checked(story: Story, name: str) -> None:
    found: dict[str, Any] = {
        "subject": "dispute", "risk": "yellow", "grounds": "heard", "faith_or_health": False,
        "names_person": story.case["fields"]["names_person"],
    }  # fmt: skip
    records = {"statement": [{"said": SAID, "kind": "rumour"}]}
    seats = {"handler": [STAFF["Wang"]]}
    story.must(story.act(name, "check", fields=found, records=records, seats=seats))


def _verify(story: Story, name: str, result: str) -> Reply:
    finding = {"result": result, "means": "visit", "text": "went and looked"}
    return story.act(name, "verify", records={"finding": [finding]})


@given(parsers.re(rf"{NAME} has found it (?P<result>confirmed|untrue)"))
def has_found(story: Story, name: str, result: str) -> None:
    story.must(_verify(story, name, result))


@when(parsers.re(rf"{NAME} finds it (?P<result>confirmed|untrue)"))
def finds(story: Story, name: str, result: str) -> None:
    _verify(story, name, result)


@given(parsers.re(rf"{NAME} has reported it upwards"))
def has_reported_upwards(story: Story, name: str) -> None:
    report = {"to": "county_police", "text": "a quarrel that may turn violent"}
    story.must(story.act(name, "alarm", records={"report": [report]}))


@when(parsers.re(rf"{NAME} grades it (?P<grade>red|yellow)"))
def grades(story: Story, name: str, grade: str) -> None:
    story.act(name, "grade", fields={"risk": grade})


@when(parsers.re(rf"{NAME} makes it a case of mediation"))
def makes_it_a_case(story: Story, name: str) -> None:
    if story.act(name, "make_dispute", note="the families have been told").done:
        story.other = story.case["links"][0]["ref"]


@then(parsers.re(r'a case of "(?P<case_type>\w+)" has come of it'))
def a_case_has_come_of_it(story: Story, case_type: str) -> None:
    other = story.driver.show(story.other, by=STAFF["Ding"])
    assert (other["type"], [link["ref"] for link in other["links"]]) == (case_type, [story.ref])


def _watch(story: Story, name: str, until: str) -> Reply:
    return story.act(name, "watch", fields={"watch_until": day(until).isoformat()}, note="two visits a week")


@given(parsers.re(rf"{NAME} has had it watched until (?P<until>.+)"))
def has_had_it_watched(story: Story, name: str, until: str) -> None:
    story.must(_watch(story, name, until))


@when(parsers.re(rf"{NAME} has it watched until (?P<until>.+)"))
def has_it_watched(story: Story, name: str, until: str) -> None:
    _watch(story, name, until)


@given(parsers.re(rf"{NAME} has told the author"))
def has_told_the_author(story: Story, name: str) -> None:
    story.must(story.act(name, "tell_author"))


@then("nothing that was said of the person is left")
def nothing_is_left(story: Story) -> None:
    assert SAID not in f"{story.case}{story.history}"


@then("what was said of the person is still there")
def is_still_there(story: Story) -> None:
    assert SAID in f"{story.case}"


@when(parsers.re(rf"{NAME} enters that the author asks to delete it"))
def asks_to_delete(story: Story, name: str) -> None:
    story.must(story.act(name, "ask_erasure", note="asked by telephone"))


@then(parsers.re(r'the author has the "(?P<title>.+)"'))
def author_has(story: Story, title: str) -> None:
    assert [told["title"] for told in story.told("notice") if "reporter" in told["to"]][-1] == title
