"""Whatever the table: it decides as a plain reading of its rows does, and what its check says holds on every case."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definitions.fact import schema_of
from engine.definitions.outline import Outline
from engine.routing.table import Loaded, Proposal, Ruling, Unruled, loads_routing
from engine.routing.table.bind import Bound
from engine.routing.table.proof import Proof, prove
from engine.rules.environment import Environment
from tests.support.table import definition, load
from workflows.shipped import vocabulary

Facts = dict[str, Any]
COLUMNS = {"grave": "grave", "kind": "category", "n": "n", "flags": "several"}
KINDS = ("land", "forest", "water", "debt", "other")
FLAGS = ("a", "b", "c")
RISKS = ("red", "orange", "yellow", "blue")
NUMBERS = range(-1, 6)  # cells name 0 to 4: everything that can make a difference

numbers = st.integers(0, 4)
operators = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
brackets = st.sampled_from(["{}..{}", "[{}..{})", "({}..{}]", "({}..{})"])
CELLS: dict[str, st.SearchStrategy[Any]] = {
    "grave": st.booleans() | st.just("-"),
    "kind": st.lists(st.sampled_from(KINDS), min_size=1, max_size=3, unique=True)
    | st.fixed_dictionaries({"not": st.sampled_from(KINDS)}),
    "n": numbers
    | st.builds("{} {}".format, operators, numbers)
    | st.builds(lambda form, low, high: form.format(low, high), brackets, numbers, numbers),
    "flags": st.sampled_from(FLAGS)
    | st.fixed_dictionaries({"not": st.lists(st.sampled_from(FLAGS), min_size=1)}),
}
rows = st.lists(
    st.tuples(st.fixed_dictionaries({}, optional=CELLS), st.sampled_from(RISKS), st.booleans()),
    min_size=1,
    max_size=6,
)
hits = st.sampled_from(["unique", "first", "priority"])
cases = st.fixed_dictionaries(
    {},
    optional={
        "grave": st.booleans(),
        "category": st.sampled_from(KINDS),
        "n": st.sampled_from(NUMBERS),
        "several": st.lists(st.sampled_from(FLAGS), unique=True),
    },
)


def table(hit: str, given: list[tuple[Facts, str, bool]], otherwise: bool = True) -> Facts:
    rules = [
        {
            "id": f"r{n}",
            "if": cells,
            "then": then,
            "because": "so",
            **({"when": "grave || n > 2"} if when else {}),
        }
        for n, (cells, then, when) in enumerate(given)
    ]
    made: Facts = {"title": "T", "gives": "risk", "hit": hit, "inputs": dict(COLUMNS), "rules": rules}
    if hit == "priority":
        made["priority"] = list(RISKS)
    if otherwise:
        made["else"] = {"then": "blue", "because": "else"}
    return {"grade": made}


# ---- a plain reading ---------------------------------------------------------------------------------


def holds(cell: Any, value: Any) -> bool:
    """What a cell says, read as a person reads it."""
    if isinstance(cell, dict):
        inner = cell["not"]
        return not holds(inner if isinstance(inner, list) else [inner], value)
    if isinstance(cell, list):
        return any(holds(one, value) for one in cell)
    if isinstance(value, list):
        return cell in value
    if not isinstance(cell, str) or cell in (*KINDS, *FLAGS):
        return bool(cell == value)
    if ".." in cell:
        low, high = (int(part.strip("[]()")) for part in cell.split(".."))
        return (value > low if cell[0] == "(" else value >= low) and (
            value < high if cell[-1] == ")" else value <= high
        )
    op, number = cell.split()
    other = int(number)
    return {
        "<": value < other, "<=": value <= other, ">": value > other, ">=": value >= other,
        "==": value == other, "!=": value != other,
    }[op]  # fmt: skip


def both(verdicts: list[bool | None]) -> bool | None:
    if any(v is False for v in verdicts):
        return False
    return None if any(v is None for v in verdicts) else True


def either(one: bool | None, other: bool | None) -> bool | None:
    if one is True or other is True:
        return True
    return None if one is None or other is None else False


def plainly(given: list[tuple[Facts, str, bool]], facts: Facts) -> list[bool | None]:
    """For each row whether it holds; None where that hangs on a fact that is absent."""
    found = []
    for cells, _, when in given:
        asked: list[bool | None] = []
        for name, cell in cells.items():
            fact = COLUMNS[name]
            if cell != "-":
                asked.append(holds(cell, facts[fact]) if fact in facts else None)
        if when:
            asked.append(either(facts.get("grave"), facts["n"] > 2 if "n" in facts else None))
        found.append(both(asked))
    return found


def expected(hit: str, given: list[tuple[Facts, str, bool]], facts: Facts) -> str:
    """The rule, or the code of the refusal."""
    verdicts = list(enumerate(plainly(given, facts)))
    if hit == "unique":
        if sum(v is True for _, v in verdicts) > 1:
            return "FM-R512"
        if any(v is None for _, v in verdicts):
            return "FM-R511"
    if hit == "priority":
        verdicts.sort(key=lambda pair: (RISKS.index(given[pair[0]][1]), pair[0]))
    for number, verdict in verdicts:
        if verdict is None:
            return "FM-R511"
        if verdict:
            return f"r{number}"
    return "else"


def without_defaults(facts: Facts) -> Facts:
    """Facts made by hand have no defaults: what is absent is absent."""
    return {**facts, "case": facts}


@given(hits, rows, st.lists(cases, min_size=1, max_size=8))
def test_decides_as_a_plain_reading(
    hit: str, given: list[tuple[Facts, str, bool]], all_facts: list[Facts]
) -> None:
    loaded = load(table(hit, given))
    routing = loaded.routing
    if routing is None:  # two rows meet under hit: unique
        assert {f.code for f in loaded.findings if f.severity == "error"} <= {"FM-D406"}
        return
    for facts in [*all_facts, *all_facts]:  # the second time from what is kept
        found = routing.grade(without_defaults(facts))
        said = found.rule if isinstance(found, Proposal) else found.reason.code if found else None
        assert said == expected(hit, given, facts)
        if isinstance(found, Proposal):
            assert found.value == ("blue" if said == "else" else given[int(said[1:])][1])


@given(rows, cases)
def test_collects_every_rule_that_holds(given: list[tuple[Facts, str, bool]], facts: Facts) -> None:
    weights = {risk: n for n, risk in enumerate(RISKS)}
    tables = {
        "route": {
            **table("collect", given)["grade"],
            "for": ["handler"],
            "collect": "sum",
            "rules": [
                {**rule, "then": {"skills": [rule["then"]], "weight": weights[rule["then"]]}}
                for rule in table("collect", given)["grade"]["rules"]
            ],
            "else": {"then": {"weight": 9}, "because": "else"},
        }
    }
    del tables["route"]["gives"]
    routing = load(tables).routing
    assert routing is not None
    found = routing.ruling("handler", without_defaults(facts))
    verdicts = plainly(given, facts)
    if None in verdicts:
        assert isinstance(found, Unruled)
        assert found.reason.code == "FM-R511"
        return
    assert isinstance(found, Ruling)
    held = [(f"r{n}", given[n][1]) for n, verdict in enumerate(verdicts) if verdict]
    assert found.rule == ("+".join(name for name, _ in held) or "else")
    assert found.skills == tuple(dict.fromkeys(risk for _, risk in held))
    assert found.weight == (sum(weights[risk] for _, risk in held) if held else 9)


# ---- the check, against every case --------------------------------------------------------------------


def every_case() -> Iterator[Facts]:
    flags = [list(f) for f in ((), ("a",), ("b",), ("c",), ("a", "b"), ("a", "c"), ("b", "c"), FLAGS)]
    for grave, kind, n, several in product((True, False), KINDS, NUMBERS, flags):
        yield {"grave": grave, "category": kind, "n": n, "several": several}


ALL = list(every_case())


def proof_of(hit: str, given: list[tuple[Facts, str, bool]]) -> tuple[Proof, Loaded]:
    environment = Environment(schema_of(Outline(definition())))
    loaded = load(table(hit, given, otherwise=True))
    bound = bound_of(hit, given, environment)
    return prove(bound, environment), loaded


def bound_of(hit: str, given: list[tuple[Facts, str, bool]], environment: Environment) -> Bound:
    """Bound whatever the check thinks of it."""
    routing = load(table("first", given)).routing
    assert routing is not None
    bound = routing.tables[0]
    if hit == "priority":
        routing = load(table("priority", given)).routing
        assert routing is not None
        return routing.tables[0]
    if hit == "unique":
        from dataclasses import replace

        return replace(bound, table=replace(bound.table, hit="unique"))
    return bound


def whole(witness: Any) -> Facts:
    """A witness names the facts that some cell asks about; any value will do for the others."""
    facts = {"grave": False, "category": "land", "n": 0, "several": [], **witness}
    return {**facts, "several": list(facts["several"])}


@settings(max_examples=120)
@given(hits, rows)
def test_the_check_agrees_with_every_case(hit: str, given: list[tuple[Facts, str, bool]]) -> None:
    proof, _ = proof_of(hit, given)
    verdicts = [plainly(given, facts) for facts in ALL]
    # gaps
    gap = any(not any(row) for row in verdicts)
    assert not proof.gap_open
    assert (proof.gap is not None) == gap
    assert proof.sealed == (not gap)
    if proof.gap is not None:
        assert not any(plainly(given, whole(proof.gap)))
    # rules that meet
    if hit == "unique":
        meets = {
            two: any(row[one] and row[two] for row in verdicts for one in range(two))
            for two in range(len(given))
        }
        assert {int(m.second.rule.id[1:]) for m in proof.meetings} == {
            two for two, held in meets.items() if held
        }
        assert all(m.proved for m in proof.meetings)
    for meeting in proof.meetings:
        row = plainly(given, whole(meeting.witness))
        assert row[int(meeting.first.rule.id[1:])]
        assert row[int(meeting.second.rule.id[1:])]
    # rules that are never chosen
    told = {int(m.row.rule.id[1:]) for m in proof.masked} | {int(row.rule.id[1:]) for row, _ in proof.never}
    if hit == "unique":
        never = {n for n in range(len(given)) if not any(row[n] for row in verdicts)}
        assert never <= told
    else:
        chosen = {expected(hit, given, facts) for facts in ALL}
        assert told == {n for n in range(len(given)) if f"r{n}" not in chosen}
    # values of a cell that decide nothing
    for row, name, value in proof.idle:
        number = int(row.rule.id[1:])
        fact = COLUMNS[name]
        assert not any(
            facts[fact] == value and expected(hit, given, facts) == f"r{number}"
            for facts in ALL
            if hit != "unique"
        )


# ---- reading ------------------------------------------------------------------------------------------

PIECES = (
    "?", ":", "-", "[", "]", "{", "}", ",", "&a", "*a", "!x", "|", ">", "'", '"', "null", "true", "1e9", ".inf", "\t",
    "\x00", "case_type: small", "title: T", "version: '1'", "tables:", "grade:", "gives: risk", "for: [handler]",
    "hit: first", "inputs: {k: category}", "rules:", "- {id: a, if: {k: land}, then: red, because: b}",
    "else: {then: red, because: b}", "categories: {field: category, tree: {g: {under: {land: {}}}}}", "scores: {load: 1}",
    "if: {k: '>= 5'}", "when: grave", "then: {cel: risk}", "priority: [red]", "collect: sum", "调解",
)  # fmt: skip


def settled(loaded: Loaded) -> None:
    assert loaded.routing is not None or any(f.severity == "error" for f in loaded.findings)
    for finding in loaded.findings:
        assert finding.line >= 0
        assert finding.message("en")
        assert finding.message("zh")


@given(st.text(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=30).map("\n".join))
def test_whatever_stands_there(text: str) -> None:
    settled(loads_routing(text, definition(), vocabulary()))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
    | st.sampled_from(["land", ">= 5", "3..7", "-", "risk", "(", "grave && ", "n + 1", "category", "several"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["cel", "not", "id", "if", "then", "k", "value", "levels"]), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["title", "gives", "for", "hit", "inputs", "rules", "else", "priority",
    "collect"]), json_values), json_values)  # fmt: skip
def test_whatever_is_written_in_a_table(parts: Facts, cell: Any) -> None:
    usual = table("first", [({"grave": True}, "red", False)])["grade"]
    settled(load({"grade": {**usual, **parts}}))
    usual["rules"][0]["if"] = {"kind": cell, "n": cell}
    settled(load({"grade": usual}))
    usual["rules"][0]["then"] = cell
    settled(load({"grade": usual}))
