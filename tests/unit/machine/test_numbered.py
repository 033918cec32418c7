"""A filing is decided before it has a number; with one it is what would have been decided under it."""

from dataclasses import replace
from typing import Any

from engine.domain.case import CaseState
from engine.machine.command import Command, Decision, Filing
from engine.machine.decide import file_case, numbered
from engine.machine.fold import fold
from engine.machine.program import Program
from tests.support.small import SMALL, Player, compiled

NAMELESS = Filing("", "small", "V1", "S", "it began", "desk", {"person": "ann"})


def filed(program: Program, filing: Filing = NAMELESS) -> Decision:
    play = Player(program)
    parties: list[dict[str, Any]] = [{"role": "claimant", "age": 40}]
    command = Command("file", play.now, "ann", "ann", parties=parties, note="it began")
    return file_case(program, filing, command, play.facts("ann"))


def test_a_filing_under_its_number_is_the_same_filing() -> None:
    program = compiled()
    named = numbered(program, filed(program), "26-00001-0")
    assert named == filed(program, replace(NAMELESS, ref="26-00001-0"))
    assert named is not None
    assert named.state is not None
    assert fold(named.events) == named.state


def test_the_filing_without_a_number_stays_as_it_was() -> None:
    program = compiled()
    nameless = filed(program)
    numbered(program, nameless, "26-00001-0")
    state: CaseState | None = nameless.state
    assert nameless == filed(program)
    assert state is not None
    assert state["ref"] == ""


def test_where_a_rule_reads_the_number_it_has_to_be_decided_again() -> None:
    text = SMALL.replace("'!grave'", "'!grave && case.ref != \"26-00002-9\"'")
    program = compiled(text)
    assert numbered(program, filed(program), "26-00001-0") is None


def test_a_refused_filing_gets_none() -> None:
    program = compiled(SMALL.replace("dest: new, allow: [anyone]", "dest: new, allow: [head]"))
    assert numbered(program, filed(program), "26-00001-0") is None
