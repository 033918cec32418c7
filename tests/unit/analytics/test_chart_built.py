"""Charts say what the answers say: exact points, ticks, tables and notes."""

from datetime import UTC, date, datetime
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analytics.chart import heading
from engine.analytics.chart.kind import (
    ageing_chart,
    backlog_chart,
    flow_chart,
    funnel_chart,
    months_chart,
    survival_chart,
    waiting_chart,
    why_chart,
)
from engine.analytics.chart.of import durations_chart
from engine.analytics.chart.scale import chance, days, number, span, step, ticks
from engine.analytics.estimate.curve import curve
from engine.analytics.estimate.drawn import drawn, drawn_outside, watched
from engine.analytics.estimate.funnel import limits
from tests.support.chart import AGES, DAY, head, wording

FOUR = {
    "key": {"unit": "S-001"},
    "n": 4,
    "curve": [[2 * DAY, 0.25], [4 * DAY, 0.625], [8 * DAY, 1.0]],
    "censored": [3 * DAY],
    "at_risk": [[2 * DAY, 4], [3 * DAY, 3], [4 * DAY, 2], [8 * DAY, 1]],
}


class TestHeading:
    def test_it_names_clock_cases_open_cases_and_the_moment(self) -> None:
        answer = {"text": "report to first resolution", "n": 12, "n_open": 5, "as_of": "2026-11-23T01:00:00Z"}
        assert heading(answer, lang="en", zone="Asia/Shanghai").subtitle == (
            "report to first resolution · n 12, 5 open · as of 23 Nov 2026 09:00"
        )
        assert heading({**answer, "text": "报案到首次解决"}, lang="zh", zone="Asia/Shanghai").subtitle == (
            "报案到首次解决 · 共 12 件,在办 5 件 · 截至 2026年11月23日 09:00"
        )

    def test_open_cases_are_left_out_where_none_are_counted(self) -> None:
        answer = {"text": "t", "n": 1, "as_of": "2026-11-23T01:00:00Z"}
        assert heading(answer, lang="en", zone="UTC").subtitle == "t · n 1 · as of 23 Nov 2026 01:00"


class TestSurvival:
    def test_the_curve_begins_at_nothing_and_holds_to_the_end(self) -> None:
        (series,) = survival_chart([FOUR], head()).series
        assert series.title == "S-001 (n 4)"
        assert series.form == "step"
        assert series.points == (
            (0, 0.0), (2 * DAY, 0.25), (4 * DAY, 0.625), (8 * DAY, 1.0), (8 * DAY, 1.0),
        )  # fmt: skip
        assert series.marks == ((3 * DAY, 0.25),)

    def test_a_curve_ends_where_nobody_was_watched_any_more(self) -> None:
        short = {
            "key": {"unit": "S-002"}, "n": 3, "curve": [[DAY, 0.4]], "band": [[DAY, 0.1, 0.8]], "until_s": 5 * DAY,
        }  # fmt: skip
        long, ended = survival_chart([{**FOUR, "until_s": 8 * DAY}, short], head()).series
        assert long.points[-1] == (8 * DAY, 1.0)
        assert ended.points == ((0, 0.0), (DAY, 0.4), (5 * DAY, 0.4))
        assert ended.band[-1] == (5 * DAY, 0.1, 0.8)

    def test_a_group_with_cases_and_without_a_curve_is_named(self) -> None:
        chart = survival_chart([FOUR, {"key": {"unit": "S-002"}, "n": 30}], head())
        assert len(chart.series) == 1
        assert chart.note[-1] == "Not drawn, too few cases: S-002."

    def test_the_table_counts_who_lasted_that_long(self) -> None:
        chart = survival_chart([FOUR], head())
        assert [tick.text for tick in chart.x.ticks] == ["0", "1", "2", "3", "4", "5", "6", "7", "8"]
        assert chart.x.title == "days since the report"
        assert chart.table is not None
        assert chart.table.rows[0].values == ("4", "4", "4", "3", "2", "1", "1", "1", "1")

    def test_a_tail_is_left_out_and_said(self) -> None:
        long = {
            **FOUR,
            "curve": [[DAY, 0.95], [900 * DAY, 0.99]],
            "censored": [],
            "at_risk": [[DAY, 4], [900 * DAY, 1]],
        }
        chart = survival_chart([long], head())
        assert chart.x.high == 1.5 * DAY
        assert chart.note == ("Drawn up to 1.5 d; the longest was watched for 900 d.",)
        assert chart.x.title == "hours since the report"

    def test_groups_without_a_curve_are_named(self) -> None:
        hidden = {"key": {"unit": "S-009"}, "n": 3, "curve": [], "few": True}
        chart = survival_chart([FOUR, hidden], head())
        assert len(chart.series) == 1
        assert "Not drawn, too few cases: S-009." in chart.note

    def test_of_many_groups_the_largest_are_drawn_in_their_order(self) -> None:
        many = [{**FOUR, "key": {"unit": f"S-{k:02d}"}, "n": k} for k in range(1, 15)]
        chart = survival_chart(many, head())
        assert [series.title for series in chart.series] == [f"S-{k:02d} (n {k})" for k in range(3, 15)]
        assert chart.note[-1] == "Not drawn: 2 smaller groups; the tables have them all."

    def test_confidence_is_drawn_for_few_groups_only(self) -> None:
        one = {
            **FOUR,
            "band": [[2 * DAY, 0.1, 0.4], [4 * DAY, 0.5, 0.9]],
        }  # where nobody is left there is none
        assert survival_chart([one], head()).series[0].band == (
            (0, 0.0, 0.0), (2 * DAY, 0.1, 0.4), (4 * DAY, 0.5, 0.9), (8 * DAY, 0.5, 0.9),
        )  # fmt: skip
        five = survival_chart([one] * 5, head())
        assert not any(series.band for series in five.series)
        assert "Confidence is drawn for up to 4 groups." in five.note

    def test_a_deadline_is_marked_if_it_is_on_the_chart(self) -> None:
        chart = survival_chart([FOUR], head(), lines=[(3 * DAY, "3 d"), (30 * DAY, "30 d")])
        assert [(line.at, line.text) for line in chart.lines] == [(3 * DAY, "3 d")]


class TestWatched:
    @given(st.lists(st.integers(0, 400 * DAY), max_size=60), st.integers(0, 410))
    def test_it_says_how_many_lasted_any_number_of_days(self, lasted: list[int], day: int) -> None:
        found = next((n for at, n in watched(np.sort(np.array(lasted, np.int64))) if at >= day * DAY), 0)
        assert found == sum(one >= day * DAY for one in lasted)

    @given(st.lists(st.integers(0, 3 * DAY), max_size=60), st.integers(0, 48))
    def test_and_any_number_of_hours_of_two_days(self, lasted: list[int], hour: int) -> None:
        found = next((n for at, n in watched(np.sort(np.array(lasted, np.int64))) if at >= hour * 3600), 0)
        assert found == sum(one >= hour * 3600 for one in lasted)


class TestDrawn:
    def test_a_curve_with_all_that_is_drawn_of_it(self) -> None:
        lasted, ended = np.array([2, 3, 3, 5]) * DAY, np.array([True, True, False, False])
        made = drawn(curve(lasted, ended))
        assert made["curve"] == [[2 * DAY, 0.25], [3 * DAY, 0.5]]
        assert made["censored"] == [3 * DAY, 5 * DAY]
        assert [at for at, _, _ in made["band"]] == [2 * DAY, 3 * DAY]
        assert all(
            low < share < high for (_, low, high), (_, share) in zip(made["band"], made["curve"], strict=True)
        )
        assert made["at_risk"] == [[2 * DAY, 4], [3 * DAY, 3], [5 * DAY, 1]]

    def test_of_nobody_there_is_nothing(self) -> None:
        none = np.zeros(0, np.int64)
        assert drawn(curve(none, none > 0)) == {
            "curve": [], "band": [], "censored": [], "at_risk": [], "until_s": 0,
        }  # fmt: skip

    def test_outside_no_point_stands_for_fewer_than_five_and_nothing_for_one(self) -> None:
        lasted = np.arange(1, 31) * DAY
        told = drawn_outside(curve(lasted, lasted < 23 * DAY))  # 22 of 30 end
        assert told == {
            "curve": [[5 * DAY, 0.166667], [10 * DAY, 0.333333], [15 * DAY, 0.5], [22 * DAY, 0.733333]]
        }


class TestMonths:
    def test_a_month_that_has_not_come_so_far_leaves_a_gap(self) -> None:
        figures = [
            {
                "key": {"filed_month": "2026-10"},
                "n": 9,
                "km": {"p50_s": DAY, "p80_s": 2 * DAY, "p90_s": 5 * DAY},
            },
            {"key": {"filed_month": "2026-11"}, "n": 3, "km": {"p50_s": DAY, "p80_s": None, "p90_s": None}},
        ]
        chart = months_chart(figures, head())
        assert {series.id: series.points for series in chart.series} == {
            "p90_s": ((0, 5 * DAY), (1, None)),
            "p80_s": ((0, 2 * DAY), (1, None)),
            "p50_s": ((0, DAY), (1, DAY)),
        }
        assert [tick.text for tick in chart.x.ticks] == ["2026-10", "2026-11"]
        assert chart.table is not None
        assert chart.table.rows[0].values == ("9", "3")
        assert chart.note == ("A gap: the month has not come so far yet.",)
        assert chart.y.title == "days until resolved"

    def test_months_without_cases_stand_empty_and_the_axis_is_true(self) -> None:
        one = {"p50_s": DAY, "p80_s": DAY, "p90_s": DAY}
        chart = months_chart(
            [{"key": {"filed_month": month}, "n": 1, "km": one} for month in ("2026-11", "2027-02")], head()
        )
        assert [tick.text for tick in chart.x.ticks] == ["2026-11", "2026-12", "2027-01", "2027-02"]
        assert chart.series[0].points == ((0, DAY), (1, None), (2, None), (3, DAY))
        assert chart.table is not None
        assert chart.table.rows[0].values == ("1", "0", "0", "1")
        assert chart.note == ("Months without cases stand empty.",)

    def test_months_of_closing_are_called_so(self) -> None:
        chart = months_chart(
            [{"key": {"closed_month": "2026-10"}, "n": 1, "p50_s": 1, "p80_s": 1, "p90_s": 1}], head()
        )
        assert (chart.title, chart.x.title) == ("How long it took, by month of closing", "month of closing")


class TestBacklog:
    def test_the_oldest_lie_at_the_bottom_and_all_add_up(self) -> None:
        chart = backlog_chart(
            [
                {"date": "2026-11-01", "by_age": [5, 4, 3, 2, 1]},
                {"date": "2026-11-02", "by_age": [1, 0, 0, 0, 2]},
            ],
            AGES,
            head(),
        )
        day = date(2026, 11, 1).toordinal()
        assert [series.title for series in chart.series] == [
            "over 180 d",
            "90 d to 180 d",
            "30 d to 90 d",
            "7 d to 30 d",
            "under 7 d",
        ]
        assert chart.series[0].points == ((day, 1), (day + 1, 2))
        assert chart.series[-1].points == ((day, 15), (day + 1, 3))
        assert chart.series[-1].base == (10, 2)
        assert (chart.y.low, chart.y.high) == (0, 15)

    def test_many_days_are_thinned_and_the_last_is_kept(self) -> None:
        many = [{"date": date.fromordinal(700_000 + k).isoformat(), "by_age": [k]} for k in range(1001)]
        (series,) = backlog_chart(many, AGES[:1], head()).series
        assert len(series.points) <= 401
        assert series.points[-1] == (701_000, 1000)


def test_ages_are_bars_with_their_numbers() -> None:
    (bars,) = ageing_chart(
        [{**band, "n": n} for band, n in zip(AGES, (4, 0, 1, 0, 2), strict=True)], head()
    ).series
    assert bars.said == ("4", "0", "1", "0", "2")
    assert bars.points == ((0, 4), (1, 0), (2, 1), (3, 0), (4, 2))


class TestFunnel:
    def test_those_outside_the_outer_limits_are_named(self) -> None:
        units = [
            {"key": {"unit": u}, "n": n, "share": s}
            for u, n, s in (("a", 100, 0.5), ("b", 100, 0.66), ("c", 4, 0.9))
        ]
        chart = funnel_chart(units, head(), centre=0.5)
        inside, outside = chart.series[-2:]
        assert inside.points == ((4, 0.9), (100, 0.5))
        assert (outside.points, outside.said) == (((100, 0.66),), ("b",))
        assert chart.note[0].endswith("outside are: b.")

    def test_the_limits_are_those_of_the_binomial_distribution(self) -> None:
        chart = funnel_chart([{"key": {}, "n": 100, "share": 0.5}], head(), centre=0.5)
        ends = [series.points[-1] for series in chart.series[:4]]
        assert [n for n, _ in ends] == [106] * 4
        assert [limit for _, limit in ends] == limits(np.array([106]), 0.5).reshape(4).tolist()

    def test_limits_that_are_given_count_instead(self) -> None:
        given = [[1, 0.0, 1.0, 0.0, 1.0], [200, 0.4, 0.6, 0.3, 0.7]]
        chart = funnel_chart([{"key": {}, "n": 100, "share": 0.84}], head(), centre=0.5, limits=given)
        assert chart.series[-2].points == ((100, 0.84),)
        assert chart.series[3].points == ((1, 1.0),)


class TestWaiting:
    def test_the_time_of_each_is_one_whole(self) -> None:
        groups = [
            {"key": {"unit": "a"}, "n": 3, "waits": {"parties": 30, "office": 10}},
            {"key": {"unit": "b"}, "n": 1, "waits": {"office": 5}},
        ]
        chart = waiting_chart(groups, head(), titles={"parties": "parties", "office": "office"})
        parties, office = chart.series
        assert parties.points == ((0.75, 0), (0.0, 1))
        assert (office.base, office.points) == ((0.75, 0.0), ((1.0, 0), (1.0, 1)))
        assert office.said == ("25 %", "100 %")
        assert [tick.text for tick in chart.y.ticks] == ["a (n 3)", "b (n 1)"]


class TestWhy:
    def test_each_part_begins_where_the_one_before_ended(self) -> None:
        parts = [{"title": "mix", "s": 2 * DAY}, {"title": "rest", "s": -DAY}]
        chart = why_chart(
            parts, head(), base={"title": "county", "s": 10 * DAY}, total={"title": "S-012", "s": 11 * DAY}
        )
        whole, longer, shorter = chart.series
        assert whole.points == ((10 * DAY, 0), (11 * DAY, 3))
        assert (longer.base, longer.points, longer.said) == ((10 * DAY,), ((12 * DAY, 1),), ("+2.0 d",))
        assert (shorter.base, shorter.points, shorter.said) == ((12 * DAY,), ((11 * DAY, 2),), ("-1.0 d",))
        assert chart.note == ("The parts add up to the difference of +1.0 d exactly.",)

    def test_parts_that_are_told_as_nothing_are_counted_and_not_drawn(self) -> None:
        parts = [{"title": "a", "s": 60}, {"title": "b", "s": 2 * DAY}, {"title": "c", "s": -30}]
        total = {"title": "S-012", "s": 12 * DAY + 30}
        chart = why_chart(parts, head(), base={"title": "county", "s": 10 * DAY}, total=total)
        assert [tick.text for tick in chart.y.ticks] == ["county", "b", "S-012"]
        assert chart.note[1] == "Left out: 2 parts that come to 0.0 d."

    def test_parts_that_do_not_add_up_are_a_bug(self) -> None:
        with pytest.raises(ValueError, match="add up"):
            why_chart(
                [{"title": "a", "s": 1}], head(), base={"title": "b", "s": 1}, total={"title": "c", "s": 3}
            )


class TestFlow:
    def test_states_are_coloured_by_time_and_acts_carry_their_number(self) -> None:
        words = wording(name="service_request")
        first, second = list(words.outline.leaves)[:2]
        edge = next(
            e
            for e in words.outline.edges
            if e.transition.trigger and words.outline.entry(e.transition.dest[0].to)
        )
        to = words.outline.entry(edge.transition.dest[0].to)
        move = {"trigger": edge.transition.trigger, "from": edge.source, "to": to, "n": 7}
        states = [
            {"state": first, "n_open": 3, "spent_s": DAY},
            {"state": second, "n_open": 0, "spent_s": 16 * DAY},
        ]
        chart = flow_chart(words, states, [move, move], head())
        assert chart.flow is not None
        found = {state.id: state for state in chart.flow.states}
        assert (found[first].level, found[second].level) == (1, 4)
        assert found[first].n_open == 3
        assert chart.flow.levels == (DAY, 2 * DAY, 4 * DAY, 8 * DAY)
        (made,) = chart.flow.moves
        assert (made.n, made.title) == (14, words.act(edge.transition.trigger or ""))
        said = chart.flow.picture[0]
        assert f"{made.title} ×14" in said
        assert "3 there now" in said
        assert "half leave by 16 d" in said

    def test_a_workflow_nobody_went_through_has_nothing_to_draw(self) -> None:
        assert flow_chart(wording(), [], [], head()).empty == "Nothing to draw: no case fits."


class TestDurations:
    ANSWER: ClassVar[dict[str, Any]] = {"text": "report to first resolution", "n": 4, "n_open": 1, "as_of": "2026-11-23T01:00:00Z", "closed_only": False}  # fmt: skip

    def test_groups_are_curves(self) -> None:
        chart = durations_chart({**self.ANSWER, "groups": [FOUR]}, lang="en", zone="UTC")
        assert chart.kind == "survival"
        assert (
            chart.subtitle == "report to first resolution, wall time · n 4, 1 open · as of 23 Nov 2026 01:00"
        )

    def test_who_has_not_come_to_the_moment_is_told_where_it_is_not_the_open_ones(self) -> None:
        answer = {**self.ANSWER, "n": 4, "n_open": 1, "n_reached": 1, "groups": [FOUR]}
        told = durations_chart(answer, lang="en", zone="UTC").subtitle
        assert "n 4, 1 open, 3 have not reached it" in told
        same = durations_chart({**answer, "n_reached": 3}, lang="en", zone="UTC").subtitle
        assert "n 4, 1 open ·" in same

    def test_months_are_percentiles(self) -> None:
        month = {
            "key": {"filed_month": "2026-10"},
            "n": 4,
            "n_reached": 3,
            "km": {"p50_s": 1, "p80_s": 2, "p90_s": 3},
            "closed": {},
        }
        assert durations_chart({**self.ANSWER, "groups": [month]}, lang="en", zone="UTC").kind == "months"

    def test_of_the_closed_ones_alone_it_is_said(self) -> None:
        closed = {**self.ANSWER, "closed_only": True, "groups": [{**FOUR, "n": 3, "n_reached": 3}]}
        chart = durations_chart(closed, lang="en", zone="UTC")
        assert "closed cases only: biased short" in chart.subtitle
        assert chart.series[0].title == "S-001 (n 3)"


class TestScale:
    @pytest.mark.parametrize(
        ("length", "most", "expected"), [(10, 8, 2), (100, 5, 20), (0.9, 5, 0.2), (7, 8, 1), (0, 5, 1)]
    )
    def test_steps_are_round(self, length: float, most: int, expected: float) -> None:
        assert step(length, most) == pytest.approx(expected)

    @given(st.integers(1, 10**10), st.integers(3, 10))
    def test_no_more_ticks_than_asked_and_all_inside(self, high: int, most: int) -> None:
        found = ticks(0, high, most)
        assert 2 <= len(found) <= most + 1
        assert found[0].at == 0
        assert all(0 <= tick.at <= high * (1 + 1e-9) for tick in found)

    @given(st.integers(1, 3_000_000), st.integers(0, 40_000))
    def test_dates_are_few_rising_and_inside(self, first: int, length: int) -> None:
        a = date.fromordinal(first)
        b = date.fromordinal(min(first + length, date.max.toordinal() - 800))
        found = days(a, max(a, b))
        assert len(found) <= 9
        assert all(a.toordinal() <= tick.at <= max(a, b).toordinal() for tick in found)
        assert list(found) == sorted(found, key=lambda tick: tick.at)

    @pytest.mark.parametrize(
        ("seconds", "en", "zh"),
        [(0, "0 s", "0 秒"), (90, "1.5 min", "1.5 分"), (5400, "1.5 h", "1.5 小时"), (526_000, "6.1 d", "6.1 天"), (900 * DAY, "900 d", "900 天")],
    )  # fmt: skip
    def test_lengths_in_words(self, seconds: int, en: str, zh: str) -> None:
        assert (span(seconds, "en"), span(seconds, "zh")) == (en, zh)

    def test_numbers_have_no_exponent(self) -> None:
        assert [number(n) for n in (1e9, 0.1 + 0.2, -1e-9, 2.0)] == ["1000000000", "0.3", "0", "2"]


def test_made_up_moments_are_aware() -> None:
    assert head().at == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("p", "told"),
    [(1.0, "1.000"), (0.0312, "0.031"), (0.0005, "0.001"), (0.00049, "< 0.001"), (0.0, "< 0.001")],
)
def test_a_small_chance_is_none_of_nothing(p: float, told: str) -> None:
    assert chance(p) == told
