"""Any organisation goes through a file unchanged; who serves a place follows the trees whatever they look like."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.organisation import (
    Absence,
    Appointment,
    Duty,
    Organisation,
    Person,
    Place,
    Relation,
    ServiceArea,
    Unit,
    home,
    roles,
    unit_chain,
)
from engine.service.organisation import checking, reading, sheet, to_files
from engine.service.organisation.column import SHEETS

ON = date(2026, 11, 24)
CODES = [f"u{n}" for n in range(6)]
SPOTS = [f"{n}" for n in range(6)]
LEVELS = ["village", "office", "station", "county"]

words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8).filter(
    lambda word: not sheet.SHORTENED.fullmatch(word)
)
days = st.none() | st.dates(date(2026, 11, 20), date(2026, 11, 28))


@st.composite
def spans(draw: st.DrawFn) -> tuple[date | None, date | None]:
    since, until = draw(days), draw(days)
    return (until, since) if since and until and until < since else (since, until)


@st.composite
def organisations(draw: st.DrawFn) -> Organisation:
    """Trees by construction: a parent always stands earlier."""
    units, places = [], []
    for n, code in enumerate(CODES):
        parent = draw(st.sampled_from([None, *CODES[:n]]))
        flags = (draw(st.booleans()), draw(st.integers(0, 99)))
        units.append(Unit(code, draw(words), draw(st.sampled_from(LEVELS)), parent, *flags, *draw(spans())))
    for n, code in enumerate(SPOTS):
        parent = draw(st.sampled_from([None, *SPOTS[:n]]))
        became = draw(st.sampled_from([None, *SPOTS]))
        places.append(Place(code, draw(words), draw(words), parent, became, *draw(spans())))
    area = st.builds(
        lambda unit, place, function, span: ServiceArea(unit, place, function, *span),
        st.sampled_from(CODES), st.sampled_from(SPOTS), st.sampled_from(["all", "f", "g"]), spans(),
    )  # fmt: skip
    areas = draw(st.lists(area, max_size=8, unique_by=lambda a: (a.unit, a.place, a.function, a.since)))
    persons = []
    for n in range(3):
        since, until = draw(spans())
        sex, languages = (
            draw(st.sampled_from([None, "female", "male"])),
            draw(st.sampled_from([(), ("ko", "zh")])),
        )
        persons.append(Person(f"p{n}", draw(words), draw(words), sex, languages, since, until))
    held = st.builds(
        lambda person, role, unit, span, cap, basis: Appointment(person, role, unit, *span, cap, ("a", "b"), basis),
        st.sampled_from(["p0", "p1"]), st.sampled_from(["head", "officer"]), st.sampled_from(CODES), spans(),
        st.none() | st.integers(1, 30), words,
    )  # fmt: skip
    appointments = draw(st.lists(held, max_size=6, unique_by=lambda a: (a.person, a.role, a.unit, a.since)))
    absences = [Absence("p2", date(2026, 11, 1), draw(days), draw(words))]
    duty = [Duty("p1", draw(st.sampled_from(CODES)), date(2026, 11, 2), draw(st.booleans()))]
    relations = [Relation("p1", "p0", "kin", *draw(spans())), Relation("p1", draw(words), "lender")]
    values = (units, places, areas, persons, appointments, absences, duty, relations)
    return Organisation(*map(tuple, values))


@pytest.mark.parametrize("form", ["csv", "yaml", "xlsx"])
@given(organisation=organisations())
@settings(max_examples=15)
def test_a_file_brings_back_what_was_written(organisation: Organisation, form: str) -> None:
    read = reading.parse(sheet.read(to_files(organisation, form)))
    checking.check(read, Organisation())
    assert read.rejected == []
    assert read.notes == []
    for spec in SHEETS:
        assert [p.value for p in read.parsed[spec.name]] == list(getattr(organisation, spec.field))


@given(organisations(), st.sampled_from(SPOTS), st.sampled_from(["f", "g", "h"]))
def test_whoever_serves_is_valid_and_so_is_everyone_above(
    organisation: Organisation, place: str, function: str
) -> None:
    found = organisation.serving(place, function=function, on=ON)
    codes = [s.unit.code for s in found]
    assert len(codes) == len(set(codes))
    assert [s.rank for s in found] == sorted(s.rank for s in found)
    assert {s.rank for s in found} == set(range(len({s.rank for s in found})))
    for serving in found:
        assert {u.code for u in unit_chain(organisation.unit, serving.unit.code, on=ON)} <= set(codes)
    case_unit = home(found)
    assert (case_unit is None) == (not found)
    if case_unit is not None and any(s.unit.desk for s in found):
        assert case_unit.desk


@given(organisations(), st.sampled_from(SPOTS))
def test_roles_come_only_from_appointments_of_the_day_over_serving_units(
    organisation: Organisation, place: str
) -> None:
    found = organisation.serving(place, function="f", on=ON)
    case_unit = home(found)
    told = roles(organisation.appointments, found, home_unit=case_unit, on=ON)
    serving = {s.unit.code: s.unit.level for s in found}
    valid = [
        a
        for a in organisation.appointments
        if (a.since is None or a.since <= ON) and (a.until is None or a.until >= ON)
    ]
    wanted = {a.role for a in valid if a.unit in serving}
    wanted |= {f"{a.role}@{serving[a.unit]}" for a in valid if a.unit in serving}
    assert told - {"superior"} == wanted
    above = case_unit.parent if case_unit else None
    assert ("superior" in told) == any(
        a.role == "head" and above is not None and a.unit == above for a in valid
    )
