"""Consent, sessions and signatures. Said as having happened it must not have been refused."""

from pytest_bdd import given, parsers, when

from tests.acceptance import life
from tests.acceptance.driver import Reply
from tests.acceptance.story import NAME, Story, code_of


@given(parsers.re(rf"{NAME} has consented"))
def has_consented(story: Story, name: str) -> None:
    story.must(story.record(name, "consent", {"party": code_of(name), "decision": "given"}))


@when(parsers.re(rf"{NAME} (?P<said>consents|refuses|withdraws (?:his|her) consent)"))
def answers(story: Story, name: str, said: str) -> None:
    decision = {"consents": "given", "refuses": "refused"}.get(said, "withdrawn")
    story.record(name, "consent", {"party": code_of(name), "decision": decision})


@when(parsers.re(rf"{NAME} asks for consent"))
def asks_for_consent(story: Story, name: str) -> None:
    story.act(name, "ask_consent")


@given(parsers.re(rf"{NAME} has joined as (?P<role>another party concerned|respondent)"))
def has_joined(story: Story, name: str, role: str) -> None:
    kind = "respondent" if role == "respondent" else "third_party"
    story.must(story.act("Wang", "add_party", parties=[{"role": kind, "name": name}]))


@when(parsers.re(rf"{NAME} opens a session"))
def opens_a_session(story: Story, name: str) -> None:
    story.act(name, "open_session")


@when(parsers.re(rf"{NAME} adjourns, having invited an uncle without asking"))
def adjourns_with_an_uncle(story: Story, name: str) -> None:
    session = {**life.session(story, "adjourned"), "invited": "an uncle"}
    story.act(name, "adjourn", records={"session": [session]})


@given(parsers.re(rf"{NAME} has noted an oral agreement, (?P<how>performed on the spot)"))
def has_noted_an_oral_agreement(story: Story, name: str, how: str) -> None:
    story.must(_oral(story, name, at_once=True))


@when(parsers.re(rf"{NAME} notes an oral agreement, to be performed later"))
def notes_an_oral_agreement(story: Story, name: str) -> None:
    _oral(story, name, at_once=False)


def _oral(story: Story, name: str, *, at_once: bool) -> Reply:
    agreement = {"facts": "the wall", "terms": "pulled down", "oral": True, "at_once": at_once}
    records = {"session": [life.session(story)], "agreement": [agreement]}
    return story.act(name, "conclude", records=records)


@given(parsers.re(rf"{NAME} has signed"))
def has_signed(story: Story, name: str) -> None:
    story.must(story.act(name, "sign_agreement"))


@when(parsers.re(rf"{NAME} signs"))
def signs(story: Story, name: str) -> None:
    story.act(name, "sign_agreement")
