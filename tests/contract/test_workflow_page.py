"""The page of each shipped case type says what its definition says today."""

from pathlib import Path

import pytest

from engine.definitions.analysis import analyse
from engine.definitions.outline import Outline
from engine.definitions.page import page
from workflows import shipped

ROOT = Path(__file__).parents[2]
DEFINITIONS = {one.definition.case_type: one.definition for one in shipped.definitions()}


def made(case_type: str) -> str:
    definition = DEFINITIONS[case_type]
    others = [one for name, one in DEFINITIONS.items() if name != case_type]
    words = shipped.vocabulary()
    return page(definition, analyse(Outline(definition), vocabulary=words, others=others), vocabulary=words)


@pytest.mark.parametrize("case_type", shipped.CASE_TYPES)
def test_the_page_is_fresh(case_type: str) -> None:
    written = (ROOT / "workflows" / case_type / "README.md").read_text("utf-8")
    command = f"folkmoot workflow show workflows/{case_type}/workflow.yaml --page"
    assert written == made(case_type), f"run: {command} > workflows/{case_type}/README.md"


@pytest.mark.parametrize("case_type", shipped.CASE_TYPES)
def test_every_state_act_clock_and_rule_stands_on_it(case_type: str) -> None:
    text, definition = made(case_type), DEFINITIONS[case_type]
    outline = Outline(definition)
    for name in (
        *outline.leaves,
        *outline.triggers,
        *definition.clocks,
        *definition.rules,
        *definition.records,
    ):
        assert f"| `{name}` |" in text
    for section in ("What is proved", "What is not proved", "States", "Acts", "Clocks", "Outcomes"):
        assert f"\n## {section}\n" in text


@pytest.mark.parametrize("case_type", shipped.CASE_TYPES)
def test_tables_hold_together(case_type: str) -> None:
    """Every row of a table has as many cells as its head, whatever stands in the texts."""
    cells = 0
    for line in made(case_type).splitlines():
        now = line.replace("\\|", "").count("|")
        assert not line.startswith("|") or now == cells or not cells
        cells = now if line.startswith("|") else 0
