"""为民办实事的结果。 What is seen of a service request, in the language of its features."""

from pytest_bdd import parsers, then

from tests.acceptance.moment import day
from tests.acceptance.story import Story

ROLE_OF = {"老丁": "dispatcher", "陈所长": "head"}
SEATS = {"承办人": "handler"}


@then(parsers.re(r'案件处于"(?P<title>.+)"'))
def stands_in_zh(story: Story, title: str) -> None:
    assert story.case["state_title"] == title, story.reply.told


@then(parsers.re(r'案件以"(?P<outcome>.+)"办结'))
def is_closed_as_zh(story: Story, outcome: str) -> None:
    case = story.case
    assert (case["phase"], case["outcome_title"]) == ("done", outcome), story.reply.told


@then(parsers.re(r'期限"(?P<title>.+)"截止于(?P<due>.+)'))
def deadline_is_zh(story: Story, title: str, due: str) -> None:
    assert story.clock(title)["due_date"] == day(due).isoformat()


@then(parsers.re(r'期限"(?P<title>.+)"已逾期'))
def deadline_is_late_zh(story: Story, title: str) -> None:
    assert story.clock(title)["late"]


@then(parsers.re(r'期限"(?P<title>.+)"按时完成'))
def deadline_was_met_zh(story: Story, title: str) -> None:
    assert story.clock(title)["verdict"] == "met"


@then(parsers.re(r'按规则"(?P<rule>\w+)"被拒绝'))
def is_refused_under_zh(story: Story, rule: str) -> None:
    told = [reason["params"].get("rule") for reason in story.reply.reasons]
    assert told == [rule], story.reply.told or "已办理"


@then(parsers.re(r'被拒绝，理由是"(?P<text>.+)"'))
def is_refused_because_zh(story: Story, text: str) -> None:
    assert text in story.reply.told, story.reply.told or "已办理"


@then(parsers.re(r'(?P<one>老丁)和(?P<two>陈所长)收到催办"(?P<clock>.+)"'))
def are_reminded_zh(story: Story, one: str, two: str, clock: str) -> None:
    marks = [e for e in story.history if e["kind"] == "mark" and e["title"].startswith(f"{clock} (")]
    told = {person for event in marks for entry in event["told"] for person in entry["to"]}
    assert {ROLE_OF[one], ROLE_OF[two]} <= told


@then(parsers.re(r'诉求人收到"(?P<title>.+)"'))
def reporter_is_told_zh(story: Story, title: str) -> None:
    assert title in [notice["title"] for notice in story.told("notice")]


@then(parsers.re(r'"(?P<seat>.+)"空缺'))
def seat_is_empty_zh(story: Story, seat: str) -> None:
    assert SEATS[seat] not in [s["seat"] for s in story.case["seats"]]
