"""Whose work a case is while it is elsewhere, split, joined or entered late; which grade is proposed for it."""

from collections.abc import Mapping
from typing import Any

from pytest_bdd import given, parsers, then, when

from engine.domain.instant import from_text
from tests.acceptance import life
from tests.acceptance.driver import Reply
from tests.acceptance.moment import ZONE
from tests.acceptance.station import STAFF
from tests.acceptance.steps.many import splits_off
from tests.acceptance.steps.staff import is_a_cousin
from tests.acceptance.story import NAME, Story

# ---- who is picked, and what he has in hand already ------------------------------------------------


@when(
    parsers.re(
        rf"{NAME} lets the engine choose the handler of (another|a (?P<grade>\w+)) dispute of the village"
    )
)
def chooses_for_another(story: Story, name: str, grade: str | None) -> None:
    filed = story.call(
        "file_case",
        by=STAFF["Ding"],
        case_type="dispute_mediation",
        place="示例一村",
        what="the ditch beside the road",
        fields={"risk": grade} if grade else None,
        parties=[{"role": "claimant", "name": "Dora"}, {"role": "respondent", "name": "Emil"}],
    )
    story.call("assign", story.must(filed).body["ref"], "handler", None, by=STAFF[name])


@then(parsers.re(rf"{NAME} was weighed with work of (?P<load>\d+) in hand"))
def was_weighed(story: Story, name: str, load: str) -> None:
    told = story.must(story.reply).body["candidates"]
    assert {one["person"]: one["terms"]["load"] for one in told}[STAFF[name]] == int(load)


@then(parsers.re(rf"nobody was picked since it was given to {NAME}"))
def nobody_picked_since(story: Story, name: str) -> None:
    told = story.driver.explain(story.ref, by=STAFF["Chen"])["decisions"]
    assert [one["person"] for one in told] == [STAFF[name]]


@then(parsers.re(rf"nobody was picked after {NAME}"))
def nobody_picked_after(story: Story, name: str) -> None:
    told = story.driver.explain(story.ref, by=STAFF["Chen"])["decisions"]
    assert told[-1]["person"] == STAFF[name]


@given("the station has taken it over")
def has_taken_it_over(story: Story) -> None:
    story.must(story.act("Ding", "taken_over", note="they have it"))


# ---- of many ---------------------------------------------------------------------------------------


@given(parsers.re(r"(?P<count>\d+) villagers stand against Bram"))
def stand_against(story: Story, count: str) -> None:
    people = [{"role": "claimant", "name": f"Villager {n}"} for n in range(1, int(count) + 1)]
    story.sides = [*people, {"role": "respondent", "name": "Bram"}]


@given(parsers.re(rf"{NAME} is a cousin of the last of (?P<count>\d+) villagers against Bram"))
def is_a_cousin_of_the_last(story: Story, name: str, count: str) -> None:
    stand_against(story, count)
    is_a_cousin(story, name, f"Villager {count}")


@given("their dispute is reported")
def is_reported(story: Story) -> None:
    life.report(story)


@given(parsers.re(r"Ma has split off the last (?P<count>\d+) villagers"))
def has_split_off(story: Story, count: str) -> None:
    splits_off(story, "Ma", count)
    story.must(story.reply)


@when(parsers.re(rf"{NAME} lets the engine choose the handler of the new case"))
def chooses_for_the_new_case(story: Story, name: str) -> None:
    story.call("assign", story.other, "handler", None, by=STAFF[name])


def _handlers_there(story: Story) -> list[str]:
    seats = story.driver.show(story.other, by=STAFF["Ding"])["seats"]
    return [one["person"] for one in seats if one["seat"] == "handler"]


@then("nobody holds the seat of the handler in the new case")
def nobody_in_the_new_case(story: Story) -> None:
    assert _handlers_there(story) == [], story.reply.told


@then(parsers.re(rf"{NAME} holds the seat of the handler in the new case"))
def holds_in_the_new_case(story: Story, name: str) -> None:
    assert _handlers_there(story) == [STAFF[name]], story.reply.told


@then(parsers.re(rf"the explanation of the new case says that {NAME} handled these people before"))
def handled_before(story: Story, name: str) -> None:
    told = story.driver.explain(story.other, by=STAFF["Chen"])["candidates"]
    known = {one["person"]: one["terms"].get("continues", False) for one in told}
    assert [person for person, continues in known.items() if continues] == [STAFF[name]]


# ---- grades ----------------------------------------------------------------------------------------


def _proposed(story: Story) -> list[Mapping[str, Any]]:
    items = story.driver.proposals(story.ref, by=STAFF["Ding"])
    return [one for one in items if one["field"] == "risk"]


@when(parsers.re(rf'{NAME} screens it (?P<grade>\w+) with "(?P<question>\w+)" answered yes'))
def screens(story: Story, name: str, grade: str, question: str) -> None:
    life.answer_questions(story, name, grade, {**life.CLEAR, question: True})


@then(parsers.re(r'the grade "(?P<grade>\w+)" is proposed, because "(?P<because>.+)"'))
def is_proposed(story: Story, grade: str, because: str) -> None:
    [told] = _proposed(story)
    assert (told["value"], told["because"], told["source"]) == (grade, because, None)


@then(parsers.re(r'the grade "(?P<grade>\w+)" is proposed, as it came with the second report'))
def came_with_the_second(story: Story, grade: str) -> None:
    [told] = _proposed(story)
    assert (told["value"], told["source"], told["rule"]) == (grade, story.other, None)


@then("no grade is proposed")
def none_is_proposed(story: Story) -> None:
    assert _proposed(story) == []


@then(parsers.re(r'the case is graded "(?P<grade>\w+)"'))
def is_graded(story: Story, grade: str) -> None:
    assert story.case["risk"] == grade


@given(parsers.re(rf"{NAME} has graded it (?P<grade>\w+)"))
def has_graded(story: Story, name: str, grade: str) -> None:
    story.must(story.act(name, "regrade", fields={"risk": grade}, note="as it came"))


@given(parsers.re(rf"{NAME} has given the second report to (?P<other>\w+)"))
def has_given_the_second(story: Story, name: str, other: str) -> None:
    story.must(story.call("assign", story.other, "handler", STAFF[other], by=STAFF[name]))


# ---- late, and more time ---------------------------------------------------------------------------


@then(parsers.re(rf"the explanation says that {NAME} named (?P<other>\w+) at (?P<at>[\d:]+)"))
def named_by_hand(story: Story, name: str, other: str, at: str) -> None:
    told = story.driver.explain(story.ref, by=STAFF["Chen"])
    assert (told["actor"], told["person"], told["by"]) == (STAFF[name], STAFF[other], "hand")
    assert from_text(told["at"]).astimezone(ZONE).strftime("%H:%M") == at


def _ask_for_more(story: Story, name: str) -> Reply:
    more = {"reason": "the county's appraiser is away", "ask": True}
    return story.call("extend", story.ref, "case_limit", by=STAFF[name], **more)


@when(parsers.re(rf"{NAME} asks the county for thirty days more"))
def asks_for_more(story: Story, name: str) -> None:
    _ask_for_more(story, name)


@given(parsers.re(rf"{NAME} has asked the county for thirty days more"))
def has_asked_for_more(story: Story, name: str) -> None:
    story.must(_ask_for_more(story, name))
