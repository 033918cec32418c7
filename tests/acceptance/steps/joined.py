"""Two reports of one matter: who is told, which deadline governs, and what each has again when they part."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pytest_bdd import given, parsers, then

from engine.domain.instant import from_text
from tests.acceptance import life
from tests.acceptance.driver import Reply
from tests.acceptance.moment import ZONE, moment
from tests.acceptance.station import STAFF
from tests.acceptance.steps.unforeseen import second_has_until
from tests.acceptance.story import NAME, Story


def _report_again(story: Story, risk: str) -> None:
    story.driver.now += timedelta(minutes=10)
    filed = story.call(
        "file_case",
        by=STAFF["Duan"],
        case_type="dispute_mediation",
        place="示例一村",
        what="the wall between two yards",
        fields={"risk": risk},
    )
    story.other = story.must(filed).body["ref"]


def _act_on_second(story: Story, act: str, **given_with: Any) -> Reply:
    return story.must(story.call("act", story.other, act, by=STAFF["Ding"], **given_with))


@given(parsers.re(r"ten minutes later Bram has reported the same as (?P<risk>\w+)"))
def has_reported_as(story: Story, risk: str) -> None:
    _report_again(story, risk)


@given(parsers.re(rf"{NAME} has taken the second report apart again"))
def has_taken_apart(story: Story, name: str) -> None:
    _act_on_second(story, "unmerge", note="two walls, two quarrels")


@then(parsers.re(r'the deadline "(?P<title>[^"]+)" comes from the second report'))
def comes_from_the_second(story: Story, title: str) -> None:
    [joined] = story.clock(title)["joined"]
    assert (joined["ref"], joined["governs"]) == (story.other, True)


@then(parsers.re(r'by itself "(?P<title>[^"]+)" would end (?P<due>.+)'))
def by_itself(story: Story, title: str, due: str) -> None:
    assert _local(story.clock(title)["own_due_at"]) == moment(due)


@then(parsers.re(r"the second report's \"(?P<title>[^\"]+)\" is kept as (?P<due>.+)"))
def is_kept(story: Story, title: str, due: str) -> None:
    [joined] = story.clock(title)["joined"]
    assert (joined["governs"], _local(joined["due_at"])) == (False, moment(due))


@then(parsers.re(r'the reporter of the first report has the "(?P<title>.+)"'))
def first_reporter_is_told(story: Story, title: str) -> None:
    _is_told(story.told("notice"), title)


@given(parsers.re(rf"{NAME} has marked the second report as a duplicate of the first"))
def has_marked_the_second(story: Story, name: str) -> None:
    _act_on_second(story, "mark_duplicate", fields={"same_as": story.ref})


@then("the first report is linked to the second")
def first_is_linked(story: Story) -> None:
    assert [(link["kind"], link["ref"]) for link in story.case["links"]] == [
        ("duplicate_of_of_here", story.other)
    ]


def _is_told(notices: list[Mapping[str, Any]], title: str) -> None:
    assert ["reporter" in told["to"] for told in notices if told["title"] == title] == [True]


def _local(text: str) -> Any:
    return from_text(text).astimezone(ZONE)


# ---- 中文 ------------------------------------------------------------------------------------------


@given("张三与李四的纠纷刚登记")
def is_reported_zh(story: Story) -> None:
    life.report(story)


@given("十分钟后李四就同一件事登记为红色")
def has_reported_zh(story: Story) -> None:
    _report_again(story, "red")


@given("老丁已将后一登记并入前案")
def has_merged_zh(story: Story) -> None:
    _act_on_second(story, "merge", fields={"same_as": story.ref})


@given(parsers.re(r"时间已到(?P<at>.+)"))
def it_has_become_zh(story: Story, at: str) -> None:
    story.pass_to(moment(at))


@given("老丁已把后一登记拆分出去")
def has_taken_apart_zh(story: Story) -> None:
    _act_on_second(story, "unmerge", note="两堵墙，两件事")


@then(parsers.re(r'"(?P<title>[^"]+)"的期限是(?P<due>.+)'))
def falls_due_zh(story: Story, title: str, due: str) -> None:
    assert _local(story.clock(title)["due_at"]) == moment(due)


@then(parsers.re(r'先登记的人收到"(?P<title>.+)"'))
def first_is_told_zh(story: Story, title: str) -> None:
    _is_told(story.told("notice"), title)


@then(parsers.re(r'后一登记的"(?P<title>.+)"期限是(?P<due>.+)'))
def second_falls_due_zh(story: Story, title: str, due: str) -> None:
    second_has_until(story, due, title)
