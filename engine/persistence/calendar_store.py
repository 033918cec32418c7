"""The only writer of calendars, their years and closures; each change goes into the history of settings too.

Whoever writes says :func:`engine.persistence.law_store.changed` when all is written.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from engine.persistence import late as table
from engine.persistence import setting_history as history
from engine.persistence.late import columns_of, delete
from engine.persistence.statement import Upsert
from engine.persistence.unit import Unit

_calendar, _year, _closure = (
    columns_of(model) for model in (table.Calendar, table.CalendarYear, table.Closure)
)


def put_calendar(unit: Unit, calendar: str, body: Mapping[str, Any], at: datetime) -> None:
    """What a calendar says beside its years: zone, weekend, office hours, rolls."""
    text = json.dumps(body, ensure_ascii=False)
    unit.execute(Upsert(_calendar, {"id": calendar, "body": text}, ("id",), lambda new: {"body": new.body}))
    history.note(unit, "calendar", [history.calendar(calendar, text)], at)


def digest(year: Mapping[str, Any]) -> str:
    return hashlib.sha256(_text(year).encode()).hexdigest()


def put_years(unit: Unit, calendar: str, years: Mapping[int, Mapping[str, Any]], at: datetime) -> None:
    """Published years, each in the place of what was published before."""
    for number, year in years.items():
        values = {
            "calendar": calendar,
            "year": number,
            "body": _text(year),
            "hash": digest(year),
            "source": str(year.get("source", "")),
            "published_at": at,
        }
        unit.execute(Upsert(_year, values, ("calendar", "year"), _fresh))
    history.note(unit, "year", [history.year(calendar, n, _text(year)) for n, year in years.items()], at)


def close(unit: Unit, calendar: str, office: str, day: date, reason: str, at: datetime) -> None:
    """A day on which an office is shut that is not shut on it yet; ``office`` empty: all of the calendar."""
    values = {"calendar": calendar, "unit": office, "day": day, "reason": reason}
    unit.execute(Upsert(_closure, values, ("calendar", "unit", "day"), lambda new: {"reason": new.reason}))
    history.note(unit, "closure", [history.closure(calendar, office, day, reason)], at)


def reopen(unit: Unit, calendar: str, office: str, day: date, at: datetime) -> None:
    c = _closure.c
    unit.execute(delete(_closure).where(c.calendar == calendar, c.unit == office, c.day == day))
    history.note_gone(unit, "closure", history.closure(calendar, office, day, ""), at)


def _text(year: Mapping[str, Any]) -> str:
    return json.dumps(year, sort_keys=True, ensure_ascii=False)


def _fresh(new: Any) -> dict[str, Any]:
    return {name: getattr(new, name) for name in ("body", "hash", "source", "published_at")}
