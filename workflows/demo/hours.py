"""When people work: the desk at any hour, offices by the calendar, villagers by daylight and evening."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from engine.domain.calendar import Calendar

OPENS, SHUTS = time(8, 10), time(17, 20)
RISES, RESTS = time(7, 30), time(20, 40)
DAY = timedelta(days=1)

Hours = Callable[[datetime, timedelta], datetime]  # from an instant, after so much of one's own working time


class Times:
    """Adds lengths of working time to instants."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar

    def office(self, since: datetime, length: timedelta) -> datetime:
        """After so many hours in which the offices are open."""
        return self._add(since, length, OPENS, SHUTS, working=True)

    def awake(self, since: datetime, length: timedelta) -> datetime:
        """After so many waking hours, on any day."""
        return self._add(since, length, RISES, RESTS, working=False)

    def _add(
        self, since: datetime, length: timedelta, begins: time, ends: time, *, working: bool
    ) -> datetime:
        zone = self.calendar.tz
        at = since.astimezone(zone)
        while True:
            start = max(at, datetime.combine(at.date(), begins, zone))
            end = datetime.combine(at.date(), ends, zone)
            if start < end and not (working and not self.calendar.is_working(at.date())):
                if length <= end - start:
                    return start + length
                length -= end - start
            at = datetime.combine(at.date() + DAY, time(), zone)
