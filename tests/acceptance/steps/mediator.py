"""Naming, choosing, accepting and refusing a mediator. Said as having happened it must not have been refused."""

from pytest_bdd import given, parsers, when

from tests.acceptance import life
from tests.acceptance.station import STAFF
from tests.acceptance.story import NAME, Story, code_of


@when(parsers.re(rf"{NAME} names (?P<other>\w+) as mediator"))
def names_as_mediator(story: Story, name: str, other: str) -> None:
    story.act(name, "assign", seats={"mediator": [STAFF[other]]})


@given(parsers.re(rf"{NAME} has named (?P<other>\w+), who has accepted"))
def has_named(story: Story, name: str, other: str) -> None:
    life.appoint(story, other)


@given(parsers.re(rf"{NAME} has named (?P<one>\w+) and (?P<two>\w+)"))
def has_named_two(story: Story, name: str, one: str, two: str) -> None:
    story.must(story.act(name, "assign", seats={"mediator": [STAFF[one], STAFF[two]]}))


@given(parsers.re(rf"{NAME} has accepted the seat"))
def has_accepted(story: Story, name: str) -> None:
    story.must(story.call("take", story.ref, "mediator", by=STAFF[name]))


@when(parsers.re(rf"{NAME} accepts the seat"))
def accepts(story: Story, name: str) -> None:
    story.call("take", story.ref, "mediator", by=STAFF[name])


@when(parsers.re(rf"{NAME} objects to (?P<other>\w+)"))
def objects(story: Story, name: str, other: str) -> None:
    objection = {"party": code_of(name), "member": STAFF[other], "ground": "a cousin of the other side"}
    story.act(name, "object", records={"objection": [objection]})


@given(parsers.re(rf"{NAME} wants (?P<other>\w+) as mediator"))
def wants(story: Story, name: str, other: str) -> None:
    story.must(story.record(name, "preference", {"party": code_of(name), "member": STAFF[other]}))


@when(parsers.re(rf"{NAME} chooses (?P<other>\w+)"))
def chooses(story: Story, name: str, other: str) -> None:
    story.act(name, "choose", seats={"mediator": [STAFF[other]]})
