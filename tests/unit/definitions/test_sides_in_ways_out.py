"""A way out that asks an item of each party counts only as far as a case surely has parties."""

import pytest

from engine.definitions.analysis.report import Report
from engine.definitions.analysis.scope import Scope
from engine.definitions.analysis.sure import Sure, SureMove
from engine.definitions.load import loads
from engine.definitions.outline import Outline
from workflows import shipped

TEXT = """
case_type: small
title: Small
version: "1"
basis: a made-up law
effective: {from: 2020-01-01}
calendar: CN
parties: {roles: {claimant: {min: 1}}}
records:
  hearing: {per: party, fields: {said: text}}
states:
  new: {initial: true, phase: intake, waits_for: [officer]}
  work: {phase: work, waits_for: [officer]}
  shut: {final: true, phase: done}
outcomes: {over: {grade: substantive}}
transitions:
  - {trigger: file, dest: new, allow: [anyone]}
  - {trigger: begin, source: new, dest: work, allow: [WHO]}
  - {trigger: early, source: new, dest: shut, outcome: over, allow: [officer], asks: [hearing]}
  - {trigger: end, source: work, dest: shut, outcome: over, allow: [officer], asks: [hearing]}
clocks:
  limit: {within: 30 cd, runs_in: [new], at: {due: [{EFFECT}]}}
"""


def moves(text: str) -> dict[str, SureMove]:
    definition = loads(text).definition
    assert definition is not None
    scope = Scope(Outline(definition), shipped.vocabulary(), Report())
    return {move.trigger: move for found in Sure(scope).moves.values() for move in found}


BY_HAND = TEXT.replace("WHO", "officer").replace("EFFECT", "remind: [officer]")
BY_CLOCK = TEXT.replace("WHO", "officer, system").replace("EFFECT", "fire: begin")


@pytest.mark.parametrize("text", [BY_HAND, BY_CLOCK])
def test_in_intake_nobody_may_have_joined_yet(text: str) -> None:
    assert moves(text)["early"].sides


def test_once_people_led_it_out_of_intake_the_least_number_is_there() -> None:
    assert not moves(BY_HAND)["end"].sides


def test_not_where_a_clock_leads_it_out() -> None:
    assert moves(BY_CLOCK)["end"].sides


def test_nor_where_no_role_has_to_be_there() -> None:
    assert moves(BY_HAND.replace("claimant: {min: 1}", "claimant: {}"))["end"].sides


def test_an_item_of_what_may_have_none_is_no_way_out() -> None:
    nested = BY_HAND.replace("per: party, fields", "per: visit, fields").replace(
        "records:\n", "records:\n  visit: {fields: {on: date}, by: [officer], in: [work]}\n"
    )
    assert "end" not in moves(nested)
