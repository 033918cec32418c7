"""A working calendar as a value: which days are working days, when offices are open, what is published.

Years are data, each with its source. A year that nobody has published is counted by the weekly pattern
alone, and whoever asks is told (:meth:`Calendar.is_published`), because the list may still change it.
"""

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.domain.errors import Unsound, UsageError

FIRST, LAST = date(1970, 1, 1), date(2099, 12, 31)
_ONE_DAY = timedelta(days=1)
_DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Minutes = tuple[int, int]  # minutes after midnight, from and to


@dataclass(frozen=True, slots=True)
class Year:
    """What differs from the weekly pattern in one year, and who says so."""

    off: frozenset[date]
    work: frozenset[date]
    source: str
    published: bool = True

    def to_json(self) -> dict[str, Any]:
        return {
            "days_off": [day.isoformat() for day in sorted(self.off)],
            "make_up_days": [day.isoformat() for day in sorted(self.work)],
            "source": self.source,
            "published": self.published,
        }


@dataclass(frozen=True)
class Calendar:
    """``weekend`` holds weekdays (Monday 0), ``office`` the opening hours of every working day,
    ``closures`` the days on which this office is closed although others work,
    ``rolls`` whether a last day that is no working day moves to the next one, ``basis`` the law behind
    the days off and behind the rules start, month and roll (``roll_zh``: the same in Chinese)."""

    id: str
    zone: str
    weekend: frozenset[int]
    years: Mapping[int, Year]
    office: tuple[Minutes, ...] = ()
    rolls: bool = False
    basis: Mapping[str, str] = field(default_factory=dict)
    closures: frozenset[date] = field(default_factory=frozenset)

    # ---- days ----------------------------------------------------------------------------------

    def is_published(self, year: int) -> bool:
        known = self.years.get(year)
        return known is not None and known.published

    def is_working(self, day: date) -> bool:
        if day in self.closures:
            return False
        year = self.years.get(day.year)
        if year is not None:
            if day in year.off:
                return False
            if day in year.work:
                return True
        return day.weekday() not in self.weekend

    def why(self, day: date) -> str:
        """The kind of day: working, make_up, unpublished (taken as working), weekend, holiday, closure."""
        if day in self.closures:
            return "closure"
        year = self.years.get(day.year)
        if year is not None and day in year.off:
            return "holiday"
        if year is not None and day in year.work:
            return "make_up"
        if day.weekday() in self.weekend:
            return "weekend"
        return "working" if self.is_published(day.year) else "unpublished"

    @cached_property
    def _working(self) -> list[int]:
        """Ordinals of all working days between FIRST and LAST, ascending: one bisect answers a count."""
        off = {day.toordinal() for year in self.years.values() for day in year.off}
        off |= {day.toordinal() for day in self.closures}
        work = {day.toordinal() for year in self.years.values() for day in year.work} - off
        weekdays = frozenset((n + 1) % 7 for n in range(7) if n not in self.weekend)
        span = range(FIRST.toordinal(), LAST.toordinal() + 1)
        plain = [n for n in span if n % 7 in weekdays and n not in off]
        return sorted(work.difference(plain) | set(plain)) if work else plain

    def law(self, rule: str, lang: str = "en") -> str | None:
        """What a rule rests on, as the calendar names it in this language."""
        return self.basis.get(f"{rule}_{lang}") or self.basis.get(rule)

    def working_between(self, after: date, until: date) -> int:
        """How many working days lie after the first day, up to and including the second."""
        return self.count_working(after.toordinal(), until.toordinal())

    def nth_working(self, day: date, n: int) -> date:
        """The n-th working day after a day; before it if n is negative; the day itself for 0."""
        return date.fromordinal(self.step_working(day.toordinal(), n))

    def count_working(self, after: int, until: int) -> int:
        """:meth:`working_between` of ordinals."""
        days = self._working
        return max(0, bisect_right(days, until) - bisect_right(days, after))

    def step_working(self, day: int, n: int) -> int:
        """:meth:`nth_working` of ordinals."""
        if n == 0:
            return day
        days = self._working
        at = bisect_right(days, day) + n - 1 if n > 0 else bisect_left(days, day) + n
        if not 0 <= at < len(days):
            raise UsageError("FM-U009", first=FIRST.year, last=LAST.year)
        return days[at]

    def free_run(self, day: date) -> tuple[date, date]:
        """The first and last of the days without work around a day without work."""
        first = last = day
        while not self.is_working(first - _ONE_DAY):
            first -= _ONE_DAY
        while not self.is_working(last + _ONE_DAY):
            last += _ONE_DAY
        return first, last

    # ---- instants ------------------------------------------------------------------------------

    @cached_property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def day_of(self, at: datetime) -> date:
        """The local date of an aware instant."""
        return at.astimezone(self.tz).date()

    def last_day_of(self, end: datetime) -> date:
        """The local day that an instant closes: midnight belongs to the day it ends."""
        return self.day_of(end - timedelta(seconds=1))

    def start_of(self, day: date) -> datetime:
        """The instant at which a local day begins, in UTC."""
        found = self._starts.get(day)
        if found is None:
            found = self._starts[day] = datetime.combine(day, time(), self.tz).astimezone(UTC)
        return found

    def end_of(self, day: date) -> datetime:
        """24:00 of a local day, which is the next local midnight, in UTC."""
        return self.start_of(day + _ONE_DAY)

    def office_of(self, day: date) -> list[tuple[datetime, datetime]]:
        """The opening hours of a day as instants in UTC: none if it is no working day,
        the whole of it if the calendar names no hours."""
        if not self.is_working(day):
            return []
        if not self.office:
            return [(self.start_of(day), self.end_of(day))]
        return [(self._at(day, opens), self._at(day, closes)) for opens, closes in self.office]

    def open_seconds(self, day: date) -> list[tuple[int, int]]:
        """The opening hours of a day in seconds since 1970."""
        found = self._hours.get(day)
        if found is None:
            hours = self.office_of(day)
            found = [(int(opens.timestamp()), int(closes.timestamp())) for opens, closes in hours]
            self._hours[day] = found
        return found

    # days that were asked for are asked for again; a calendar never changes, so these are never out of date

    @cached_property
    def _starts(self) -> dict[date, datetime]:
        return {}

    @cached_property
    def _hours(self) -> dict[date, list[tuple[int, int]]]:
        return {}

    def _at(self, day: date, minutes: int) -> datetime:
        if minutes == 24 * 60:
            return self.end_of(day)
        return datetime.combine(day, time(minutes // 60, minutes % 60), self.tz).astimezone(UTC)

    # ---- variants and exchange -------------------------------------------------------------------

    def with_closures(self, days: Iterable[date]) -> Self:
        """The same calendar with further days closed."""
        return replace(self, closures=self.closures | frozenset(days))

    def with_office(self, office: Iterable[Minutes]) -> Self:
        return replace(self, office=tuple(office))

    def with_year(self, number: int, year: Year) -> Self:
        return replace(self, years={**self.years, number: year})

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "zone": self.zone,
            "weekend": [_DAY_NAMES[n] for n in sorted(self.weekend)],
            "office": [f"{_clock(opens)}-{_clock(closes)}" for opens, closes in self.office],
            "rolls": self.rolls,
            "basis": dict(self.basis),
            "closures": [day.isoformat() for day in sorted(self.closures)],
            "years": {str(number): year.to_json() for number, year in sorted(self.years.items())},
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """A calendar as :meth:`to_json` writes it; what does not hold raises Unsound FM-I010."""
        name = str(given.get("id", "calendar"))
        try:
            made = cls(
                id=str(given["id"]),
                zone=ZoneInfo(str(given["zone"])).key,
                weekend=frozenset(_weekday(day) for day in given["weekend"]),
                years={int(number): _year(int(number), year) for number, year in given["years"].items()},
                office=tuple(_interval(text) for text in given.get("office", ())),
                rolls=bool(given.get("rolls", False)),
                basis={str(rule): str(law) for rule, law in given.get("basis", {}).items()},
                closures=frozenset(_date(day) for day in given.get("closures", ())),
            )
        except ZoneInfoNotFoundError:
            raise Unsound("FM-I010", calendar=name, what=f"{given['zone']} is no time zone") from None
        except KeyError as missing:
            raise Unsound("FM-I010", calendar=name, what=f"{missing.args[0]} is missing") from None
        except (ValueError, TypeError, AttributeError) as wrong:
            raise Unsound("FM-I010", calendar=name, what=str(wrong)) from None
        if any(a[1] > b[0] for a, b in zip(made.office, made.office[1:], strict=False)):
            raise Unsound("FM-I010", calendar=name, what="office hours overlap")
        if len(made.weekend) == 7:
            raise Unsound("FM-I010", calendar=name, what="no day of the week is left for work")
        return made

    @cached_property
    def hash(self) -> str:
        """sha256 over the canonical JSON: two calendars with one hash give the same dates."""
        text = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def __hash__(self) -> int:
        return hash(self.hash)


def _year(number: int, given: Mapping[str, Any]) -> Year:
    off, work = frozenset(map(_date, given["days_off"])), frozenset(map(_date, given["make_up_days"]))
    astray = [day for day in off | work if day.year != number]
    if astray:
        raise ValueError(f"{min(astray)} stands under {number}")
    if off & work:
        raise ValueError(f"{min(off & work)} is both off and working")
    return Year(off, work, str(given["source"]), bool(given.get("published", True)))


def _date(given: object) -> date:
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        raise ValueError(f"{given} is no date like 2026-10-01") from None


def _weekday(given: object) -> int:
    if given not in _DAY_NAMES:
        raise ValueError(f"{given} is none of {', '.join(_DAY_NAMES)}")
    return _DAY_NAMES.index(str(given))


def _interval(text: str) -> Minutes:
    opens, _, closes = str(text).partition("-")
    interval = (_minutes(opens), _minutes(closes))
    if interval[0] >= interval[1]:
        raise ValueError(f"office hours {text} end before they begin")
    return interval


def _minutes(text: str) -> int:
    hours, _, minutes = text.strip().partition(":")
    if not (hours.isdecimal() and minutes.isdecimal()) or int(minutes) > 59 or int(hours + minutes) > 2400:
        raise ValueError(f"{text} is no time of day like 08:30")
    return int(hours) * 60 + int(minutes)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
