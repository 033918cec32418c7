"""The date calculator: how a length of time leads from a start to a due date, day by day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from engine.domain import instant
from engine.domain.calendar import Calendar
from engine.domain.case import ClockRun
from engine.domain.course import course_of
from engine.domain.duration import Duration
from engine.domain.interval import Interval, intervals

_BEYOND_DAYS = ("holiday", "closure", "weekend")


@dataclass(frozen=True, slots=True)
class Step:
    """``why`` is a word of :data:`engine.domain.interval.Why`, or the kind of the last day for ``rolled``
    (then first and last are the free days around it). ``day_from`` and ``day_to`` number counted days."""

    kind: Literal["start", "count", "skip", "rolled", "due"]
    why: str
    begins: datetime
    ends: datetime
    first: date
    last: date
    day_from: int | None = None
    day_to: int | None = None


def run_of(calendar: Calendar, start: datetime, length: Duration) -> ClockRun:
    """A run that has just begun, rolling as its calendar does."""
    return {
        "name": "when",
        "run": 1,
        "kind": "limit",
        "start": instant.to_text(start),
        "within": str(length),
        "pauses": [],
        "extensions": [],
        "rolls": calendar.rolls,
        "ends": "midnight",
        "status": "running",
        "fired": {},
        "marks": {},
    }


def steps(calendar: Calendar, start: datetime, duration: Duration) -> list[Step]:
    """From the start, which for lengths in days does not count, to the due moment."""
    course = course_of(calendar, run_of(calendar, start, duration))
    if course.due is None or course.due_date is None or course.last_day is None:
        raise ValueError("a run without pauses has a due date")
    found = list(_walked(calendar, intervals(calendar, course.run, course.due), days=duration.in_days))
    if not duration.in_days:
        day = calendar.day_of(start)
        found.insert(0, Step("start", "counted", course.start, course.start, day, day))
    if course.last_day != course.due_date:
        found.append(_rolled(calendar, course.last_day, course.due_date))
    found.append(Step("due", "due", course.due, course.due, course.due_date, course.due_date))
    return found


def _walked(calendar: Calendar, pieces: list[Interval], *, days: bool) -> Iterator[Step]:
    n = 0
    for piece in pieces:
        first, last = calendar.day_of(piece.start), calendar.last_day_of(piece.end)
        if piece.why == "rolled":
            continue
        if piece.why == "start_day":
            yield Step("start", piece.why, piece.start, piece.end, first, last)
        elif piece.counted and days:
            before, n = n, n + (last - first).days + 1
            yield Step("count", piece.why, piece.start, piece.end, first, last, before + 1, n)
        else:
            kind: Literal["count", "skip"] = "count" if piece.counted else "skip"
            yield Step(kind, piece.why, piece.start, piece.end, first, last)


def _rolled(calendar: Calendar, last_day: date, due: date) -> Step:
    first, last = calendar.free_run(last_day)
    kinds = {calendar.why(date.fromordinal(n)) for n in range(first.toordinal(), last.toordinal() + 1)}
    why = next(kind for kind in _BEYOND_DAYS if kind in kinds)
    return Step("rolled", why, calendar.start_of(first), calendar.start_of(due), first, last)
