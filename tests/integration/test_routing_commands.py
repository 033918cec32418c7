"""`folkmoot routing check` and `show`, as typed."""

from pathlib import Path

import pytest

from tests.support.commandline import Shell
from workflows.shipped import CASE_TYPES, routing_text

TABLES = """
case_type: service_request
title: Who answers
version: "1"
tables:
  handler:
    title: Who answers for it
    for: handler
    hit: unique
    inputs: {danger: danger}
    rules:
      - {id: danger-1, if: {danger: true}, then: {roles: officer}, because: danger}
"""


@pytest.fixture
def mine(station: Shell) -> Path:
    file = station.folder / "mine.yaml"
    file.write_text(TABLES, "utf-8")
    return file


def test_a_gap_is_told_with_its_place_and_ends_with_six(station: Shell, mine: Path) -> None:
    said = station("routing", "check", "mine.yaml")
    assert said.status == 6
    assert "mine.yaml:11:5 error FM-D405" in said.out
    assert "danger = false" in said.out


def test_what_is_sound_ends_with_nought(station: Shell, mine: Path) -> None:
    mine.write_text(TABLES + "    else: {then: {}, because: the nearest}\n", "utf-8")
    said = station("routing", "check", "mine.yaml", "--strict", "--json")
    assert said.status == 0
    assert (said.json["sound"], said.json["tables"], said.json["rules"]) == (True, 1, 2)
    assert said.json["routing"]["case_type"] == "service_request"


def test_warnings_count_where_they_are_to(station: Shell, mine: Path) -> None:
    unused = TABLES.replace("{danger: danger}", "{danger: danger, need: need}")
    mine.write_text(unused + "    else: {then: {}, because: the nearest}\n", "utf-8")
    assert station("routing", "check", "mine.yaml").status == 0
    assert station("routing", "check", "mine.yaml", "--strict").status == 6
    sarif = station("routing", "check", "mine.yaml", "--sarif", "-")
    assert '"FM-D421"' in sarif.out


def test_the_workflow_beside_the_file_counts(station: Shell) -> None:
    station("workflow", "copy", "service_request", "-o", "copy")
    folder = station.folder / "copy"
    assert (folder / "routing.yaml").read_text("utf-8") == routing_text("service_request")
    assert station("routing", "check", "copy/routing.yaml", "--strict").status == 0
    workflow = folder / "workflow.yaml"
    workflow.write_text(
        workflow.read_text("utf-8").replace(
            "type: choice\n    of: [none, elderly", "type: choice\n    of: [nobody, elderly"
        ),
        "utf-8",
    )
    workflow.write_text(
        workflow.read_text("utf-8").replace(
            "default: none\n    class: sensitive", "default: nobody\n    class: sensitive"
        ),
        "utf-8",
    )
    said = station("routing", "check", "copy/routing.yaml")
    assert said.status == 6
    assert "unknown option `none`" in said.out


def test_files_that_are_not_there_or_no_tables(station: Shell, mine: Path) -> None:
    assert station("routing", "check", "none.yaml", "--json").json["problem"]["code"] == "FM-N010"
    assert station("routing", "show", "egg_hunt", "--json").json["problem"]["code"] == "FM-N070"
    mine.write_bytes(b"\xff")
    assert station("routing", "check", "mine.yaml").status == 6
    mine.write_text("tables: [", "utf-8")
    assert "FM-D001" in station("routing", "check", "mine.yaml").out
    mine.write_text(TABLES.replace("service_request", "egg_hunt"), "utf-8")
    assert station("routing", "check", "mine.yaml", "--json").json["problem"]["code"] == "FM-N070"
    mine.write_text(TABLES, "utf-8")
    shown = station("routing", "show", "mine.yaml", "--json")
    assert (shown.status, shown.json["problem"]["code"]) == (6, "FM-D010")


@pytest.mark.parametrize("case_type", CASE_TYPES)
def test_the_shipped_tables_are_shown(station: Shell, case_type: str) -> None:
    english, chinese = (
        station("routing", "show", case_type),
        station("routing", "show", case_type, "--lang", "zh"),
    )
    assert (english.status, chinese.status) == (0, 0)
    assert "for handler" in english.out or "for pangkat" in english.out
    assert "权重" in chinese.out
    assert station("routing", "check", case_type, "--strict").status == 0
