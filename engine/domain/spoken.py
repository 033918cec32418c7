"""Times and lengths as people type them, in English or Chinese, read relative to now and to a zone.

What the program shows is read back: ``Mon 23 Nov 08:05``, ``Tue 24 Nov 24:00``, ``11月23日周一 08:05``.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from engine.domain.duration import ACCEPTED, Duration, Unit
from engine.domain.errors import UsageError
from engine.domain.period import YEARS, too_far, too_long

_WEEKDAYS = {name: n for n, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
_WEEKDAYS_ZH = {sign: n for n, sign in enumerate("一二三四五六日")} | {"天": 6}
_MONTHS = {
    name: n + 1
    for n, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
    )
}
_HALF_A_YEAR = timedelta(days=183)
_NEAR_DAYS = {
    "today": 0, "yesterday": -1, "tomorrow": 1,
    "今天": 0, "今日": 0, "昨天": -1, "昨日": -1, "前天": -2, "明天": 1, "明日": 1, "后天": 2,
}  # fmt: skip

_TIME = re.compile(
    r"(?:^| |(?<=\d)t|(?<=[日天一二三四五六今昨前明后]))"
    r"(?P<half>上午|下午|晚上|早上|中午)? ?"
    r"(?:(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2}))?(?:\.\d+)? ?(?P<zone>z|[+-]\d{2}:?\d{2})?"
    r"|(?P<hz>\d{1,2})[点时](?:(?P<mz>\d{1,2})分?|(?P<half_hour>半))?)$"
)
_ISO_DAY = re.compile(r"(?P<y>\d{4})[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})")
_ENGLISH_DAY = re.compile(r"(?:(?P<w>[a-z]+),? )?(?P<d>\d{1,2}) (?P<m>[a-z]+)(?: (?P<y>\d{4}))?")
_CHINESE_DAY = re.compile(
    r"(?:(?P<y>\d{4})年)?(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号] ?(?:(?:周|星期)(?P<w>[一二三四五六日天]))?"
)
_CHINESE_WEEKDAY = re.compile(r"(?P<week>上|下|这|本)?(?:个)?(?:周|星期|礼拜)(?P<w>[一二三四五六日天])")


@dataclass(frozen=True, slots=True)
class _Now:
    at: datetime
    zone: ZoneInfo
    ahead: bool

    @property
    def today(self) -> date:
        return self.at.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class _TimeOfDay:
    minutes: int
    seconds: int
    zone: timezone | None


def moment(text: str, *, now: datetime, zone: str, ahead: bool = False) -> datetime:
    """The instant in UTC that somebody means; else :class:`UsageError` FM-U005, FM-U365.

    A weekday is the last one that has come; with ``ahead`` (for times until which something holds) the
    next one. A day without a time is its latest moment that is not in the future; with ``ahead`` its 24:00.
    """
    given, around = _plain(text), _Now(now, ZoneInfo(zone), ahead)
    if given in ("now", "现在"):
        return now.astimezone(UTC)
    try:
        found = _moment(given, around)
    except OverflowError:
        raise too_far(text) from None
    except ValueError:
        raise UsageError("FM-U005", given=text) from None
    if found.year not in YEARS:
        raise too_far(text)
    return found


def day(text: str, *, now: datetime, zone: str, ahead: bool = False) -> date:
    """The local day that somebody means; else :class:`UsageError` FM-U005, FM-U365."""
    around = _Now(now, ZoneInfo(zone), ahead)
    try:
        found = _day(_plain(text), around, None)
    except OverflowError:
        raise too_far(text) from None
    except ValueError:
        raise UsageError("FM-U005", given=text) from None
    if found.year not in YEARS:
        raise too_far(text)
    return found


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).strip().lower())


def _moment(given: str, around: _Now) -> datetime:
    found = _TIME.search(given)
    if found is None:
        day_ends = _at(_day(given, around, None) + timedelta(days=1), 0, around.zone)
        if around.ahead:
            return day_ends
        last = day_ends - timedelta(seconds=1)
        return min(last, around.at.astimezone(UTC)) if last - timedelta(days=1) < around.at else last
    clock = _time_of_day(found)
    said = given[: found.start()].strip()
    if clock.zone is not None:
        on = _iso_day(said)
        return datetime.combine(on, time(), clock.zone).astimezone(UTC) + _offset(clock)
    on = _day(said, around, clock) if said else around.today
    return _at(on, clock.minutes, around.zone) + timedelta(seconds=clock.seconds)


def _offset(clock: _TimeOfDay) -> timedelta:
    return timedelta(minutes=clock.minutes, seconds=clock.seconds)


def _time_of_day(found: re.Match[str]) -> _TimeOfDay:
    hours = int(found["h"] or found["hz"])
    minutes = 30 if found["half_hour"] else int(found["m"] or found["mz"] or 0)
    seconds = int(found["s"] or 0)
    if found["half"] in ("下午", "晚上") and hours < 12:
        hours += 12
    if hours > 24 or minutes > 59 or seconds > 59 or (hours == 24 and (minutes or seconds)):
        raise ValueError("no time of day")
    offset = found["zone"]
    zone = None if not offset else UTC if offset == "z" else _zone(offset)
    return _TimeOfDay(hours * 60 + minutes, seconds, zone)


def _zone(offset: str) -> timezone:
    sign = -1 if offset[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:])))


def _at(on: date, minutes: int, zone: ZoneInfo) -> datetime:
    if minutes == 24 * 60:
        on, minutes = on + timedelta(days=1), 0
    return datetime.combine(on, time(minutes // 60, minutes % 60), zone).astimezone(UTC)


def _iso_day(said: str) -> date:
    found = _ISO_DAY.fullmatch(said)
    if found is None:
        raise ValueError("an offset belongs to a full date")
    return date(int(found["y"]), int(found["m"]), int(found["d"]))


def _day(said: str, around: _Now, clock: _TimeOfDay | None) -> date:
    if said in _NEAR_DAYS:
        return around.today + timedelta(days=_NEAR_DAYS[said])
    if _ISO_DAY.fullmatch(said):
        return _iso_day(said)
    if found := _CHINESE_WEEKDAY.fullmatch(said):
        return _weekday(_WEEKDAYS_ZH[found["w"]], around, clock, found["week"])
    if (weekday := _english_weekday(said)) is not None:
        return _weekday(weekday, around, clock, None)
    if found := _CHINESE_DAY.fullmatch(said):
        weekday = _WEEKDAYS_ZH[found["w"]] if found["w"] else None
        return _dated(found["y"], int(found["m"]), int(found["d"]), weekday, around)
    if (found := _ENGLISH_DAY.fullmatch(said)) and (month := _MONTHS.get(found["m"][:3])):
        weekday = _english_weekday(found["w"]) if found["w"] else None
        if found["w"] and weekday is None:
            raise ValueError("no weekday")
        return _dated(found["y"], month, int(found["d"]), weekday, around)
    raise ValueError("no day")


def _english_weekday(said: str) -> int | None:
    full = {"mon": "monday", "tue": "tuesday", "wed": "wednesday", "thu": "thursday"}
    full |= {"fri": "friday", "sat": "saturday", "sun": "sunday"}
    number = _WEEKDAYS.get(said[:3])
    return number if number is not None and full[said[:3]].startswith(said) else None


def _weekday(wanted: int, around: _Now, clock: _TimeOfDay | None, week: str | None) -> date:
    today = around.today
    if week:  # a weekday of last, this or next week
        monday = today - timedelta(days=today.weekday())
        return monday + timedelta(days=wanted, weeks={"上": -1, "下": 1}.get(week, 0))
    if around.ahead:
        on = today + timedelta(days=(wanted - today.weekday()) % 7)
        past = clock is not None and _at(on, clock.minutes, around.zone) < around.at
        return on + timedelta(days=7 if past else 0)
    on = today - timedelta(days=(today.weekday() - wanted) % 7)
    later = clock is not None and _at(on, clock.minutes, around.zone) > around.at
    return on - timedelta(days=7 if later else 0)


def _dated(year: str | None, month: int, number: int, weekday: int | None, around: _Now) -> date:
    """A day of a month; without a year the nearest one. A weekday beside it must agree, and then this
    year's day is meant before a nearer one of another year."""
    today = around.today
    years = [int(year)] if year else [today.year - 1, today.year, today.year + 1]
    fits = [date(y, month, number) for y in years if (month, number) != (2, 29) or y % 4 == 0]
    if weekday is not None:
        fits = [on for on in fits if on.weekday() == weekday]
        fits = [on for on in fits if year or on.year == today.year or abs(on - today) < _HALF_A_YEAR]
        fits = [on for on in fits if on.year == today.year] or fits
    return min(fits, key=lambda on: abs(on - today))


_LENGTHS: dict[str, Unit] = {
    "d": "cd", "day": "cd", "days": "cd", "calendar day": "cd", "calendar days": "cd",
    "working day": "wd", "working days": "wd", "business day": "wd", "business days": "wd",
    "hour": "h", "hours": "h", "office hour": "wh", "office hours": "wh", "minute": "min", "minutes": "min",
    "month": "months", "year": "years",
    "天": "cd", "日": "cd", "自然日": "cd", "工作日": "wd", "小时": "h", "工作小时": "wh", "分钟": "min", "分": "min",
    "月": "months", "年": "years",
}  # fmt: skip
_LENGTH = re.compile(r"(?P<n>\d{1,40}) ?个?(?P<unit>[^\d].*)")


def length(text: str) -> Duration:
    """A length of time with the units of the language or in words: ``20 cd``, ``20 days``, ``5个工作日``."""
    given = _plain(text)
    found = _LENGTH.fullmatch(given)
    unit = _LENGTHS.get(found["unit"].strip()) if found else None
    try:
        return Duration.parse(f"{found['n']} {unit}" if found and unit else given)
    except UsageError as error:
        if error.code == "FM-U366":
            raise too_long(text) from None
        raise UsageError("FM-U007", text=text, accepted=ACCEPTED) from None
