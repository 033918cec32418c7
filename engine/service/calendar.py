"""Working calendars: publishing a year into data, and the date calculator."""

from datetime import date
from importlib.metadata import version

from engine.domain.calendar import Calendar, Year
from engine.domain.errors import UsageError


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
