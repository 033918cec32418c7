"""What a report may say, and which stretches of time it names."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analytics.registry import COMMON, MEASURES
from engine.analytics.report.listing import checked
from engine.analytics.report.plan import read, shipped
from engine.analytics.report.sheet import Table, tables, told
from engine.domain.errors import UsageError
from engine.domain.messages import text
from engine.domain.period import stretch

ZONE = "Asia/Shanghai"
GOOD: dict[str, Any] = {"title": "Ours", "parts": [{"measure": "durations", "with": {"by": "unit"}}]}


@pytest.mark.parametrize("name", sorted(shipped()))
def test_what_comes_along_holds_and_is_titled_in_both_languages(name: str) -> None:
    plan = read(shipped()[name])
    for title in (plan.title, *(part.title for part in plan.parts)):
        assert title.keys() == {"en", "zh"}


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_every_measure_takes_what_a_report_gives_to_all(name: str) -> None:
    assert set(COMMON) <= MEASURES[name].takes.keys()


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_every_number_of_a_table_has_a_head_in_both_languages(name: str) -> None:
    for path in (*MEASURES[name].columns, *MEASURES[name].lists, *MEASURES[name].facts):
        words = [path, *(part for part in path.split("."))]
        for lang in ("en", "zh"):
            known = [text(f"word.column.{word}", lang) for word in words]
            assert known[0] != f"word.column.{path}" or all(
                not k.startswith("word.column.") for k in known[1:]
            )


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ([], ""),
        ({"parts": GOOD["parts"]}, "/title"),
        ({**GOOD, "title": {"fr": "Le nôtre"}}, "/title"),
        ({**GOOD, "colour": "red"}, "/colour"),
        ({**GOOD, "parts": []}, "/parts"),
        ({**GOOD, "needs_unit": "yes"}, "/needs_unit"),
        ({**GOOD, "parts": [{"measure": "speed"}]}, "/parts/0/measure"),
        ({**GOOD, "parts": [{"measure": "durations", "of": "town"}]}, "/parts/0/of"),
        ({**GOOD, "parts": [{"measure": "durations", "with": {"clok": "x"}}]}, "/parts/0/with/clok"),
        ({**GOOD, "parts": [{"measure": "durations", "with": {"clock": 3}}]}, "/parts/0/with/clock"),
        ({**GOOD, "parts": [{"measure": "durations", "with": {"as_of": "2026"}}]}, "/parts/0/with/as_of"),
        ({**GOOD, "parts": [{"measure": "durations", "with": {"public": "no"}}]}, "/parts/0/with/public"),
        ({**GOOD, "parts": [*GOOD["parts"], "durations"]}, "/parts/1"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(sent: Any, pointer: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(sent)
    assert [(reason.code, reason.pointer) for reason in caught.value.reasons] == [("FM-U733", pointer)]


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(UsageError) as caught:
        read({"titel": "x", "parts": [{"measure": "speed"}, {"measure": "durations", "of": 1}]})
    places = {reason.pointer for reason in caught.value.reasons}
    assert places == {"/titel", "/title", "/parts/0/measure", "/parts/1/of"}


@pytest.mark.parametrize(
    ("name", "code"), [("Ours", "FM-U738"), ("../x", "FM-U738"), ("", "FM-U738"), ("weekly", "FM-U737")]
)
def test_names_that_cannot_be_had(name: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        checked(name, GOOD)
    assert caught.value.code == code


# ---- stretches of time -------------------------------------------------------------------------------------

MOMENTS = st.integers(978_307_200, 3_786_912_000).map(lambda second: datetime.fromtimestamp(second, UTC))


@given(MOMENTS, st.integers(1, 60), st.sampled_from(["day", "days", "week", "weeks"]))
def test_days_and_weeks_are_whole_and_over(at: datetime, many: int, unit: str) -> None:
    since, until = stretch(f"last {many} {unit}", at=at, zone=ZONE)
    assert since is not None
    assert until is not None
    assert until <= at < until + timedelta(days=1)
    assert until - since == timedelta(days=many * (7 if unit.startswith("week") else 1))
    assert since.astimezone(ZoneInfo(ZONE)).time() == datetime.min.time()


@given(MOMENTS, st.integers(1, 60))
def test_months_are_those_of_the_calendar(at: datetime, many: int) -> None:
    since, until = stretch(f"last {many} months", at=at, zone=ZONE)
    assert since is not None
    assert until is not None
    assert (since.day, until.day) == (1, 1)
    assert (until.year - since.year) * 12 + until.month - since.month == many
    local = at.astimezone(ZoneInfo(ZONE))
    assert (until.year, until.month) == (local.year, local.month)


def test_other_ranges_are_those_of_figures() -> None:
    tz = ZoneInfo(ZONE)
    at = datetime(2026, 11, 23, tzinfo=UTC)
    assert stretch("2026-10..", at=at, zone=ZONE) == (datetime(2026, 10, 1, tzinfo=tz), None)
    for wrong in ("last week", "last 0 days", "last -1 days", "last 3 years", "yesterday", "last x days"):
        with pytest.raises(UsageError, match="FM-U303"):
            stretch(wrong, at=at, zone=ZONE)
    assert date(2026, 11, 23)


# ---- tables --------------------------------------------------------------------------------------------------


def test_cells_are_said_as_what_they_are() -> None:
    assert told(None, "count", "en", ZONE) == "-"
    assert told(0, "count", "en", ZONE) == "0"
    assert told(0.1234, "share", "en", ZONE) == "12.3 %"
    assert told("2026-11-22T17:00:00Z", "moment", "en", ZONE) == "2026-11-23 01:00"


def test_a_list_within_groups_is_a_table_with_the_keys_of_its_group() -> None:
    answer = {
        "groups": [
            {"key": {"unit": "S-1"}, "n": 2, "parts": [{"key": "a", "title": "A", "n": 1, "total_s": 5}]},
            {"key": {"unit": "S-2"}, "n": 3, "parts": [{"key": "b", "title": "B", "n": 2, "total_s": None}]},
        ]
    }
    first, second = tables(MEASURES["waiting"], answer, "en")
    assert [row[0] for row in first.rows] == ["S-1", "S-2"]
    assert isinstance(second, Table)
    assert [head.path for head in second.heads] == ["key.unit", "title", "n", "total_s"]
    assert second.rows == (("S-1", "A", 1, 5), ("S-2", "B", 2, None))
