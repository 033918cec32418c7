"""Published decision tables: the same inputs give the same outputs.

After the Technology Compatibility Kit of DMN (github.com/dmn-tck/tck, Apache-2.0 and CC BY 4.0), by the numbers
of its cases, and in 0004 after the lending example of the DMN specification (OMG, chapter 11). Tables and
facts are written down anew in our form; docs/routing.md says what of the kit does not fit, and why.
"""

from typing import Any

import pytest

from engine.routing.table import Proposal, Routing, Unruled
from tests.support.table import codes, grade, load, sound

Facts = dict[str, Any]
AGE = {"age": "n", "risk": "category", "affordable": "grave"}  # debt is high, water medium, land low
MEDIUM_OR_LOW, HIGH = ["water", "land"], "debt"


def proposed(routing: Routing, **facts: Any) -> Any:
    found = routing.grade(facts)
    assert isinstance(found, Proposal), found
    return found.value


def rule(routing: Routing, **facts: Any) -> str:
    found = routing.grade(facts)
    assert isinstance(found, Proposal), found
    return found.rule


def approval(hit: str, rows: list[tuple[Facts, str]], **more: Any) -> Facts:
    return grade(hit, AGE, rows, gives="status", **more)


STATUS = [
    ({"n": 18, "category": "water", "grave": True}, "approved"),
    ({"n": 17, "category": "water", "grave": True}, "declined"),
    ({"n": 18, "category": "debt", "grave": True}, "declined"),
]


@pytest.mark.parametrize(("facts", "expected"), STATUS)
def test_0004_unique(facts: Facts, expected: str) -> None:
    rows = [
        ({"age": ">= 18", "risk": MEDIUM_OR_LOW, "affordable": True}, "approved"),
        ({"age": "< 18", "risk": MEDIUM_OR_LOW, "affordable": True}, "declined"),
        ({"age": "-", "risk": HIGH, "affordable": True}, "declined"),
        ({"affordable": False}, "declined"),
    ]
    # two kinds of ours, forest and other, have no counterpart in the kit
    routing = sound(approval("unique", rows, **{"else": {"then": "declined", "because": "no such risk"}}))
    assert proposed(routing, **facts) == expected


@pytest.mark.parametrize(("facts", "expected"), STATUS)
def test_0006_priority(facts: Facts, expected: str) -> None:
    rows = [
        ({"age": ">= 18", "risk": MEDIUM_OR_LOW, "affordable": True}, "approved"),
        ({"age": "< 18"}, "declined"),
        ({"risk": HIGH}, "declined"),
        ({"affordable": False}, "declined"),
    ]
    otherwise = {"then": "declined", "because": "no such risk"}
    routing = sound(approval("priority", rows, priority=["approved", "declined"], **{"else": otherwise}))
    assert proposed(routing, **facts) == expected


@pytest.mark.parametrize(("facts", "expected"), STATUS)
def test_0007_priority_over_a_rule_that_always_holds(facts: Facts, expected: str) -> None:
    rows: list[tuple[Facts, str]] = [
        ({"age": ">= 18", "risk": MEDIUM_OR_LOW, "affordable": True}, "approved"),
        ({}, "declined"),
    ]
    assert proposed(sound(approval("priority", rows, priority=["approved", "declined"])), **facts) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"n": 19, "category": "water", "grave": True}, ("approved", "r0")),
        ({"n": 13, "category": "water", "grave": True}, ("approved", "r1")),
        ({"n": 10, "category": "land", "grave": True}, ("declined", "r2")),
    ],
)
def test_0108_first(facts: Facts, expected: tuple[str, str]) -> None:
    """The kit gives a second value, the rate (best, standard, standard): here the rule that was chosen tells it."""
    rows = [
        ({"age": ">= 18", "risk": "water", "affordable": True}, "approved"),
        ({"age": ">= 12", "risk": "water", "affordable": True}, "approved"),
        ({"age": "< 12", "risk": "land", "affordable": True}, "declined"),
    ]
    routing = sound(approval("first", rows, **{"else": {"then": "declined", "because": "its default"}}))
    assert (proposed(routing, **facts), rule(routing, **facts)) == expected


@pytest.mark.parametrize(("age", "expected"), [(19, "r0"), (13, "r1"), (5, "r2")])
def test_0111_first_with_one_column(age: int, expected: str) -> None:
    rows = [({"age": "> 18"}, "red"), ({"age": "> 12"}, "orange"), ({"age": "> 0"}, "blue")]
    loaded = load(grade("first", {"age": "n"}, rows))
    assert codes(loaded) == ["FM-D405"]  # nobody of 0 years is thought of, and the check says so
    routing = sound(grade("first", {"age": "n"}, rows, **{"else": {"then": "yellow", "because": "ours"}}))
    assert rule(routing, n=age) == expected


def collected(how: str, gives: str, rows: list[tuple[str, float]], **more: Any) -> Routing:
    cells = [({"years": cell}, value) for cell, value in rows]
    otherwise = {"then": 0, "because": "ours"}
    return sound(
        grade("collect", {"years": "n"}, cells, gives=gives, collect=how, **{"else": otherwise}, **more)
    )


@pytest.mark.parametrize(("years", "expected"), [(5, "64.32"), (3, "98.83"), (4, "98.83")])
def test_0114_collect_the_smallest(years: int, expected: str) -> None:
    routing = collected("min", "price", [("> 1", 98.83), ("> 2", 150.21), ("> 3", 205.43), ("> 4", 64.32)])
    assert proposed(routing, n=years) == expected


SALARY = [("> 1", 100), ("> 2", 200), ("> 3", 300), ("> 5", 500)]


@pytest.mark.parametrize(("years", "expected"), [(6, "1100.0"), (3, "300.0"), (2, "100.0")])
def test_0115_collect_the_sum(years: int, expected: str) -> None:
    assert proposed(collected("sum", "sum", [(c, v) for c, v in SALARY]), n=years) == expected


@pytest.mark.parametrize(("years", "expected"), [(6, 4), (2, 1), (3, 2)])
def test_0116_collect_the_count(years: int, expected: int) -> None:
    assert proposed(collected("count", "m", [(c, v) for c, v in SALARY]), n=years) == expected


PRICED = [
    ({"age": ">= 18", "risk": MEDIUM_OR_LOW, "affordable": True}, "approved"),  # basic
    ({"age": "< 18"}, "declined"),  # standard
    ({"risk": HIGH}, "approved"),  # standard
]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"n": 17, "category": "debt", "grave": True}, ("approved", "r2")),
        ({"n": 19, "category": "land", "grave": True}, ("approved", "r0")),
        ({"n": 10, "category": "land", "grave": True}, ("declined", "r1")),
    ],
)
def test_0118_priority_among_several_that_hold(facts: Facts, expected: tuple[str, str]) -> None:
    otherwise = {"then": "declined", "because": "ours"}
    routing = sound(approval("priority", PRICED, priority=["approved", "declined"], **{"else": otherwise}))
    assert (proposed(routing, **facts), rule(routing, **facts)) == expected


@pytest.mark.parametrize(
    ("facts", "rules"),
    [
        ({"n": 17, "category": "debt", "grave": True}, "r1+r2"),
        ({"n": 19, "category": "land", "grave": True}, "r0"),
        ({"n": 10, "category": "land", "grave": True}, "r1"),
    ],
)
def test_0119_collect_all(facts: Facts, rules: str) -> None:
    """A list of what each rule gives becomes the list of values, each once."""
    rows: list[tuple[Facts, Any]] = [
        (cells, ["a"] if then == "approved" else ["b"]) for cells, then in PRICED
    ]
    otherwise = {"then": ["c"], "because": "ours"}
    routing = sound(grade("collect", AGE, rows, gives="several", **{"else": otherwise}))
    assert rule(routing, **facts) == rules
    assert proposed(routing, **facts) == {"r1+r2": ["b", "a"], "r0": ["a"], "r1": ["b"]}[rules]


VACATION = [(16, 1, 27), (25, 5, 22), (25, 20, 24), (44, 30, 30), (50, 20, 24), (50, 30, 30), (60, 20, 30)]


@pytest.mark.parametrize(("age", "years", "expected"), VACATION)
def test_0020_vacation_days(age: int, years: int, expected: int) -> None:
    """Three tables and a sum over them; "under 18 or from 60 on" is a ``when``, since a cell holds one test."""
    one = days(5, {"when": "n < 18 || n >= 60"}, {"if": {"years": ">= 30"}})
    two = days(3, {"if": {"years": ">= 30"}}, {"if": {"age": ">= 60"}})
    three = days(2, {"if": {"years": "[15..30)"}}, {"if": {"age": ">= 45"}})
    extra = [proposed(table, n=age, m=years) for table in (one, two, three)]
    assert 22 + max(extra[0], extra[2]) + extra[1] == expected


def days(given: int, *conditions: Facts) -> Routing:
    rules = [
        {"id": f"r{n}", **condition, "then": given, "because": "more days"}
        for n, condition in enumerate(conditions)
    ]
    inputs = {"age": "n", "years": "m"}
    otherwise = {"then": 0, "because": "none"}
    table = {"title": "T", "gives": "m", "hit": "collect", "collect": "max", "inputs": inputs, "rules": rules}
    return sound({"extra": {**table, "else": otherwise}})


# ---- 0004-lending: tables that the specification itself works with --------------------------------------


def test_0004_lending_before_the_bureau() -> None:
    """130 points of a known customer are low risk. And the published table has a gap, which the check finds."""
    rows: list[tuple[Facts, str]] = [
        ({"known": False, "score": "< 100"}, "r0"),
        ({"known": False, "score": "[100..120)"}, "r1"),
        ({"known": False, "score": "[120..130)"}, "r2"),
        ({"known": False, "score": "> 130"}, "r3"),
        ({"known": True, "score": "< 80"}, "r4"),
        ({"known": True, "score": "[80..90)"}, "r5"),
        ({"known": True, "score": "90..110"}, "r6"),
        ({"known": True, "score": "> 110"}, "low"),
    ]
    table = grade("unique", {"known": "known", "score": "n"}, rows, gives="word")
    found = load(table).findings
    assert [f.code for f in found] == ["FM-D405"]
    assert "known = false, n = 130" in found[0].message()
    routing = sound(table | {"grade": {**table["grade"], "else": {"then": "gap", "because": "ours"}}})
    assert proposed(routing, known=True, n=130) == "low"
    assert proposed(routing, known=False, n=130) == "gap"


def test_0004_lending_after_the_bureau() -> None:
    """Twelve rows over three columns: 130 points and a credit score of 649 are low risk; no gap, no overlap."""
    bands = [
        (False, "< 120", [("< 590", "high"), ("590..610", "medium"), ("> 610", "low")]),
        (False, "120..130", [("< 600", "high"), ("600..625", "medium"), ("> 625", "low")]),
        (False, "> 130", [("-", "very low")]),
        (True, "<= 100", [("< 580", "high"), ("580..600", "medium"), ("> 600", "low")]),
        (True, "> 100", [("< 590", "high"), ("590..615", "medium"), ("> 615", "low")]),
    ]
    rows = [
        ({"known": known, "score": score, "credit": credit}, risk)
        for known, score, scores in bands
        for credit, risk in scores
    ]
    loaded = load(grade("unique", {"known": "known", "score": "n", "credit": "m"}, rows, gives="word"))
    assert loaded.findings == []
    assert loaded.routing is not None
    assert proposed(loaded.routing, known=True, n=130, m=649) == "low"


@pytest.mark.parametrize(
    ("eligible", "call", "expected"),
    [
        (True, "mini", "bureau"),
        (True, "full", "bureau"),
        (True, "none", "through"),
        (False, "mini", "decline"),
    ],
)
def test_0004_lending_strategy(eligible: bool, call: str, expected: str) -> None:
    rows: list[tuple[Facts, str]] = [
        ({"eligible": False}, "decline"),
        ({"eligible": True, "call": ["full", "mini"]}, "bureau"),
        ({"eligible": True, "call": "none"}, "through"),
    ]
    table = grade("unique", {"eligible": "known", "call": "word"}, rows, gives="word")
    assert codes(load(table)) == ["FM-D405"]  # a text may hold another word than these three
    table["grade"]["else"] = {"then": "?", "because": "no such call"}
    assert proposed(sound(table), known=eligible, word=call) == expected


def test_what_dmn_answers_with_null_is_refused_here() -> None:
    """No rule, and a missing input: null in DMN, a reason here."""
    rows = [({"age": "> 18"}, "red")]
    routing = sound(grade("first", {"age": "n"}, rows, **{"else": {"then": "blue", "because": "ours"}}))
    found = routing.grade({})
    assert isinstance(found, Unruled)
    assert (found.reason.code, found.reason.params["fact"]) == ("FM-R511", "n")
