"""Units: found by code or by name, the tree, and who serves a place."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select

from engine.domain.errors import NotFound, UsageError
from engine.domain.near import closest, told_near
from engine.domain.organisation import ALL_FUNCTIONS
from engine.persistence import table
from engine.persistence.table import columns_of
from engine.persistence.unit import Unit
from engine.service import directory, law
from engine.service.caller import Answer, Caller
from engine.service.place import Found, name_of, resolve, serving_line
from engine.service.today import iso, today

_place, _unit, _area = (columns_of(model).c for model in (table.Place, table.Unit, table.ServiceArea))
_held = columns_of(table.Appointment).c


def resolve_unit(unit: Unit, given: str) -> str:
    """The code of a unit from a code or a name; FM-U003 when several fit, FM-N021 when none does."""
    text = given.strip()
    rows = unit.execute(select(_unit.code).where(_unit.code == text))
    rows = rows or unit.execute(select(_unit.code).where(_unit.name == text).limit(50))
    rows = rows or unit.execute(
        select(_unit.code).where(_unit.name.startswith(text, autoescape=True)).limit(50)
    )
    if not rows:
        raise NotFound("FM-N021", text=text)
    if len(rows) > 1:
        command = f"unit list --q {text}"
        raise UsageError("FM-U003", text=text, count=len(rows), what="units", what_zh="单位", command=command)
    return str(rows[0]["code"])


def _check_level(unit: Unit, level: str) -> None:
    """FM-U368 of a level that neither the vocabulary nor a unit has."""
    known = set(law.vocabulary(unit).levels)
    if level not in known:
        known |= {str(row["level"]) for row in unit.execute(select(_unit.level).distinct()) if row["level"]}
        if level not in known:
            near = told_near(closest(level, sorted(known)), sorted(known))
            raise UsageError("FM-U368", kind="input", given=level, **near)


def list_units(
    unit: Unit,
    caller: Caller,
    *,
    under: str | None = None,
    level: str | None = None,
    q: str | None = None,
    on: date | None = None,
    limit: int | None = 500,
) -> Answer:
    """Units valid on a day: all, those below one, of one level, or whose code or name begins so."""
    day = on or today(unit, caller)
    query = select(*_unit_columns()).where(directory.valid(_unit, day))
    if level:
        _check_level(unit, level)
        query = query.where(_unit.level == level)
    if q:
        query = query.where(
            or_(_unit.code.startswith(q, autoescape=True), _unit.name.startswith(q, autoescape=True))
        )
    rows = unit.execute(query.order_by(_unit.code))
    if under:
        below = units_below(unit, resolve_unit(unit, under))
        rows = [row for row in rows if row["code"] in below]
    shown = rows if limit is None else rows[:limit]
    serves = _served_counts(unit, day)
    return {
        "items": [_unit_told(row) | {"places": serves.get(row["code"], 0)} for row in shown],
        "count": len(rows),
        "on": day.isoformat(),
    }


def show_unit(unit: Unit, caller: Caller, *, code: str, on: date | None = None) -> Answer:
    """One unit with the places it serves, the units below and the people appointed over it."""
    day = on or today(unit, caller)
    found = resolve_unit(unit, code)
    head = unit.execute(select(*_unit_columns()).where(_unit.code == found))[0]
    areas = unit.execute(
        select(_area.place, _place.name, _area.function)
        .where(_area.unit == found, _place.code == _area.place, directory.valid(_area, day))
        .order_by(_area.place)
    )
    below = unit.execute(
        select(*_unit_columns())
        .where(_unit.parent == found, directory.valid(_unit, day))
        .order_by(_unit.code)
    )
    people = unit.execute(
        select(_held.person, _held.role, _held.since, _held.until)
        .where(_held.unit == found, directory.valid(_held, day))
        .order_by(_held.role, _held.person)
    )
    return {
        **_unit_told(head),
        "above": _above(unit, head["parent"]),
        "areas": areas,
        "below": [_unit_told(row) for row in below],
        "persons": [{**p, "since": iso(p["since"]), "until": iso(p["until"])} for p in people],
        "on": day.isoformat(),
    }


def find_units(
    unit: Unit, caller: Caller, *, place: str, function: str = ALL_FUNCTIONS, on: date | None = None
) -> Answer:
    """Who serves a place, nearest first; ``home`` is the unit whose case it would be."""
    day = on or today(unit, caller)
    code = resolve(unit, place, on=day)
    near = directory.around(unit, code, function=function, on=day)
    return {
        "place": {"code": code, "name": name_of(unit, code)},
        "items": [serving_line(s) | {"parent": s.unit.parent} for s in near.serving],
        "count": len(near.serving),
        "home": near.home.code if near.home else None,
        "on": day.isoformat(),
    }


def _unit_columns() -> Sequence[Any]:
    return (
        _unit.code,
        _unit.name,
        _unit.level,
        _unit.parent,
        _unit.desk,
        _unit.volunteers,
        _unit.since,
        _unit.until,
    )


def _unit_told(row: Found) -> Found:
    return {**row, "desk": bool(row["desk"]), "since": iso(row["since"]), "until": iso(row["until"])}


def units_below(unit: Unit, code: str) -> set[str]:
    """The unit and all units under it."""
    children: dict[str, list[str]] = {}
    for row in unit.execute(select(_unit.code, _unit.parent).where(_unit.parent.is_not(None))):
        children.setdefault(row["parent"], []).append(row["code"])
    found, waiting = {code}, [code]
    while waiting:
        new = [c for c in children.get(waiting.pop(), ()) if c not in found]
        found.update(new)
        waiting += new
    return found


def _above(unit: Unit, code: str | None) -> list[str]:
    found: list[str] = []
    while code is not None and code not in found:
        found.append(code)
        rows = unit.execute(select(_unit.parent).where(_unit.code == code))
        code = rows[0]["parent"] if rows else None
    return found


def _served_counts(unit: Unit, on: date) -> dict[str, int]:
    query = select(_area.unit, func.count().label("n")).where(directory.valid(_area, on)).group_by(_area.unit)
    return {row["unit"]: row["n"] for row in unit.execute(query)}
