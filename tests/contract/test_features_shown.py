"""``features/README.md`` names where each story, situation and promise is shown: all of it exists."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from gherkin.parser import Parser

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "features" / "README.md"
STORIES, SITUATIONS = [str(n) for n in range(1, 21)], [str(n) for n in range(1, 26)]
PROMISES = ["N7", "N8", "N9", "N10"]
ROW = re.compile(r"^\| (N?\d+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
SCENARIOS = re.compile(r'`([\w/]+\.feature)`((?:,? "[^"]+")+)')
TEST = re.compile(r"`(tests/[\w/]+\.py)::([\w:]+)`")


class Row(NamedTuple):
    number: str
    what: str
    shown: str

    def scenarios(self) -> Iterator[tuple[str, str]]:
        for feature, names in SCENARIOS.findall(self.shown):
            for name in re.findall(r'"([^"]+)"', names):
                yield feature, name

    def tests(self) -> list[tuple[str, str]]:
        return TEST.findall(self.shown)


ROWS = [Row(*found) for found in ROW.findall(PAGE.read_text("utf-8"))]


@cache
def scenarios_of(feature: str) -> frozenset[str]:
    tree = dict(Parser().parse((ROOT / "features" / feature).read_text("utf-8"))["feature"])
    return frozenset(_names(tree))


def _names(node: dict[str, Any]) -> Iterator[str]:
    for child in node["children"]:
        if "scenario" in child:
            yield child["scenario"]["name"]
        elif "rule" in child:
            yield from _names(child["rule"])


@cache
def named_in(path: str) -> frozenset[str]:
    """Their names, and those of methods with their class before them too."""
    found: set[str] = set()
    for node in ast.parse((ROOT / path).read_text("utf-8")).body:
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        names = [one.name for one in inner if isinstance(one, ast.FunctionDef)]
        found |= {*names, *(f"{node.name}::{name}" for name in names if isinstance(node, ast.ClassDef))}
    return frozenset(name for name in found if name.rpartition("::")[2].startswith("test"))


def test_every_number_has_its_row() -> None:
    assert [row.number for row in ROWS] == [*STORIES, *SITUATIONS, *PROMISES]


@pytest.mark.parametrize("row", ROWS, ids=[f"{n}-{row.number}" for n, row in enumerate(ROWS)])
def test_what_shows_it_exists(row: Row) -> None:
    scenarios, tests = list(row.scenarios()), row.tests()
    for feature, name in scenarios:
        assert name in scenarios_of(feature), f"{feature} has no scenario {name!r}"
    for path, name in tests:
        assert name in named_in(path), f"{path} has no {name}"
    assert scenarios or tests or "Open: " in row.shown


@pytest.mark.parametrize("row", ROWS, ids=[f"{n}-{row.number}" for n, row in enumerate(ROWS)])
def test_every_name_in_the_row_was_read(row: Row) -> None:
    """A slip of the pen does not hide a name from the test above."""
    left = TEST.sub("", SCENARIOS.sub("", row.shown))
    assert not re.search(r'[`"]', left), left
