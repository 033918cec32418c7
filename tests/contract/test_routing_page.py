"""docs/routing.md: its example is sound, and each form of a cell that it names is one."""

import re
from pathlib import Path
from typing import Any

import pytest

from engine.routing.table import Proposal, Routing, Ruling, Unruled, loads_routing
from engine.routing.table.cell import parse
from engine.routing.table.written import SCORES
from tests.support.table import grade, sound
from workflows.shipped import CASE_TYPES, definitions, vocabulary

PAGE = (Path(__file__).parents[2] / "docs" / "routing.md").read_text("utf-8")


@pytest.fixture(scope="module")
def routing() -> Routing:
    text = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0]
    definition = next(d.definition for d in definitions() if d.definition.case_type == "dispute_mediation")
    loaded = loads_routing(text, definition, vocabulary(), functions=CASE_TYPES)
    assert [f.message() for f in loaded.findings if f.severity != "info"] == []
    assert loaded.routing is not None
    return loaded.routing


def ruling(routing: Routing, **facts: Any) -> Ruling:
    found = routing.ruling("handler", {**facts, "case": facts})
    assert isinstance(found, Ruling)
    return found


def test_the_example_answers(routing: Routing) -> None:
    red = ruling(routing, risk="red", category="water")
    assert (red.rule, red.roles, red.weight, red.acknowledge) == ("red-1", ("officer",), 4, "30 min")
    water = ruling(routing, risk="yellow", category="water")
    assert (water.rule, water.weight, water.acknowledge) == ("soil-1", 3, "4 h")
    road = ruling(routing, risk="blue", category="traf")
    assert (road.rule, road.function) == ("else", "traffic_comanagement")
    assert ruling(routing, risk="blue").acknowledge == "8 h"
    proposal = routing.grade({"screening_form": {"weapon": True, "prior_reports": 4}})
    assert isinstance(proposal, Proposal)
    assert proposal.value == "red"


def test_what_is_not_known_is_named(routing: Routing) -> None:
    found = routing.ruling("handler", {"risk": "yellow"})
    assert isinstance(found, Unruled)
    assert (found.reason.code, found.reason.params["fact"], found.reason.params["rule"]) == (
        "FM-R511",
        "category",
        "soil-1",
    )


def test_the_cells_that_are_named_are_cells() -> None:
    rows = re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE)
    spans = [span for row in rows for span in re.findall(r"`([^`]+)`", row)]
    quoted = [span.strip("'") for span in spans if span.startswith("'")]
    assert len(quoted) == 8
    assert all(parse(one) is not None for one in quoted)


def test_the_scores_that_are_named_are_known() -> None:
    line = next(line for line in PAGE.splitlines() if line.startswith("- **`scores`**"))
    assert set(re.findall(r"`(\w+)`", line)) == {"scores", *SCORES}


def test_the_numbers_of_boxes_and_combinations() -> None:
    from engine.routing.table.box import MOST_BOXES
    from engine.rules.sample import MOST

    assert PAGE.count(f"{MOST_BOXES:,}") == 2
    assert MOST_BOXES == MOST


def test_a_table_is_told_as_it_decides() -> None:
    """The page of a table, which workflows show, has a row for every rule."""
    from engine.routing.table.page import page, told

    routing = sound(
        grade("first", {"n": "n"}, [({"n": ">= 3"}, "red")], **{"else": {"then": "blue", "because": "e"}})
    )
    lines = page(routing.sheet)
    assert "| `r0` | n \\>= 3 | red | row 0 |" in lines
    assert "| `else` | else | blue | e |" in lines
    assert [rule["if_text"] for rule in told(routing.sheet, "zh")["tables"][0]["rules"]] == [
        "n >= 3",
        "其他情形",
    ]
