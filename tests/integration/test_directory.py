"""The store answers as the values do: who serves a place, what a person is there, who could take a seat."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert

from engine.domain import organisation as org
from engine.persistence import organisation_store, table
from engine.persistence.store import Store
from engine.persistence.table import columns_of
from engine.persistence.unit import Unit
from engine.routing.candidate import Candidate
from engine.service import directory
from engine.service.organisation import put_organisation
from engine.service.routing import pool
from workflows.harbin import build

ON = date(2026, 11, 24)
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
COUNTY = build()
VILLAGES = [p.code for p in COUNTY.places if p.kind == "village"]
HERE = VILLAGES[0]
FUNCTION = "dispute_mediation"


@pytest.fixture
def filled(store: Store) -> Store:
    store.write(lambda unit: put_organisation(unit, COUNTY, at=AT))
    return store


def around(unit: Unit, place: str = HERE, on: date = ON) -> directory.Around:
    return directory.around(unit, place, function=FUNCTION, on=on)


def able(
    unit: Unit, roles: tuple[str, ...] = ("auxiliary", "officer"), **given: list[str]
) -> dict[str, Candidate]:
    found = pool.candidates(unit, roles, around(unit), **given)
    return {c.person: c for c in found}


def auxiliary_of(place: str) -> str:
    post = next(a.unit for a in COUNTY.areas if a.place == place and a.unit.startswith("V-"))
    return next(a.person for a in COUNTY.appointments if a.unit == post and a.role == "auxiliary")


def test_the_store_and_the_values_name_the_same_units_in_the_same_order(filled: Store) -> None:
    def compare(unit: Unit) -> None:
        for place in [*VILLAGES, "230125", "2301"]:
            wanted = COUNTY.serving(place, function=FUNCTION, on=ON)
            assert around(unit, place).serving == wanted
            assert around(unit, place).home == org.home(wanted)

    filled.read(compare)


def test_the_store_and_the_values_give_the_same_roles(filled: Store) -> None:
    wanted = COUNTY.serving(HERE, function=FUNCTION, on=ON)

    def compare(unit: Unit) -> None:
        for person in COUNTY.persons:
            held = [a for a in COUNTY.appointments if a.person == person.code]
            told = org.roles(held, wanted, home_unit=org.home(wanted), on=ON)
            assert directory.who(unit, person.code, around(unit)) == told

    filled.read(compare)


def test_before_the_first_day_nobody_serves_and_nobody_is_anything(filled: Store) -> None:
    early = date(2019, 12, 31)
    assert filled.read(lambda u: around(u, on=early).serving) == ()
    assert filled.read(lambda u: directory.who(u, "chf-01", around(u, on=early))) == frozenset()


def test_people_of_a_case_come_with_their_roles_and_nearest_unit(filled: Store) -> None:
    told = filled.read(lambda u: directory.persons(u, ["chf-01", "nobody"], around(u)))
    assert told["chf-01"]["unit"] == "S-001"
    assert "head@station" in told["chf-01"]["roles"]
    assert told["nobody"] == {"id": "nobody", "roles": [], "unit": ""}


def test_candidates_are_the_appointed_of_the_serving_units_nearest_first(filled: Store) -> None:
    found = filled.read(able)
    assert {c.level for c in found.values()} == {"village", "office", "station", "county"}
    own = found[auxiliary_of(HERE)]
    assert (own.rank, own.level, own.load, own.on_duty, own.away) == (0, "village", 0, None, False)
    stations = filled.read(lambda u: able(u, ("officer@station",)))
    assert {c.level for c in stations.values()} == {"station"}


def test_absence_and_roster_of_the_day_are_seen(filled: Store) -> None:
    me = auxiliary_of(HERE)
    post = filled.read(lambda u: around(u).serving[0].unit.code)

    def write(unit: Unit) -> None:
        absences = [
            org.Absence(me, date(2026, 11, 23), date(2026, 11, 24)),
            org.Absence(me, ON, date(2026, 11, 27)),
        ]
        organisation_store.add(unit, absences, at=AT)
        duty = {"unit": post, "day": ON, "person": "aux-20", "signed_on": True}
        unit.execute(insert(columns_of(table.Duty)).values(duty))
        organisation_store.add(unit, [org.Absence("off-01", ON)], at=AT)

    filled.write(write)
    found = filled.read(able)
    assert (found[me].away, found[me].away_until) == (True, date(2026, 11, 27))
    assert found[me].on_duty is False
    assert (found["off-01"].away, found["off-01"].away_until) == (True, None)


def case_row(number: int, **given: Any) -> dict[str, Any]:
    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    return {
        "id": number, "ref": f"26-{number:05}-0", "case_type": FUNCTION, "definition": "d", "version": 1,
        "state": "reported", "phase": "work", "place": HERE, "unit": "S-001", "holder": None, "risk": None,
        "channel": "desk", "cycle": 1, "outcome": None, "filed_at": at, "entered_at": at, "closed_at": None,
        "next_due_at": None, "external_system": None, "external_id": None, "batch": None, "head": b"", "body": "{}",
    } | given  # fmt: skip


def test_open_cases_weigh_by_grade_and_closed_ones_do_not(filled: Store) -> None:
    me = auxiliary_of(HERE)
    taken = datetime(2026, 11, 20, 10, tzinfo=UTC)
    cases = [
        case_row(1, holder=me, risk="red"),
        case_row(2, holder=me, risk="blue", phase="waiting"),
        case_row(3, holder=me, risk="red", phase="done"),
        case_row(4, holder="off-01", risk="orange"),  # where I mediate: 3
        case_row(5, holder=me, risk="yellow"),  # where I mediate too: counted once
    ]
    seats = [(1, "handler"), (2, "handler"), (4, "mediator"), (5, "handler"), (5, "mediator")]

    def write(unit: Unit) -> None:
        unit.execute_many(insert(columns_of(table.Case)), cases)
        rows = [{"case_id": n, "seat": s, "person": me, "since": taken, "accepted": True} for n, s in seats]
        unit.execute_many(insert(columns_of(table.SeatHolder)), rows)

    filled.write(write)
    mine = filled.read(able)[me]
    assert mine.load == 4 + 1 + 3 + 2
    assert mine.idle_since == "2026-11-20T10:00:00Z"


def test_a_conflict_of_interest_brings_the_neighbouring_village(filled: Store) -> None:
    me = auxiliary_of(HERE)
    relation = {"person": me, "other": "party-key", "kind": "kin", "since": None, "until": None}
    filled.write(lambda u: u.execute(insert(columns_of(table.Relation)).values(relation)))
    without = filled.read(able)
    assert not any(c.neighbour or c.related for c in without.values())
    found = filled.read(lambda u: able(u, parties=["party-key"]))
    assert found[me].related == "kin"
    assert {c.level for c in found.values() if c.neighbour} == {"village"}


def test_a_party_cannot_handle_the_own_case(filled: Store) -> None:
    me = auxiliary_of(HERE)
    assert filled.read(lambda u: able(u, parties=[me]))[me].related == "party"


def test_what_is_kept_in_the_process_follows_every_change(filled: Store) -> None:
    number = int(uuid4().int % 2**40)
    filled.write(lambda u: u.execute(insert(columns_of(table.Counter)).values(name="store", value=number)))
    before = filled.read(around)
    assert filled.read(around) is before

    def move(unit: Unit) -> None:
        organisation_store.add(unit, [org.ServiceArea("S-002", HERE)], at=AT)
        organisation_store.changed(unit)

    filled.write(move)
    after = filled.read(around)
    assert "S-002" in after.ranks
    assert "S-002" not in before.ranks
