"""The roster: who is on, by unit and day; and a roster's file taken in."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from engine.domain.errors import NotFound, Reason, refused
from engine.persistence import table
from engine.persistence.unit import Unit
from engine.service import organisation, stand_in
from engine.service.authority import require
from engine.service.caller import Answer, Caller
from engine.service.person import resolve_person
from engine.service.today import iso, today
from engine.service.unit import resolve_unit, units_below

WEEK = 7
_duty, _person, _absence = (table.columns_of(model) for model in (table.Duty, table.Person, table.Absence))


def list_duty(
    unit: Unit, caller: Caller, *, unit_code: str | None = None, on: date | None = None, days: int = 1
) -> Answer:
    """Who is on the roster of a unit and those below it, or of all; from a day on for so many days."""
    first = on or today(unit, caller)
    last = first + timedelta(days=days - 1)
    on_leave = (
        select(_absence.c.id)
        .where(_absence.c.person == _duty.c.person, stand_in.covers(_absence.c, _duty.c.day))
        .exists()
    )
    wanted = (
        select(
            _duty.c.day,
            _duty.c.unit,
            _duty.c.person,
            _person.c.name,
            _duty.c.signed_on,
            on_leave.label("away"),
        )
        .where(_duty.c.day >= first, _duty.c.day <= last, _person.c.code == _duty.c.person)
        .order_by(_duty.c.day, _duty.c.unit, _duty.c.person)
    )
    rows = unit.execute(wanted)
    if unit_code:
        below = units_below(unit, resolve_unit(unit, unit_code))
        rows = [row for row in rows if row["unit"] in below]
    items = [
        {**row, "day": row["day"].isoformat(), "signed_on": bool(row["signed_on"]), "away": bool(row["away"])}
        for row in rows
    ]
    told = {"items": items, "count": len(items), "on": first.isoformat(), "until": last.isoformat()}
    return {**told, **summed([item for item in items if item["day"] == first.isoformat()])}


def summed(rows: Sequence[Mapping[str, Any]]) -> Answer:
    """Of one day's roster: how many stand on it and signed on, who did not, and who of them is on leave."""
    on = {row["person"] for row in rows if row["signed_on"]}
    off = {row["person"]: bool(row["away"]) for row in rows if row["person"] not in on}
    return {
        "rostered": len(on) + len(off),
        "signed_on": len(on),
        "missing": sorted(person for person, away in off.items() if not away),
        "on_leave": sorted(person for person, away in off.items() if away),
    }


def sign_on(unit: Unit, caller: Caller, *, person: str | None = None, unit_code: str | None = None) -> Answer:
    """On duty today: oneself, or another whom the desk signs on. FM-R521 for one on leave.

    One who is not on the roster is put on that of the unit that is named, by those who keep rosters; FM-N040 where
    none is named.
    """
    return _signed(unit, caller, person, unit_code, on=True)


def sign_off(
    unit: Unit, caller: Caller, *, person: str | None = None, unit_code: str | None = None
) -> Answer:
    """Off duty: the person stands on today's roster as one who is not there."""
    return _signed(unit, caller, person, unit_code, on=False)


def _signed(unit: Unit, caller: Caller, given: str | None, unit_code: str | None, *, on: bool) -> Answer:
    code, day = resolve_person(unit, given or caller.name), today(unit, caller)
    require(unit, caller, "leave", about=code)
    office = resolve_unit(unit, unit_code) if unit_code else None
    mine = [_duty.c.person == code, _duty.c.day == day, *([_duty.c.unit == office] if office else [])]
    if on:
        _refuse_on_leave(unit, code, day)
    units = [row["unit"] for row in unit.execute(select(_duty.c.unit).where(*mine).order_by(_duty.c.unit))]
    if not units and not (on and office):
        raise NotFound("FM-N040", person=code, day=day.isoformat())
    if units:
        unit.execute(update(_duty).where(*mine).values(signed_on=on))
    else:
        require(unit, caller, "leave")
        unit.execute(insert(_duty).values(unit=office, day=day, person=code, signed_on=True))
    return {"person": code, "day": day.isoformat(), "units": units or [office], "signed_on": on}


def _refuse_on_leave(unit: Unit, code: str, day: date) -> None:
    rows = unit.execute(
        select(_absence.c.until).where(_absence.c.person == code, stand_in.covers(_absence.c, day))
    )
    if rows:
        raise refused([Reason("FM-R521", {"person": code, "until": iso(rows[0]["until"]) or "-"}, "state")])


def import_duty(unit: Unit, caller: Caller, *, files: Mapping[str, bytes]) -> Answer:
    """The roster that a file holds, put beside what is there; lines that do not hold are left out and told. Other
    sheets of the file are not looked at."""
    require(unit, caller, "leave")
    return organisation.take_in(unit, caller, files=files, only="duty")
