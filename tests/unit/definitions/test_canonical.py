"""A definition keeps its identity through JSON, whatever the order of names in maps."""

import json
from pathlib import Path

import pytest

from engine.definitions.canonical import content_hash, from_json, to_json
from engine.definitions.load import load, loads
from engine.definitions.model import Definition

ROOT = Path(__file__).parents[3]
FILES = sorted((*ROOT.glob("workflows/*/workflow.yaml"), *(ROOT / "tests/data/definitions").glob("*.yaml")))


def read(file: Path) -> Definition:
    definition = load(file).definition
    assert definition is not None
    return definition


@pytest.mark.parametrize("file", FILES, ids=lambda f: f"{f.parent.name}/{f.name}")
def test_there_and_back(file: Path) -> None:
    definition = read(file)
    stored = json.loads(json.dumps(to_json(definition)))
    assert from_json(stored) == definition
    assert content_hash(from_json(stored)) == content_hash(definition)


def test_a_store_that_sorts_names_changes_nothing() -> None:
    definition = read(FILES[0])
    stored = json.loads(json.dumps(to_json(definition), sort_keys=True))
    again = from_json(stored)
    assert again == definition
    assert content_hash(again) == content_hash(definition)


def test_the_hash_is_of_the_meaning_not_of_the_writing(tmp_path: Path) -> None:
    text = FILES[0].read_text("utf-8")
    before = loads(text).definition
    after = loads("# a comment\n" + text.replace("\n\n", "\n")).definition
    changed = loads(text.replace("title:", "title: New", 1)).definition
    assert before is not None
    assert after is not None
    assert changed is not None
    assert content_hash(before) == content_hash(after)
    assert content_hash(before) != content_hash(changed)


def test_defaults_are_left_out() -> None:
    stored = to_json(read(FILES[0]))
    assert all("reopens" not in t or t["reopens"] is True for t in stored["transitions"])
    assert all("verb" in e for t in stored["transitions"] for e in t.get("effects", ()))
