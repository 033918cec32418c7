"""Asking those who may, and their yes."""

from pytest_bdd import given, parsers, then, when

from tests.acceptance.driver import Reply
from tests.acceptance.station import STAFF
from tests.acceptance.story import NAME, Story


def ask_for(story: Story, name: str, act: str) -> Reply:
    return story.act(name, act, note="all is done", ask=True)


@given(parsers.re(rf'{NAME} has asked for "(?P<act>\w+)"'))
def has_asked_for(story: Story, name: str, act: str) -> None:
    story.must(ask_for(story, name, act))


@when(parsers.re(rf'{NAME} asks for "(?P<act>\w+)"'))
def asks_for(story: Story, name: str, act: str) -> None:
    ask_for(story, name, act)


@given(parsers.re(rf'{NAME} has asked to extend "(?P<clock>.+)"'))
def has_asked_to_extend(story: Story, name: str, clock: str) -> None:
    more = {"reason": "near to agreement", "fields": {"longer_agreed": True}, "ask": True}
    story.must(story.call("extend", story.ref, clock, by=STAFF[name], **more))


@when(parsers.re(rf"{NAME} grants the request"))
def grants(story: Story, name: str) -> None:
    story.call("grant", story.asked["id"], by=STAFF[name])


@then(parsers.re(r'the request waits for "(?P<one>[^"]+)"'))
def waits_for_one(story: Story, one: str) -> None:
    assert story.asked["who"] == [one]


@then(parsers.re(r'the request waits for "(?P<one>[^"]+)" and "(?P<two>[^"]+)"'))
def waits_for(story: Story, one: str, two: str) -> None:
    assert story.asked["who"] == [one, two]
