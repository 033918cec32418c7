"""Counting along a line of time, with pieces that do not count.

All positions are integers. On a line of days a position is the *end* of a day (its ordinal), so that
"after day 10, three days" ends at 13 and the day one starts from never counts. On a line of instants it is
a second since 1970. A pause is a pair of positions; what lies between them does not count.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from engine.domain.calendar import Calendar

Pause = tuple[int, int | None]


class Line(Protocol):
    """``between`` is how much counts after a up to b; ``after`` and ``before`` walk n that count."""

    def between(self, a: int, b: int) -> int: ...

    def after(self, at: int, n: int) -> int: ...

    def before(self, at: int, n: int) -> int: ...


class Plain:
    """Every day, or every second."""

    def between(self, a: int, b: int) -> int:
        return b - a

    def after(self, at: int, n: int) -> int:
        return at + n

    def before(self, at: int, n: int) -> int:
        return at - n


PLAIN = Plain()


@dataclass(slots=True)
class WorkingDays:
    calendar: Calendar

    def between(self, a: int, b: int) -> int:
        return self.calendar.count_working(a, b)

    def after(self, at: int, n: int) -> int:
        return self.calendar.step_working(at, n)

    def before(self, at: int, n: int) -> int:
        """The working day after which n working days remain, the day of ``at`` included."""
        return at if n == 0 else self.calendar.step_working(at + 1, -n - 1)


@dataclass(slots=True)
class OfficeSeconds:
    """Seconds in office hours."""

    calendar: Calendar

    def between(self, a: int, b: int) -> int:
        return sum(min(closes, b) - max(opens, a) for opens, closes in self._open(a, b))

    def _open(self, a: int, b: int) -> list[tuple[int, int]]:
        """Opening hours that overlap the seconds a to b."""
        found: list[tuple[int, int]] = []
        day, last = self._day(a), self._day(b)
        while day <= last:
            found += [hours for hours in self._hours(day) if hours[1] > a and hours[0] < b]
            day += timedelta(days=1)
        return found

    def after(self, at: int, n: int) -> int:
        day = self._day(at)
        while n > 0:
            for opens, closes in self._hours(day):
                begins = max(opens, at)
                if closes - begins >= n:
                    return begins + n
                n -= max(0, closes - begins)
            day = self.calendar.nth_working(day, 1)
        return at

    def before(self, at: int, n: int) -> int:
        day = self._day(at)
        while n > 0:
            for opens, closes in reversed(self._hours(day)):
                ends = min(closes, at)
                if ends - opens >= n:
                    return ends - n
                n -= max(0, ends - opens)
            day = self.calendar.nth_working(day, -1)
        return at

    def _day(self, at: int) -> date:
        return self.calendar.day_of(instant_at(at))

    def _hours(self, day: date) -> list[tuple[int, int]]:
        return self.calendar.open_seconds(day)


def second_of(at: datetime) -> int:
    return int(at.timestamp())


def instant_at(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def forward(line: Line, at: int, n: int, pauses: Sequence[Pause]) -> int | None:
    """Where n that count have passed after ``at``; None if an open pause comes first.

    ``pauses`` are ordered and do not overlap.
    """
    for begins, ends in pauses:
        if ends is not None and ends <= at:
            continue
        room = line.between(at, begins) if begins > at else 0
        if n <= room:
            break
        if ends is None:
            return None
        n -= room
        at = ends
    return line.after(at, n)


def backward(line: Line, at: int, n: int, pauses: Sequence[Pause]) -> int:
    """Where n that count still remain until ``at``."""
    for begins, ends in reversed(pauses):
        if begins >= at:
            continue
        room = line.between(ends, at) if ends is not None and ends < at else 0
        if n <= room:
            break
        n -= room
        at = begins
    return line.before(at, n)


def merged(pauses: Sequence[Pause]) -> list[Pause]:
    """The same pauses in order, those that touch or overlap made one, empty ones left out."""
    found: list[Pause] = []
    for begins, ends in sorted(pauses, key=lambda pause: pause[0]):
        if ends is not None and ends <= begins:
            continue
        last = found[-1][1] if found else begins - 1
        if last is None:
            break
        if begins <= last:
            found[-1] = (found[-1][0], None if ends is None else max(last, ends))
        else:
            found.append((begins, ends))
    return found


def inside(pauses: Sequence[Pause], day: int) -> Pause | None:
    """The pause on a line of days that holds this day."""
    at = bisect_left([begins for begins, _ in pauses], day) - 1
    if at < 0:
        return None
    ends = pauses[at][1]
    return pauses[at] if ends is None or day <= ends else None
