"""Findings as SARIF: the parts that readers of the format rely on."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from engine.definitions.finding import SEVERITY, Finding
from engine.definitions.load import loads
from engine.definitions.sarif import sarif
from engine.domain.messages import catalogue

MESSAGE = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
REGION = {
    "type": "object",
    "required": ["startLine"],
    "properties": {k: {"type": "integer", "minimum": 1} for k in ("startLine", "startColumn")},
}
PLACE = {
    "type": "object",
    "required": ["artifactLocation"],
    "properties": {
        "artifactLocation": {
            "type": "object",
            "required": ["uri"],
            "properties": {"uri": {"type": "string", "pattern": "^[!-~]+$"}},
        },
        "region": REGION,
    },
}
RESULT = {
    "type": "object",
    "required": ["ruleId", "ruleIndex", "level", "message"],
    "properties": {
        "message": MESSAGE,
        "level": LEVEL,
        "locations": {"items": {"type": "object", "properties": {"physicalLocation": PLACE}}},
        "suppressions": {"items": {"required": ["kind"], "properties": {"kind": {"enum": ["inSource"]}}}},
    },
}
RULE = {"type": "object", "required": ["id"], "properties": {"shortDescription": MESSAGE}}
DRIVER = {
    "type": "object",
    "required": ["name", "version", "rules"],
    "properties": {"rules": {"type": "array", "items": RULE, "uniqueItems": True}},
}
RUN = {
    "type": "object",
    "required": ["tool", "results"],
    "properties": {
        "tool": {"required": ["driver"], "properties": {"driver": DRIVER}},
        "results": {"type": "array", "items": RESULT},
    },
}
LOG = {
    "type": "object",
    "required": ["version", "$schema", "runs"],
    "properties": {"version": {"const": "2.1.0"}, "runs": {"type": "array", "items": RUN, "minItems": 1}},
}  # the essential parts of the published schema


def log(*findings: Finding, lang: str = "en") -> dict[str, Any]:
    made = sarif(findings, version="1", lang=lang)
    Draft202012Validator(LOG).validate(made)
    return made


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_findings_of_a_file(lang: str) -> None:
    found = loads("case_type: X\nfoo: 1\n", name="my file/流程.yaml").findings
    run = log(*found, lang=lang)["runs"][0]
    first = next(r for r in run["results"] if r["ruleId"] == "FM-D002")
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "my%20file/%E6%B5%81%E7%A8%8B.yaml"
    assert place["region"] == {"startLine": 2, "startColumn": 1}
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == "FM-D002"
    assert first["message"]["text"] == next(f for f in found if f.code == "FM-D002").message(lang)


def test_severities_and_waivers() -> None:
    results = log(
        Finding("FM-D205", {"trigger": "a", "parent": "b", "name": "c"}),
        Finding("FM-D207", {"name": "o"}, "w.yaml", 3, 5),
        Finding("FM-D207", {"name": "o"}, "w.yaml", 3, 5).waive("it is meant"),
    )["runs"][0]["results"]
    assert [r["level"] for r in results] == ["note", "warning", "warning"]
    assert "locations" not in results[0]
    assert [r.get("suppressions") for r in results] == [
        None, None, [{"kind": "inSource", "justification": "it is meant"}],
    ]  # fmt: skip


def test_nothing_found_is_an_empty_run() -> None:
    assert log()["runs"][0]["results"] == []


@pytest.mark.parametrize("code", sorted(SEVERITY))
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_code_has_its_texts(code: str, lang: str) -> None:
    texts = catalogue()
    assert texts[code][lang]
    assert texts[code]["exit"] == 6
    assert texts[code]["http"] == 422
    assert texts[f"rule.{code}"][lang]
