"""Places and units: found by code or by name, and who serves them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select

from engine.domain.errors import NotFound, UsageError
from engine.domain.organisation import ALL_FUNCTIONS
from engine.persistence import table
from engine.persistence.table import columns_of
from engine.persistence.unit import Unit
from engine.service import directory
from engine.service.caller import Answer, Caller
from engine.service.today import today

# what a division's name ends in, and people leave out
TAILS = ("村委会", "村村委会", "居委会", "社区居委会", "社区", "镇", "乡", "街道", "县", "区", "市")
_MERGERS = 10  # how many successions are followed

_place, _unit, _area = (columns_of(model).c for model in (table.Place, table.Unit, table.ServiceArea))
_held = columns_of(table.Appointment).c

Found = dict[str, Any]


# ---- places ------------------------------------------------------------------------------------


def resolve(unit: Unit, given: str, *, on: date) -> str:
    """The code of a place from a code or a name (``宾州镇 胜利村``), valid on that day.

    A place that was merged gives its successor. FM-U003 when several fit, FM-N020 when none does.
    """
    text = given.strip()
    found = _by_code(unit, text) or _by_name(unit, text)
    current = {place["code"]: place for place in (_current(unit, place, on) for place in found) if place}
    if not current:
        near = ", ".join(_label(unit, place) for place in _beginning(unit, text, 3)) or "-"
        raise NotFound("FM-N020", text=text, near=near)
    if len(current) > 1:
        raise UsageError(
            "FM-U003",
            text=text,
            count=len(current),
            what="places",
            what_zh="地点",
            command=f"place find {text}",
        )
    return str(next(iter(current)))


def find(
    unit: Unit,
    caller: Caller,
    *,
    q: str,
    on: date | None = None,
    function: str = ALL_FUNCTIONS,
    limit: int = 50,
) -> Answer:
    """Places whose code or name fits or begins so, with what they lie in and the unit whose cases they are."""
    day = on or today(unit, caller)
    text = q.strip()
    exact = _by_code(unit, text) or _by_name(unit, text)
    found = exact or _beginning(unit, text, limit)
    items = [_told(unit, place, day, function) for place in found[:limit]]
    return {"items": items, "count": len(found), "exact": bool(exact), "on": day.isoformat()}


def name_of(unit: Unit, code: str) -> str:
    """The name of a place; its code if it is unknown."""
    found = _by_code(unit, code)
    return str(found[0]["name"]) if found else code


def within(unit: Unit, place: Found) -> list[Found]:
    """What a place lies in, the nearest first."""
    found: list[Found] = []
    while place["parent"] is not None and len(found) < 20:
        above = _by_code(unit, place["parent"])
        if not above:
            break
        found += above
        place = above[0]
    return found


def _by_code(unit: Unit, code: str) -> list[Found]:
    return unit.execute(_select().where(_place.code == code))


def _by_name(unit: Unit, text: str) -> list[Found]:
    """By name, with or without its ending; earlier words name what it lies in."""
    *around, name = text.replace("/", " ").split() or [text]
    names = [name, *(name + tail for tail in TAILS)]
    found = unit.execute(_select().where(_place.name.in_(names)).order_by(_place.code))
    for word in around:
        found = [p for p in found if any(up["name"].startswith(word) for up in within(unit, p))]
    return found


def _beginning(unit: Unit, text: str, limit: int) -> list[Found]:
    if not text:
        return []
    last = text.replace("/", " ").split()[-1]
    query = _select().where(or_(_place.name.startswith(last, autoescape=True), _place.code.startswith(last)))
    return unit.execute(query.order_by(func.length(_place.code), _place.code).limit(limit))


def _select() -> Any:
    columns = (
        _place.code,
        _place.name,
        _place.kind,
        _place.parent,
        _place.became,
        _place.since,
        _place.until,
    )
    return select(*columns)


def _current(unit: Unit, place: Found, on: date) -> Found | None:
    """The place itself or, where it had ended by that day, its successor."""
    for _ in range(_MERGERS):
        ended = place["until"] is not None and place["until"] < on
        if not ended:
            return place if place["since"] is None or place["since"] <= on else None
        if place["became"] is None:
            return None
        following = _by_code(unit, place["became"])
        if not following:
            return None
        place = following[0]
    return None


def _label(unit: Unit, place: Found) -> str:
    above = within(unit, place)[:1]
    return f"{above[0]['name'] if above else ''}{place['name']} {place['code']}"


def _told(unit: Unit, place: Found, on: date, function: str) -> Found:
    near = directory.around(unit, place["code"], function=function, on=on)
    return {
        "code": place["code"],
        "name": place["name"],
        "kind": place["kind"],
        "within": [up["name"] for up in within(unit, place)],
        "unit": near.home.code if near.home else None,
        "serving": [_serving(s.unit.code, s.unit.name, s.unit.level, s.rank) for s in near.serving],
        "until": place["until"].isoformat() if place["until"] else None,
        "became": place["became"],
    }


def _serving(code: str, name: str, level: str, rank: int) -> Found:
    return {"code": code, "name": name, "level": level, "rank": rank}


# ---- units -------------------------------------------------------------------------------------


def resolve_unit(unit: Unit, given: str) -> str:
    """The code of a unit from a code or a name; FM-U003 when several fit, FM-N021 when none does."""
    text = given.strip()
    rows = unit.execute(select(_unit.code).where(_unit.code == text))
    rows = rows or unit.execute(
        select(_unit.code).where(_unit.name.startswith(text, autoescape=True)).limit(50)
    )
    if not rows:
        raise NotFound("FM-N021", text=text)
    if len(rows) > 1:
        command = f"unit list --q {text}"
        raise UsageError("FM-U003", text=text, count=len(rows), what="units", what_zh="单位", command=command)
    return str(rows[0]["code"])


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
        "persons": [{**p, "since": _iso(p["since"]), "until": _iso(p["until"])} for p in people],
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
        "items": [
            _serving(s.unit.code, s.unit.name, s.unit.level, s.rank) | {"parent": s.unit.parent}
            for s in near.serving
        ],
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
    return {**row, "desk": bool(row["desk"]), "since": _iso(row["since"]), "until": _iso(row["until"])}


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


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
