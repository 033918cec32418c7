"""Where nobody is appointed: against a reading of the organisation day by day, and in what is told of a slower unit."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.analytics.limits import lengths_of
from engine.analytics.unserved import Roster, Unserved, posts
from engine.analytics.why import why
from engine.definitions.load import loads
from engine.domain import organisation as org
from engine.machine.program import compile_definition
from engine.persistence import organisation_store
from engine.persistence.as_known import as_known
from engine.persistence.store import Store
from engine.persistence.unit import Unit
from engine.service import appointment
from tests.support.two_units import BEGIN, DAY, HERE, TEXT, THERE, TwoUnits, through
from workflows import shipped

FIRST, DAYS = date(2026, 1, 1), 40
LEVELS = ("village", "station", "county")


def dates(chance: Random) -> dict[str, date | None]:
    since, until = sorted(chance.sample(range(-5, DAYS + 5), 2))
    open_since, open_until = chance.random() < 0.6, chance.random() < 0.6
    return {
        "since": None if open_since else FIRST + timedelta(since),
        "until": None if open_until else FIRST + timedelta(until),
    }


def some(chance: Random) -> org.Organisation:
    """Two townships of three villages, a tree of five units and one apart, all of it dated at random."""
    places = [org.Place("T1", "T1", "township"), org.Place("T2", "T2", "township")]
    places += [
        org.Place(f"P{n}", f"P{n}", "village", f"T{1 + n % 2}", None, **dates(chance)) for n in range(6)
    ]
    tree = [
        ("C", "county", None),
        ("S1", "station", "C"),
        ("S2", "station", "C"),
        ("V1", "village", "S1"),
        ("V2", "village", "S2"),
        ("M", "station", None),
    ]
    units = [
        org.Unit(code, code, level, parent, chance.random() < 0.6, 0, **dates(chance))
        for code, level, parent in tree
    ]
    areas = [
        org.ServiceArea(chance.choice(units).code, chance.choice(places).code, chance.choice(["all", "quarrel", "other"]), **dates(chance))
        for _ in range(9)
    ]  # fmt: skip
    persons = [org.Person(f"p{n}") for n in range(5)]
    posts = [
        org.Appointment(one.code, chance.choice(["officer", "mediator_post"]), chance.choice(units).code, **dates(chance))
        for one in persons
    ]  # fmt: skip
    return org.Organisation(tuple(units), tuple(places), tuple(areas), tuple(persons), tuple(posts))


def served(all_: org.Organisation, place: str, roles: set[str], on: date) -> bool:
    near = all_.serving(place, function="quarrel", on=on)
    return any(
        not roles.isdisjoint(org.roles([one], near, home_unit=None, on=on)) for one in all_.appointments
    )


def slowly(all_: org.Organisation, unit: str, roles: set[str], on: date) -> Unserved:
    """By asking each day anew, back to before anything is dated."""
    below = (
        {unit}
        if unit not in ("C", "S1", "S2")
        else {"C": {"C", "S1", "S2", "V1", "V2"}, "S1": {"S1", "V1"}, "S2": {"S2", "V2"}}[unit]
    )
    inner = {one.parent for one in all_.places if org.holds(one, on)}
    mine = []
    for one in all_.places:
        home = org.home(all_.serving(one.code, function="quarrel", on=on))
        if org.holds(one, on) and one.code not in inner and home is not None and home.code in below:
            mine.append(one)
    found: list[tuple[str, date | None]] = []
    for code in sorted(one.code for one in mine):
        if served(all_, code, roles, on):
            continue
        day = on
        while day > FIRST - timedelta(10) and not served(all_, code, roles, day - timedelta(1)):
            day -= timedelta(1)
        found.append((code, day if day > FIRST - timedelta(10) else None))
    kinds = {one.kind for one in mine}
    return Unserved(len(mine), kinds.pop() if len(kinds) == 1 else None, tuple(found))


def asked(whose: str, on: date, roles: set[str]) -> Callable[[Unit], Unserved]:
    return lambda unit: Roster(unit, whose, on, as_known(unit, BEGIN)).unserved("quarrel", roles)


@pytest.mark.parametrize("seed", range(12))
def test_it_is_what_each_day_says(store: Store, seed: int) -> None:
    chance = Random(seed)
    made = some(chance)
    for values in (made.units, made.places, made.areas, made.persons, made.appointments):
        store.write(partial(organisation_store.add, values=values, at=BEGIN))
    said = 0
    for roles in ({"officer"}, {"mediator_post@station"}, {"officer@village", "mediator_post"}):
        for whose in ("C", "S1", "M"):
            on = FIRST + timedelta(chance.randrange(DAYS))
            told = store.read(asked(whose, on, roles))
            assert told == slowly(made, whose, roles, on)
            said += len(told.places)
    assert seed or said > 5  # the first one tells of some


# ---- in what is told of a slower unit -------------------------------------------------------------------


@pytest.fixture
def town(store: Store) -> TwoUnits:
    town = TwoUnits(store)
    for n in range(11):
        town.live(HERE, "land", through(5, 100 + n, 20))
        town.live(THERE, "land", through(5, 10, 20))
    return town


def parts(town: TwoUnits, day: int) -> dict[str, Any]:
    answer = town.ask(why, filter={"unit": "S-012"}, as_of=BEGIN + day * DAY, days=6)
    return {part["key"]: part for part in answer["parts"]}


def test_the_limit_of_a_state_is_named(town: TwoUnits) -> None:
    told = parts(town, 20)
    assert told["asking"]["limits"] == [{"clock": "consent", "within": "3 wd", "text": "3 working days"}]
    assert told["asking"]["n_late"] == 11
    assert "limits" not in told["new"]


def test_villages_without_anybody_in_the_post_that_is_waited_for(town: TwoUnits) -> None:
    assert parts(town, 30)["new"]["unserved"][0]["n"] == 0
    town.now = BEGIN + 12 * DAY
    for person in ("dsp-01", "dsp-02"):
        town.do(appointment.end, person=person, role="dispatcher")
    last = (BEGIN + 12 * DAY).astimezone(ZoneInfo("Asia/Shanghai")).date()
    since = (last + timedelta(1)).isoformat()
    [post] = parts(town, 30)["new"]["unserved"]
    assert post == {
        "type": "quarrel", "who": "dispatcher", "title": "Dispatcher", "roles": ["dispatcher"],
        "n": 2, "of": 2, "kind": "village", "since": since,
        "places": [{"place": place, "since": since} for place in ("230199000201", "230199000202")],
    }  # fmt: skip
    # his last day still counts, and a past instant is told by its own day
    assert parts(town, 12)["new"]["unserved"][0]["n"] == 0
    assert parts(town, 13)["new"]["unserved"][0]["n"] == 2
    # for the parties nobody is appointed
    assert "unserved" not in parts(town, 30)["asking"]
    assert "unserved" not in parts(town, 30)["talking"]


def test_a_state_waits_for_the_seats_that_are_to_be_filled_from_it() -> None:
    [dispute] = [one for one in shipped.definitions() if one.definition.case_type == "dispute_mediation"]
    program = compile_definition(dispute.definition, "0", shipped.vocabulary())
    told = {
        name: [post.who for post in posts(program, program.outline.leaves[name])]
        for name in ("accepted", "assigned", "awaiting_consent", "screening", "referred_out")
    }
    assert told["accepted"] == ["mediator", "director"]
    assert told["assigned"] == ["mediator"]
    assert told["awaiting_consent"] == told["referred_out"] == []
    assert "handler" in told["screening"]


def test_lengths_that_hang_on_a_grade_are_all_named() -> None:
    loaded = loads(TEXT.replace("within: 3 wd", "within: {by: category, land: 2 cd, else: 3 wd}"))
    assert loaded.definition is not None, loaded.findings
    assert list(lengths_of(loaded.definition, loaded.definition.clocks["consent"].within)) == ["2 cd", "3 wd"]
    [dispute] = [one for one in shipped.definitions() if one.definition.case_type == "dispute_mediation"]
    clocks = dispute.definition.clocks
    assert list(lengths_of(dispute.definition, clocks["triage"].within)) == ["30 min", "2 h", "8 wh"]
    assert list(lengths_of(dispute.definition, clocks["accept_seat"].within)) == [None, "1 wd"]
