"""`folkmoot clock when` and `folkmoot calendar`, as typed."""

import re

import pytest

from tests.support.commandline import Said, Shell

YEAR = "id: CN\nyears:\n  2027: {source: notice, days_off: [2027-01-01], make_up_days: []}\n"


def lines(said: Said) -> list[str]:
    assert said.status == 0, said.err
    return [re.sub(r" {2,}", "  ", line).strip() for line in said.out.splitlines()]


class TestWhen:
    def test_twenty_days_from_september(self, station: Shell) -> None:
        assert lines(station("clock", "when", "20 cd", "--from", "2026-09-11", "--calendar", "CN")) == [
            "start  Fri 11 Sep, not counted (Civil Code art. 201)",
            "day 20  Thu 1 Oct, public holiday 1-7 Oct (Civil Code art. 203)",
            "due  Thu 8 Oct 2026 24:00",
        ]

    def test_working_days_are_told_day_by_day(self, station: Shell) -> None:
        assert lines(station("clock", "when", "5 wd", "--from", "2026-09-28", "--calendar", "CN")) == [
            "start  Mon 28 Sep, not counted (Civil Code art. 201)",
            "day 1-2  Tue 29 Sep - Wed 30 Sep",
            "Thu 1 Oct - Sat 3 Oct  public holiday",
            "Sun 4 Oct  weekend",
            "Mon 5 Oct - Wed 7 Oct  public holiday",
            "day 3-4  Thu 8 Oct - Fri 9 Oct",
            "day 5  Sat 10 Oct  make-up working day",
            "due  Sat 10 Oct 2026 24:00",
        ]

    def test_in_chinese(self, station: Shell) -> None:
        said = station("clock", "when", "20天", "--from", "2026-09-11", "--lang", "zh")
        assert lines(said)[0] == "起算  9月11日周五,当日不计 (民法典第201条)"
        assert lines(said)[-1] == "截止  2026年10月8日周四 24:00"

    def test_a_year_that_is_not_published_is_said(self, station: Shell) -> None:
        said = station("clock", "when", "10 wd", "--from", "2026-12-28")
        assert lines(said)[-1] == "~ provisional: days off of CN are published until 2026"

    def test_hours_start_at_their_instant(self, station: Shell) -> None:
        said = station("clock", "when", "24 h", "--from", "2026-11-23 10:30", "--json")
        assert said.json["due_at"] == "2026-11-24T02:30:00Z"
        assert lines(station("clock", "when", "24 h", "--from", "2026-11-23 10:30"))[0].startswith(
            "start  Mon 23 Nov 10:30"
        )

    @pytest.mark.parametrize(
        ("args", "status", "code"),
        [(("soon",), 2, "FM-U007"), (("5 wd", "--calendar", "XX"), 4, "FM-N005"), (("5 wd", "--from", "10.00"), 2, "FM-U005")],
    )  # fmt: skip
    def test_what_cannot_be_read(self, station: Shell, args: tuple[str, ...], status: int, code: str) -> None:
        said = station("clock", "when", *args, "--json")
        assert (said.status, said.json["problem"]["code"]) == (status, code)


class TestCalendar:
    def test_list_and_show(self, station: Shell) -> None:
        assert station("calendar", "list", "--json").json["items"][0]["last"] == 2026
        said = station("calendar", "show", "CN", "--year", "2026")
        assert "1-3 Oct, 5-7 Oct" in said.out
        assert "10 Oct" in said.out

    def test_a_year_that_is_not_published_says_why_and_what_next(self, station: Shell) -> None:
        said = station("calendar", "show", "CN", "--year", "2030")
        assert (said.status, said.out) == (0, "")
        assert "2030 are not in CN" in said.err
        assert "calendar import FILE" in said.err
        assert station("calendar", "show", "CN", "--year", "2030", "--json").json["years"] == []

    def test_what_show_writes_import_reads(self, station: Shell) -> None:
        shown = station("calendar", "show", "CN", "--json").out
        (station.folder / "CN.json").write_text(shown)
        again = station("calendar", "import", "CN.json", "--as", "chf-01", "--json")
        assert again.status == 0
        assert {year["change"] for year in again.json["years"]} == {"same"}

    def test_a_wrong_key_names_the_right_one(self, station: Shell) -> None:
        (station.folder / "2027.yaml").write_text(YEAR.replace("id: CN", "calendar: CN"))
        assert "write `id: CN`" in station("calendar", "import", "2027.yaml", "--as", "chf-01").err

    def test_import_shows_what_moves_asks_and_does_it(self, station: Shell) -> None:
        (station.folder / "2027.yaml").write_text(YEAR)
        late = {"FOLKMOOT_NOW": "2026-12-30T10:00:00+08:00"}
        filed = station(
            "case", "file", "service_request", "--place", "示例一村", "--what", "lamp", "--as", "dsp-01", "--json",
            env=late,
        ).json["ref"]  # fmt: skip
        take = ("calendar", "import", "2027.yaml", "--as", "chf-01")

        look = station(*take, "--dry-run", env=late)
        assert filed in look.out
        assert "Wed 6 Jan 2027 ~" in look.out
        assert "Thu 7 Jan 2027" in look.out

        unanswered = station(*take, env=late)
        assert (unanswered.status, "FM-U004" in unanswered.err) == (2, True)
        assert station("calendar", "list", "--json").json["items"][0]["last"] == 2026

        assert station(*take, "--yes", "--json", env=late).json["moved"] == 1
        assert station("calendar", "list", "--json").json["items"][0]["last"] == 2027
        history = station("case", "history", filed, "--as", "dsp-01", "--json", env=late).json["items"]
        assert history[-1]["title"] == "Deadlines counted anew"

    @pytest.mark.parametrize(
        ("content", "status", "code"),
        [(None, 4, "FM-N010"), ("id: [", 6, "FM-I010"), ("- 1", 6, "FM-I010"), ("id: XX", 6, "FM-I010")],
    )
    def test_a_file_that_does_not_hold(
        self, station: Shell, content: str | None, status: int, code: str
    ) -> None:
        if content is not None:
            (station.folder / "2027.yaml").write_text(content)
        said = station("calendar", "import", "2027.yaml", "--as", "chf-01", "--json")
        assert (said.status, said.json["problem"]["code"]) == (status, code)
