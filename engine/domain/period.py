"""Stretches of time as people write them: ``2026-10..``, ``2026-10..2026-11``, ``..2026-11-15``, ``2026``."""

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


def between(given: str | None, *, zone: str) -> tuple[datetime | None, datetime | None]:
    """Half-open instants that take in both ends as they are written; FM-U303 where it cannot be read."""
    if given is None:
        return None, None
    first, dots, last = given.partition("..")
    ends = (first, last) if dots else (first, first)
    tz = ZoneInfo(zone)
    since = _edge(ends[0], given)[0].replace(tzinfo=tz) if ends[0] else None
    until = _edge(ends[1], given)[1].replace(tzinfo=tz) if ends[1] else None
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
