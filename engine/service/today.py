"""Which day it is for people: days of appointments and absences are local, instants are UTC."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from engine.domain.calendar import Calendar
from engine.domain.errors import NotFound
from engine.persistence.unit import Unit
from engine.service import law
from engine.service.caller import Caller

CALENDAR = "CN"
ZONE = ZoneInfo("Asia/Shanghai")  # where no calendar is stored yet


def today(unit: Unit, caller: Caller) -> date:
    """The caller's day by the calendar of the store."""
    return day_of(unit, caller.now)


def day_of(unit: Unit, at: datetime) -> date:
    """The day of an instant by the calendar of the store."""
    calendar = find_calendar(unit)
    return calendar.day_of(at) if calendar else at.astimezone(ZONE).date()


def find_calendar(unit: Unit) -> Calendar | None:
    """The calendar that working days of people are counted by; None in a store that has none yet."""
    try:
        return law.calendar(unit, CALENDAR)
    except NotFound:
        return None


def iso(day: date | None) -> str | None:
    """A day as JSON."""
    return day.isoformat() if day else None
