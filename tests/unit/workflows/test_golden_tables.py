"""The answer of every shipped table in every case that counts, as somebody has read and agreed to it."""

from difflib import unified_diff
from pathlib import Path

import pytest

import workflows
from engine.routing.table import load_routing
from engine.service.routing.truth import truth_of
from workflows.shipped import CASE_TYPES, definitions, vocabulary

FOLDER = Path(workflows.__file__).parent
DEFINITIONS = {one.definition.case_type: one.definition for one in definitions()}


@pytest.mark.parametrize("case_type", CASE_TYPES)
def test_nothing_is_decided_otherwise_than_was_agreed(case_type: str) -> None:
    """A change of a table shows here row by row; who agrees to it writes the file afresh."""
    file = FOLDER / case_type / "routing.csv"
    loaded = load_routing(file.with_suffix(".yaml"), DEFINITIONS[case_type], vocabulary())
    now = truth_of(loaded, DEFINITIONS[case_type])["csv"]
    agreed = file.read_text("utf-8")
    changed = "\n".join(unified_diff(agreed.split("\n"), now.split("\n"), "agreed", "now", lineterm="", n=0))
    afresh = f"folkmoot routing table workflows/{case_type}/routing.yaml > workflows/{case_type}/routing.csv"
    assert not changed, f"{changed}\n{afresh}"


@pytest.mark.parametrize("case_type", CASE_TYPES)
def test_whatever_is_known_somebody_is_asked_for(case_type: str) -> None:
    """No row without a rule, but where a fact is missing that the rule reads: that is told and nobody is picked."""
    for table in truth_of(
        load_routing(FOLDER / case_type / "routing.yaml", DEFINITIONS[case_type], vocabulary()),
        DEFINITIONS[case_type],
    )["tables"]:
        width = len(table["facts"])
        for row in table["rows"]:
            rule = row[width]
            if rule.startswith("FM-"):
                assert rule.startswith("FM-R511"), row
                assert "-" in row[:width], row
            else:
                assert rule, row
