"""The course of one clock run: from its start, leg by leg, to its due moment.

Rulings kept here. The day of the start does not count (Civil Code art. 201); a month ends on the
corresponding day, else on the last of the month (art. 202); a last day without work moves to the next
working day if the clock rolls (art. 203); days touched by a pause, both ends included, do not count,
while hours and minutes pause by the instant; an extension goes on from the last counted day before it
was rolled, and only then rolls. Only ends in days roll. A fixed instant (``until``) is neither moved by
pauses nor rolled; while a pause is open nothing is due.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from engine.domain import instant
from engine.domain.calendar import Calendar
from engine.domain.case import ClockRun
from engine.domain.counting import (
    PLAIN,
    Line,
    OfficeSeconds,
    Pause,
    WorkingDays,
    forward,
    inside,
    instant_at,
    merged,
    second_of,
)
from engine.domain.duration import Duration


class Leg(NamedTuple):
    """Lengths of one kind in a row. ``n`` count on the line, ``own`` of them without any extension."""

    unit: str  # cd, wd, months, s, office
    days: bool
    at: int
    n: int
    own: int
    end: int | None


@dataclass(slots=True)
class Course:
    """``due`` is None while an open pause holds the clock; ``last_day`` is the last counted day."""

    calendar: Calendar
    run: ClockRun
    start: datetime
    start_day: date
    seconds: list[Pause]
    days: list[Pause]
    legs: list[Leg] = field(default_factory=list)
    last_day: date | None = None
    due: datetime | None = None
    due_date: date | None = None
    provisional: bool = False

    def line(self, unit: str) -> Line:
        if unit == "wd":
            return WorkingDays(self.calendar)
        return OfficeSeconds(self.calendar) if unit == "office" else PLAIN

    def pauses(self, *, days: bool) -> list[Pause]:
        return self.days if days else self.seconds


def course_of(calendar: Calendar, run: ClockRun) -> Course:
    start = instant.from_text(run["start"])
    dated = run.get("dated")
    seconds = _pauses(run) if run["pauses"] else []
    course = Course(
        calendar,
        run,
        start,
        date.fromisoformat(dated) if dated else calendar.day_of(start),
        seconds,
        _paused_days(calendar, seconds) if seconds else [],
    )
    _walk(course)
    return course


def _pauses(run: ClockRun) -> list[Pause]:
    return merged([(_second(begins), _second(ends) if ends else None) for begins, ends in run["pauses"]])


def _second(text: str | None) -> int:
    if text is None:
        raise ValueError("a pause without a beginning")
    return second_of(instant.from_text(text))


def _paused_days(calendar: Calendar, seconds: Sequence[Pause]) -> list[Pause]:
    """Days touched, first and last included; a pause that ends at midnight does not touch the new day."""
    return merged(
        [
            (
                calendar.day_of(instant_at(begins)).toordinal() - 1,
                None if ends is None else calendar.last_day_of(instant_at(ends)).toordinal(),
            )
            for begins, ends in seconds
        ]
    )


def lengths(run: ClockRun) -> tuple[tuple[str, int, int], ...]:
    """(unit, n, of which own) in order, neighbours of one kind joined: two extensions of a month are
    two months from the start, not one month twice."""
    return _joined(run.get("within"), tuple(run["extensions"]))


@lru_cache(maxsize=1024)
def _joined(within: str | None, extensions: tuple[str, ...]) -> tuple[tuple[str, int, int], ...]:
    given = [] if within is None else [(within, True)]
    joined: list[tuple[str, int, int]] = []
    for text, own in [*given, *((text, False) for text in extensions)]:
        unit, n = _common(Duration.parse(text))
        if joined and joined[-1][0] == unit:
            _, before, mine = joined.pop()
            joined.append((unit, before + n, mine))
        else:
            joined.append((unit, n, n if own else 0))
    return tuple(joined)


def _common(length: Duration) -> tuple[str, int]:
    if not length.in_days:
        return ("office" if length.unit == "wh" else "s"), length.seconds
    if length.unit == "years":
        return "months", length.n * 12
    return length.unit, length.n


def _walk(course: Course) -> None:
    calendar, until = course.calendar, course.run.get("until")
    at, last_is_day = second_of(course.start), False
    day = course.start_day.toordinal()
    if until is not None:
        at = second_of(instant.from_text(until))
        day = calendar.last_day_of(instant_at(at)).toordinal()
        if _open_before(course.seconds, at):
            return
    for unit, n, own in lengths(course.run):
        last_is_day = unit in ("cd", "wd", "months")
        leg = _leg(course, unit, n, own, day if last_is_day else at)
        course.legs.append(leg)
        if leg.end is None:
            return
        if last_is_day:
            day = leg.end
            at = second_of(calendar.end_of(date.fromordinal(day)))
        else:
            at = leg.end
            day = calendar.last_day_of(instant_at(at)).toordinal()
    course.last_day = date.fromordinal(day)
    _finish(course, at, by_day=last_is_day)


def _open_before(seconds: Sequence[Pause], at: int) -> bool:
    return bool(seconds) and seconds[-1][1] is None and seconds[-1][0] < at


def _leg(course: Course, unit: str, n: int, own: int, at: int) -> Leg:
    days = unit in ("cd", "wd", "months")
    if unit == "months":
        n, own = month_days(at, n), month_days(at, own)
    end = forward(course.line(unit), at, n, course.pauses(days=days))
    return Leg(unit, days, at, n, own, end)


def month_days(day: int, months: int) -> int:
    """How many days that many months are, counted from a day (its ordinal)."""
    start = date.fromordinal(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last)).toordinal() - day


def _finish(course: Course, at: int, *, by_day: bool) -> None:
    """Rolls the last day, finds the moment, and says whether an unpublished year was relied on."""
    calendar, last = course.calendar, course.last_day
    if last is None:
        raise ValueError("a course without a last day")
    relied = any(leg.unit in ("wd", "office") for leg in course.legs)
    if not by_day:
        course.due, course.due_date = instant_at(at), last
        course.provisional = relied and _unpublished(calendar, course.start_day, last)
        return
    business = course.run["ends"] == "business"
    rolled = roll(calendar, last, course.days) if course.run["rolls"] else last
    if rolled is None:
        return
    course.due_date = rolled
    course.due = close_of(calendar, rolled) if business else calendar.end_of(rolled)
    since = course.start_day if relied else last
    looked_at = relied or business or course.run["rolls"]
    course.provisional = looked_at and _unpublished(calendar, since, rolled)


def roll(calendar: Calendar, day: date, pauses: Sequence[Pause]) -> date | None:
    """The day itself if it is a working day, else the next that is one and is not paused."""
    if calendar.is_working(day):
        return day
    paused = None
    while not calendar.is_working(day) or paused is not None:
        if paused is not None and paused[1] is None:
            return None
        day = date.fromordinal(day.toordinal() + 1)
        paused = inside(pauses, day.toordinal())
    return day


def close_of(calendar: Calendar, day: date) -> datetime:
    """When business closes on a day; 24:00 where there is none."""
    hours = calendar.office_of(day)
    return hours[-1][1] if hours else calendar.end_of(day)


def _unpublished(calendar: Calendar, since: date, until: date) -> bool:
    return any(not calendar.is_published(year) for year in range(since.year, until.year + 1))


def percent_of(n: int, percent: int) -> int:
    """A share of a length, rounded up: the end of the day (or second) in which it is reached."""
    return -(-n * percent // 100)
