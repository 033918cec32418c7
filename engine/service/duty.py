"""The roster: who is on, by unit and day; and a roster's file taken in."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import select

from engine.persistence import table
from engine.persistence.unit import Unit
from engine.service import organisation
from engine.service.authority import require
from engine.service.caller import Answer, Caller
from engine.service.today import today
from engine.service.unit import resolve_unit, units_below

WEEK = 7
_duty, _person = (table.columns_of(model) for model in (table.Duty, table.Person))


def list_duty(
    unit: Unit, caller: Caller, *, unit_code: str | None = None, on: date | None = None, days: int = 1
) -> Answer:
    """Who is on the roster of a unit and those below it, or of all; from a day on for so many days."""
    first = on or today(unit, caller)
    last = first + timedelta(days=days - 1)
    wanted = (
        select(_duty.c.day, _duty.c.unit, _duty.c.person, _person.c.name, _duty.c.signed_on)
        .where(_duty.c.day >= first, _duty.c.day <= last, _person.c.code == _duty.c.person)
        .order_by(_duty.c.day, _duty.c.unit, _duty.c.person)
    )
    rows = unit.execute(wanted)
    if unit_code:
        below = units_below(unit, resolve_unit(unit, unit_code))
        rows = [row for row in rows if row["unit"] in below]
    items = [{**row, "day": row["day"].isoformat(), "signed_on": bool(row["signed_on"])} for row in rows]
    return {"items": items, "count": len(items), "on": first.isoformat(), "until": last.isoformat()}


def import_duty(unit: Unit, caller: Caller, *, files: Mapping[str, bytes]) -> Answer:
    """The roster that a file holds, put beside what is there; lines that do not hold are left out and told. Other
    sheets of the file are not looked at."""
    require(unit, caller, "leave")
    return organisation.take_in(unit, caller, files=files, only="duty")
