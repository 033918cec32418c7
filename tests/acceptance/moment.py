"""Moments as the features say them: ``Wednesday 7 February 2024, 15:00``, ``2024年2月7日星期三15:00``.

A weekday that does not fit the date is a mistake in the feature and fails the scenario.
"""

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS_ZH = "一二三四五六日"
_ENGLISH = re.compile(rf"({'|'.join(DAYS)}) (\d+) ({'|'.join(MONTHS)}) (\d{{4}})(?:, (\d\d):(\d\d))?")
_CHINESE = re.compile(r"(\d{4})年(\d+)月(\d+)日星期([一二三四五六日])(?:(\d\d):(\d\d))?")


def day(text: str) -> date:
    return moment(text).date()


def moment(text: str) -> datetime:
    """Local time; midnight where no hour is said."""
    english, chinese = _ENGLISH.fullmatch(text), _CHINESE.fullmatch(text)
    if english:
        weekday, number, month, year, hour, minute = english.groups()
        found, said = date(int(year), MONTHS.index(month) + 1, int(number)), DAYS.index(weekday)
    elif chinese:
        year, month, number, weekday, hour, minute = chinese.groups()
        found, said = date(int(year), int(month), int(number)), DAYS_ZH.index(weekday)
    else:
        raise ValueError(f"no moment: {text!r}")
    assert found.weekday() == said, f"{text}: that day is a {DAYS[found.weekday()]}"
    return datetime.combine(found, time(int(hour or 0), int(minute or 0)), ZONE)
