"""The calendars in the package: what they say, and that the library they came from still says so."""

from datetime import date

import pytest

from engine.domain.calendar import Calendar, Year
from engine.domain.errors import NotFound, Unsound, UsageError
from engine.service.calendar import publish
from workflows.calendar import calendar_ids, load_calendar


@pytest.mark.parametrize("calendar_id", ["CN", "PH"])
def test_every_shipped_year_is_what_the_library_publishes(calendar_id):
    shipped = load_calendar(calendar_id)
    for number, year in shipped.years.items():
        published = publish(shipped, number).years[number]
        assert (year.off, year.work) == (published.off, published.work), number
        assert published.source in year.source


def test_every_year_that_the_library_publishes_is_shipped():
    for calendar_id in calendar_ids():
        shipped = load_calendar(calendar_id)
        with pytest.raises(UsageError) as refused:
            publish(shipped, max(shipped.years) + 1)
        assert refused.value.code == "FM-U274"


def test_china_is_published_to_2026_and_says_what_2026_is():
    china = load_calendar("CN")
    assert (min(china.years), max(china.years)) == (2001, 2026)
    assert not china.is_published(2027)
    assert sorted(china.years[2026].work) == [
        date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10),
    ]  # fmt: skip
    assert china.rolls
    assert china.free_run(date(2026, 10, 1)) == (date(2026, 10, 1), date(2026, 10, 7))
    assert [china.why(date(2026, 10, n)) for n in (1, 4, 8, 10)] == [
        "holiday",
        "weekend",
        "working",
        "make_up",
    ]
    assert china.why(date(2027, 3, 1)) == "unpublished"


def test_the_philippines_count_plainly_and_do_not_roll():
    philippines = load_calendar("PH")
    assert not philippines.rolls
    assert philippines.why(date(2024, 6, 12)) == "holiday"
    assert philippines.years[2024].work == frozenset()


def test_an_unknown_calendar_is_refused_with_those_there_are():
    with pytest.raises(NotFound) as refused:
        load_calendar("XX")
    assert refused.value.first.params == {"calendar": "XX", "known": "CN, PH"}


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"zone": "Asia/Nowhere"}, "Asia/Nowhere is no time zone"),
        ({"weekend": ["sat", "someday"]}, "none of mon"),
        ({"office": ["17:00-09:00"]}, "end before they begin"),
        ({"office": ["08:00-12:00", "11:00-13:00"]}, "overlap"),
        (
            {"years": {"2026": {"days_off": ["2025-01-01"], "make_up_days": [], "source": "x"}}},
            "stands under 2026",
        ),
        (
            {"years": {"2026": {"days_off": ["2026-01-03"], "make_up_days": ["2026-01-03"], "source": "x"}}},
            "both",
        ),
        ({"years": {"2026": {"days_off": [], "make_up_days": []}}}, "source is missing"),
        ({"office": ["8-12"]}, "no time of day"),
        ({"closures": ["yesterday"]}, "no date like"),
        ({"weekend": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}, "no day of the week"),
    ],
)
def test_a_calendar_that_does_not_hold_is_refused_and_says_why(change, what):
    with pytest.raises(Unsound) as refused:
        Calendar.from_json({**load_calendar("CN").to_json(), **change})
    assert refused.value.code == "FM-I010"
    assert what in refused.value.first.params["what"]


def test_the_hash_follows_what_can_change_a_date():
    china = load_calendar("CN")
    assert china.hash == Calendar.from_json(china.to_json()).hash
    changed = china.with_year(2027, Year(frozenset(), frozenset(), "notice"))
    assert len({china.hash, changed.hash, china.with_office([(480, 960)]).hash}) == 3
    assert changed.is_published(2027)


def test_working_days_beyond_the_counted_range_are_refused():
    with pytest.raises(UsageError) as refused:
        load_calendar("CN").nth_working(date(2099, 12, 1), 99)
    assert refused.value.code == "FM-U009"
