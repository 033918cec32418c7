"""Lengths of time as law and definitions write them, and the marks on a clock that are built from them."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Self, cast

from engine.domain.errors import UsageError
from engine.domain.period import too_long

Unit = Literal["min", "h", "wh", "cd", "wd", "months", "years"]
UNITS: tuple[Unit, ...] = ("min", "h", "wh", "cd", "wd", "months", "years")
ACCEPTED = "30 min, 24 h, 8 wh, 30 cd, 5 wd, 6 months, 2 years"
ACCEPTED_MARKS = f"80%, 20 cd, due, due-2 cd, due+3 cd ({ACCEPTED})"

MOST_DIGITS = 5
_DURATION = re.compile(r"(\d{1,40}) ?(min|h|wh|cd|wd|months|years)", re.ASCII)
_MARK = re.compile(
    r"(?:(?P<percent>\d{1,3})%|(?P<due>due)(?:(?P<sign>[+-])(?P<shift>.+))?|(?P<after>\d.*))", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Duration:
    """``n`` of a unit: min and h round the clock, wh office hours, cd calendar days, wd working days."""

    n: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Self:
        """``30 cd`` as a value; anything else raises :class:`UsageError` FM-U007 or FM-U366."""
        return cast(Self, _duration(text))

    @property
    def in_days(self) -> bool:
        """Whether it is counted in whole days and so ends at the end of one."""
        return self.unit in ("cd", "wd", "months", "years")

    @property
    def seconds(self) -> int:
        """The counted seconds of min, h and wh."""
        if self.in_days:
            raise ValueError(f"{self} has no fixed number of seconds")
        return self.n * (60 if self.unit == "min" else 3600)

    def __str__(self) -> str:
        return f"{self.n} {self.unit}"


@lru_cache(maxsize=1024)
def _duration(text: str) -> Duration:
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise UsageError("FM-U007", text=text, accepted=ACCEPTED)
    if len(found[1]) > MOST_DIGITS:
        raise too_long(text)
    return Duration(int(found[1]), cast(Unit, found[2]))


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment on a clock: a share of it, a length from its start, or a length from its due moment."""

    kind: Literal["percent", "after", "due", "before_due", "after_due"]
    percent: int = 0
    by: Duration | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """``80%``, ``20 cd``, ``due``, ``due-2 cd``, ``due+3 cd``; else :class:`UsageError` FM-U008."""
        return cast(Self, _mark(text))

    @property
    def length(self) -> Duration:
        if self.by is None:
            raise ValueError(f"mark {self} has no length")
        return self.by

    def __str__(self) -> str:
        if self.kind == "percent":
            return f"{self.percent}%"
        sign = {"after": "", "due": "due", "before_due": "due-", "after_due": "due+"}[self.kind]
        return f"{sign}{self.by or ''}"


@lru_cache(maxsize=1024)
def _mark(text: str) -> Mark:
    found = _MARK.fullmatch(text.strip())
    wrong = UsageError("FM-U008", text=text, accepted=ACCEPTED_MARKS)
    if found is None or int(found["percent"] or 1) not in range(1, 101):
        raise wrong
    if found["percent"]:
        return Mark("percent", percent=int(found["percent"]))
    length = found["shift"] or found["after"]
    if not length:
        return Mark("due")
    try:
        by = Duration.parse(length)
    except UsageError:
        raise wrong from None
    if found["after"]:
        return Mark("after", by=by)
    return Mark("before_due" if found["sign"] == "-" else "after_due", by=by)


def is_duration(text: str) -> bool:
    """In the one spelling that counts: ``30 cd``, not ``30cd``."""
    try:
        return str(Duration.parse(text)) == text
    except UsageError:
        return False
