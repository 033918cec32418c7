"""Who got how much work this week."""

from typing import Any

from pytest_bdd import given, parsers, then, when

from tests.acceptance import life
from tests.acceptance.station import STAFF
from tests.acceptance.story import NAME, Story

BY = {"by the engine": "engine", "by hand": "hand"}


@given(parsers.re(rf"{NAME} has let the engine choose the handler"))
def has_let_the_engine_choose(story: Story, name: str) -> None:
    story.must(story.call("assign", story.ref, "handler", None, by=STAFF[name]))


@given(parsers.re(r"another dispute of Asha with Bram is with (?P<other>\w+)"))
def another_is_with(story: Story, other: str) -> None:
    life.report(story)
    story.must(story.call("assign", story.ref, "handler", STAFF[other], by=STAFF["Ding"]))


@given("another dispute of Asha with Bram is given out by the engine")
def another_is_given_out(story: Story) -> None:
    life.report(story)
    story.must(story.call("assign", story.ref, "handler", None, by=STAFF["Ding"]))


@given(parsers.re(rf"{NAME} has handed it back"))
def has_handed_back(story: Story, name: str) -> None:
    story.must(story.act(name, "handback_handler", note="too much at once"))


@when(parsers.re(rf"{NAME} looks who got how much work this week"))
def looks(story: Story, name: str) -> None:
    story.call("fairness", story.today, by=STAFF[name])


@then(parsers.re(rf"{NAME} carries (?P<weight>\d+), picked once, (?P<how>by the engine|by hand)"))
def carries(story: Story, name: str, weight: str, how: str) -> None:
    line = _line(story, name)
    assert line["open"] == int(weight)
    assert line["picks"] == line["by"][BY[how]] == 1
    assert sum(line["why"].values()) == 1


@then(parsers.re(r"the spread over (?P<people>\d+) (people|person) is (?P<spread>\S+)"))
def the_spread(story: Story, people: str, spread: str) -> None:
    week = _week(story)
    assert (week["n"], week["gini_exact"]) == (int(people), spread)


@then(parsers.re(rf'{NAME} was left out once as "(?P<because>\w+)"'))
def was_left_out(story: Story, name: str, because: str) -> None:
    assert _line(story, name)["excluded"] == {because: 1}


@then(parsers.re(rf"{NAME} is not among those who could have been picked"))
def could_not(story: Story, name: str) -> None:
    assert not any(one["able"] for one in story.reply.body["items"] if one["person"] == STAFF[name])


def _week(story: Story) -> dict[str, Any]:
    [week] = story.reply.body["weeks"]
    return dict(week)


def _line(story: Story, name: str) -> dict[str, Any]:
    [line] = [one for one in story.reply.body["items"] if one["person"] == STAFF[name]]
    return dict(line)
