from datetime import UTC, date, datetime

import pytest

from engine.domain import display, spoken
from engine.domain.duration import Duration, Mark
from engine.domain.errors import UsageError
from tests.support.clock import at

ZONE = "Asia/Shanghai"
NOW = at("2026-11-18 08:31")  # a Wednesday


def said(text, *, ahead=False, now=NOW):
    found = spoken.moment(text, now=now, zone=ZONE, ahead=ahead)
    assert found.tzinfo is UTC
    return found.astimezone(at("2026-01-01").tzinfo).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("10:00", "2026-11-18 10:00"),
        ("10\uff1a00", "2026-11-18 10:00"),
        ("yesterday 10:00", "2026-11-17 10:00"),
        ("Yesterday  9:05", "2026-11-17 09:05"),
        ("tomorrow 24:00", "2026-11-20 00:00"),
        ("tue 10:05", "2026-11-17 10:05"),
        ("Tuesday 10:05", "2026-11-17 10:05"),
        ("wed 08:00", "2026-11-18 08:00"),
        ("sat 10:00", "2026-11-14 10:00"),
        ("Sat 14 Nov 10:00", "2026-11-14 10:00"),
        ("wed 09:00", "2026-11-11 09:00"),
        ("2026-11-23T10:00+08:00", "2026-11-23 10:00"),
        ("2026-11-23T02:00:00Z", "2026-11-23 10:00"),
        ("2026-11-23T10:00:00.250+0800", "2026-11-23 10:00"),
        ("2026-11-23 10:00", "2026-11-23 10:00"),
        ("2026-11-23T10:00", "2026-11-23 10:00"),
        ("2026/11/23 10:00", "2026-11-23 10:00"),
        ("Mon 23 Nov 08:05", "2026-11-23 08:05"),
        ("23 Nov 2025 08:05", "2025-11-23 08:05"),
        ("2 jan 08:05", "2027-01-02 08:05"),
        ("昨天 10:00", "2026-11-17 10:00"),
        ("昨天10:00", "2026-11-17 10:00"),
        ("前天下午3点", "2026-11-16 15:00"),
        ("周二 10:05", "2026-11-17 10:05"),
        ("星期二上午10点半", "2026-11-17 10:30"),
        ("上周二 10:05", "2026-11-10 10:05"),
        ("11月23日周一 08:05", "2026-11-23 08:05"),
        ("2026年11月23日 10点05分", "2026-11-23 10:05"),
        ("now", "2026-11-18 08:31"),
        ("现在", "2026-11-18 08:31"),
    ],
)
def test_times_that_people_type(text, means):
    assert said(text) == means


@pytest.mark.parametrize(
    ("text", "past", "ahead"),
    [
        ("today", "2026-11-18 08:31", "2026-11-19 00:00"),
        ("yesterday", "2026-11-17 23:59", "2026-11-18 00:00"),
        ("fri", "2026-11-13 23:59", "2026-11-21 00:00"),
        ("周五", "2026-11-13 23:59", "2026-11-21 00:00"),
        ("wed", "2026-11-18 08:31", "2026-11-19 00:00"),
        ("2026-11-20", "2026-11-20 23:59", "2026-11-21 00:00"),
    ],
)
def test_a_day_without_a_time_is_its_latest_moment_or_its_end(text, past, ahead):
    assert (said(text), said(text, ahead=True)) == (past, ahead)


def test_a_weekday_ahead_with_a_time_that_is_over_is_next_week():
    assert said("wed 08:00", ahead=True) == "2026-11-25 08:00"
    assert said("wed 09:00", ahead=True) == "2026-11-18 09:00"


@pytest.mark.parametrize(
    "text",
    ["10.00", "", "25:00", "10:60", "24:01", "fry", "mondays 10:00", "2026-13-01 10:00", "tue 10:00+08:00",
     "Tue 23 Nov 08:05", "31 Feb 10:00", "noon", "2026-11-23T10:00+99:00", "13月1日", "x 23 nov"],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_what_to_write(text):
    with pytest.raises(UsageError) as refused:
        spoken.moment(text, now=NOW, zone=ZONE)
    assert refused.value.code == "FM-U005"
    assert refused.value.first.params == {"given": text}


def test_days_are_read_too():
    assert spoken.day("fri", now=NOW, zone=ZONE, ahead=True) == date(2026, 11, 20)
    assert spoken.day("明天", now=NOW, zone=ZONE) == date(2026, 11, 19)
    with pytest.raises(UsageError):
        spoken.day("10:00", now=NOW, zone=ZONE)


@pytest.mark.parametrize(
    ("text", "means"),
    [("20 cd", "20 cd"), ("20天", "20 cd"), ("20 days", "20 cd"), ("5个工作日", "5 wd"), ("5 working days", "5 wd"),
     ("6 months", "6 months"), ("1 month", "1 months"), ("6个月", "6 months"), ("24小时", "24 h"), ("8wh", "8 wh")],
)  # fmt: skip
def test_lengths_in_words(text, means):
    assert str(spoken.length(text)) == means


@pytest.mark.parametrize("text", ["20", "twenty days", "3 m", "-2 cd", "2.5 h", "", "个月"])
def test_a_length_that_cannot_be_read_names_what_is_accepted(text):
    with pytest.raises(UsageError) as refused:
        spoken.length(text)
    assert refused.value.code == "FM-U007"
    assert "30 cd" in refused.value.first.params["accepted"]


class TestDurationsAndMarks:
    @pytest.mark.parametrize(
        "text", ["30 min", "24 h", "8 wh", "30 cd", "5 wd", "6 months", "2 years", "0 cd"]
    )
    def test_a_duration_reads_back(self, text):
        assert str(Duration.parse(text)) == text

    @pytest.mark.parametrize("text", ["5 days", "cd", "5", "-5 cd", "5 cd 2 h", "1.5 h", "\uff15 cd"])
    def test_a_definition_knows_seven_units_only(self, text):
        with pytest.raises(UsageError) as refused:
            Duration.parse(text)
        assert refused.value.code == "FM-U007"

    @pytest.mark.parametrize("text", ["80%", "20 cd", "due", "due-2 cd", "due+3 wd", "23 h", "100%"])
    def test_a_mark_reads_back(self, text):
        assert str(Mark.parse(text)) == text

    @pytest.mark.parametrize("text", ["0%", "101%", "due-", "due+x", "due 2 cd", "-2 cd", "", "80 %"])
    def test_other_marks_are_refused(self, text):
        with pytest.raises(UsageError) as refused:
            Mark.parse(text)
        assert refused.value.code == "FM-U008"


class TestDisplay:
    def test_instants_are_short_and_local(self):
        at_ = datetime(2026, 11, 23, 0, 5, tzinfo=UTC)
        assert display.moment(at_, ZONE, now=NOW) == "Mon 23 Nov 08:05"
        assert display.moment(at_, ZONE, "zh", now=NOW) == "11月23日周一 08:05"
        assert display.moment(at_, ZONE) == "Mon 23 Nov 2026 08:05"

    def test_midnight_belongs_to_the_day_it_ends(self):
        assert display.due(at("2026-11-25 00:00"), ZONE, now=NOW) == "Tue 24 Nov 24:00"
        assert display.due(at("2027-01-01 00:00"), ZONE, "zh", now=NOW) == "12月31日周四 24:00"
        assert display.due(at("2026-11-24 17:30"), ZONE, now=NOW) == "Tue 24 Nov 17:30"

    @pytest.mark.parametrize(
        ("seconds", "en", "zh"),
        [(7 * 86400 + 4 * 3600 + 59, "7 d 4 h", "7 天 4 小时"), (720, "12 min", "12 分"), (5, "5 s", "5 秒"),
         (3 * 3600, "3 h", "3 小时"), (-90, "1 min", "1 分"), (0, "0 s", "0 秒"), (86400 + 60, "1 d", "1 天")],
    )  # fmt: skip
    def test_spans_have_two_units(self, seconds, en, zh):
        assert (display.span(seconds), display.span(seconds, "zh")) == (en, zh)

    def test_lengths_are_in_words_in_chinese_and_read_back(self):
        assert (display.length("30 cd"), display.length("30 cd", "zh")) == ("30 cd", "30 个自然日")
        for text in ("30 min", "24 h", "3 wh", "30 cd", "5 wd", "6 months", "1 years"):
            assert str(spoken.length(display.length(text, "zh"))) == text

    def test_runs_of_days(self):
        assert display.days(date(2026, 10, 1), date(2026, 10, 7)) == "1-7 Oct"
        assert display.days(date(2026, 9, 29), date(2026, 10, 3)) == "29 Sep - 3 Oct"
        assert display.days(date(2026, 10, 1), date(2026, 10, 7), "zh") == "10月1日-7日"
        assert display.days(date(2026, 10, 1), date(2026, 10, 1)) == "1 Oct"

    def test_what_is_shown_is_read_back(self):
        for lang in ("en", "zh"):
            for text in ("2026-11-23 08:05", "2026-02-28 23:59", "2026-12-01 00:00"):
                shown = display.moment(at(text), ZONE, lang, now=NOW)
                assert spoken.moment(shown, now=NOW, zone=ZONE) == at(text)
                shown = display.due(at(text), ZONE, lang, now=NOW)
                assert spoken.moment(shown, now=NOW, zone=ZONE) == at(text)
