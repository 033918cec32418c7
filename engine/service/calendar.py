"""Working calendars: publishing a year into data, what the store holds, and the date calculator."""

import json
from collections import defaultdict
from datetime import date, datetime
from importlib.metadata import version
from typing import Any

from sqlalchemy import func, select

from engine.domain.calendar import Calendar, Year
from engine.domain.clock import Step, plan, steps
from engine.domain.errors import UsageError
from engine.domain.instant import to_text
from engine.domain.period import YEARS, too_long
from engine.domain.spoken import length
from engine.domain.step import run_of
from engine.persistence import table
from engine.persistence.unit import Unit
from engine.service import law
from engine.service.caller import Answer, Caller

_calendar, _year, _closure = (
    table.columns_of(model) for model in (table.Calendar, table.CalendarYear, table.Closure)
)


def publish(calendar: Calendar, year: int) -> Calendar:
    """The calendar with one year taken over from the holiday library, named with its version as source.

    Only a year whose list was really published is taken: the library answers for any year and does not
    say when it merely guesses from the lunar calendar. Otherwise :class:`UsageError` FM-U274.
    """
    import holidays  # 160 ms that only a publisher pays

    try:
        known = holidays.country_holidays(calendar.id, years=[year], language="en_US")
    except NotImplementedError:
        raise UsageError("FM-U274", calendar=calendar.id, year=year) from None
    announced = [
        number for number in getattr(known, "special_public_holidays", {}) if isinstance(number, int)
    ]
    estimated = any("estimated" in name for name in known.values())
    if not announced or estimated or not min(announced) <= year <= max(announced):
        raise UsageError("FM-U274", calendar=calendar.id, year=year)
    off = frozenset(day for day in known if day.year == year)
    work: frozenset[date] = frozenset(
        day for day in getattr(known, "weekend_workdays", ()) if day.year == year and day not in off
    )
    return calendar.with_year(year, Year(off, work, f"holidays {version('holidays')}"))


# ---- the date calculator -----------------------------------------------------------------------


def when(
    unit: Unit,
    caller: Caller,
    *,
    duration: str,
    start: date | datetime | None = None,
    calendar_id: str | None = None,
    unit_code: str | None = None,
) -> Answer:
    """When a length of time ends that starts on a day or at an instant (now if not given).

    ``unit_code`` adds the closures of one office. Returns {steps[], due_at, due_date, provisional, ..}.
    """
    counted = length(duration)
    calendar = law.calendar(unit, calendar_id or default_id(unit), unit_code or "")
    begins = _instant(calendar, start) if start is not None else caller.at
    try:
        made = plan(calendar, run_of(calendar, begins, counted))
    except (OverflowError, ValueError):  # arithmetic on dates ended
        raise too_long(duration) from None
    if made.due is not None and made.due.year not in YEARS:
        raise too_long(duration)
    return {
        "duration": str(counted),
        "start": to_text(begins),
        "start_date": calendar.day_of(begins).isoformat(),
        "calendar": calendar.id,
        "zone": calendar.zone,
        "steps": [
            _step(calendar, step, counted.unit, caller.lang) for step in steps(calendar, begins, counted)
        ],
        "due_at": to_text(made.due) if made.due else None,
        "due_date": made.due_date.isoformat() if made.due_date else None,
        "provisional": made.provisional,
        "published_until": max((n for n in calendar.years if calendar.is_published(n)), default=None),
    }


def default_id(unit: Unit) -> str:
    """The first calendar of the store; FM-N005 if there is none."""
    rows = unit.execute(select(_calendar.c.id).order_by(_calendar.c.id).limit(1))
    return str(rows[0]["id"]) if rows else law.calendar(unit, "-").id


def _instant(calendar: Calendar, start: date | datetime) -> datetime:
    return start if isinstance(start, datetime) else calendar.start_of(start)


def _step(calendar: Calendar, step: Step, unit: str, lang: str) -> dict[str, Any]:
    rule_of = {"start": "start", "rolled": "roll", "count": "month" if unit in ("months", "years") else ""}
    return {
        "kind": step.kind,
        "why": step.why,
        "begins_at": to_text(step.begins),
        "ends_at": to_text(step.ends),
        "first_date": step.first.isoformat(),
        "last_date": step.last.isoformat(),
        "day_from": step.day_from,
        "day_to": step.day_to,
        "basis": calendar.law(rule_of.get(step.kind, ""), lang),
    }


# ---- what the store holds ----------------------------------------------------------------------


def list_calendars(unit: Unit, caller: Caller) -> Answer:
    """Every calendar with the years that are published."""
    years: dict[str, list[int]] = defaultdict(list)
    for row in unit.execute(select(_year.c.calendar, _year.c.year).order_by(_year.c.year)):
        years[row["calendar"]].append(row["year"])
    closed = {
        row["calendar"]: row["n"]
        for row in unit.execute(
            select(_closure.c.calendar, func.count().label("n")).group_by(_closure.c.calendar)
        )
    }
    items = []
    for row in unit.execute(select(_calendar.c.id).order_by(_calendar.c.id)):
        calendar = law.calendar(unit, row["id"])
        items.append({
            "id": calendar.id,
            "zone": calendar.zone,
            "rolls": calendar.rolls,
            "first": min(years[calendar.id], default=None),
            "last": max(years[calendar.id], default=None),
            "years": len(years[calendar.id]),
            "closures": closed.get(calendar.id, 0),
            "hash": calendar.hash,
        })  # fmt: skip
    return {"items": items, "count": len(items), "next": None, "as_of": to_text(caller.at)}


def show(unit: Unit, caller: Caller, *, calendar_id: str | None = None, year: int | None = None) -> Answer:
    """A calendar: how it counts, its years with their sources, the closures of single offices.

    ``years`` is empty where the year that was asked for is not published. :mod:`.calendar_import` reads this back.
    """
    calendar = law.calendar(unit, calendar_id or default_id(unit))
    body = calendar.to_json()
    rows = unit.execute(
        select(_year.c.year, _year.c.body, _year.c.published_at)
        .where(_year.c.calendar == calendar.id)
        .order_by(_year.c.year)
    )
    kept = [row for row in rows if year in (None, row["year"])]
    closures = unit.execute(
        select(_closure.c.unit, _closure.c.day, _closure.c.reason)
        .where(_closure.c.calendar == calendar.id)
        .order_by(_closure.c.day, _closure.c.unit)
    )
    return {
        **{key: body[key] for key in ("id", "zone", "weekend", "office", "rolls", "basis")},
        "hash": calendar.hash,
        "years": [
            {"year": row["year"], **json.loads(row["body"]), "stored_at": to_text(row["published_at"])}
            for row in kept
        ],
        "closures": [
            {"unit": row["unit"] or None, "day": row["day"].isoformat(), "reason": row["reason"]}
            for row in closures
        ],
    }
