"""Stretches of time as the statistics take them: what is written at either end is in."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from engine.domain.errors import UsageError
from engine.domain.period import between

ZONE = "Asia/Shanghai"


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=ZoneInfo(ZONE))


@pytest.mark.parametrize(
    ("given", "since", "until"),
    [
        (None, None, None),
        ("2026", at(2026, 1, 1), at(2027, 1, 1)),
        ("2026-10..", at(2026, 10, 1), None),
        ("2026-10..2026-11", at(2026, 10, 1), at(2026, 12, 1)),
        ("..2026-12-31", None, at(2027, 1, 1)),
    ],
)
def test_both_ends_are_in(given: str | None, since: datetime | None, until: datetime | None) -> None:
    assert between(given, zone=ZONE) == (since, until)


@pytest.mark.parametrize("given", ["yesterday", "2026-13", "0001..", "..9999", "2026-02-30"])
def test_what_is_no_stretch_of_time_is_said(given: str) -> None:
    with pytest.raises(UsageError) as told:
        between(given, zone=ZONE)
    assert told.value.code == "FM-U303"
