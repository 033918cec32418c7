"""The published schema describes what the loader reads: the same keys, the same shorthands."""

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from engine.definitions import schema
from engine.definitions.load import load, loads
from engine.definitions.written import clock, effect, fact, flow
from engine.definitions.written.include import HEADER, SECTIONS
from engine.definitions.written.node import Node, Scalar, Sequence, read

ROOT = Path(__file__).parents[3]
SHIPPED = sorted(ROOT.glob("workflows/**/workflow.yaml"))
SKETCHES = sorted((ROOT / "tests/data/definitions").glob("*.yaml"))
PUBLISHED = schema.definition_schema()


def _plain(node: Node) -> Any:
    if isinstance(node, Scalar):
        return node.value()
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    return {key: _plain(inner) for key, inner in node.entries.items()}


def _written(text: str) -> Any:
    root, findings = read(text, "workflow.yaml")
    assert root is not None
    assert findings == []
    return _plain(root)


def _faults(text: str) -> list[str]:
    return [e.message for e in Draft202012Validator(PUBLISHED).iter_errors(_written(text))]


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(PUBLISHED)


def _keys(block: dict[str, Any]) -> list[str]:
    return list(block["properties"])


@pytest.mark.parametrize(
    ("block", "known"),
    [
        (PUBLISHED, (*HEADER, *SECTIONS)),
        (PUBLISHED["$defs"]["field"]["anyOf"][1], fact.FIELD_KEYS),
        (PUBLISHED["$defs"]["record"], fact.RECORD_KEYS),
        (PUBLISHED["$defs"]["rule"], fact.RULE_KEYS),
        (PUBLISHED["$defs"]["state"], flow.STATE_KEYS),
        (PUBLISHED["$defs"]["transition"], flow.TRANSITION_KEYS),
        (PUBLISHED["$defs"]["transition"]["properties"]["dest"]["anyOf"][1], flow.BRANCH_KEYS),
        (PUBLISHED["$defs"]["clock"], clock.CLOCK_KEYS),
        (PUBLISHED["$defs"]["rung"], clock.RUNG_KEYS),
        (PUBLISHED["properties"]["parties"], fact.PARTIES_KEYS),
        (PUBLISHED["properties"]["parties"]["properties"]["roles"]["additionalProperties"], fact.ROLE_KEYS),
        (PUBLISHED["properties"]["seats"]["additionalProperties"], fact.SEAT_KEYS),
        (PUBLISHED["properties"]["outcomes"]["additionalProperties"], flow.OUTCOME_KEYS),
        (PUBLISHED["properties"]["tracks"]["additionalProperties"], flow.TRACK_KEYS),
    ],
)
def test_keys_are_those_of_the_loader(block: dict[str, Any], known: tuple[str, ...]) -> None:
    assert sorted(_keys(block)) == sorted(known)
    assert block["additionalProperties"] is False


def test_effects_are_those_of_the_loader() -> None:
    published = PUBLISHED["$defs"]["effect"]["oneOf"]
    assert [_keys(block) for block in published] == [[verb, *keys[0]] for verb, keys in effect.KEYS.items()]


@pytest.mark.parametrize("file", [*SHIPPED, *SKETCHES], ids=lambda f: f"{f.parent.name}/{f.name}")
def test_real_definitions_fit(file: Path) -> None:
    assert load(file).definition is not None, [f.to_json() for f in load(file).findings]
    assert _faults(file.read_text("utf-8")) == []


def test_there_are_definitions_to_try() -> None:
    assert len(SHIPPED) >= 2
    assert len(SKETCHES) == 3


SMALL = """\
case_type: letter
title: Letter
version: "1"
basis: none
effective: {from: 2026-01-01}
calendar: CN
parties: {roles: {sender: }}
outcomes: {answered: {grade: substantive}}
states: {new: , done: {final: true}}
transitions:
  - {trigger: file, dest: new, allow: [anyone]}
  - {trigger: answer, source: new, dest: done, outcome: answered, allow: clerk}
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("allow: clerk}", "alow: clerk}"),
        ("allow: clerk}", "allow: clerk, as_soon_as: x}"),
        ("allow: clerk}", "}"),
        ("grade: substantive", "grade: good"),
        ("title: Letter", "title: 5"),
        ("version: \"1\"\n", ""),
        ("done: {final: true}", "done: {final: 1}"),
        ("states: {new: , done: {final: true}}", "states: {}"),
        ("calendar: CN\n", "calendar: CN\nclocks: {c: {runs_in: new}}\n"),
        ("calendar: CN\n", "calendar: CN\nclocks: {c: {within: 5, runs_in: new}}\n"),
        ("calendar: CN\n", "calendar: CN\nclocks: {c: {within: 5 cd, at: {soon: []}}}\n"),
        ("calendar: CN\n", "calendar: CN\nclocks: {c: {within: 5 cd, at: {due: [{fire: x, by: lot}]}}}\n"),
        ("calendar: CN\n", "calendar: CN\nfields: {f: colour}\n"),
        ("calendar: CN\n", "calendar: CN\nfields: {F: text}\n"),
        ("calendar: CN\n", "calendar: CN\nseats: {s: {of: a, count: many}}\n"),
        ("calendar: CN\n", "calendar: CN\nrules: {r: {that: a}}\n"),
    ],
)  # fmt: skip
def test_what_the_loader_refuses_the_schema_refuses(old: str, new: str) -> None:
    assert loads(SMALL).definition is not None
    assert _faults(SMALL) == []
    broken = SMALL.replace(old, new, 1)
    assert loads(broken).definition is None
    assert _faults(broken) != []
