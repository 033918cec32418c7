"""``--csv`` of every figure: the groups of the JSON, row by row, nothing more and nothing less."""

import csv
import io
import json
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from engine.analytics.registry import MEASURES
from engine.persistence.store import Store
from tests.support.commandline import Said, Shell
from tests.support.quarrels import Quarrels

ASKED = [
    *((name, ()) for name in MEASURES if name != "why"),
    *((name, ("--by", "risk,place")) for name in MEASURES if name not in ("why", "oldest", "deciding")),
    *((name, ("--by", "risk", "--public")) for name in MEASURES if name not in ("why", "oldest", "deciding")),
    ("fairness", ()),
    ("activity", ("--cases",)),
    ("durations", ("--by", "risk", "--cases", "all")),
    ("waiting", ("--cases", "talk")),
]


@pytest.fixture(scope="module")
def shell(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("rows")
    shutil.copy(sqlite_template, folder / "folkmoot.db")
    with Store.open(f"sqlite:///{folder / 'folkmoot.db'}") as store:
        town = Quarrels(store)
        town.live(Random(3), days=90)
        now = town.now.isoformat()
    station = Shell(folder)

    def ask(*words: str) -> Said:
        return station("stats", *words, "--as", "chf-01", env={"FOLKMOOT_NOW": now})

    return ask


def _rows(answer: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = next(
        (answer[name] for name in ("cases", "acts", "groups", "items") if name in answer), [answer]
    )
    return [*found, answer["whole"]] if "whole" in answer and "cases" not in answer else found


def _follow(row: Any, head: str) -> Any:
    """What stands in the JSON where a head points to."""
    if head == "" or row is None:
        return row
    if isinstance(row, list):
        if len(row) == 2 and head in ("low", "high"):
            return row[("low", "high").index(head)]
        called = [(place, name, line) for line in row for place, name in _names(head, line)]
        if not called:
            return None
        _, name, line = min(
            called, key=lambda one: one[0]
        )  # what a line begins with tells it from the others
        return _follow(line, head[len(name) + 1 :])
    if not isinstance(row, dict):
        return None
    name = max((one for one in row if head == one or head.startswith(f"{one}.")), key=len, default=None)
    return None if name is None else _follow(row[name], head[len(name) + 1 :])


def _names(head: str, line: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """What the line is called in this head: some of its own values, parted by strokes; and where the first stands."""
    values = ["-" if v is None else str(v) for v in line.values() if not isinstance(v, dict | list)]
    whole = head.rpartition(".")[0]
    while whole:
        parts = whole.split("/")
        if all(part in values for part in parts):
            yield values.index(parts[0]), whole
            return
        whole = whole.rpartition(".")[0]


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list) and (
        not value or isinstance(value[0], dict) or not isinstance(value[0], str)
    ):
        for inner in value:
            yield from _leaves(inner)
    elif value is not None:
        yield _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return "" if value is None else str(value)


@pytest.mark.parametrize(("name", "typed"), ASKED)
def test_rows_are_the_groups_of_the_json(shell: Any, name: str, typed: tuple[str, ...]) -> None:
    answer = shell(name, *typed, "--json").json
    said = shell(name, *typed, "--csv")
    assert said.status == 0, said
    wanted, rows = _rows(answer), list(csv.DictReader(io.StringIO(said.out)))
    assert len(rows) == len(wanted)
    for row, group in zip(rows, wanted, strict=True):
        assert row == {head: _text(_follow(group, head)) for head in row}
        cells, leaves = Counter(cell for cell in row.values() if cell), Counter(_leaves(group))
        assert not cells - leaves
        names = Counter(part for head in row for part in head.replace("/", ".").split("."))
        assert not (leaves - cells).keys() - names.keys() - {"-"}, "said in no cell and in no head"


def test_what_is_left_out_for_readers_outside_is_an_empty_cell(shell: Any) -> None:
    asked = ("outcomes", "--by", "risk,place", "--public")
    rows = list(csv.DictReader(io.StringIO(shell(*asked, "--csv").out)))
    groups = shell(*asked, "--json").json["groups"]
    gone = [row for row, group in zip(rows, groups, strict=True) if group.get("hidden")]
    assert gone
    for row in gone:
        assert {head for head, cell in row.items() if cell} <= {"key.risk", "key.place", "few", "hidden"}


def test_lines_of_json_are_the_same_rows(shell: Any) -> None:
    said = shell("durations", "--by", "risk", "--jsonl").out.splitlines()
    answer = shell("durations", "--by", "risk", "--json").json
    assert [json.loads(line) for line in said] == [*answer["groups"], answer["whole"]]
    assert answer["whole"]["total"] is True


def test_nothing_found_is_no_row_and_said_apart(shell: Any) -> None:
    said = shell("load", "--place", "990099001", "--csv")
    assert (said.status, said.out) == (0, "")
    assert "No case fits" in said.err
