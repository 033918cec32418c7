"""Stretches of time as people write them: ``2026-10..``, ``2026-10..2026-11``, ``..2026-11-15``, ``2026``,
``last 28 days``."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.domain.errors import UsageError

YEARS = range(1900, 3000)  # outside of these nobody filed anything, and arithmetic on dates ends
FIRST, LAST = date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)


def too_far(given: str) -> UsageError:
    """FM-U365, of a day or a moment that can be read and lies beyond what is counted."""
    return UsageError("FM-U365", kind="input", given=given, first=YEARS[0], last=YEARS[-1])


def too_long(given: str) -> UsageError:
    """FM-U366, of a length that can be read and ends beyond what is counted."""
    return UsageError("FM-U366", kind="input", given=given, last=YEARS[-1])


Stretch = tuple[datetime | None, datetime | None]
_DAYS = {"day": 1, "week": 7}


def stretch(given: str | None, *, at: datetime, zone: str) -> Stretch:
    """:func:`between`, or ``last 28 days``, ``last 4 weeks``, ``last 12 months``: whole ones that ended before the
    instant, weeks being seven days and months those of the calendar. FM-U303, FM-U440."""
    words = (given or "").split()
    if len(words) != 3 or words[0] != "last":
        return between(given, zone=zone)
    tz, unit = ZoneInfo(zone), words[2].removesuffix("s")
    if not words[1].isdecimal() or not 1 <= int(words[1]) <= 1200 or unit not in (*_DAYS, "month"):
        raise UsageError("FM-U303", given=given)
    end = at.astimezone(tz).date()
    if unit == "month":
        end = end.replace(day=1)
        months = end.year * 12 + end.month - 1 - int(words[1])
        begin = date(months // 12, months % 12 + 1, 1)
    else:
        begin = end - timedelta(days=_DAYS[unit] * int(words[1]))
    return _midnight(begin, tz), _midnight(end, tz)


def _midnight(day: date, tz: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=tz)


def between(given: str | None, *, zone: str) -> Stretch:
    """Half-open instants that take in both ends as they are written; FM-U303 where it cannot be read, FM-U440 where it
    ends before it begins."""
    if given is None:
        return None, None
    first, dots, last = given.partition("..")
    ends = (first, last) if dots else (first, first)
    tz = ZoneInfo(zone)
    since = _edge(ends[0], given)[0].replace(tzinfo=tz) if ends[0] else None
    until = _edge(ends[1], given)[1].replace(tzinfo=tz) if ends[1] else None
    if since and until and until <= since:
        raise UsageError("FM-U440", given=given)
    return since, until


def _edge(text: str, given: str) -> tuple[datetime, datetime]:
    """The first instant of a year, month or day, and the first after it."""
    for form, unit in (("%Y-%m-%d", "day"), ("%Y-%m", "month"), ("%Y", "year")):
        try:
            start = datetime.strptime(text, form)  # noqa: DTZ007 - the zone is put on by the caller
        except ValueError:
            continue
        if start.year in YEARS:
            return start, _after(start, unit)
    raise UsageError("FM-U303", given=given)


def _after(start: datetime, unit: str) -> datetime:
    if unit == "day":
        return start + timedelta(days=1)
    if unit == "month":
        return (start.replace(day=28) + timedelta(days=4)).replace(day=1)
    return start.replace(year=start.year + 1)


def begins(every: str, day: date) -> date:
    """The first day of the ``day``, ``week`` (from Monday) or ``month`` that a day lies in."""
    if every == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if every == "week" else day


def next_begins(every: str, day: date) -> date:
    """The first day of the step after the one that begins on a day."""
    if every == "month":
        return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return day + timedelta(days=7 if every == "week" else 1)
