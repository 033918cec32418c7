"""When a clock run is due and when its marks fall: arithmetic on a calendar, no state, no clock on the wall."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal, NamedTuple

from engine.domain import instant
from engine.domain.calendar import Calendar
from engine.domain.case import ClockRun
from engine.domain.counting import backward, forward, instant_at, second_of
from engine.domain.course import Course, lengths, month_days, percent_of
from engine.domain.duration import Duration, Mark
from engine.domain.interval import Interval, intervals
from engine.domain.joined import courses, governing, told_of
from engine.domain.step import Step, steps

__all__ = ["Interval", "Plan", "Step", "intervals", "plan", "planned", "rebase", "steps"]


PLANNED: tuple[Literal["due", "due_date", "provisional"], ...] = ("due", "due_date", "provisional")


class Plan(NamedTuple):
    """``due`` ends ``due_date`` at 24:00 or at close of business. Both are None, and marks that would
    come later are absent, while an open pause holds the clock. ``provisional``: a year was relied on
    whose working days nobody has published."""

    due: datetime | None
    due_date: date | None
    provisional: bool
    marks: dict[str, datetime]


def plan(calendar: Calendar, run: ClockRun, marks: Sequence[str] = ()) -> Plan:
    """The plan of a run. Marks in days fall at 24:00 of their day and never roll; none falls before
    the start. Where deadlines of other cases are joined, the earliest says when it is due and what is marked."""
    course = governing(courses(calendar, run))
    return Plan(course.due, course.due_date, course.provisional, _falls(course, marks))


def _falls(course: Course, marks: Sequence[str]) -> dict[str, datetime]:
    falls = {}
    for text in marks:
        at = _fall(course, Mark.parse(text))
        if at is not None:
            falls[text] = max(at, course.start)
    return falls


def planned(calendar: Calendar, run: ClockRun, marks: Sequence[str] = ()) -> ClockRun:
    """The run with what its plan says in the place of what an earlier plan said."""
    made = plan(calendar, run, marks)
    new = run.copy()
    for name in PLANNED:
        new.pop(name, None)
    new["marks"] = {mark: instant.to_text(at) for mark, at in made.marks.items()}
    if made.due is not None and made.due_date is not None:
        new["due"], new["due_date"] = instant.to_text(made.due), made.due_date.isoformat()
    if made.provisional:
        new["provisional"] = True
    if "joined" in new:
        alone = _falls(courses(calendar, new)[0], marks)
        new["own_marks"] = {mark: instant.to_text(at) for mark, at in alone.items()}
    return told_of(calendar, new)


def rebase(run: ClockRun, new_within: str) -> ClockRun:
    """The run under another length, still to be planned: from its own start, with its pauses and extensions."""
    return {**run, "within": str(Duration.parse(new_within))}


def _fall(course: Course, mark: Mark) -> datetime | None:
    if mark.kind == "percent":
        return _share(course, mark.percent)
    if mark.kind == "after":
        return _after(course, course.start_day, course.start, mark.length)
    if course.due is None or course.due_date is None or mark.kind == "due":
        return course.due
    if mark.kind == "after_due":
        return _after(course, course.due_date, course.due, mark.length)
    return _before(course, course.due_date, course.due, mark.length)


def _after(course: Course, day: date, at: datetime, length: Duration) -> datetime | None:
    pauses = course.pauses(days=length.in_days)
    if not length.in_days:
        line = course.line("office" if length.unit == "wh" else "s")
        second = forward(line, second_of(at), length.seconds, pauses)
        return None if second is None else instant_at(second)
    n = _days_of(length, day, 1)
    found = forward(course.line(length.unit), day.toordinal(), n, pauses)
    return None if found is None else course.calendar.end_of(date.fromordinal(found))


def _before(course: Course, day: date, at: datetime, length: Duration) -> datetime:
    pauses = course.pauses(days=length.in_days)
    if not length.in_days:
        line = course.line("office" if length.unit == "wh" else "s")
        return instant_at(backward(line, second_of(at), length.seconds, pauses))
    n = _days_of(length, day, -1)
    found = backward(course.line(length.unit), day.toordinal(), n, pauses)
    return course.calendar.end_of(date.fromordinal(found))


def _days_of(length: Duration, day: date, sign: int) -> int:
    if length.unit not in ("months", "years"):
        return length.n
    months = length.n * (12 if length.unit == "years" else 1)
    return abs(month_days(day.toordinal(), sign * months))


def _share(course: Course, percent: int) -> datetime | None:
    """N% of the whole length, extensions included. A fixed instant, or hours mixed with days, have no
    common count: there it is the share of the time between start and due."""
    legs = course.legs
    alike = {(leg.days, leg.unit == "office") for leg in legs}
    if "until" in course.run or len(alike) != 1:
        if course.due is None:
            return None
        elapsed = second_of(course.due) - second_of(course.start)
        return instant_at(second_of(course.start) + percent_of(elapsed, percent))
    if legs[-1].end is None and len(legs) < len(lengths(course.run)):
        return None
    wanted = percent_of(sum(leg.n for leg in legs), percent)
    for leg in legs:
        if wanted > leg.n:
            wanted -= leg.n
            continue
        found = forward(course.line(leg.unit), leg.at, wanted, course.pauses(days=leg.days))
        if found is None:
            return None
        return course.calendar.end_of(date.fromordinal(found)) if leg.days else instant_at(found)
    raise ValueError("a share beyond the whole")
