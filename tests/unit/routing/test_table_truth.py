"""The table of every case that counts: which rows it has, and what they come to."""

import csv
from io import StringIO
from typing import Any

from engine.definitions.fact import schema_of
from engine.definitions.outline import Outline
from engine.routing.table import Routing
from engine.routing.table.truth import MOST, Truth, to_csv, truths
from engine.rules.environment import Environment
from tests.support.table import definition, grade, sound


def only(routing: Routing) -> Truth:
    (told,) = truths(routing, Environment(schema_of(Outline(definition()))), definition())
    return told


def otherwise(hit: str, inputs: dict[str, str], rows: list[tuple[dict[str, Any], Any]]) -> dict[str, Any]:
    """Blue where no row holds."""
    return grade(hit, inputs, rows, **{"else": {"then": "blue", "because": "e"}})


def test_each_option_and_what_is_not_known() -> None:
    rows = [({"grave": True}, "red"), ({"status": "declined"}, "orange")]
    told = only(sound(otherwise("first", {"grave": "grave", "status": "status"}, rows)))
    assert (told.facts, told.given, told.complete, told.of) == (
        ("grave", "status"),
        ("rule", "value"),
        True,
        6,
    )
    assert told.rows == (
        ("false", "-", "FM-R511 status", ""),
        ("false", "approved", "else", "blue"),
        ("false", "declined", "r1", "orange"),
        ("true", "-", "r0", "red"),
        ("true", "approved", "r0", "red"),
        ("true", "declined", "r0", "red"),
    )


def test_a_number_has_the_values_around_what_it_is_set_against() -> None:
    table = otherwise("first", {"n": "n"}, [({"n": ">= 5"}, "red")])
    assert [row[0] for row in only(sound(table)).rows] == ["-", "4", "5", "6"]
    assert [row[1] for row in only(sound(table)).rows] == ["FM-R511 n", "else", "r0", "r0"]


def test_where_there_are_too_many_each_fact_is_varied_alone_and_with_each_other() -> None:
    reads = {name: name for name in ("risk", "category", "status", "n", "m", "known")}
    table = otherwise(
        "first",
        reads,
        [({"n": ">= 5", "m": ">= 7"}, "red"), ({"risk": "red", "known": True, "status": "declined"}, "red")],
    )
    told = only(sound(table))
    sizes = [4, 6, 3, 4, 4, 3]  # with what is not known, but for the risk, which has a default
    assert told.of == 4 * 6 * 3 * 4 * 4 * 3 > MOST
    assert not told.complete
    alone = sum(size - 1 for size in sizes)
    pairs = sum((a - 1) * (b - 1) for n, a in enumerate(sizes) for b in sizes[n + 1 :])
    assert len(told.rows) == 1 + alone + pairs == len(set(told.rows))


def test_it_is_read_back_as_csv() -> None:
    table = otherwise("first", {"grave": "grave"}, [({"grave": True}, "red")])
    routing = sound(table)
    text = to_csv(routing, truths(routing, Environment(schema_of(Outline(definition()))), definition()))
    lines = [line for line in csv.reader(StringIO(text)) if line and not line[0].startswith("#")]
    assert lines == [["grave", "-> rule", "-> value"], ["false", "else", "blue"], ["true", "r0", "red"]]
    assert f"small {routing.version} ({routing.digest[:12]})" in text
    assert "grade: T (gives risk; all 2)" in text
