"""What is planted in a table is found, at its place, and told with its way out."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.routing.table import load_routing, loads_routing
from tests.support.table import codes, definition, grade, load, sound
from workflows.shipped import vocabulary

Facts = dict[str, Any]
ELSE = {"then": "blue", "because": "else"}
USUAL = """
case_type: small
title: Who takes it
version: "1"
tables:
  route:
    title: Who takes it
    for: handler
    hit: first
    inputs: {risk: risk, kind: category}
    rules:
      - id: red-1
        if: {risk: red}
        then: {roles: officer, weight: 4}
        because: red takes an officer
    else: {then: {}, because: the nearest}
"""


def found(text: str) -> list[tuple[str, int, int]]:
    """Code, line and column of what is found in a text."""
    loaded = loads_routing(text, definition(), vocabulary(), functions=("small", "mediation"))
    return [(f.code, f.line, f.column) for f in loaded.findings if f.severity != "info"]


PLANTED = [
    ("risk: risk,", "risk: rsk,", "FM-D301"),
    ("{risk: red}", "{rsk: red}", "FM-D411"),
    ("{risk: red}", "{risk: pink}", "FM-D411"),
    ("{risk: red}", "{risk: [red, pink]}", "FM-D411"),
    ("{risk: red}", "{risk: 3}", "FM-D412"),
    ("{risk: red}", "{risk: '>= 3'}", "FM-D412"),
    ("{risk: red}", "{risk: '>= red'}", "FM-D001"),
    ("{risk: red}", "{risk: []}", "FM-D001"),
    ("for: handler", "for: handlr", "FM-D411"),
    ("roles: officer", "roles: oficer", "FM-D411"),
    ("roles: officer", "roles: volunteer", "FM-D423"),
    ("roles: officer", "levels: vilage", "FM-D411"),
    ("roles: officer", "function: medation", "FM-D411"),
    ("roles: officer", "acknowledge: soon", "FM-D001"),
    ("roles: officer", "weight: -1", "FM-D001"),
    ("roles: officer", "languages: {cel: 'n + 1'}", "FM-D302"),
    ("roles: officer", "acknowledge: {cel: 'risk ++'}", "FM-D301"),
    ("roles: officer", "rolls: officer", "FM-D002"),
    ("hit: first", "hit: any", "FM-D001"),
    ("hit: first", "hit: priority", "FM-D417"),
    ("hit: first", "hit: first\n    collect: sum", "FM-D417"),
    ("hit: first", "hit: first\n    gives: risk", "FM-D001"),
    ("id: red-1", "id: Red 1", "FM-D001"),
    ("case_type: small", "case_type: large", "FM-D420"),
    ("    else: {then: {}, because: the nearest}\n", "", "FM-D405"),
    ("because: red takes", "zh: 红\n        because: red takes", "FM-D418"),
    ("kind: category}", "kind: category, since: since}", "FM-D421"),
]


@pytest.mark.parametrize(("old", "new", "code"), PLANTED, ids=[f"{c}-{n[:24]}" for _, n, c in PLANTED])
def test_planted(old: str, new: str, code: str) -> None:
    assert old in USUAL
    told = found(USUAL.replace(old, new))
    assert code in [one for one, _, _ in told]
    assert all(line > 0 and column > 0 for _, line, column in told)


def test_a_finding_stands_where_the_fault_stands() -> None:
    told = found(USUAL.replace("{risk: red}", "{risk: [red, pink], kind: land}"))
    assert told == [("FM-D411", 13, 26)]
    assert ("FM-D301", 10, 41) in found(USUAL.replace("kind: category}", "kind: 'risk == categry'}"))
    assert ("FM-D302", 14, 34) in found(USUAL.replace("roles: officer", "languages: {cel: 'n + 1'}"))


def test_what_is_sound_has_no_finding_but_an_unused_column() -> None:
    assert found(USUAL) == [("FM-D421", 10, 32)]
    assert found(USUAL.replace(", kind: category", "")) == []


def test_messages_name_the_nearest_and_the_known() -> None:
    message = load(grade("first", {"risk": "risk"}, [({"rsk": "red"}, "red")], **{"else": ELSE})).findings
    said = [f.message() for f in message if f.code == "FM-D411"]
    assert said == ["unknown column `rsk`. Known here: risk. Did you mean `risk`?"]


def said(table: Facts, code: str) -> str:
    [one] = [f for f in load(table).findings if f.code == code]
    assert one.message("zh") != one.message("en")
    return one.message()


def test_a_gap_is_shown_by_a_case() -> None:
    rows: list[tuple[Facts, str]] = [
        ({"risk": "red", "n": ">= 3"}, "red"),
        ({"risk": {"not": ["red"]}}, "blue"),
    ]
    assert said(grade("unique", {"risk": "risk", "n": "n"}, rows), "FM-D405") == (
        "no rule of table `grade` fits a case with risk = red, n = 2. Add a rule, or an else."
    )


def test_an_overlap_is_shown_by_a_case() -> None:
    rows = [({"n": ">= 3"}, "red"), ({"n": "<= 3"}, "blue")]
    assert said(grade("unique", {"n": "n"}, rows), "FM-D406").startswith(
        "rules `r0` and `r1` of table `grade` both fit a case with n = 3, and hit: unique allows one."
    )


def test_a_masked_rule_names_what_masks_it() -> None:
    rows = [({"n": ">= 3"}, "red"), ({"n": ">= 5"}, "blue")]
    table = grade("first", {"n": "n"}, rows, **{"else": ELSE})
    assert "rule `r1` of table `grade` is never chosen: rule `r0` takes its cases first" in said(
        table, "FM-D408"
    )
    together = [({"k": ["land", "forest"]}, "red"), ({"k": {"not": "land"}}, "blue"), ({"k": "water"}, "red")]
    assert "rule `r1` takes" in said(grade("first", {"k": "category"}, together), "FM-D408")
    split = [({"g": True}, "red"), ({"g": False}, "blue"), ({"k": "water"}, "red")]
    assert "the rules before it take its cases" in said(
        grade("first", {"g": "grave", "k": "category"}, split), "FM-D408"
    )


def test_duplicates_empty_cells_and_idle_values() -> None:
    twice = [({"n": ">= 3"}, "red"), ({"n": "> 2"}, "blue")]
    assert "asks the same as `r0`" in said(grade("first", {"n": "n"}, twice, **{"else": ELSE}), "FM-D409")
    never = [({"n": "7..3"}, "red")]
    assert "never holds" in said(grade("first", {"n": "n"}, never, **{"else": ELSE}), "FM-D414")
    idle = [({"k": "land"}, "red"), ({"k": ["land", "water"]}, "blue")]
    assert "`land` decides nothing" in said(
        grade("first", {"k": "category"}, idle, **{"else": ELSE}), "FM-D414"
    )


def test_rules_that_meet_are_told_where_the_order_decides_and_neither_holds_the_other() -> None:
    rows = [({"g": True}, "red"), ({"k": "land"}, "blue")]
    table = grade("first", {"g": "grave", "k": "category"}, rows, **{"else": ELSE})
    assert codes(load(table)) == ["FM-D407"]
    nested = [({"g": True, "k": "land"}, "red"), ({"k": "land"}, "blue")]
    assert codes(load(grade("first", {"g": "grave", "k": "category"}, nested, **{"else": ELSE}))) == []


def test_an_else_that_is_not_needed_is_only_told() -> None:
    rows = [({"g": True}, "red"), ({"g": False}, "blue")]
    assert codes(load(grade("unique", {"g": "grave"}, rows))) == []
    loaded = load(grade("unique", {"g": "grave"}, rows, **{"else": ELSE}))
    assert codes(loaded) == ["FM-D422"]
    assert loaded.ok(strict=True)


def test_what_cannot_be_decided_is_said_and_never_guessed() -> None:
    """How many parties there are has no end: whether both columns can be so at once is not known."""
    inputs = {"many": "parties.size() > 4", "few": "parties.size() < 3"}
    rows = [({"many": True}, "red"), ({"few": True}, "blue")]
    loaded = load(grade("unique", inputs, rows))
    assert codes(loaded) == ["FM-D410", "FM-D410"]
    assert not loaded.ok(strict=True)
    assert loaded.ok()
    assert (
        codes(
            load(
                grade(
                    "unique",
                    {"many": "parties.size() > 4"},
                    [({"many": True}, "red"), ({"many": False}, "blue")],
                )
            )
        )
        == []
    )


def test_conditions_over_the_same_fact_are_weighed_together() -> None:
    inputs = {"high": "n >= 5", "low": "n < 5"}
    rows = [({"high": True}, "red"), ({"low": True}, "blue")]
    assert codes(load(grade("unique", inputs, rows))) == []


def test_a_fact_that_may_be_absent_is_asked_for() -> None:
    inputs = {"land": 'has(case.category) && category == "land"'}
    table = grade("unique", inputs, [({"land": True}, "red"), ({"land": False}, "blue")])
    assert codes(load(table)) == []


def test_more_columns_than_could_be_run_through() -> None:
    """Twenty columns have a million combinations; the check takes boxes, not combinations."""
    inputs = {f"c{n}": f"n > {n * 10}" if n % 2 else f"m > {n * 10}" for n in range(8)}
    inputs |= {"g": "grave", "k": "category", "r": "risk"}
    rows: list[tuple[Facts, str]] = [({name: True}, "red") for name in inputs if name[0] == "c"]
    loaded = load(
        grade(
            "first",
            inputs,
            [*rows, ({"g": True}, "red"), ({"k": "land", "r": "blue"}, "blue")],
            **{"else": ELSE},
        )
    )
    assert loaded.routing is not None


# ---- the tree ----------------------------------------------------------------------------------------

TREE: Facts = {
    "field": "category",
    "tree": {
        "soil": {
            "owner": "mediation",
            "acknowledge": "1 wd",
            "under": {"land": {}, "wet": {"levels": ["village"], "under": {"water": {"acknowledge": "4 h"}}}},
        },
        "rest": {"under": {"forest": {}, "debt": {}, "other": {}}},
    },
}
ROUTE: Facts = {
    "route": {
        "title": "T",
        "for": ["handler"],
        "hit": "first",
        "inputs": {"kind": "category"},
        "rules": [{"id": "soil-1", "if": {"kind": "soil"}, "then": {"weight": 3}, "because": "soil"}],
        "else": {
            "then": {"function": "small", "levels": ["station"], "acknowledge": "2 h"},
            "because": "rest",
        },
    }
}


def test_a_group_means_its_leaves_and_hands_down_what_it_says() -> None:
    routing = sound(ROUTE, categories=TREE)
    water = routing.ruling("handler", {"category": "water"})
    assert (water.rule, water.function, water.levels, water.acknowledge) == (
        "soil-1",
        "mediation",
        ("village",),
        "4 h",
    )
    land = routing.ruling("handler", {"category": "land"})
    assert (land.rule, land.levels, land.acknowledge) == ("soil-1", (), "1 wd")
    debt = routing.ruling("handler", {"category": "debt"})
    assert (debt.rule, debt.function, debt.levels, debt.acknowledge) == ("else", "small", ("station",), "2 h")


def test_a_case_without_a_category() -> None:
    rule = {"id": "all-1", "then": {"weight": 1}, "because": "all"}
    route = {"route": {**ROUTE["route"], "inputs": {}, "rules": [rule]}}
    del route["route"]["else"]
    missing = sound(route, categories=TREE).ruling("handler", {})
    assert (missing.reason.code, missing.reason.params["fact"]) == ("FM-R511", "category")
    said = sound(route, categories={**TREE, "unknown": {"acknowledge": "8 h"}}).ruling("handler", {})
    assert (said.rule, said.acknowledge, said.function) == ("all-1", "8 h", None)


@pytest.mark.parametrize(
    ("tree", "code"),
    [
        ({"all": {"under": {"land": {}, "forest": {}, "water": {}, "debt": {}}}}, "FM-D413"),  # other is missing
        ({"a": {"under": {"land": {}}}, **TREE["tree"]}, "FM-D413"),  # land twice
        ({"debt": {"under": {"land": {}}}, "b": {"under": {"forest": {}, "water": {}, "debt": {}, "other": {}}}}, "FM-D413"),
        ({"a": {"under": {"sand": {}}}, **TREE["tree"]}, "FM-D411"),
        ({"soil": {**TREE["tree"]["soil"], "levels": ["moon"]}, "rest": TREE["tree"]["rest"]}, "FM-D411"),
    ],
)  # fmt: skip
def test_a_tree_that_does_not_hold(tree: Facts, code: str) -> None:
    assert code in codes(load({}, categories={"field": "category", "tree": tree}))


# ---- files, identity ------------------------------------------------------------------------------------


def test_the_digest_is_of_what_is_said_not_of_how() -> None:
    parsed = yaml.safe_load(USUAL)
    same = loads_routing(yaml.safe_dump(parsed), definition(), vocabulary()).routing
    other = loads_routing(USUAL.replace("weight: 4", "weight: 3"), definition(), vocabulary()).routing
    first = loads_routing(f"# a remark\n{USUAL}", definition(), vocabulary()).routing
    assert first is not None
    assert same is not None
    assert other is not None
    assert first.digest == same.digest != other.digest
    assert (first.version, first.case_type, len(first.digest)) == ("1", "small", 64)


def test_a_file(tmp_path: Path) -> None:
    assert codes(load_routing(tmp_path / "none.yaml", definition(), vocabulary())) == ["FM-D001"]
    (tmp_path / "routing.yaml").write_bytes(b"\xff\xfe")
    assert codes(load_routing(tmp_path / "routing.yaml", definition(), vocabulary())) == ["FM-D001"]
    (tmp_path / "routing.yaml").write_text(USUAL, "utf-8")
    loaded = load_routing(tmp_path / "routing.yaml", definition(), vocabulary())
    assert loaded.routing is not None
    assert loaded.source == USUAL


class TestWaiting:
    """A time for an answer is taken only where somebody else is asked when it is over."""

    JUDGE = USUAL.replace("for: handler", "for: judge").replace(
        "roles: officer, weight: 4", "acknowledge: 30 min, grace: 2 h"
    )

    def test_a_seat_that_is_passed_on_may_have_one(self) -> None:
        assert "FM-D424" not in [
            code for code, _, _ in found(USUAL.replace("weight: 4", "acknowledge: 4 h, grace: 1 wd"))
        ]

    def test_of_another_seat_it_is_refused_at_its_place(self) -> None:
        assert [one for one in found(self.JUDGE) if one[0] == "FM-D424"] == [
            ("FM-D424", 14, 29),
            ("FM-D424", 14, 44),
        ]
        assert loads_routing(self.JUDGE, definition(), vocabulary()).routing is None

    def test_the_tree_may_not_say_it_where_no_seat_waits(self) -> None:
        bare = self.JUDGE.replace("acknowledge: 30 min, grace: 2 h", "weight: 4")
        tree = yaml.safe_dump({"categories": TREE})
        assert [code for code, _, _ in found(bare + tree)].count("FM-D424") == tree.count("acknowledge")
        assert "FM-D424" not in [code for code, _, _ in found(USUAL + tree)]

    def test_what_the_tree_says_is_not_told_of_a_seat_that_does_not_wait(self) -> None:
        both = {
            "title": "T",
            "hit": "first",
            "inputs": {"risk": "risk"},
            "rules": [],
            "else": {"then": {"weight": 1}, "because": "b"},
        }
        routing = sound({"one": {**both, "for": "handler"}, "two": {**both, "for": "judge"}}, categories=TREE)
        facts = {"category": "water", "risk": "red"}
        assert [routing.ruling(seat, facts).acknowledge for seat in ("handler", "judge")] == ["4 h", None]
