"""Correcting what was entered, and sending a request up or taking it back."""

from collections.abc import Mapping
from typing import Any

from pytest_bdd import given, parsers, then, when

from engine.domain.instant import from_text
from tests.acceptance.moment import ZONE, day, moment
from tests.acceptance.station import STAFF
from tests.acceptance.story import NAME, Story


def _number(story: Story, title: str) -> int:
    return int(next(e["seq"] for e in reversed(story.history) if e["title"] == title))


@given(parsers.re(rf'{NAME} has corrected the "(?P<field>\w+)" of "(?P<title>.+)" to "(?P<value>\w+)"'))
@when(parsers.re(rf'{NAME} corrects the "(?P<field>\w+)" of "(?P<title>.+)" to "(?P<value>\w+)"'))
def corrects_value(story: Story, name: str, field: str, title: str, value: str) -> None:
    number = _number(story, title)
    story.call("correct", story.ref, number, by=STAFF[name], reason="misheard", fields={field: value})


@when(parsers.re(rf'{NAME} says that "(?P<title>.+)" was done on (?P<at>.+)'))
def corrects_time(story: Story, name: str, title: str, at: str) -> None:
    number = _number(story, title)
    story.call("correct", story.ref, number, by=STAFF[name], reason="the paper says so", at=moment(at))


@when(parsers.re(rf'{NAME} takes back "(?P<title>.+)"'))
def takes_back(story: Story, name: str, title: str) -> None:
    story.call(
        "correct", story.ref, _number(story, title), by=STAFF[name], reason="the wrong case", take_back=True
    )


@then(parsers.re(r'the audit trail keeps both "(?P<before>\w+)" and "(?P<after>\w+)"'))
def keeps_both(story: Story, before: str, after: str) -> None:
    said = [c for c in story.history[-1]["changes"] if c["do"] == "corrected"]
    values: list[Any] = [[*c["before"].values(), *c["after"].values()] for c in said]
    assert values == [[before, after]], story.reply.told


@then(parsers.re(r'"(?P<title>.+)" counts as kept'))
def counts_as_kept(story: Story, title: str) -> None:
    assert story.clock(title)["verdict"] == "met", story.reply.told


@then(parsers.re(r'"(?P<title>.+)" still counts as missed'))
def counts_as_missed(story: Story, title: str) -> None:
    assert story.clock(title)["verdict"] == "missed"


@then(parsers.re(r"the measure \"(?P<name>\w+)\" moves from (?P<before>[\d:]+) to (?P<after>[\d:]+)"))
def measure_moves(story: Story, name: str, before: str, after: str) -> None:
    moved: Mapping[str, Any] = next(m for m in story.reply.body["measures"] if m["name"] == name)
    times = [from_text(moved[end]).astimezone(ZONE).strftime("%H:%M") for end in ("before", "after")]
    assert times == [before, after]


# ---- the road of a request -------------------------------------------------------------------------


@when(parsers.re(rf"{NAME} sends the request up"))
def sends_up(story: Story, name: str) -> None:
    story.call("forward", story.asked["id"], by=STAFF[name], reason="for the county to say")


@given(parsers.re(rf"{NAME} has sent the request up"))
def has_sent_up(story: Story, name: str) -> None:
    story.must(story.call("forward", story.asked["id"], by=STAFF[name], reason="for the county to say"))


@given(parsers.re(rf"{NAME} has withdrawn the request"))
def has_withdrawn(story: Story, name: str) -> None:
    story.must(story.call("withdraw", story.asked["id"], by=STAFF[name], reason="no longer needed"))


@given(parsers.re(rf"{NAME} has granted the request"))
def has_granted(story: Story, name: str) -> None:
    story.must(story.call("grant", story.asked["id"], by=STAFF[name]))


@when(parsers.re(rf"{NAME} withdraws (?:the request|the yes)"))
def withdraws(story: Story, name: str) -> None:
    story.call("withdraw", story.asked["id"], by=STAFF[name], reason="the wrong case")


@then(parsers.re(r"the request lies with (?P<unit>[\w-]+) until (?P<until>.+)"))
def lies_with(story: Story, unit: str, until: str) -> None:
    assert story.reply.body["to"] == unit, story.reply.told
    last = from_text(story.reply.body["lapses_at"]).astimezone(ZONE)
    assert (last.hour, last.minute) == (0, 0)
    assert (last.date().toordinal() - 1) == day(until).toordinal()
