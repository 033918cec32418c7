"""Clock runs for tests: built from local times, so that a test reads like the ruling it checks."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from engine.domain import instant
from engine.domain.calendar import Calendar
from engine.domain.case import ClockRun


def at(text: str, zone: str = "Asia/Shanghai") -> datetime:
    """``2024-03-01 10:00`` in a zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def local(calendar: Calendar, moment: datetime) -> str:
    """The wall clock of a calendar's zone, to the minute."""
    return moment.astimezone(calendar.tz).strftime("%Y-%m-%d %H:%M")


def clock_run(
    calendar: Calendar,
    start: str,
    within: str | None = None,
    *,
    until: str | None = None,
    pauses: Sequence[tuple[str, str | None]] = (),
    extensions: Sequence[str] = (),
    rolls: bool | None = None,
    ends: str = "midnight",
) -> ClockRun:
    """A running clock of a calendar; times are local to it."""

    def text(moment: str) -> str:
        return instant.to_text(at(moment, calendar.zone))

    run: ClockRun = {
        "name": "limit",
        "run": 1,
        "kind": "limit",
        "start": text(start),
        "pauses": [[text(begins), text(ends_) if ends_ else None] for begins, ends_ in pauses],
        "extensions": list(extensions),
        "rolls": calendar.rolls if rolls is None else rolls,
        "ends": ends,
        "status": "running",
        "fired": {},
        "marks": {},
    }
    if within is not None:
        run["within"] = within
    if until is not None:
        run["until"] = text(until)
    return run
