"""Worklists, reading, acting and firing look rows up and never walk a table that grows with history."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from engine.bootstrap import Engine
from engine.domain.likeness import party_keys
from engine.persistence.store import Store
from engine.service import acting, desk, filing, past, query, showing, similar, worker
from engine.service.case import get_case
from tests.support.town import Town

GROWING = (
    "case_file",
    "event",
    "clock_run",
    "seat_holder",
    "milestone",
    "case_link",
    "case_party",
    "command_key",
)
WHO = "med-12"
Plans = list[tuple[str, str]]


class Explained(sqlite3.Connection):
    """Asks for the plan of each statement before it runs."""

    plans: Plans

    def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
        if sql.lstrip().upper().startswith(("SELECT", "WITH", "UPDATE", "DELETE")):
            plan = super().execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
            self.plans.extend((step[3], sql) for step in plan)
        return super().execute(sql, values)


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> Plans:
    seen: Plans = []
    kind = type("Explained", (Explained,), {"plans": seen})
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=kind))
    return seen


@pytest.fixture
def town(tmp_path: Any, plans: Plans) -> Iterator[Town]:
    made = Town(Store.open(str(tmp_path / "plans.db"), create=True))
    parties = [{"role": "claimant", "name": "Asha"}, {"role": "respondent", "name": "Bram"}]
    given = {"case_type": "dispute_mediation", "place": "示例一村", "what": "a wall", "parties": parties}
    made.do(filing.file_case, "dsp-01", **given)
    plans.clear()
    yield made
    made.engine.close()


REF = "26-00001-0"
SCREEN = {
    "act": "screen",
    "set": {"risk": "yellow", "category": "neigh"},
    "records": {
        "screening_form": [
            dict.fromkeys(
                ("violence", "weapon", "dv", "minor", "crime", "crisis", "power_gap", "mass", "official", "language"),
                False,
            )
            | {"prior_reports": 0}
        ]
    },
}  # fmt: skip


def _sweep(town: Town) -> Any:
    later = Engine(town.engine.store, lambda: town.now + timedelta(days=60))
    return later.call(worker.sweep, later.caller(person=None))


WORKS: dict[str, Callable[[Town], Any]] = {
    "the open cases of a holder": lambda town: town.ask(
        query.list_cases, WHO, filter={"holder": WHO, "open": True}
    ),
    "open": lambda town: town.ask(query.list_cases, WHO, filter={"open": True}),
    "late": lambda town: town.ask(query.list_cases, WHO, filter={"late": True}),
    "due": lambda town: town.ask(query.list_cases, WHO, filter={"due": town.now}),
    "a phase": lambda town: town.ask(query.list_cases, WHO, filter={"phase": "intake"}),
    "open in a unit": lambda town: town.ask(query.list_cases, WHO, filter={"unit": "S-012", "open": True}),
    "desk of a handler": lambda town: town.ask(desk.desk, WHO),
    "desk of a unit": lambda town: town.ask(desk.desk, "dsp-01"),
    "one case": lambda town: town.ask(showing.show_case, "dsp-01", ref=REF),
    "its history": lambda town: town.ask(showing.history, "dsp-01", ref=REF, verify=True),
    "an act": lambda town: town.do(acting.do_act, "dsp-01", ref=REF, **SCREEN),
    "firing": _sweep,
    "what it may repeat": lambda town: town.ask(similar.similar_cases, "dsp-01", ref=REF),
    "how often two have met": lambda town: town.ask(_met, "dsp-01"),
    "who handled them": lambda town: town.ask(_handled, "dsp-01"),
    "who fell out with them": lambda town: town.ask(_fell_out, "dsp-01"),
}
KEYS = [*party_keys({"name": "Asha"}), *party_keys({"name": "Bram"})]


def _met(unit: Any, caller: Any) -> Any:
    parties = get_case(unit, caller, REF).body["parties"]
    until = caller.now + timedelta(days=1)
    return {"met": past.met(unit, parties, since=until - timedelta(days=180), until=until, ref=None)}


def _handled(unit: Any, caller: Any) -> Any:
    return {"who": past.handled_before(unit, KEYS, caller.now.date())}


def _fell_out(unit: Any, caller: Any) -> Any:
    return {"who": past.fell_out(unit, KEYS, [WHO])}


@pytest.mark.parametrize("work", WORKS)
def test_no_growing_table_is_walked(work: str, town: Town, plans: Plans) -> None:
    WORKS[work](town)
    assert plans
    walked = [
        (step, sql)
        for step, sql in plans
        for table in GROWING
        if step.startswith(f"SCAN {table}") and "ix_case_file_open" not in step
    ]
    assert walked == []


def test_a_walk_would_be_seen(town: Town, plans: Plans) -> None:
    town.ask(query.list_cases, WHO, filter={"q": "wall"})
    assert any(step.startswith("SCAN case_file") for step, _ in plans)
