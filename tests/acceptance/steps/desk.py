"""Taking reports and giving cases to somebody. Said as having happened it must not have been refused."""

from pytest_bdd import given, parsers, when

from tests.acceptance import life
from tests.acceptance.driver import Reply
from tests.acceptance.station import STAFF
from tests.acceptance.story import NAME, Story


@given("Ding and Duan have the case before their eyes")
@given("Duan has looked again")
def has_before_the_eyes(story: Story) -> None:
    story.seen = story.case["version"]


def _give(story: Story, name: str, other: str, reason: str | None = None) -> Reply:
    more = {"reason": reason, "if_version": story.seen or None}
    return story.call("assign", story.ref, "handler", STAFF[other], by=STAFF[name], **more)


@given(parsers.re(rf"{NAME} has given it to (?P<other>\w+)"))
def has_given(story: Story, name: str, other: str) -> None:
    story.must(_give(story, name, other))


@given(parsers.re(rf'{NAME} has given it to (?P<other>\w+), because "(?P<reason>.+)"'))
def has_given_because(story: Story, name: str, other: str, reason: str) -> None:
    story.must(_give(story, name, other, reason))


@when(parsers.re(rf"{NAME} gives it to (?P<other>\w+)"))
def gives(story: Story, name: str, other: str) -> None:
    _give(story, name, other)


@when(parsers.re(rf'{NAME} gives it to (?P<other>\w+), because "(?P<reason>.+)"'))
def gives_because(story: Story, name: str, other: str, reason: str) -> None:
    _give(story, name, other, reason)


@when(parsers.re(rf"{NAME} lets the engine choose the handler"))
def lets_the_engine_choose(story: Story, name: str) -> None:
    story.call("assign", story.ref, "handler", None, by=STAFF[name])


@when(parsers.re(rf"{NAME} takes a report of Asha against nobody known"))
def takes_a_report_alone(story: Story, name: str) -> None:
    story.sides = story.sides[:1]
    life.report(story)


@given(parsers.re(rf'{NAME} has noted "(?P<text>.+)"'))
def has_noted(story: Story, name: str, text: str) -> None:
    story.must(story.act(name, "note", note=text))


@given(parsers.re(rf"{NAME} has taken the case that he was given"))
def has_taken(story: Story, name: str) -> None:
    story.must(story.call("take", story.ref, "handler", by=STAFF[name]))
