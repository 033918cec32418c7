"""Obligations, breach, the court. Said as having happened it must not have been refused."""

from typing import Any

from pytest_bdd import given, parsers, when

from tests.acceptance import life
from tests.acceptance.driver import Reply
from tests.acceptance.moment import day
from tests.acceptance.story import NAME, Story, code_of


def _perform(story: Story, name: str, number: str, **more: Any) -> Reply:
    return story.record(name, "performance", {"of": f"O{number}", "on": story.today.isoformat(), **more})


@given(parsers.re(rf"{NAME} has performed obligation (?P<number>\d)"))
def has_performed(story: Story, name: str, number: str) -> None:
    story.must(_perform(story, name, number))


@when(parsers.re(rf"{NAME} performs obligation (?P<number>\d)"))
def performs(story: Story, name: str, number: str) -> None:
    _perform(story, name, number)


@when(parsers.re(rf"{NAME} pays a part of obligation (?P<number>\d)"))
def pays_a_part(story: Story, name: str, number: str) -> None:
    _perform(story, name, number, amount="100", full=False)


@when(parsers.re(rf"{NAME} records that the payment of obligation (?P<number>\d) failed"))
def payment_failed(story: Story, name: str, number: str) -> None:
    failed = {"of": f"O{number}", "on": story.today.isoformat(), "full": False}
    story.act(name, "payment_failed", records={"performance": [failed]})


@when(parsers.re(rf"{NAME} declares a breach"))
def declares_a_breach(story: Story, name: str) -> None:
    story.act(name, "breach")


@given(parsers.re(rf'{NAME} has mediated again, Bram now owing "(?P<amount>\d+)" yuan by (?P<due>.+)'))
def has_mediated_again(story: Story, name: str, amount: str, due: str) -> None:
    story.must(story.act(name, "mediate_again"))
    owed = {"debtor": "P2", "act": "pay", "amount": amount, "due": day(due).isoformat()}
    story.obligations = [owed]
    for step in (life.sit_down, life.conclude, life.sign):
        step(story)


@when(parsers.re(rf"{NAME} leaves the rest"))
def leaves_the_rest(story: Story, name: str) -> None:
    story.act(name, "leave_rest")


@given(parsers.re(rf"{NAME} goes on with the rest"))
def goes_on(story: Story, name: str) -> None:
    story.must(story.act(name, "continue_rest"))


@given(parsers.re(rf"{NAME} has applied for confirmation"))
def has_applied(story: Story, name: str) -> None:
    story.must(story.record(name, "application", {"party": code_of(name), "court": "county court"}))


@when(parsers.re(rf"{NAME} files the application with the court"))
def files_the_application(story: Story, name: str) -> None:
    story.act(name, "file_confirmation")


@given(parsers.re(r"the court has (?P<said>refused to confirm it|confirmed it)"))
def the_court_has(story: Story, said: str) -> None:
    story.must(story.act("Ma", "court_decides", fields={"court_confirms": said == "confirmed it"}))


@when(parsers.re(rf"{NAME} mediates again after the refusal"))
def mediates_after_refusal(story: Story, name: str) -> None:
    story.act(name, "mediate_after_refusal")


@when(parsers.re(rf"{NAME} applies for enforcement"))
def applies_for_enforcement(story: Story, name: str) -> None:
    story.act(name, "enforce")
