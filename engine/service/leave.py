"""Leave: who is away from when until when, and what work stays behind."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, or_, select

from engine.domain import organisation as org
from engine.domain.errors import NotFound, UsageError
from engine.persistence import organisation_store, table
from engine.persistence.table import columns_of
from engine.persistence.unit import Unit
from engine.service import directory, stand_in
from engine.service.authority import require
from engine.service.caller import Answer, Caller
from engine.service.person import by_seat, check_days, open_cases, resolve_person, sits
from engine.service.today import ZONE, find_calendar, iso, today

_absence, _case, _clock = (columns_of(m).c for m in (table.Absence, table.Case, table.ClockRun))

Told = dict[str, Any]


def away(
    unit: Unit,
    caller: Caller,
    *,
    persons: Sequence[str],
    until: date | None = None,
    since: date | None = None,
    reason: str | None = None,
    substitute: str | None = None,
) -> Answer:
    """Leave, from today unless said otherwise, both days included. Tells what work is left behind, and for each who
    stands in on the first day (``acting``).

    A leave that already covers the first day gets the new end. ``substitute`` has the roles of the absent meanwhile:
    FM-U381 for one without an appointment, FM-R520 where nobody would be left in the end.
    """
    first = since or today(unit, caller)
    check_days(first, until)
    codes = [resolve_person(unit, given) for given in persons]
    for code in codes:
        require(unit, caller, "leave", about=code)
    other = _substitute(unit, codes, substitute, first, until)
    for code in codes:
        running = _absences_on(unit, code, first)
        if running:
            _end_absences(unit, caller, running, until, reason, other)
        else:
            absence = org.Absence(code, first, until, reason or "", other)
            organisation_store.add(unit, [absence], at=caller.at)
    acting = stand_in.present(unit, codes, first)
    items = [
        {**_left_behind(unit, caller, code, until), "substitute": other, "acting": acting.get(code)}
        for code in codes
    ]
    return {
        "items": items,
        "count": len(items),
        "since": first.isoformat(),
        "until": iso(until),
        "working_days": _working_days(unit, first, until),
        "open_cases": sum(item["open_cases"] for item in items),
        "due": sum(item["due"] for item in items),
    }


def _substitute(
    unit: Unit, persons: Sequence[str], given: str | None, since: date, until: date | None
) -> str | None:
    if given is None:
        return None
    code = resolve_person(unit, given)
    if not directory.appointments(unit, code, since):
        raise UsageError("FM-U381", person=code, day=since.isoformat())
    stand_in.check(unit, persons, code, since, until)
    return code


def back(unit: Unit, caller: Caller, *, persons: Sequence[str], on: date | None = None) -> Answer:
    """Back at work from a day on, today unless said otherwise. FM-N024 for those not away."""
    day = on or today(unit, caller)
    codes = [resolve_person(unit, given) for given in persons]
    for code in codes:
        require(unit, caller, "leave", about=code)
    items = []
    for code in codes:
        running = _absences_on(unit, code, day)
        if not running:
            raise NotFound("FM-N024", person=code, day=day.isoformat())
        _end_absences(unit, caller, running, day - timedelta(days=1), None)
        items.append({**_held(unit, caller, code), "since": day.isoformat()})
    return {"items": items, "count": len(items), "since": day.isoformat()}


def _absences_on(unit: Unit, code: str, day: date) -> tuple[org.Absence, ...]:
    lasts = or_(_absence.until.is_(None), _absence.until >= day)
    return organisation_store.find(unit, org.Absence, _absence.person == code, _absence.since <= day, lasts)


def _end_absences(
    unit: Unit,
    caller: Caller,
    running: Sequence[org.Absence],
    until: date | None,
    reason: str | None,
    substitute: str | None = None,
) -> None:
    more = {"reason": reason, "substitute": substitute}
    said: dict[str, Any] = {name: value for name, value in more.items() if value}
    for one in running:
        if until is not None and until < one.since:  # a leave that never began
            organisation_store.remove(unit, one, at=caller.at)
        else:
            organisation_store.put(unit, one, replace(one, until=until, **said), at=caller.at)


def _left_behind(unit: Unit, caller: Caller, code: str, until: date | None) -> Told:
    """Open cases where the person sits, and how many of them have a limit that ends before he is back."""
    due = select(func.count(_case.id.distinct()).label("n")).where(
        sits(unit, caller, code), _clock.case_id == _case.id, _clock.kind == "limit"
    )
    due = due.where(_clock.stopped_at.is_(None))
    if until is not None:
        last = datetime.combine(until + timedelta(days=1), time(), ZONE)  # 24:00 of the last day away
        due = due.where(_clock.due_at <= last)
    return {**_held(unit, caller, code), "due": unit.execute(due)[0]["n"]}


def _held(unit: Unit, caller: Caller, code: str) -> Told:
    """How many open cases a person holds a seat of, and how many on which seat."""
    cases = open_cases(unit, caller, code)
    return {"person": code, "open_cases": len(cases), "seats": by_seat(cases)}


def _working_days(unit: Unit, first: date, until: date | None) -> int | None:
    calendar = find_calendar(unit)
    if until is None or calendar is None:
        return None
    days = (first + timedelta(days=n) for n in range((until - first).days + 1))
    return sum(calendar.is_working(day) for day in days)
