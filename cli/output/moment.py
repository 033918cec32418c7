"""Times and spans as people read them; given in the zone in which they are to be read."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(
    when: date | str | None,
    lang: str = "en",
    *,
    now: datetime | None = None,
    weekday: bool = True,
    dated: bool = False,
) -> str:
    """`Tue 24 Nov`, with the year where it is another than this one's, or ``dated``: what is kept and read later."""
    if not when:
        return ""
    at = date.fromisoformat(when[:10]) if isinstance(when, str) else when
    other = dated or (now is not None and at.year != now.year)
    if lang == "zh":
        said = (f"{at.year}年" if other else "") + f"{at.month}月{at.day}日"
        return said + (DAYS_ZH[at.weekday()] if weekday else "")
    named = f"{DAYS[at.weekday()]} " if weekday else ""
    return f"{named}{at.day} {MONTHS[at.month - 1]}" + (f" {at.year}" if other else "")


def moment(
    when: datetime | None,
    lang: str = "en",
    *,
    now: datetime | None = None,
    seconds: bool = False,
    dated: bool = False,
) -> str:
    """`Tue 24 Nov 10:05`, or `10:05:03` where it matters who was first."""
    hours = "%H:%M:%S" if seconds else "%H:%M"
    return f"{day(when.date(), lang, now=now, dated=dated)} {when:{hours}}" if when else ""


def due(
    when: datetime | None,
    on: str | None,
    lang: str = "en",
    *,
    now: datetime | None = None,
    weekday: bool = True,
) -> str:
    """A deadline: midnight belongs to the day it ends, `Tue 24 Nov 24:00`."""
    if when is None:
        return ""
    ended = date.fromisoformat(on) if on else last_day(when)
    return f"{day(ended, lang, now=now, weekday=weekday)} {hour(when)}"


def hour(when: datetime) -> str:
    """`10:05`; the end of a day is `24:00`."""
    return "24:00" if when.hour == when.minute == when.second == 0 else f"{when:%H:%M}"


def last_day(when: datetime) -> date:
    """The day on which a deadline ends."""
    return when.date() - timedelta(days=1) if hour(when) == "24:00" else when.date()


def span(seconds: float, lang: str = "en") -> str:
    """The two largest units: `7 d 4 h`, `12 min`, `3 s`."""
    left = int(abs(seconds))
    units = ((86400, "d", "天"), (3600, "h", "小时"), (60, "min", "分"), (1, "s", "秒"))
    for i, (size, en, zh) in enumerate(units):
        if left >= size or size == 1:
            count, rest = divmod(left, size)
            said = f"{count} {zh if lang == 'zh' else en}"
            if i + 1 < len(units) and i < 2 and rest >= units[i + 1][0]:
                size2, en2, zh2 = units[i + 1]
                said += f" {rest // size2} {zh2 if lang == 'zh' else en2}"
            return said
    return ""


_INSTANT = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")
_DATE = re.compile(r"(?<![\w/-])\d{4}-\d\d-\d\d(?!\w|-|\.\w)", re.ASCII)  # not within the name of a file


def humane(
    text: str,
    zone: str,
    lang: str,
    now: datetime | None = None,
    *,
    seconds: bool = False,
    dated: bool = False,
    typed: str = "",
) -> str:
    """A sentence for programs and people alike, with its instants and dates as people read them; those that stand in
    ``typed`` say how to write one and stay as they are."""

    def instant(found: re.Match[str]) -> str:
        if found[0] in typed:
            return found[0]
        at = datetime.fromisoformat(found[0]).astimezone(ZoneInfo(zone))
        return moment(at, lang, now=now, seconds=seconds, dated=dated)

    def date_(found: re.Match[str]) -> str:
        return found[0] if found[0] in typed else _day(found[0], lang, now)

    return _DATE.sub(date_, _INSTANT.sub(instant, text))


def _day(text: str, lang: str, now: datetime | None) -> str:
    try:
        return day(text, lang, now=now)
    except ValueError:  # looks like a date and is none
        return text
