"""Who is appointed, and who is away."""

from pytest_bdd import given, parsers

from tests.acceptance.moment import day
from tests.acceptance.station import STAFF
from tests.acceptance.story import Story


@given(parsers.re(r"(?P<name>\w+) is appointed people's mediator from (?P<since>.+)"))
def is_appointed(story: Story, name: str, since: str) -> None:
    story.arrange("appoint", STAFF[name], "mediator_post", "M-12", day(since))


@given(parsers.re(r"(?P<name>\w+) is away until (?P<until>.+), and (?P<other>\w+) stands in"))
def is_away_with_a_substitute(story: Story, name: str, until: str, other: str) -> None:
    story.arrange("send_away", STAFF[name], story.today, day(until), STAFF[other])


@given(parsers.re(r"(?P<name>\w+) is away until (?P<until>[^,]+)"))
def is_away(story: Story, name: str, until: str) -> None:
    story.arrange("send_away", STAFF[name], story.today, day(until))


@given(parsers.re(r"it turns out that (?P<name>\w+) was away from (?P<since>.+) until (?P<until>.+)"))
def was_away(story: Story, name: str, since: str, until: str) -> None:
    story.arrange("send_away", STAFF[name], day(since), day(until))


@given(parsers.re(r"(?P<name>\w+) is a cousin of (?P<other>\w+)"))
def is_a_cousin(story: Story, name: str, other: str) -> None:
    """By the code under which the village knows the party."""
    side = next(side for side in story.sides if side["name"] == other)
    side["person"] = "vil-31"
    story.arrange("relate", STAFF[name], side["person"], "kin")


@given(parsers.re(r"everybody who could handle it is away until (?P<until>.+)"))
def everybody_is_away(story: Story, until: str) -> None:
    for name in ("Wang", "Wu", "Ou", "Ouyang"):
        is_away(story, name, until)
