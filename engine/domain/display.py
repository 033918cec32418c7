"""Instants, days and spans as people read them, in English and Chinese."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LENGTHS_ZH = {
    "min": "分钟", "h": "小时", "wh": "工作小时", "cd": "个自然日", "wd": "个工作日", "months": "个月", "years": "年",
}  # fmt: skip
_UNITS = ((86400, "d", "天"), (3600, "h", "小时"), (60, "min", "分"), (1, "s", "秒"))


def day(on: date, lang: str = "en", *, today: date | None = None) -> str:
    """``Tue 24 Nov``, ``11月24日周二``; with the year where it is not this one's (or ``today`` is None)."""
    other = today is None or on.year != today.year
    if lang == "zh":
        return (f"{on.year}年" if other else "") + f"{on.month}月{on.day}日{_DAYS_ZH[on.weekday()]}"
    return f"{_DAYS[on.weekday()]} {on.day} {_MONTHS[on.month - 1]}" + (f" {on.year}" if other else "")


def moment(at: datetime, zone: str, lang: str = "en", *, now: datetime | None = None) -> str:
    """``Mon 23 Nov 08:05`` on the clock of a zone."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{day(local.date(), lang, today=_local(now, zone))} {local:%H:%M}"


def due(at: datetime, zone: str, lang: str = "en", *, now: datetime | None = None) -> str:
    """A deadline: midnight belongs to the day it ends, ``Tue 24 Nov 24:00``."""
    local = at.astimezone(ZoneInfo(zone))
    if (local.hour, local.minute, local.second) != (0, 0, 0):
        return moment(at, zone, lang, now=now)
    return f"{day(local.date() - timedelta(days=1), lang, today=_local(now, zone))} 24:00"


def days(first: date, last: date, lang: str = "en") -> str:
    """``1-7 Oct``, ``29 Sep - 3 Oct``, ``10月1日-7日``."""
    if lang == "zh":
        end = f"{last.day}日" if first.month == last.month else f"{last.month}月{last.day}日"
        return f"{first.month}月{first.day}日" + ("" if first == last else f"-{end}")
    end = f"{last.day} {_MONTHS[last.month - 1]}"
    if first == last:
        return end
    return (
        f"{first.day}-{end}"
        if first.month == last.month
        else f"{first.day} {_MONTHS[first.month - 1]} - {end}"
    )


def span(seconds: float, lang: str = "en") -> str:
    """The two largest units of a length of time: ``7 d 4 h``, ``12 min``; its sign is left out."""
    left = int(abs(seconds))
    for i, (size, *names) in enumerate(_UNITS):
        if left >= size or size == 1:
            count, rest = divmod(left, size)
            said = f"{count} {names[lang == 'zh']}"
            if i < 2 and rest >= _UNITS[i + 1][0]:
                said += f" {rest // _UNITS[i + 1][0]} {_UNITS[i + 1][1 + (lang == 'zh')]}"
            return said
    return ""


def length(text: str, lang: str = "en") -> str:
    """A length as the language of definitions writes it, in Chinese in words: ``30 个自然日``."""
    n, _, unit = text.partition(" ")
    return f"{n} {_LENGTHS_ZH[unit]}" if lang == "zh" and unit in _LENGTHS_ZH else text


def _local(now: datetime | None, zone: str) -> date | None:
    return now.astimezone(ZoneInfo(zone)).date() if now is not None else None
