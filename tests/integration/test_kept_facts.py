"""What a process keeps of a store follows every change to it, and does not grow with the number of cases."""

import gc
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from weakref import ReferenceType

import pytest

from engine.domain import organisation as org
from engine.domain.errors import FolkmootError
from engine.persistence import edition, organisation_store
from engine.persistence.kept import Kept, Made
from engine.persistence.store import Store
from engine.service import acting, appointment, directory, filing, law, leave, organisation
from tests.support.town import Town
from workflows.shipped import CASE_TYPES

PLACE, FUNCTION, DAY = "230199000201", "dispute_mediation", date(2026, 11, 23)
MORE = """
places: [{code: "230199000203", name: 示例三村, kind: village, parent: "230199000"}]
"""
MERGED = """
units: [{code: V-101, name: another name, level: village, parent: office-021}]
"""
ROSTER = """
duty: [{unit: S-012, day: "2026-11-23", person: off-06}]
"""


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


def number(town: Town) -> int:
    return town.engine.store.read(edition.edition).organisation


def appoint(town: Town) -> None:
    town.do(appointment.appoint, "adm-01", person="off-05", role="head", unit_code="S-012")


def end(town: Town) -> None:
    town.do(appointment.end, "adm-01", person="dsp-02", role="dispatcher")


def new_person(town: Town) -> None:
    town.do(appointment.appoint, "adm-01", person="new-01", role="officer", unit_code="S-012", new=True)


def away(town: Town) -> None:
    town.do(leave.away, "adm-01", persons=["off-05"], until=DAY + timedelta(days=3))


def back(town: Town) -> None:
    away(town)
    town.do(leave.back, "adm-01", persons=["off-05"], on=DAY + timedelta(days=1))


def imported(text: str) -> Callable[[Town], None]:
    return lambda town: town.do(organisation.import_organisation, "adm-01", files={"org.yaml": text.encode()})


def rows(value: Any) -> Callable[[Town], None]:
    return lambda town: town.engine.store.write(
        lambda unit: organisation_store.add(unit, [value], at=town.now)
    )


def changed_row(town: Town) -> None:
    before = org.Place(PLACE, "示例一村", "village", "230199000")
    after = org.Place(PLACE, "another name", "village", "230199000")
    town.engine.store.write(lambda unit: organisation_store.put(unit, before, after, at=town.now))


WRITERS = {
    "appoint": appoint,
    "end": end,
    "new person": new_person,
    "away": away,
    "back": back,
    "places": imported(MORE),
    "units": imported(MERGED),
    "duty": imported(ROSTER),
    "an area": rows(org.ServiceArea("S-012", "230199001")),
    "a person": rows(org.Person("p-1")),
    "a row changed": changed_row,
}


@pytest.mark.parametrize("name", WRITERS)
def test_every_change_of_the_organisation_raises_its_number(town: Town, name: str) -> None:
    before = number(town)
    WRITERS[name](town)
    assert number(town) > before


def roles(town: Town, person: str) -> frozenset[str]:
    def ask(unit: Any) -> frozenset[str]:
        return directory.who(unit, person, directory.around(unit, PLACE, function=FUNCTION, on=DAY))

    return town.engine.store.read(ask)


def test_authority_follows_an_appointment_at_once(town: Town) -> None:
    assert "head" not in roles(town, "off-05")
    appoint(town)
    assert "head" in roles(town, "off-05")
    assert "dispatcher" in roles(town, "dsp-02")
    town.do(appointment.end, "adm-01", person="dsp-02", role="dispatcher", until=DAY - timedelta(days=1))
    assert "dispatcher" not in roles(town, "dsp-02")


def test_what_was_read_in_an_attempt_that_was_rolled_back_is_not_kept(town: Town) -> None:
    def attempt(unit: Any) -> frozenset[str]:
        near = directory.around(unit, PLACE, function=FUNCTION, on=DAY)
        organisation_store.add(unit, [org.Appointment("off-05", "head", "S-012", DAY)], at=town.now)
        return directory.who(unit, "off-05", near)

    assert "head" in town.engine.store.write(attempt, dry_run=True)
    assert "head" not in roles(town, "off-05")
    town.do(appointment.appoint, "adm-01", person="off-06", role="head", unit_code="S-012")
    assert "head" not in roles(town, "off-05")


def test_no_attempt_gives_its_number_to_another(town: Town) -> None:
    def attempt(unit: Any) -> int:
        edition.changed(unit, "organisation")
        unit.edition = None
        return edition.edition(unit).organisation

    tried = {town.engine.store.write(attempt, dry_run=True) for _ in range(20)}
    assert len(tried) == 20


def test_a_law_that_was_changed_and_rolled_back_is_not_kept(town: Town) -> None:
    def attempt(unit: Any) -> list[str]:
        unit.begin()
        unit.connection.execute("DELETE FROM definition WHERE case_type = 'service_request'")
        law.changed(unit)
        return law.case_types(unit)

    assert town.engine.store.write(attempt, dry_run=True) == sorted({*CASE_TYPES} - {"service_request"})
    assert town.engine.store.read(law.case_types) == sorted(CASE_TYPES)


def test_what_is_kept_is_bounded() -> None:
    kept: Kept[int, int] = Kept(3)
    for n in range(10):
        kept.keep(n, n)
    assert len(kept) == 3
    assert kept.find(9) == 9
    assert kept.find(0) is None
    made = Made(lambda n: n * 2, most=3)
    assert [made[n] for n in range(10)] == [n * 2 for n in range(10)]
    assert len(made) == 3


def test_a_case_that_was_worked_on_leaves_nothing_in_memory(town: Town) -> None:
    def work(count: int) -> None:
        for _ in range(count):
            given = {"case_type": "service_request", "place": "示例一村", "what": "lamp"}
            ref = town.do(filing.file_case, "dsp-01", **given)["ref"]
            town.do(acting.note, "dsp-01", ref=ref, text="looked at it")
            with pytest.raises(FolkmootError):
                town.do(acting.do_act, "ghost", ref=ref, act="note", note="boo")

    work(15)
    gc.collect()
    before = kept_objects()
    work(30)
    gc.collect()
    assert kept_objects() - before < 30


def kept_objects() -> int:
    """Without weak references: a connection keeps those of its cursors and drops two hundred dead ones at a time."""
    return sum(not isinstance(one, ReferenceType) for one in gc.get_objects())
