"""The safety questions, grades, guardians, domestic violence. Said as having happened it must not have been refused."""

from pytest_bdd import given, parsers, when

from tests.acceptance import life
from tests.acceptance.driver import Reply
from tests.acceptance.moment import moment
from tests.acceptance.story import NAME, Story, code_of


@when(parsers.re(rf"{NAME} screens it (?P<grade>\w+) with every answer no"))
def screens(story: Story, name: str, grade: str) -> None:
    life.answer_questions(story, name, grade, life.CLEAR)


@given(parsers.re(rf"{NAME} has screened it (?P<grade>\w+) with every answer no"))
def has_screened(story: Story, name: str, grade: str) -> None:
    story.must(life.answer_questions(story, name, grade, life.CLEAR))


@when(parsers.re(rf'{NAME} screens it (?P<grade>\w+) with "(?P<question>\w+)" answered yes'))
def screens_with(story: Story, name: str, grade: str, question: str) -> None:
    life.answer_questions(story, name, grade, {**life.CLEAR, question: True})


@given(parsers.re(rf'{NAME} has screened it (?P<grade>\w+) with "(?P<question>\w+)" answered yes'))
def has_screened_with(story: Story, name: str, grade: str, question: str) -> None:
    story.must(life.answer_questions(story, name, grade, {**life.CLEAR, question: True}))


@when(parsers.re(rf'{NAME} screens it (?P<grade>\w+) and leaves "(?P<question>\w+)" open'))
def screens_without(story: Story, name: str, grade: str, question: str) -> None:
    life.answer_questions(story, name, grade, {k: v for k, v in life.CLEAR.items() if k != question})


@when(parsers.re(rf"{NAME} enters the answers of (?P<at>.+)"))
def enters_the_answers(story: Story, name: str, at: str) -> None:
    life.answer_questions(story, name, "yellow", life.CLEAR, at=moment(at))


@when(parsers.re(rf"{NAME} calls it (?P<grade>\w+)"))
def calls_it(story: Story, name: str, grade: str) -> None:
    story.act(name, "regrade", fields={"risk": grade}, note="a knife was seen")


@given(parsers.re(rf"{NAME} has told the guardian of (?P<other>\w+)"))
def has_told_the_guardian(story: Story, name: str, other: str) -> None:
    told = {"party": code_of(other), "guardian": "the mother", "will_attend": True}
    story.must(story.record(name, "guardian_notice", told))


@given(parsers.re(rf"{NAME} has flagged domestic violence"))
def has_flagged(story: Story, name: str) -> None:
    story.must(story.act(name, "flag_dv"))


@when(parsers.re(rf"{NAME} flags domestic violence"))
def flags(story: Story, name: str) -> None:
    story.act(name, "flag_dv")


@given(parsers.re(rf"{NAME} has cleared it, having heard the victim alone"))
def has_cleared(story: Story, name: str) -> None:
    story.must(_clear(story, name, alone=True))


@when(parsers.re(rf"{NAME} clears it, having heard the victim (?P<how>alone|beside Bram)"))
def clears(story: Story, name: str, how: str) -> None:
    _clear(story, name, alone=how == "alone")


def _clear(story: Story, name: str, *, alone: bool) -> Reply:
    return story.act(name, "clear_dv", records={"victim_interview": [{"alone": alone, "safe": True}]})
