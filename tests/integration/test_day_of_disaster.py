"""A day on which fifty times as many reports come as usual: nothing is dropped, and the most dangerous come first."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from engine.persistence.store import Store
from engine.service import acting, filing, query
from engine.service.desk import desk
from engine.working import Worker
from tests.support.aftermath import fired, late
from tests.support.town import Town
from tests.support.walk import PLACE

USUAL = 4  # a day, in the villages of one station
REPORTS = 50 * USUAL
GRADES = ("red", "orange", "yellow", "blue")
WITHIN = {"red": timedelta(minutes=30), "orange": timedelta(hours=2)}


@pytest.fixture
def flooded(store: Store) -> tuple[Town, dict[str, str]]:
    """All reports of one hour, in no order: reference to grade."""
    town, random, found = Town(store), Random(7), {}
    for _ in range(REPORTS):
        grade = random.choices(GRADES, [1, 2, 5, 2])[0]
        given = {
            "case_type": "dispute_mediation",
            "place": PLACE,
            "what": "the flood",
            "set": {"risk": grade},
        }
        found[str(town.do(filing.file_case, "dsp-01", **given)["ref"])] = grade
        town.pass_(seconds=3600 / REPORTS)
    return town, found


def listed(town: Town) -> list[dict[str, Any]]:
    told = town.ask(
        query.list_cases, "dsp-01", filter={"unit": "S-012", "phase": "intake"}, limit=REPORTS + 1
    )
    return list(told["items"])


def test_nothing_is_dropped_and_the_desk_begins_with_red(flooded: tuple[Town, dict[str, str]]) -> None:
    town, grades = flooded
    refs = [case["ref"] for case in listed(town)]
    assert sorted(refs) == sorted(grades)
    first = town.ask(desk, "dsp-01")["groups"][0]
    assert (first["key"], first["count"]) == ("red", list(grades.values()).count("red"))
    assert {grades[case["ref"]] for case in first["items"]} == {"red"}


def test_every_report_is_called_for_in_its_time_and_once(flooded: tuple[Town, dict[str, str]]) -> None:
    """The worker goes on in portions, and those who type are not kept out between them."""
    town, grades = flooded
    town.pass_(hours=3)
    worker = Worker(town.engine, cases=25)
    asked = iter(grades)
    while late(town.engine.store, town.now):
        assert worker.step().cases <= 25
        town.do(acting.note, "dsp-01", ref=next(asked), text="still waiting")
    called = {
        ref: [mark for mark in marks if mark[0][0] == "triage" and mark[1] == "due"]
        for ref, marks in fired(town.engine.store).items()
    }
    assert {ref: len(marks) for ref, marks in called.items()} == {
        ref: int(grade in WITHIN) for ref, grade in grades.items()
    }
