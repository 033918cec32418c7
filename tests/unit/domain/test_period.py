"""Stretches of time as the statistics take them: what is written at either end is in."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from cli.output.moment import humane
from engine.domain.errors import Reason, UsageError
from engine.domain.messages import tell
from engine.domain.period import between, stretch

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


@pytest.mark.parametrize("given", ["2026-11..2026-10", "2026-11-02..2026-11-01", "2027..2026-12-31"])
def test_what_ends_before_it_begins_is_said(given: str) -> None:
    with pytest.raises(UsageError) as told:
        between(given, zone=ZONE)
    assert told.value.code == "FM-U440"


def test_every_stretch_that_the_hint_names_is_taken_however_it_is_shown() -> None:
    for lang in ("en", "zh"):
        said = humane(tell(Reason("FM-U303", {"given": "x"}), lang), ZONE, lang)
        named = re.findall(r"(?:\.\.)?\b\d{4}(?:-\d\d)?(?:\.\.(?:\d{4}-\d\d)?)?|last \d+ days", said)
        assert len(named) == 6
        for given in named:
            since, until = stretch(given, at=at(2026, 11, 30), zone=ZONE)
            assert since or until
