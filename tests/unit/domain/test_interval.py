"""Every piece of a clock is told with its reason, and the pieces add up."""

from datetime import date

from engine.domain.clock import intervals, plan, steps
from engine.domain.duration import Duration
from tests.support.clock import at, clock_run, local
from workflows.calendar import load_calendar

CN = load_calendar("CN")


def told(calendar, run, upto):
    pieces = intervals(calendar, run, at(upto, calendar.zone))
    assert sum(int((p.end - p.start).total_seconds()) for p in pieces) == int(
        (at(upto, calendar.zone) - pieces[0].start).total_seconds()
    )
    return [(local(calendar, p.start)[5:], p.why, p.counted_s) for p in pieces]


class TestIntervals:
    def test_working_days_with_a_holiday_and_a_make_up_sunday(self):
        run = clock_run(CN, "2024-02-07 16:30", "7 wd")
        assert told(CN, run, "2024-02-24 12:00") == [
            ("02-07 16:30", "start_day", 0),
            ("02-08 00:00", "counted", 172800),
            ("02-10 00:00", "holiday", 0),
            ("02-17 00:00", "weekend", 0),
            ("02-18 00:00", "make_up", 86400),
            ("02-19 00:00", "counted", 345600),
            ("02-23 00:00", "overdue", 0),
        ]

    def test_the_days_after_the_last_one_are_rolled_over(self):
        run = clock_run(CN, "2024-01-11 09:00", "30 cd", extensions=["5 cd"])
        assert told(CN, run, "2024-02-18 10:00") == [
            ("01-11 09:00", "start_day", 0),
            ("01-12 00:00", "counted", 30 * 86400),
            ("02-11 00:00", "extension", 5 * 86400),
            ("02-16 00:00", "rolled", 0),
        ]

    def test_an_open_pause_is_told_until_now(self):
        run = clock_run(CN, "2024-07-05 10:00", "10 wd", pauses=[("2024-07-09 16:00", None)])
        assert told(CN, run, "2024-07-11 12:00") == [
            ("07-05 10:00", "start_day", 0),
            ("07-06 00:00", "weekend", 0),
            ("07-08 00:00", "counted", 86400),
            ("07-09 00:00", "pause", 0),
        ]

    def test_office_hours_tell_lunch_night_closure_pause_and_extension(self):
        office = CN.with_closures([date(2026, 11, 24)])
        run = clock_run(
            office,
            "2026-11-23 10:30",
            "4 wh",
            extensions=["2 wh"],
            pauses=[("2026-11-23 14:00", "2026-11-23 15:00")],
        )
        assert told(office, run, "2026-11-25 12:00") == [
            ("11-23 10:30", "counted", 3600),
            ("11-23 11:30", "closed", 0),
            ("11-23 13:30", "counted", 1800),
            ("11-23 14:00", "pause", 0),
            ("11-23 15:00", "counted", 9000),
            ("11-23 17:30", "closed", 0),
            ("11-24 00:00", "closure", 0),
            ("11-25 00:00", "closed", 0),
            ("11-25 08:30", "extension", 7200),
            ("11-25 10:30", "overdue", 0),
        ]

    def test_the_day_with_23_hours_counts_23_hours(self):
        berlin = type(CN)("DE", "Europe/Berlin", frozenset({5, 6}), {})
        run = clock_run(berlin, "2026-03-27 12:00", "3 cd")
        assert told(berlin, run, "2026-03-31 00:00") == [
            ("03-27 12:00", "start_day", 0),
            ("03-28 00:00", "counted", 3 * 86400 - 3600),
        ]

    def test_an_unpublished_year_is_named(self):
        run = clock_run(CN, "2026-12-31 12:00", "2 wd")
        assert [why for _, why, _ in told(CN, run, "2027-01-05 00:00")] == [
            "start_day",
            "unpublished",
            "weekend",
            "unpublished",
        ]

    def test_a_fixed_instant_is_reached_whatever_happens(self):
        run = clock_run(
            CN,
            "2026-09-21 10:00",
            until="2026-09-24 00:00",
            pauses=[("2026-09-22 10:00", "2026-09-22 11:00")],
        )
        assert told(CN, run, "2026-09-24 08:00") == [
            ("09-21 10:00", "fixed", 86400),
            ("09-22 10:00", "pause", 0),
            ("09-22 11:00", "fixed", 37 * 3600),
            ("09-24 00:00", "overdue", 0),
        ]

    def test_nothing_is_told_before_the_start(self):
        assert intervals(CN, clock_run(CN, "2026-09-21 10:00", "1 cd"), at("2026-09-21 10:00")) == []


class TestSteps:
    def test_twenty_days_that_end_in_the_national_holiday(self):
        found = steps(CN, at("2026-09-11 09:00"), Duration.parse("20 cd"))
        assert [(s.kind, s.why, str(s.first), str(s.last), s.day_to) for s in found] == [
            ("start", "start_day", "2026-09-11", "2026-09-11", None),
            ("count", "counted", "2026-09-12", "2026-10-01", 20),
            ("rolled", "holiday", "2026-10-01", "2026-10-07", None),
            ("due", "due", "2026-10-08", "2026-10-08", None),
        ]

    def test_working_days_are_numbered(self):
        found = steps(CN, at("2024-02-07 09:00"), Duration.parse("7 wd"))
        assert [(s.day_from, s.day_to, s.why) for s in found if s.kind == "count"] == [
            (1, 2, "counted"),
            (3, 3, "make_up"),
            (4, 7, "counted"),
        ]

    def test_hours_begin_at_once(self):
        found = steps(CN, at("2026-11-23 10:30"), Duration.parse("24 h"))
        assert [s.kind for s in found] == ["start", "count", "due"]
        assert found[-1].ends == plan(CN, clock_run(CN, "2026-11-23 10:30", "24 h")).due
