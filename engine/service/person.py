"""People: who is there, leave, appointments. Authority is an appointment with its first and last day."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Any

from sqlalchemy import ClauseElement, delete, func, or_, select, update

from engine.domain import organisation as org
from engine.domain.errors import Conflict, NotFound, UsageError
from engine.domain.instant import to_text
from engine.persistence import organisation_store, table
from engine.persistence.table import columns_of
from engine.persistence.unit import Unit
from engine.routing.candidate import Candidate
from engine.service import directory, law
from engine.service.caller import Answer, Caller
from engine.service.place import resolve_unit, units_below
from engine.service.today import ZONE, find_calendar, today

_person, _held = columns_of(table.Person).c, columns_of(table.Appointment).c
_absence, _case, _clock = (columns_of(m).c for m in (table.Absence, table.Case, table.ClockRun))

Told = dict[str, Any]


def resolve_person(unit: Unit, given: str) -> str:
    """The code of a person from a code or a name that only one has; FM-N022, FM-U003."""
    text = given.strip()
    rows = unit.execute(select(_person.code).where(or_(_person.code == text, _person.name == text)))
    exact = [row for row in rows if row["code"] == text] or rows
    if not exact:
        raise NotFound("FM-N022", text=text)
    if len(exact) > 1:
        command = "person list"
        raise UsageError(
            "FM-U003", text=text, count=len(exact), what="persons", what_zh="人员", command=command
        )
    return str(exact[0]["code"])


# ---- reading -----------------------------------------------------------------------------------


def list_persons(
    unit: Unit,
    caller: Caller,
    *,
    unit_code: str | None = None,
    role: str | None = None,
    on: date | None = None,
    limit: int | None = 500,
) -> Answer:
    """People with an appointment on a day: of a unit and those below it, of one role, or all."""
    day = on or today(unit, caller)
    found = directory.standing(unit, day, *([_held.role == role] if role else []))
    if unit_code:
        below = units_below(unit, resolve_unit(unit, unit_code))
        found = [c for c in found if c.unit in below]
    names = {row["code"]: row["name"] for row in unit.execute(select(_person.code, _person.name))}
    people: dict[str, list[Candidate]] = {}
    for candidate in found:
        people.setdefault(candidate.person, []).append(candidate)
    items = [_line(code, names.get(code, ""), held) for code, held in people.items()]
    return {
        "items": items if limit is None else items[:limit],
        "count": len(items),
        "away": sum(item["away"] for item in items),
        "on": day.isoformat(),
    }


def _line(code: str, name: str, held: Sequence[Candidate]) -> Told:
    first = held[0]
    return {
        "code": code,
        "name": name,
        "roles": list(dict.fromkeys(c.role for c in held)),
        "units": list(dict.fromkeys(c.unit for c in held)),
        "load": first.load,
        "cap": min(c.cap for c in held),
        "on_duty": next((c.on_duty for c in held if c.on_duty is not None), None),
        "away": first.away,
        "away_until": _iso(first.away_until),
    }


def show_person(unit: Unit, caller: Caller, *, person: str, on: date | None = None) -> Answer:
    """One person with all appointments and absences, past and coming, and the open cases held."""
    day = on or today(unit, caller)
    code = resolve_person(unit, person)
    head = unit.execute(select(_person.code, _person.name, _person.phone).where(_person.code == code))[0]
    held = unit.execute(
        select(_held.role, _held.unit, _held.since, _held.until, _held.capacity, _held.skills, _held.basis)
        .where(_held.person == code)
        .order_by(_held.since, _held.role)
    )
    leave = unit.execute(
        select(_absence.since, _absence.until, _absence.reason)
        .where(_absence.person == code)
        .order_by(_absence.since)
    )
    standing = directory.standing(unit, day, _held.person == code)
    return {
        **head,
        "appointments": [_dated(row, day) for row in held],
        "absences": [_dated(row, day) for row in leave],
        "load": standing[0].load if standing else 0,
        "away_until": _iso(standing[0].away_until) if standing else None,
        "cases": _open_cases(unit, code),
        "on": day.isoformat(),
    }


def _dated(row: Told, on: date) -> Told:
    valid = (row["since"] is None or row["since"] <= on) and (row["until"] is None or row["until"] >= on)
    return {**row, "since": _iso(row["since"]), "until": _iso(row["until"]), "valid": valid}


def _open_cases(unit: Unit, code: str) -> list[Told]:
    rows = unit.execute(
        select(_case.ref, _case.case_type, _case.state, _case.risk, _case.place, _case.next_due_at)
        .where(_case.holder == code, _is_open())
        .order_by(_case.next_due_at, _case.ref)
    )
    return [
        {
            "ref": row["ref"],
            "type": row["case_type"],
            "state": row["state"],
            "risk": row["risk"],
            "place": row["place"],
            "next_due_at": to_text(row["next_due_at"]) if row["next_due_at"] else None,
        }
        for row in rows
    ]


def _is_open() -> Any:
    return or_(*[_case.phase == name for name in directory.OPEN_PHASES])


# ---- leave -------------------------------------------------------------------------------------


def away(
    unit: Unit,
    caller: Caller,
    *,
    persons: Sequence[str],
    until: date | None = None,
    since: date | None = None,
    reason: str | None = None,
) -> Answer:
    """Leave, from today unless said otherwise, both days included. Tells what work is left behind.

    A leave that already covers the first day gets the new end.
    """
    first = since or today(unit, caller)
    _check_days(first, until)
    codes = [resolve_person(unit, given) for given in persons]
    for code in codes:
        running = _absences_on(unit, code, first)
        if running:
            _end_absences(unit, running, until, reason)
        else:
            organisation_store.add(unit, [org.Absence(code, first, until, reason or "")])
    items = [_left_behind(unit, code, until) for code in codes]
    return {
        "items": items,
        "count": len(items),
        "since": first.isoformat(),
        "until": _iso(until),
        "working_days": _working_days(unit, first, until),
        "open_cases": sum(item["open_cases"] for item in items),
        "due": sum(item["due"] for item in items),
    }


def back(unit: Unit, caller: Caller, *, persons: Sequence[str], on: date | None = None) -> Answer:
    """Back at work from a day on, today unless said otherwise. FM-N024 for those not away."""
    day = on or today(unit, caller)
    codes = [resolve_person(unit, given) for given in persons]
    items = []
    for code in codes:
        running = _absences_on(unit, code, day)
        if not running:
            raise NotFound("FM-N024", person=code, day=day.isoformat())
        _end_absences(unit, running, day - timedelta(days=1), None)
        items.append({"person": code, "since": day.isoformat(), "open_cases": len(_open_cases(unit, code))})
    return {"items": items, "count": len(items), "since": day.isoformat()}


def _absences_on(unit: Unit, code: str, day: date) -> list[Told]:
    query = select(_absence.id, _absence.since).where(
        _absence.person == code, _absence.since <= day, or_(_absence.until.is_(None), _absence.until >= day)
    )
    return unit.execute(query)


def _end_absences(unit: Unit, running: Sequence[Told], until: date | None, reason: str | None) -> None:
    core = columns_of(table.Absence)
    for row in running:
        mine = core.c.id == row["id"]
        change: ClauseElement = update(core).where(mine).values({"until": until})
        if until is not None and until < row["since"]:
            change = delete(core).where(mine)  # a leave that never began
        elif reason:
            change = update(core).where(mine).values({"until": until, "reason": reason})
        unit.execute(change)


def _left_behind(unit: Unit, code: str, until: date | None) -> Told:
    """Open cases, and how many of them have a limit that ends before the person is back."""
    held = unit.execute(select(func.count().label("n")).where(_case.holder == code, _is_open()))
    due = select(func.count(_case.id.distinct()).label("n")).where(
        _case.holder == code, _is_open(), _clock.case_id == _case.id, _clock.kind == "limit"
    )
    due = due.where(_clock.stopped_at.is_(None))
    if until is not None:
        last = datetime.combine(until + timedelta(days=1), time(), ZONE)  # 24:00 of the last day away
        due = due.where(_clock.due_at <= last)
    return {"person": code, "open_cases": held[0]["n"], "due": unit.execute(due)[0]["n"]}


def _working_days(unit: Unit, first: date, until: date | None) -> int | None:
    calendar = find_calendar(unit)
    if until is None or calendar is None:
        return None
    days = (first + timedelta(days=n) for n in range((until - first).days + 1))
    return sum(calendar.is_working(day) for day in days)


# ---- appointments ------------------------------------------------------------------------------


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
    first = since or today(unit, caller)
    _check_days(first, until)
    _check_role(unit, role)
    office = resolve_unit(unit, unit_code)
    code = _made(unit, person.strip(), first) if new else resolve_person(unit, person)
    held = _appointments(unit, code, role, office, first)
    if held:
        began = _iso(held[0]["since"]) or "-"
        raise Conflict("FM-C051", person=code, role=role, unit=office, since=began)
    made = org.Appointment(code, role, office, first, until, capacity, tuple(skills), basis or "")
    organisation_store.add(unit, [made])
    organisation_store.changed(unit)
    return {
        "person": code,
        "role": role,
        "unit": office,
        "since": first.isoformat(),
        "until": _iso(until),
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
    last = until or today(unit, caller)
    code = resolve_person(unit, person)
    office = resolve_unit(unit, unit_code) if unit_code else None
    held = _appointments(unit, code, role, office, last)
    if not held:
        where = office or "-"
        raise NotFound("FM-N023", person=code, role=role, unit=where, day=last.isoformat())
    core = columns_of(table.Appointment)
    for row in held:
        unit.execute(update(core).where(core.c.id == row["id"]).values({"until": last}))
    organisation_store.changed(unit)
    return {
        "person": code,
        "role": role,
        "units": [row["unit"] for row in held],
        "until": last.isoformat(),
        "open_cases": len(_open_cases(unit, code)),
    }


def _made(unit: Unit, code: str, since: date) -> str:
    if not unit.execute(select(_person.code).where(_person.code == code)):
        organisation_store.add(unit, [org.Person(code, since=since)])
    return code


def _appointments(unit: Unit, code: str, role: str, office: str | None, on: date) -> list[Told]:
    query = select(_held.id, _held.unit, _held.since).where(
        _held.person == code, _held.role == role, directory.valid(_held, on)
    )
    return unit.execute(query.where(_held.unit == office) if office else query)


def _check_role(unit: Unit, role: str) -> None:
    known = law.vocabulary(unit).roles
    if known and role not in known:
        near = get_close_matches(role, known, 3) or sorted(known)
        raise UsageError("FM-U051", value=role, near=", ".join(near))


def _check_days(since: date, until: date | None) -> None:
    if until is not None and until < since:
        raise UsageError("FM-U052", since=since.isoformat(), until=until.isoformat())


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
