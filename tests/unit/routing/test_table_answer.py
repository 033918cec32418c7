"""What the tables answer about one case, and how they refuse."""

from typing import Any

import pytest

from engine.routing.table import Proposal, Routing, Ruling, Unruled
from engine.routing.table.cell import parse, written
from engine.routing.table.hit import choose
from engine.routing.table.model import Cell, Rule
from engine.routing.table.row import Row
from engine.rules.expression import Unknown
from engine.rules.facts import Extra, build
from engine.rules.facts import Facts as CaseFacts
from engine.rules.needs import Needs
from tests.support.small import Player, compiled
from tests.support.table import TEXT, grade, sound

Facts = Any  # a mapping from names to values


def seats(hit: str, rules: list[Facts], **more: Any) -> Routing:
    whole = [{"because": f"row {n}", "id": f"r{n}", **rule} for n, rule in enumerate(rules)]
    inputs = {"risk": "risk", "grave": "grave", "n": "n"}
    table = {
        "title": "Who takes it",
        "for": ["handler"],
        "hit": hit,
        "inputs": inputs,
        "rules": whole,
        **more,
    }
    return sound({"route": table})


def test_a_seat_without_a_table_is_the_nearests() -> None:
    assert seats("first", [{"then": {}}]).ruling("judge", {}) == Ruling(rule="nearest-1")


def test_every_slot_and_the_inputs() -> None:
    then = {
        "function": "small", "levels": ["office", "station"], "roles": "officer", "skills": ["sworn"],
        "languages": {"cel": 'risk == "red" ? ["ko", "zh"] : ["zh"]'}, "sex": {"cel": 'grave ? "f" : "m"'}, "weight": 4,
        "acknowledge": {"cel": 'risk == "red" ? "30 min" : "4 h"'},
    }  # fmt: skip
    routing = seats(
        "first", [{"if": {"risk": ["red", "orange"]}, "then": then}], **{"else": {"then": {}, "because": "e"}}
    )
    found = routing.ruling("handler", {"risk": "red", "grave": True})
    assert found == Ruling(
        rule="r0", table="route", because="row 0", function="small", levels=("office", "station"), roles=("officer",),
        skills=("sworn",), languages=("ko", "zh"), sex="f", weight=4, acknowledge="30 min",
        inputs={"risk": "red", "grave": True, "n": None},
    )  # fmt: skip
    assert isinstance(found, Ruling)
    assert found.to_json()["languages"] == ["ko", "zh"]
    assert "weight" not in Ruling().to_json()


def refusal(found: Ruling | Proposal | Unruled | None) -> tuple[str, str]:
    assert isinstance(found, Unruled)
    return found.reason.code, str(found.reason.params.get("fact", found.reason.params.get("rules", "")))


def test_a_missing_fact_is_loud_only_where_the_choice_hangs_on_it() -> None:
    rules = [{"if": {"grave": True, "n": "> 3"}, "then": {}}, {"if": {"risk": "red"}, "then": {}}]
    routing = seats("first", rules, **{"else": {"then": {}, "because": "e"}})
    assert refusal(routing.ruling("handler", {"grave": True, "risk": "red"})) == ("FM-R511", "n")
    calm = routing.ruling("handler", {"grave": False, "risk": "red"})
    assert isinstance(calm, Ruling)
    assert calm.rule == "r1"
    assert refusal(routing.ruling("handler", {"grave": False})) == ("FM-R511", "risk")


def test_a_value_that_cannot_be_worked_out_is_loud() -> None:
    routing = seats("first", [{"then": {"weight": {"cel": "n"}}}])
    assert refusal(routing.ruling("handler", {})) == ("FM-R511", "n")
    assert refusal(routing.ruling("handler", {"n": -1}))[0] == "FM-R513"
    found = routing.ruling("handler", {"n": 2})
    assert isinstance(found, Ruling)
    assert found.weight == 2


def test_no_rule_is_loud_and_tells_what_was_read() -> None:
    """A gap is an error of the check; where it could not be decided, it is found at the case."""
    inputs = {"many": "parties.size() > 4", "few": "parties.size() < 3"}
    routing = sound(grade("first", inputs, [({"many": True}, "red"), ({"few": True}, "blue")]))
    found = routing.grade({"parties": [{}, {}, {}]})
    assert isinstance(found, Unruled)
    assert found.reason.code == "FM-R510"
    assert found.reason.params["inputs"] == "many = false, few = false"


def test_two_rules_under_unique_are_loud() -> None:
    inputs = {"many": "parties.size() > 1", "more": "parties.size() > 2"}
    rows = [({"many": True}, "red"), ({"more": True}, "blue")]
    routing = sound(grade("unique", inputs, rows, **{"else": {"then": "yellow", "because": "e"}}))
    assert refusal(routing.grade({"parties": [{}, {}, {}]})) == ("FM-R512", "r0, r1")


def test_collected_seats() -> None:
    rules = [
        {"if": {"risk": "red"}, "then": {"skills": ["sworn", "first_aid"], "weight": 3, "function": "small"}},
        {"if": {"grave": True}, "then": {"skills": ["first_aid", "dialect"], "weight": 2, "function": "all"}},
    ]
    otherwise = {"else": {"then": {}, "because": "e"}}
    routing = seats("collect", rules, collect="sum", **otherwise)
    assert refusal(routing.ruling("handler", {"risk": "red", "grave": True}))[0] == "FM-R512"  # two functions
    rules[1]["then"] = {"skills": ["first_aid", "dialect"], "weight": 2}
    for how, weight in (("sum", 5), ("max", 3), ("min", 2)):
        found = seats("collect", rules, collect=how, **otherwise).ruling(
            "handler", {"risk": "red", "grave": True}
        )
        assert isinstance(found, Ruling)
        assert (found.rule, found.skills, found.weight, found.function) == (
            "r0+r1", ("sworn", "first_aid", "dialect"), weight, "small",
        )  # fmt: skip
        assert found.because == "row 0; row 1"


def test_ranked_seats() -> None:
    rules = [{"if": {"grave": True}, "rank": 2, "then": {}}, {"if": {"risk": "red"}, "rank": 1, "then": {}}]
    routing = seats("priority", rules, **{"else": {"then": {}, "because": "e"}})

    def rule(**facts: Any) -> str:
        found = routing.ruling("handler", facts)
        assert isinstance(found, Ruling)
        return found.rule

    assert rule(risk="red", grave=True) == "r1"
    assert rule(risk="blue", grave=True) == "r0"
    assert rule(risk="red") == "r1"  # nothing could go before it


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [("sum", 5000, "5000.0"), ("price", 12.5, "12.5"), ("n", 7, 7), ("several", ["a", "b"], ["a", "b"]), ("grave", True, True)],
)  # fmt: skip
def test_a_value_is_proposed_as_a_case_stores_it(kind: str, given: Any, expected: Any) -> None:
    found = sound(grade("first", {"risk": "risk"}, [({"risk": "red"}, given)], gives=kind, **{"else": {"then": given, "because": "e"}})).grade({"risk": "red"})  # fmt: skip
    assert isinstance(found, Proposal)
    assert (found.field, found.value, found.rule) == (kind, expected, "r0")


def test_without_a_table_nothing_is_proposed() -> None:
    assert seats("first", [{"then": {}}]).grade({}) is None


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("-", Cell("any")), (">= 5", Cell("compare", (5,), ">=")), ("<2.5", Cell("compare", (2.5,), "<")),
        ("3..7", Cell("range", (3, 7), "[]")), ("[3..7)", Cell("range", (3, 7), "[)")), ("== 4", Cell("of", (4,))),
        ("!= -4", Cell("not", (-4,))), ("red", None), ("3..", None), ("[3..7", None),
    ],
)  # fmt: skip
def test_what_a_cell_may_be(text: str, cell: Cell | None) -> None:
    assert parse(text) == cell
    if cell is not None and cell.kind in ("compare", "range"):
        assert parse(written(cell)) == cell


def test_the_policies_alone() -> None:
    rows = [
        Row(Rule(name, {}, None, {}, ""), {}, None, None, {}, order) for name, order in (("a", 1), ("b", 0))
    ]
    lost = Unknown("n")
    last = Row(Rule("else", {}, None, {}, ""), {}, None, None, {})
    for hit, verdicts, expected in [
        ("unique", [True, True], "clash"), ("unique", [True, lost], "missing"), ("unique", [False, True], "b"),
        ("first", [True, lost], "a"), ("first", [lost, True], "missing"), ("priority", [True, True], "b"),
        ("priority", [lost, True], "b"), ("priority", [True, lost], "missing"), ("collect", [True, True], "a+b"),
        ("collect", [True, lost], "missing"), ("first", [False, False], "else"), ("collect", [False, lost], "missing"),
    ]:  # fmt: skip
        found = choose(hit, rows, verdicts, last)  # type: ignore[arg-type]
        said = "+".join(row.rule.id for row in found.rows) if found.kind == "chosen" else found.kind
        assert (hit, verdicts, said) == (hit, verdicts, expected)


def real_facts(**fields: Any) -> Facts:
    """As the engine reads a case that was filed."""
    player = Player(compiled(TEXT))
    player.file()
    assert player.state is not None
    state: Any = {**player.state, "fields": {**player.state["fields"], **fields}}
    return build(state, player.program.schema, extra=Extra(player.now, "Asia/Shanghai"))


def test_the_facts_of_a_case_with_what_is_absent() -> None:
    routing = seats(
        "first", [{"if": {"risk": "red", "n": "> 3"}, "then": {}}], **{"else": {"then": {}, "because": "e"}}
    )
    calm = routing.ruling("handler", real_facts(risk="yellow"))
    assert isinstance(calm, Ruling)
    assert (calm.rule, calm.inputs) == ("else", {"risk": "yellow", "grave": False, "n": None})
    assert refusal(routing.ruling("handler", real_facts(risk="red"))) == ("FM-R511", "n")


class Counted(CaseFacts):
    """Facts that count how often they are read."""

    reads = 0

    def given(self, needs: Needs) -> tuple[Any, ...]:
        Counted.reads += 1
        return super().given(needs)


def test_thirty_rules_are_read_once_for_their_columns() -> None:
    """However many rules: what has been seen costs a look at each column, and a ``when`` where it matters."""
    rules = [
        {"if": {"risk": "red", "grave": bool(n % 2)}, "when": f'actor.id == "p{n}"', "then": {"weight": n}}
        for n in range(29)
    ]
    rules.append({"if": {"risk": ["red", "yellow"], "grave": False}, "when": 'actor.id == "p"', "then": {}})
    routing = seats("first", rules, **{"else": {"then": {"weight": 1}, "because": "e"}})
    facts = real_facts(risk="yellow")
    counted = Counted(facts.source)
    first = routing.ruling("handler", counted)
    Counted.reads = 0
    assert routing.ruling("handler", counted) == first
    assert Counted.reads == 3 + 1  # the columns, and the one `when` that no cell rules out
