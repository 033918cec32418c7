"""The desk: one's work by urgency, and where one is."""

from datetime import UTC, datetime, timedelta
from typing import Any

from engine.domain.errors import NotFound
from engine.domain.instant import to_text
from engine.persistence import late as table
from engine.persistence.counter import find_number
from engine.persistence.late import func, select
from engine.persistence.selection import OPEN
from engine.persistence.unit import Unit
from engine.service import directory, law
from engine.service.approval import list_approvals
from engine.service.caller import Answer, Caller
from engine.service.query import list_cases
from engine.service.titles import role_title
from engine.service.today import today

SHOWN = 5  # lines of a group on the desk; the count is always of all

_case = table.columns_of(table.Case)


def desk(unit: Unit, caller: Caller, *, unit_code: str | None = None) -> Answer:
    """Groups in the order of urgency, each with its count and first lines. A unit's desk for those who dispatch
    or lead there, else one's own cases."""
    mine = appointments(unit, caller)
    leads = [a["unit"] for a in mine if a["role"] in ("dispatcher", "head", "inspector")]
    directs = [a["unit"] for a in mine if a["role"] == "director"]
    scope: dict[str, Any]
    if unit_code or leads:
        scope = {"unit": unit_code or leads[0]}
    elif directs:  # a committee has cases by the places it serves; they stand on a station's desk
        scope = {"served_by": directs[0]}
    elif caller.person:
        scope = {"holder": caller.person}
    else:
        scope = {}
    midnight = _midnight(unit, caller)
    groups = [
        _group(unit, caller, "red", {**scope, "risk": "red", "open": True}),
        _group(unit, caller, "late", {**scope, "late": True}),
        _group(unit, caller, "due_today", {**scope, "due": midnight}, without={"late": True}, scope=scope),
        _group(unit, caller, "intake", {**scope, "phase": "intake"}),
        _group(unit, caller, "waiting", {**scope, "phase": "waiting"}),
        _group(unit, caller, "unassigned", {**scope, "unassigned": True}),
        _group(unit, caller, "holder_away", {**scope, "holder_away": True}),
        _group(unit, caller, "work", {**scope, "phase": "work"}),
        _group(unit, caller, "review", {**scope, "phase": "review"}),
    ]
    waiting = list_approvals(unit, caller, unit_code=None)["items"]
    yours = [a for a in waiting if a["yours"]]
    groups.append({"key": "approvals", "count": len(yours), "items": yours[:SHOWN]})
    return {
        "person": caller.person,
        "unit": scope.get("unit") or scope.get("served_by"),
        "scope": scope,
        "roles": [a["role"] for a in mine],
        "role_titles": [a["role_title"] for a in mine],
        "on_duty": roster(unit, caller, scope.get("unit")),
        "groups": groups,
        "open": list_cases(unit, caller, filter={**scope, "open": True}, limit=1)["count"],
        "as_of": to_text(caller.at),
        "checked_at": swept_at(unit),
    }


def _group(
    unit: Unit,
    caller: Caller,
    key: str,
    wanted: dict[str, Any],
    without: dict[str, Any] | None = None,
    scope: dict[str, Any] | None = None,
) -> dict[str, Any]:
    found = list_cases(unit, caller, filter=wanted, limit=SHOWN)
    count = found["count"]
    items = found["items"]
    if without is not None:
        late = list_cases(unit, caller, filter={**(scope or {}), **without}, limit=1)["count"]
        count -= late
        items = [
            i for i in list_cases(unit, caller, filter=wanted, limit=SHOWN + late)["items"] if not i["late"]
        ][:SHOWN]
    return {"key": key, "count": count, "items": items}


def roster(unit: Unit, caller: Caller, unit_code: str | None) -> dict[str, Any] | None:
    """Who is on today's roster of a unit and all below it; None where none is kept."""
    if unit_code is None:
        return None
    from engine.service import duty  # reads sheets too, which no other line of the desk needs

    try:
        told = duty.list_duty(unit, caller, unit_code=unit_code)
    except NotFound:  # cases name it, the organisation does not
        return None
    if not told["items"]:
        return None
    return {name: told[name] for name in ("rostered", "signed_on", "missing", "on_leave")}


def _midnight(unit: Unit, caller: Caller) -> datetime:
    """The end of this day where the calendars are; UTC+8 when there is none yet."""
    calendars = table.columns_of(table.Calendar)
    rows = unit.execute(select(calendars.c.id).order_by(calendars.c.id).limit(1))
    if not rows:
        return caller.now + timedelta(hours=24)
    calendar = law.calendar(unit, rows[0]["id"])
    return calendar.end_of(calendar.day_of(caller.now))


def appointments(unit: Unit, caller: Caller) -> list[dict[str, Any]]:
    """The caller's appointments that are valid today, and those of whom he stands in for (``acting_for``)."""
    if caller.person is None:
        return []
    held = directory.appointments(unit, caller.person, today(unit, caller))
    words = law.vocabulary(unit)
    return [
        {
            "role": a.role,
            "unit": a.unit,
            "until": a.until,
            "role_title": role_title(words, a.role, caller.lang),
            "acting_for": None if a.person == caller.person else a.person,
        }
        for a in sorted(held, key=lambda a: (a.person != caller.person, a.unit, a.role))
    ]


def where_am_i(unit: Unit, caller: Caller) -> Answer:
    """Who one is here, with what authority, and how much there is."""
    person = table.columns_of(table.Person)
    rows = unit.execute(select(person.c.name).where(person.c.code == caller.person)) if caller.person else []
    open_cases = unit.execute(select(func.count().label("n")).select_from(_case).where(OPEN))[0]["n"]
    return {
        "person": caller.person,
        "known": bool(rows),
        "name": rows[0]["name"] if rows else None,
        "identity": caller.identity,
        "appointments": appointments(unit, caller),
        "cases": {
            "open": open_cases,
            "all": unit.execute(select(func.count().label("n")).select_from(_case))[0]["n"],
        },
        "case_types": law.case_types(unit),
        "as_of": to_text(caller.at),
        "demo": is_demo(unit),
    }


def is_demo(unit: Unit) -> bool:
    """Whether this store holds made-up people, so that anyone may try as anyone."""
    return find_number(unit, "demo") is not None


def swept_at(unit: Unit) -> str | None:
    """When a worker last looked at the deadlines."""
    at = find_number(unit, "swept")
    return to_text(datetime.fromtimestamp(at, tz=UTC)) if at is not None else None
