"""Dates computed by hand: the acceptance scenarios and the rulings on how time is counted."""

from datetime import date

import pytest

from engine.domain.clock import plan, planned, rebase
from tests.support.clock import clock_run, local
from workflows.calendar import load_calendar

CN = load_calendar("CN")
PH = load_calendar("PH")


def due(calendar, *given, **more):
    return str(plan(calendar, clock_run(calendar, *given, **more)).due_date)


def marks(calendar, names, *given, **more):
    found = plan(calendar, clock_run(calendar, *given, **more), names).marks
    return {name: local(calendar, moment) for name, moment in found.items()}


class TestAcceptanceScenarios:
    def test_4_second_mediation_is_due_seven_working_days_after_the_first_failed(self):
        assert due(CN, "2024-02-07 16:30", "7 wd") == "2024-02-22"

    def test_5_confirmation_window_ends_on_the_make_up_sunday_after_the_holiday(self):
        assert due(CN, "2024-01-11 09:00", "30 cd") == "2024-02-18"

    def test_6_limit_after_breach_and_its_extension(self):
        assert due(CN, "2024-04-22 10:00", "30 cd") == "2024-05-22"
        assert due(CN, "2024-04-22 10:00", "30 cd", extensions=["30 cd"]) == "2024-06-21"

    def test_7_seventeen_days_of_appraisal_do_not_count(self):
        appraisal = [("2024-03-04 10:00", "2024-03-20 15:00")]
        assert due(CN, "2024-03-01 09:00", "30 cd", pauses=appraisal) == "2024-04-17"

    def test_13_work_order_skips_the_national_holiday_and_counts_the_working_sunday(self):
        assert due(CN, "2024-09-26 11:00", "5 wd") == "2024-10-09"

    def test_18_barangay_dates(self):
        assert due(PH, "2024-06-07 10:00", "1 wd") == "2024-06-10"
        assert due(PH, "2024-06-14 10:00", "15 cd") == "2024-06-29"
        assert due(PH, "2024-06-07 10:00", "60 cd") == "2024-08-06"
        assert due(PH, "2024-07-03 10:00", "15 cd") == "2024-07-18"
        assert due(PH, "2024-07-03 10:00", "15 cd", extensions=["15 cd"]) == "2024-08-02"

    def test_19_barangay_repudiation_and_execution(self):
        assert due(PH, "2024-07-10 10:00", "10 cd") == "2024-07-20"
        assert due(PH, "2024-07-10 10:00", "6 months") == "2025-01-10"


class TestDays:
    def test_the_last_day_ends_at_24_00_which_is_the_next_midnight(self):
        made = plan(CN, clock_run(CN, "2026-11-19 08:00", "5 cd"))
        assert made.due_date == date(2026, 11, 24)
        assert local(CN, made.due) == "2026-11-25 00:00"

    def test_a_clock_that_began_by_expiry_is_dated_the_day_that_ended(self):
        run = clock_run(CN, "2026-11-20 00:00", "5 cd")
        run["dated"] = "2026-11-19"
        assert plan(CN, run).due_date == date(2026, 11, 24)

    def test_months_end_on_the_corresponding_day_or_the_last_of_the_month(self):
        assert due(PH, "2025-01-31 10:00", "1 months") == "2025-02-28"
        assert due(PH, "2024-02-29 10:00", "1 years") == "2025-02-28"

    def test_two_extensions_of_a_month_are_counted_from_the_start(self):
        assert due(PH, "2025-01-31 10:00", "1 months", extensions=["1 months"]) == "2025-03-31"

    def test_paused_days_move_the_end_of_a_month(self):
        pause = [("2025-02-03 10:00", "2025-02-04 09:00")]
        assert due(PH, "2025-01-15 10:00", "1 months", pauses=pause) == "2025-02-17"

    def test_a_clock_that_does_not_roll_ends_on_the_holiday(self):
        assert due(CN, "2024-01-11 09:00", "30 cd", rolls=False) == "2024-02-10"

    def test_an_extension_goes_on_from_the_day_before_it_was_rolled(self):
        # day 30 is 10 Feb, rolled to 18 Feb; 5 days more end on 15 Feb, rolled again
        assert due(CN, "2024-01-11 09:00", "30 cd", extensions=["5 cd"]) == "2024-02-18"
        assert due(CN, "2024-01-11 09:00", "30 cd", extensions=["9 cd"]) == "2024-02-19"

    def test_an_extension_of_another_unit_starts_at_the_last_counted_day(self):
        assert due(CN, "2024-01-11 09:00", "30 cd", extensions=["1 wd"]) == "2024-02-18"
        assert due(CN, "2024-01-11 09:00", "30 cd", extensions=["1 months"]) == "2024-03-11"

    def test_close_of_business_ends_the_day_where_the_clock_says_so(self):
        made = plan(CN, clock_run(CN, "2026-11-19 08:00", "5 cd", ends="business"))
        assert local(CN, made.due) == "2026-11-24 17:30"
        weekend = plan(CN, clock_run(CN, "2026-11-20 08:00", "1 cd", ends="business", rolls=False))
        assert local(CN, weekend.due) == "2026-11-22 00:00"

    def test_a_local_closure_is_no_working_day(self):
        closed = CN.with_closures([date(2026, 11, 24)])
        assert due(closed, "2026-11-23 08:00", "1 wd") == "2026-11-25"
        assert due(closed, "2026-11-23 08:00", "1 cd") == "2026-11-25"
        assert closed.hash != CN.hash


class TestPauses:
    PAUSE = (("2024-07-10 16:00", "2024-07-12 08:00"),)

    def test_days_touched_by_a_pause_do_not_count_both_ends_included(self):
        assert due(CN, "2024-07-05 10:00", "10 wd", pauses=self.PAUSE) == "2024-07-24"

    def test_hours_pause_by_the_instant(self):
        made = plan(CN, clock_run(CN, "2024-07-10 10:00", "24 h", pauses=self.PAUSE))
        assert local(CN, made.due) == "2024-07-13 02:00"

    def test_a_pause_ended_by_expiry_does_not_touch_the_new_day(self):
        pause = [("2024-07-10 16:00", "2024-07-13 00:00")]
        assert due(CN, "2024-07-05 10:00", "10 cd", pauses=pause) == "2024-07-18"

    def test_two_pauses_on_one_day_take_it_out_once(self):
        twice = [("2024-07-10 08:00", "2024-07-10 09:00"), ("2024-07-10 10:00", "2024-07-10 11:00")]
        assert due(CN, "2024-07-05 10:00", "10 cd", pauses=twice) == "2024-07-16"

    def test_while_a_pause_is_open_nothing_is_due(self):
        run = clock_run(CN, "2024-07-05 10:00", "10 wd", pauses=[("2024-07-10 16:00", None)])
        made = plan(CN, run, ["20%", "due", "due+1 cd", "due-1 cd", "1 cd", "9 cd"])
        assert made.due is None
        assert made.due_date is None
        assert {name: local(CN, at) for name, at in made.marks.items()} == {
            "20%": "2024-07-10 00:00",  # the 2nd working day, Tue 9 July
            "1 cd": "2024-07-07 00:00",
        }

    def test_a_pause_opened_after_the_due_day_changes_nothing_but_what_comes_later(self):
        run = clock_run(CN, "2024-07-05 10:00", "2 cd", pauses=[("2024-07-10 16:00", None)], rolls=False)
        made = plan(CN, run, ["due", "due+1 cd", "due+5 cd"])
        assert made.due_date == date(2024, 7, 7)
        assert set(made.marks) == {"due", "due+1 cd"}

    def test_a_last_day_does_not_roll_into_a_pause(self):
        # day 1 is Sat 13 July; Monday and Tuesday are paused
        pause = [("2024-07-15 08:00", "2024-07-16 12:00")]
        assert due(CN, "2024-07-12 10:00", "1 cd", pauses=pause) == "2024-07-17"
        assert (
            plan(CN, clock_run(CN, "2024-07-12 10:00", "1 cd", pauses=[("2024-07-15 08:00", None)])).due
            is None
        )


class TestHours:
    def test_hours_start_at_their_instant_and_run_round_the_clock(self):
        made = plan(CN, clock_run(CN, "2024-02-10 15:20", "24 h"))
        assert local(CN, made.due) == "2024-02-11 15:20"
        assert made.due_date == date(2024, 2, 11)

    def test_hours_run_evenly_over_the_change_to_summer_time(self):
        berlin = type(CN)("DE", "Europe/Berlin", frozenset({5, 6}), {})
        made = plan(berlin, clock_run(berlin, "2026-03-28 12:00", "24 h"))
        assert local(berlin, made.due) == "2026-03-29 13:00"
        days = plan(berlin, clock_run(berlin, "2026-03-28 12:00", "1 cd"))
        assert local(berlin, days.due) == "2026-03-30 00:00"

    def test_office_hours_stop_over_lunch_and_night(self):
        made = plan(CN, clock_run(CN, "2026-11-23 10:30", "8 wh"))
        assert local(CN, made.due) == "2026-11-24 11:30"

    def test_office_hours_that_begin_outside_the_office_wait_for_it(self):
        made = plan(CN, clock_run(CN, "2026-11-27 20:00", "1 wh"))
        assert local(CN, made.due) == "2026-11-30 09:30"

    def test_office_hours_run_on_a_make_up_saturday(self):
        assert due(CN, "2026-10-09 17:00", "1 wh") == "2026-10-10"


class TestMarks:
    def test_a_share_of_days_is_the_end_of_the_day_rounded_up(self):
        assert marks(CN, ["80%", "50%"], "2026-11-23 10:00", "4 wd") == {
            "80%": "2026-11-28 00:00",  # the 4th working day, Fri 27 Nov
            "50%": "2026-11-26 00:00",
        }

    def test_a_share_of_hours_is_exact(self):
        assert marks(CN, ["80%"], "2026-11-23 10:00", "24 h") == {"80%": "2026-11-24 05:12"}

    def test_marks_in_days_never_roll(self):
        # due 10 Feb, rolled to 18 Feb
        found = marks(CN, ["30 cd", "due", "due-2 cd", "due+3 cd"], "2024-01-11 09:00", "30 cd")
        assert found == {
            "30 cd": "2024-02-11 00:00",
            "due": "2024-02-19 00:00",
            "due-2 cd": "2024-02-17 00:00",
            "due+3 cd": "2024-02-22 00:00",
        }

    def test_a_share_of_months_counts_their_days(self):
        assert marks(PH, ["50%"], "2025-01-31 10:00", "1 months") == {"50%": "2025-02-15 00:00"}

    def test_a_mark_before_the_start_falls_at_the_start(self):
        assert marks(CN, ["due-5 cd"], "2026-11-23 10:00", "2 wd") == {"due-5 cd": "2026-11-23 10:00"}

    def test_working_days_around_the_due_day(self):
        found = marks(CN, ["due-1 wd", "due+1 wd"], "2026-11-23 10:00", "5 wd")
        assert found == {"due-1 wd": "2026-11-28 00:00", "due+1 wd": "2026-12-02 00:00"}

    def test_an_extension_moves_the_share(self):
        found = marks(CN, ["80%"], "2026-11-02 10:00", "10 cd", extensions=["10 cd"])
        assert found == {"80%": "2026-11-19 00:00"}


class TestFixedInstants:
    def test_neither_pause_nor_holiday_moves_a_fixed_instant(self):
        run = clock_run(
            CN,
            "2026-09-21 10:00",
            until="2026-10-02 00:00",
            pauses=[("2026-09-23 10:00", "2026-09-25 10:00")],
        )
        made = plan(CN, run, ["due", "due-2 cd"])
        assert made.due_date == date(2026, 10, 1)
        assert not made.provisional
        assert local(CN, made.marks["due-2 cd"]) == "2026-09-30 00:00"

    def test_an_extension_of_a_fixed_instant_rolls(self):
        assert due(CN, "2026-09-21 10:00", until="2026-09-30 12:00", extensions=["3 cd"]) == "2026-10-08"

    def test_its_share_is_one_of_time(self):
        found = marks(CN, ["50%"], "2026-09-21 10:00", until="2026-09-23 10:00")
        assert found == {"50%": "2026-09-22 10:00"}


class TestUnpublishedYears:
    @pytest.mark.parametrize(
        ("start", "within", "rolls", "provisional"),
        [
            ("2026-11-23 10:00", "20 wd", True, False),
            ("2026-12-20 10:00", "20 wd", True, True),
            ("2026-12-20 10:00", "20 cd", True, True),
            ("2026-12-20 10:00", "20 cd", False, False),  # nothing can change that date
            ("2026-12-31 10:00", "24 h", True, False),
            ("2026-12-31 16:00", "8 wh", True, True),
        ],
    )
    def test_a_date_is_provisional_only_if_the_list_could_change_it(self, start, within, rolls, provisional):
        assert plan(CN, clock_run(CN, start, within, rolls=rolls)).provisional is provisional


class TestRebase:
    def test_another_length_counts_from_the_own_start_and_keeps_pauses(self):
        run = planned(CN, clock_run(CN, "2024-07-05 10:00", "10 wd", pauses=TestPauses.PAUSE), ["due"])
        shorter = planned(CN, rebase(run, "5 wd"), ["due"])
        assert (run["due_date"], shorter["due_date"]) == ("2024-07-24", "2024-07-17")
        assert shorter["start"] == run["start"]
        assert shorter["marks"] == {"due": "2024-07-17T16:00:00Z"}

    def test_a_paused_run_has_no_due_date_in_its_row(self):
        run = planned(CN, clock_run(CN, "2024-07-05 10:00", "10 wd"), ["due"])
        run["pauses"] = [["2024-07-08T00:00:00Z", None]]
        held = planned(CN, run, ["due"])
        assert "due" not in held
        assert held["marks"] == {}
