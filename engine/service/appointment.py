"""Appointments: a role over a unit, with its first and last day. Authority is nothing else."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from engine.domain import organisation as org
from engine.domain.errors import Conflict, NotFound
from engine.persistence import organisation_store, table
from engine.persistence.table import columns_of
from engine.persistence.unit import Unit
from engine.service import directory
from engine.service.authority import require
from engine.service.caller import Answer, Caller
from engine.service.person import by_seat, check_days, check_role, open_cases, resolve_person
from engine.service.today import iso, today
from engine.service.unit import resolve_unit

_person, _held = columns_of(table.Person).c, columns_of(table.Appointment).c


def appoint(
    unit: Unit,
    caller: Caller,
    *,
    person: str,
    role: str,
    unit_code: str,
    since: date | None = None,
    until: date | None = None,
    capacity: int | None = None,
    skills: Sequence[str] = (),
    basis: str | None = None,
    new: bool = False,
) -> Answer:
    """A role over a unit, from today unless said otherwise; it counts from its first day only.

    ``new`` makes the person; without it an unknown code is FM-N022. FM-C051 if it is held already.
    """
    require(unit, caller, "appointment")
    first = since or today(unit, caller)
    check_days(first, until)
    check_role(unit, role)
    office = resolve_unit(unit, unit_code)
    code = _made(unit, caller, person.strip(), first) if new else resolve_person(unit, person)
    held = _appointments(unit, code, role, office, first)
    if held:
        began = iso(held[0].since) or "-"
        raise Conflict("FM-C051", person=code, role=role, unit=office, since=began)
    made = org.Appointment(code, role, office, first, until, capacity, tuple(skills), basis or "")
    organisation_store.add(unit, [made], at=caller.at)
    return {
        "person": code,
        "role": role,
        "unit": office,
        "since": first.isoformat(),
        "until": iso(until),
        "capacity": capacity,
    }


def end(
    unit: Unit,
    caller: Caller,
    *,
    person: str,
    role: str,
    unit_code: str | None = None,
    until: date | None = None,
) -> Answer:
    """The last day of an appointment, today unless said otherwise. Open cases stay where they are and are told."""
    require(unit, caller, "appointment")
    last = until or today(unit, caller)
    code = resolve_person(unit, person)
    office = resolve_unit(unit, unit_code) if unit_code else None
    held = _appointments(unit, code, role, office, last)
    if not held:
        where = office or "-"
        raise NotFound("FM-N023", person=code, role=role, unit=where, day=last.isoformat())
    for one in held:
        organisation_store.put(unit, one, replace(one, until=last), at=caller.at)
    cases = open_cases(unit, caller, code)
    return {
        "person": code,
        "role": role,
        "units": [one.unit for one in held],
        "until": last.isoformat(),
        "open_cases": len(cases),
        "seats": by_seat(cases),
    }


def _made(unit: Unit, caller: Caller, code: str, since: date) -> str:
    if not unit.execute(select(_person.code).where(_person.code == code)):
        organisation_store.add(unit, [org.Person(code, since=since)], at=caller.at)
    return code


def _appointments(
    unit: Unit, code: str, role: str, office: str | None, on: date
) -> tuple[org.Appointment, ...]:
    where = [_held.person == code, _held.role == role, directory.valid(_held, on)]
    return organisation_store.find(unit, org.Appointment, *where, *([_held.unit == office] if office else []))
