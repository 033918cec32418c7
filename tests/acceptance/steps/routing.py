"""Tables by which seats are filled: put in force, tried; decisions explained and made again."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pytest_bdd import given, parsers, then, when

from tests.acceptance.moment import day
from tests.acceptance.station import ADMINISTRATOR, STAFF
from tests.acceptance.story import NAME, Story

VILLAGE = {"Wang": "V-101", "Wu": "V-102"}
SHEET = """case_type: dispute_mediation
title: Who takes a dispute
zh: 谁来办理纠纷
version: "2031.1"
basis: our own
tables:
  handler:
    title: Who handles it
    zh: 由谁承办
    for: handler
    hit: first
"""
TO_OFFICERS = f"""{SHEET}    inputs: {{risk: risk}}
    rules: []
    else:
      then: {{roles: officer, weight: 1}}
      because: every dispute is for an officer
      zh: 纠纷一律由民警办理
"""
BY_KIND = f"""{SHEET}    inputs: {{kind: category}}
    rules:
      - {{id: land-1, if: {{kind: land}}, then: {{roles: officer}}, because: land is for an officer, zh: 土地纠纷由民警办理}}
    else: {{then: {{weight: 1}}, because: the nearest, zh: 就近办理}}
"""


@given(parsers.re(r"from (?P<start>.+ \d{4}) every dispute goes to an officer"))
def to_officers(story: Story, start: str) -> None:
    story.must(story.call("put_tables", TO_OFFICERS, by=ADMINISTRATOR, start=day(start)))


@given(parsers.re(r"from (?P<start>.+ \d{4}) the tables ask for the kind of dispute"))
def by_kind(story: Story, start: str) -> None:
    story.must(story.call("put_tables", BY_KIND, by=ADMINISTRATOR, start=day(start)))


@given(parsers.re(rf"{NAME} is no longer the auxiliary of the village"))
def is_gone(story: Story, name: str) -> None:
    story.arrange("dismiss", STAFF[name], "auxiliary", VILLAGE[name], story.today - timedelta(days=1))


@given(parsers.re(rf"{NAME} has let the engine choose the handler"))
def has_let_choose(story: Story, name: str) -> None:
    story.must(story.call("assign", story.ref, "handler", None, by=STAFF[name]))


@when("the administrator tries what would be if every dispute went to an officer")
def tries(story: Story) -> None:
    story.call("try_tables", TO_OFFICERS, by=ADMINISTRATOR, since=story.today)


def _explained(story: Story) -> Mapping[str, Any]:
    return story.driver.explain(story.ref, by=STAFF["Chen"])


@then(parsers.re(r'the explanation names the rule "(?P<rule>.+)", because "(?P<because>.+)"'))
def names_the_rule(story: Story, rule: str, because: str) -> None:
    told = _explained(story)
    assert (told["rule"], told["because"]) == (rule, because)
    assert rule in told["sentence"]
    assert because in told["sentence"]


@then(parsers.re(rf'the explanation says that {NAME} was left out: "(?P<why>.+)"'))
def says_who_was_left_out(story: Story, name: str, why: str) -> None:
    out = {one["person"]: one["text"] for one in _explained(story)["excluded"]}
    assert out[STAFF[name]] == why


@then(parsers.re(r'the explanation says of the village: "(?P<why>.+)"'))
def says_of_the_village(story: Story, why: str) -> None:
    [village] = [one for one in _explained(story)["fallen"] if one["level"] == "village"]
    assert village["text"] == why


@then("made again, every decision is the same")
def made_again(story: Story) -> None:
    told = story.driver.replay(by=ADMINISTRATOR)
    # who is named by hand is no decision of the tables: there is no ruling to make again
    assert told["decisions"] == told["same"] + told["no_ruling"]
    assert told["same"] > 0
    assert told["differs"] == []


@then("made again, both decisions on the handler are the same")
def made_again_for_the_handler(story: Story) -> None:
    """No table says who the officer of a grave case is, so of that decision no ruling is compared."""
    told = story.driver.replay(by=ADMINISTRATOR)
    assert (told["same"], told["no_ruling"], told["differs"]) == (2, 1, [])


@then(parsers.re(r"one decision would have gone from (?P<one>\w+) to (?P<other>\w+)"))
def would_have_gone(story: Story, one: str, other: str) -> None:
    [differs] = story.reply.body["differs"]
    assert (differs["then"]["person"], differs["now"]["person"]) == (STAFF[one], STAFF[other])
