"""Extensions, notes, visits, closing, reopening. Said as having happened it must not have been refused."""

from pytest_bdd import given, parsers, when

from tests.acceptance import life
from tests.acceptance.driver import Reply
from tests.acceptance.moment import moment
from tests.acceptance.station import STAFF
from tests.acceptance.story import NAME, Story


def _extend(story: Story, name: str, clock: str, *, agreed: bool = True) -> Reply:
    fields = {"longer_agreed": agreed}
    return story.call("extend", story.ref, clock, by=STAFF[name], reason="near to agreement", fields=fields)


@given(parsers.re(rf'{NAME} has extended "(?P<clock>.+)"'))
def has_extended(story: Story, name: str, clock: str) -> None:
    story.must(_extend(story, name, clock))


@when(parsers.re(rf'{NAME} extends "(?P<clock>.+)" (?P<how>as the parties agree|although .+)'))
def extends(story: Story, name: str, clock: str, how: str) -> None:
    _extend(story, name, clock, agreed=how == "as the parties agree")


@when(parsers.re(rf"{NAME} writes a note"))
def writes_a_note(story: Story, name: str) -> None:
    story.must(story.call("note", story.ref, "both sides were friendlier", by=STAFF[name]))


@given(parsers.re(rf"{NAME} has visited the parties after (?P<days>\d+) days"))
def has_visited(story: Story, name: str, days: str) -> None:
    story.pass_days(int(days))
    story.must(story.record(name, "visit", life.WELL))


@given(parsers.re(rf"{NAME} has visited the parties on the same day"))
def has_visited_again(story: Story, name: str) -> None:
    story.must(story.record(name, "visit", life.WELL))


@given(parsers.re(rf"{NAME} has visited the parties after (?P<days>\d+) days and found a latent risk"))
def has_found_a_risk(story: Story, name: str, days: str) -> None:
    story.pass_days(int(days))
    story.must(story.record(name, "visit", {**life.WELL, "latent_risk": True}))


@when(parsers.re(rf"{NAME} enters a visit of (?P<at>.+)"))
def enters_a_visit(story: Story, name: str, at: str) -> None:
    story.record(name, "visit", life.WELL, at=moment(at))


@when(parsers.re(rf"{NAME} closes the case"))
def closes(story: Story, name: str) -> None:
    story.act(name, "close")


def _reopen(story: Story, name: str) -> Reply:
    return story.act(name, "reopen", fields={"reopen_ground": "new_fact"}, note="the wall stands again")


@when(parsers.re(rf"{NAME} reopens the case"))
def reopens(story: Story, name: str) -> None:
    _reopen(story, name)


@when(parsers.re(rf"{NAME} reopens the case as breached"))
def reopens_as_breached(story: Story, name: str) -> None:
    story.act(name, "reopen", fields={"reopen_ground": "breach"}, note="the bank returned the money")


@given(parsers.re(rf"{NAME} has reopened the case"))
def has_reopened(story: Story, name: str) -> None:
    story.must(_reopen(story, name))


@given(parsers.re(rf"{NAME} has reopened the case, which was breached"))
def has_reopened_as_breached(story: Story, name: str) -> None:
    fields = {"reopen_ground": "breach"}
    story.must(story.act(name, "reopen", fields=fields, note="the bank returned the money"))


@given("a report of Asha's was found unfounded")
def was_found_unfounded(story: Story) -> None:
    first = story.ref
    life.report(story)
    story.must(story.act("Ding", "dismiss", note="nobody was there"))
    story.other, story.ref = story.ref, first


@given(parsers.re(rf"{NAME} has reopened the case, which was found unfounded"))
def has_reopened_in_vain(story: Story, name: str) -> None:
    story.must(_reopen(story, name))
    story.must(story.act("Ding", "dismiss", note="nothing new"))


@given("Ding has screened it again and Wang has asked for consent")
def screened_again(story: Story) -> None:
    story.must(life.answer_questions(story, "Ding", "yellow", life.CLEAR))
    life.ask(story)
