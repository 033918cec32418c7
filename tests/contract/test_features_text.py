"""How the features are written: short, one thing at a time, in the words of the law and never of the machine."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from gherkin.parser import Parser

from engine.definitions.load import load
from engine.definitions.outline import Outline
from engine.definitions.written.reader import Reader
from engine.routing.table.load import read_sheet
from engine.routing.table.model import Sheet

ROOT = Path(__file__).parents[2]
FEATURES = sorted(ROOT.glob("features/**/*.feature"))
DEFINITIONS = [*ROOT.glob("workflows/*/workflow.yaml"), *ROOT.glob("tests/data/workflows/*/workflow.yaml")]
MOST_STEPS = 8
MACHINE = re.compile(r"\b(HTTP|SQL|JSON|GET|POST|SELECT|status code|endpoint|exit code|--\w+)\b")


def feature(path: Path) -> dict[str, Any]:
    return dict(Parser().parse(path.read_text("utf-8"))["feature"])


def scenarios(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for child in node["children"]:
        if "scenario" in child:
            yield child["scenario"]
        elif "rule" in child:
            yield from scenarios(child["rule"])


def rules(path: Path) -> list[str]:
    return [child["rule"]["name"] for child in feature(path)["children"] if "rule" in child]


@pytest.fixture(params=FEATURES, ids=lambda path: path.relative_to(ROOT / "features").as_posix())
def path(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


def test_a_scenario_has_one_when_and_few_steps(path: Path) -> None:
    for scenario in scenarios(feature(path)):
        kinds = [step["keywordType"] for step in scenario["steps"]]
        assert kinds.count("Action") == 1, scenario["name"]
        assert len(kinds) <= MOST_STEPS, scenario["name"]


def test_every_scenario_stands_under_a_rule(path: Path) -> None:
    assert rules(path)
    assert not any("scenario" in child for child in feature(path)["children"])


def test_nothing_speaks_of_the_machine(path: Path) -> None:
    assert not MACHINE.search(path.read_text("utf-8"))


def test_a_rule_that_is_named_exists_in_a_definition(path: Path) -> None:
    known = names()
    for rule in rules(path):
        name, dash, _ = rule.partition(" - ")
        assert not dash or name in known, rule


def shipped_routing(file: Path) -> Sheet:
    sheet = read_sheet(Reader(file.name), file.read_text("utf-8"), file.name)
    assert sheet is not None
    return sheet


@cache  # every feature asks, and reading all definitions takes a second
def names() -> set[str]:
    """Everything by which a definition says what holds: rules, acts, joins, clocks, parties, outcomes, fields; and
    the rules of the tables by which seats are filled."""
    found = {
        rule.id
        for file in DEFINITIONS
        if (tables := file.with_name("routing.yaml")).is_file()
        for table in shipped_routing(tables).tables
        for rule in table.each
    }
    for file in DEFINITIONS:
        definition = load(file).definition
        assert definition is not None
        outline = Outline(definition)
        found |= {*definition.rules, *definition.clocks, *definition.outcomes, *definition.fields}
        found |= {*outline.triggers, *outline.seats, *definition.parties.roles}
        found |= {name for name in definition.parties.model_fields_set if name not in ("roles", "fields")}
        found |= {t.name for _, _, transitions in definition.regions() for t in transitions if t.name}
    return found
