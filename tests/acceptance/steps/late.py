"""What is entered late, after the case went to somebody else. Said as having happened it must not have been refused."""

from pytest_bdd import given, parsers, when

from tests.acceptance.driver import Reply
from tests.acceptance.moment import moment
from tests.acceptance.story import NAME, Story


def _enter(story: Story, name: str, at: str, *, ask: bool = False) -> Reply:
    mediation = {"course": "no agreement"}
    return story.act(name, "mediate", records={"mediation": [mediation]}, at=moment(at), ask=ask)


@when(parsers.re(rf"{NAME} enters the mediation of (?P<at>.+)"))
def enters_the_mediation(story: Story, name: str, at: str) -> None:
    _enter(story, name, at)


@when(parsers.re(rf"{NAME} asks the head to let in the mediation of (?P<at>.+)"))
def asks_to_let_in(story: Story, name: str, at: str) -> None:
    _enter(story, name, at, ask=True)


@given(parsers.re(rf"{NAME} has asked the head to let in the mediation of (?P<at>.+)"))
def has_asked_to_let_in(story: Story, name: str, at: str) -> None:
    story.must(_enter(story, name, at, ask=True))
