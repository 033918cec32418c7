"""docs/events.md names every column, object and ending that there is."""

import re
from pathlib import Path

from engine.analytics.export.form import FORMS
from engine.analytics.export.xes import NAMED
from engine.domain.trace import COLUMNS, VALUES

PAGE = (Path(__file__).parents[2] / "docs" / "events.md").read_text("utf-8")


def section(title: str) -> list[list[str]]:
    """The cells of the table below a title."""
    text = PAGE.split(f"## {title}\n")[1].split("\n## ")[0]
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in re.findall(r"^\|.*\|$", text, re.M)[2:]
    ]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_column_has_its_line() -> None:
    assert [name for line in section("Columns") for name in quoted(line[0])] == list(COLUMNS)


def test_names_of_the_standard_are_those_that_are_written() -> None:
    told = {}
    for cells in section("Columns"):
        for name in quoted(cells[0]):
            told[name] = name if cells[1] == "the same" else quoted(cells[1])[0]
    assert told.pop("case_id") == "concept:name"
    assert told == {name: NAMED.get(name, name) for name in COLUMNS if name != "case_id"}


def test_every_type_of_object_and_every_ending_is_told() -> None:
    assert {quoted(line[0])[0] for line in section("Objects (OCEL)")} >= set(VALUES)
    endings = {f".{name}" for form in FORMS.values() for name in (form.name, *form.also)}
    assert endings == set(re.findall(r"`(\.\w+)`", PAGE.split("## What is in it")[0]))
