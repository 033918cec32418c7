"""Any definition survives every form it is put into: JSON, YAML, a page, drawings."""

import json
from xml.etree import ElementTree

from hypothesis import given

from engine.definitions.canonical import content_hash, from_json, to_json
from engine.definitions.difference import differences
from engine.definitions.drawing import mermaid, svg
from engine.definitions.emit import emit
from engine.definitions.load import loads
from engine.definitions.model import Definition
from engine.definitions.outline import Outline
from engine.definitions.wording import Wording
from tests.support.random_definition import definitions


@given(definitions())
def test_as_json_and_as_yaml(definition: Definition) -> None:
    stored = json.loads(json.dumps(to_json(definition)))
    assert from_json(stored) == definition
    written = loads(emit(definition))
    assert written.findings == []
    assert written.definition is not None
    assert {d.key for d in differences(definition, written.definition)} <= {"initial"}, (
        "written out by reading"
    )
    again = loads(emit(written.definition)).definition
    assert again == written.definition
    assert content_hash(again) == content_hash(written.definition)


@given(definitions())
def test_as_drawings(definition: Definition) -> None:
    words = Wording(Outline(definition), lang="zh")
    drawn = svg(words)
    ElementTree.fromstring(drawn)  # noqa: S314 - our own drawing
    assert svg(words) == drawn
    assert all(f" as {name}" in mermaid(words) for name in words.outline.leaves)
