"""Seconds of office hours and seconds while the law's limits stand still, of columns of instants at once.

For each calendar the open seconds up to each opening are summed once; how many lie before an instant is then one
search and one subtraction, and what lies between two instants the difference of two such numbers. So parts that follow
each other add up to the whole, in office hours as on the wall, and each is what ``engine.domain.counting`` counts.

Office hours are those of the calendar and the unit that a case has as of the instant asked for, as they were published
then.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from engine.analytics.estimate.numbering import numbered
from engine.analytics.estimate.stretches import Stretches
from engine.analytics.staying import Stays, only, watched
from engine.analytics.traces.frame import MISSING, Frame
from engine.analytics.traces.law import law
from engine.analytics.traces.shelf import Ints
from engine.domain.calendar import FIRST, LAST, Calendar
from engine.domain.counting import instant_at
from engine.domain.errors import Unavailable
from engine.domain.messages import text
from engine.persistence.as_known import as_known
from engine.persistence.unit import Unit

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Office:
    """The opening hours of one calendar between two instants: ``before[i]`` seconds are open before ``opens[i]``. The
    first of them lasts no time and is there for what lies before all others."""

    opens: Ints
    lasts: Ints
    before: Ints
    places: Stretches

    @classmethod
    def of(cls, calendar: Calendar, first: int, last: int) -> "Office":
        """Hours of all days that lie between two seconds."""
        day, end = (min(max(calendar.day_of(instant_at(at)), FIRST), LAST) for at in (first, last))
        hours: list[tuple[int, int]] = []
        while day <= end:
            hours += calendar.open_seconds(day)
            day += _DAY
        opens, closes = np.array([(first, first), *hours], np.int64).T
        opens[0] = closes[0] = min(first, int(opens.min()))
        lasts = closes - opens
        return cls(opens, lasts, np.cumsum(lasts) - lasts, Stretches(opens, last))

    def position(self, at: Ints) -> Ints:
        """How many seconds were open before each instant, none of which lies outside the two."""
        row = self.places.of(at)
        found: Ints = at - self.opens[row]
        np.minimum(found, self.lasts[row], out=found)
        found += self.before[row]
        return found


@dataclass(frozen=True, slots=True)
class Time:
    """What counts as time: ``working``: office hours alone; ``pauses``: also while the law's limits stand still."""

    working: bool = False
    pauses: bool = True

    def told(self, lang: str) -> dict[str, Any]:
        """What every answer says of the time it was measured in."""
        name = f"time_{'working' if self.working else 'wall'}_{'with' if self.pauses else 'without'}"
        return {"working": self.working, "pauses": self.pauses, "time": text(f"word.{name}", lang)}


WALL = Time()


def time_of(working: bool, pauses: bool | None) -> Time:
    """What was asked for; where nobody says, pauses are in on the wall and out of office hours."""
    return Time(working, not working if pauses is None else pauses)


class Ruler:
    """Measures what lies between two seconds of a case in the kind of time asked for."""

    def __init__(self, frame: Frame, unit: Unit, time: Time = WALL) -> None:
        self.frame, self.time = frame, time
        self._office: list[Office] = []
        self._of = np.zeros(len(frame), np.int32)
        self._still: Stays | None = None
        if time.working:
            self._open_offices(unit)
        still = None if time.pauses else _paused(frame)
        if still is not None and still.case.size:
            self._still = still
            self._paused = np.zeros(len(frame), np.bool_)
            self._paused[still.case] = True
            self._sum = np.append(0, np.cumsum(self._plain(still.case, still.begin, still.end)))

    def lengths(self, rows: Stays) -> Ints:
        """The same of stays without gaps: where one begins the one before has ended."""
        if not self.time.working or self._still is not None:
            return self.between(rows.case, rows.begin, rows.end)
        ended = self._position(rows.case, rows.end)
        first = np.flatnonzero(np.diff(rows.case, prepend=-1))
        found = np.diff(ended, prepend=0)
        found[first] = ended[first] - self._position(rows.case[first], rows.begin[first])
        return found

    def between(self, case: Ints, begin: Ints, end: Ints) -> Ints:
        """Seconds that count from ``begin`` up to ``end`` of these cases, rows in any order."""
        found = self._plain(case, begin, end)
        still = self._still
        if still is not None:
            rows = np.flatnonzero(self._paused[case])
            case, begin, end = case[rows], begin[rows], end[rows]
            found[rows] -= self._paused_before(still, case, end) - self._paused_before(still, case, begin)
        return found

    def _plain(self, case: Ints, begin: Ints, end: Ints) -> Ints:
        if not self.time.working:
            return end - begin
        return self._position(case, end) - self._position(case, begin)

    def _position(self, case: Ints, at: Ints) -> Ints:
        found = np.zeros(at.shape, np.int64)
        if len(self._office) == 1:
            return self._office[0].position(at)
        which = self._of[case]
        for number, office in enumerate(self._office):
            of_it = which == number
            found[of_it] = office.position(at[of_it])
        return found

    def _paused_before(self, still: Stays, case: Ints, at: Ints) -> Ints:
        """What counts of the pauses of all cases before this one, and of its own up to an instant."""
        row = _rows_before(still, case, at)
        own = (row >= 0) & (still.case[row] == case)
        begun = np.minimum(at, still.end[row])
        part = self._plain(case, np.where(own, still.begin[row], begun), begun)
        return np.where(own, self._sum[row] + part, self._sum[row + 1])

    def _open_offices(self, unit: Unit) -> None:
        """The calendar of each case, by its definition and its unit; offices that were never shut share one."""
        frame = self.frame
        if not len(frame):
            return
        hashes, units = frame.texts("definition"), frame.texts("unit")
        pair = frame.last_code("definition").astype(np.int64) * (len(units) + 1) + frame.last_code("unit") + 1
        present, of = numbered(pair, (len(hashes) + 1) * (len(units) + 1))
        then, known = as_known(unit, instant_at(frame.at)), dict[int, int]()
        numbers = []
        span = int(frame.filed.min()), max(frame.at, int(frame.closed.max()))
        for one in present.tolist():
            definition, office = divmod(one, len(units) + 1)
            name = _calendar_of(unit, hashes[definition])
            found = then.calendar(name, units[office - 1] if office else "")
            if id(found) not in known:
                known[id(found)] = len(self._office)
                self._office.append(Office.of(found, *span))
            numbers.append(known[id(found)])
        self._of = np.array(numbers, np.int32)[of]


def _calendar_of(unit: Unit, content_hash: str) -> str:
    definition = law(unit, content_hash).definition
    if definition is None:
        raise Unavailable("FM-S020", kind="store", hash=content_hash[:12])
    return definition.calendar


def _paused(frame: Frame) -> Stays:
    """When the law's limits stood still; half-open, in the order of cases and of time."""
    still = [1 if text == "1" else 0 for text in frame.texts("still")]
    end = np.full(len(frame), max(frame.at, int(frame.closed.max(initial=MISSING))), np.int64)
    return only(frame, "still", still, end, 1)


def _rows_before(rows: Stays, case: Ints, at: Ints) -> Ints:
    """The last row that begins before each instant of its case or of a case before it; -1 where there is none."""
    first = int(rows.begin.min())
    width = int(max(rows.begin.max(), at.max(initial=first))) - first + 2
    keys = rows.case * width + (rows.begin - first + 1)
    wanted = case * width + np.clip(at - first + 1, 0, width - 1)
    return np.searchsorted(keys, wanted, side="left") - 1


def lasting(frame: Frame, unit: Unit, ended: Ints, time: Time) -> Ints:
    """As ``frame.lasting``, in the kind of time asked for."""
    if time == WALL:
        return frame.lasting(ended)
    until = np.maximum(frame.filed, np.where(ended >= 0, ended, watched(frame)))
    return Ruler(frame, unit, time).between(np.arange(len(frame)), frame.filed, until)


def paused_seconds(frame: Frame, end: Ints) -> Ints:
    """How long the law's limits stood still in each case from its filing to ``end``, on the wall."""
    found = np.zeros(len(frame), np.int64)
    still = _paused(frame)
    np.add.at(found, still.case, np.maximum(0, np.minimum(still.end, end[still.case]) - still.begin))
    return found
