"""What counts as work done names activities, outcomes, records and seats that exist."""

import pytest

from engine.definitions.analysis import analyse
from engine.definitions.canonical import content_hash, from_json, to_json
from engine.definitions.difference import differences
from engine.definitions.emit import emit
from engine.definitions.load import Loaded, loads
from engine.definitions.model import Count
from engine.definitions.outline import Outline
from workflows.shipped import vocabulary

TEXT = """
case_type: help
title: Help
version: "1"
basis: ours
effective: {from: 2026-01-01}
calendar: CN
parties: {roles: {asker: {title: Asker}}}
seats: {handler: {title: Handler, of: [auxiliary]}}
records: {visit: {title: Visit, fields: {found: text}}}
states: {open: {initial: true}, closed: {final: true}}
outcomes: {done: {grade: substantive}, left: {grade: procedural}}
transitions: [{trigger: finish, source: open, dest: closed, outcome: done, allow: [handler], asks: [visit]}]
"""
COUNTS = "counts: {help: {outcomes: [done], records: [visit], of: [handler, reporter]}}\n"


def told(text: str) -> list[tuple[str, str]]:
    definition = read(text).definition
    assert definition is not None
    found = analyse(Outline(definition), vocabulary=vocabulary())
    return [(f.code, f.path) for f in found.findings if f.path.startswith("counts")]


def read(text: str) -> Loaded:
    loaded = loads(text)
    assert loaded.definition is not None, loaded.findings
    return loaded


def test_what_counts_is_kept_as_it_was_written() -> None:
    definition = read(TEXT + COUNTS).definition
    assert definition is not None
    assert definition.counts == {
        "help": Count(outcomes=("done",), records=("visit",), of=("handler", "reporter"))
    }
    assert from_json(to_json(definition)) == definition
    assert read(emit(definition)).definition == definition


def test_a_definition_that_counts_nothing_keeps_its_hash() -> None:
    bare = read(TEXT).definition
    assert bare is not None
    assert "counts" not in to_json(bare)
    counting = read(TEXT + COUNTS).definition
    assert counting is not None
    assert content_hash(bare) != content_hash(counting)
    assert "count help" in [one.what for one in differences(bare, counting)]


def test_names_that_exist_are_not_told() -> None:
    assert told(TEXT + COUNTS) == []


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("{helpp: {outcomes: [done], of: [handler]}}", "counts.helpp"),
        ("{help: {outcomes: [dome], of: [handler]}}", "counts.help.outcomes.0"),
        ("{help: {records: [visitt], of: [handler]}}", "counts.help.records.0"),
        ("{help: {outcomes: [done], of: [handler, dispatcher]}}", "counts.help.of.1"),
    ],
)
def test_a_name_that_does_not_exist_is_told_with_its_place(written: str, path: str) -> None:
    assert told(f"{TEXT}counts: {written}\n") == [("FM-D105", path)]


def test_another_key_is_no_word_of_it() -> None:
    loaded = loads(f"{TEXT}counts: {{help: {{states: [closed]}}}}\n")
    assert [f.path for f in loaded.findings] == ["counts.help.states"]
