"""The life of a case from the keyboard: every door step that people take, and what it says."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.support.commandline import SCREENING, Shell

TUESDAY = {"FOLKMOOT_NOW": "2026-11-24T10:00:00+08:00"}
RED = SCREENING.replace("violence=no", "violence=yes")


@pytest.fixture
def ref(station: Shell) -> str:
    """A report, its two parties, its handler."""
    number = station.file_case()
    for role in ("claimant", "respondent"):
        assert station("case", "party", number, "add", "--role", role, "--as", "dsp-01").status == 0
    assert station("case", "assign", number, "aux-07", "--as", "dsp-01").status == 0
    return number


def screened(station: Shell, ref: str) -> None:
    given = ("--set", "risk=yellow", "--set", "category=neigh", "--record", SCREENING)
    assert station("case", "do", ref, "screen", *given, "--as", "aux-07").status == 0
    assert station("case", "do", ref, "ask_consent", "--as", "aux-07").status == 0


class TestFiling:
    def test_type_place_and_a_sentence_suffice(self, station: Shell) -> None:
        said = station(
            "case",
            "file",
            "dispute_mediation",
            "--place",
            "示例一村",
            "--from",
            "-",
            "--as",
            "dsp-01",
            feed="a wall\n",
        )
        assert said.status == 0
        assert "receipt" in said.out
        assert "Safety questions due Tue 24 Nov 09:30" in said.out

    def test_the_case_type_goes_by_title_and_the_answer_is_chinese(self, station: Shell) -> None:
        said = station(
            "case",
            "file",
            "人民调解",
            "--place",
            "示例一村",
            "--what",
            "院墙",
            "--as",
            "dsp-01",
            "--lang",
            "zh",
        )
        assert "报案人回执" in said.out
        assert "截止 11月24日" in said.out

    def test_without_a_keyboard_the_missing_place_is_named(self, station: Shell) -> None:
        said = station("case", "file", "dispute_mediation", "--what", "x", "--as", "dsp-01")
        assert (said.status, "--place" in said.err) == (2, True)

    def test_at_the_keyboard_it_asks(self, station: Shell) -> None:
        typed = ["dispute_mediation\n", "示例一村\n", "a wall on the boundary\n", "\n"]
        said = station.terminal("case", "file", "--as", "dsp-01", feed=typed)
        assert said.status == 0
        assert "26-00001-0" in said.out

    def test_a_similar_report_is_shown(self, station: Shell, ref: str) -> None:
        said = station(
            "case", "file", "dispute_mediation", "--place", "示例一村", "--what", "wall", "--as", "dsp-01"
        )
        assert "similar" in said.out
        assert ref in said.out

    def test_the_same_key_files_once(self, station: Shell) -> None:
        line = (
            "case",
            "file",
            "dispute_mediation",
            "--place",
            "示例一村",
            "--what",
            "x",
            "--as",
            "dsp-01",
            "--key",
            "k1",
            "--json",
        )
        assert station(*line).json == station(*line).json
        assert station("case", "list", "--json").json["count"] == 1

    def test_nobody_named_is_not_signed_in(self, station: Shell) -> None:
        said = station("case", "file", "dispute_mediation", "--place", "示例一村", "--what", "x")
        assert (said.status, "FM-A001" in said.err) == (9, True)


class TestActing:
    def test_missing_inputs_are_told_all_at_once(self, station: Shell, ref: str) -> None:
        said = station("case", "do", ref, "screen", "--as", "aux-07")
        assert said.status == 3
        assert all(name in said.err for name in ("FM-R301", "screening_form", "risk", "category"))

    def test_at_the_keyboard_it_asks_one_key_each(self, station: Shell, ref: str) -> None:
        said = station.terminal(
            "case", "do", ref, "screen", "--as", "aux-07", feed=["3", "1", *"n" * 10, "0\n"]
        )
        assert said.status == 0, said.out
        assert "-> Screened" in said.out
        shown = station("case", "show", ref, "--json").json
        assert (shown["fields"]["risk"], shown["fields"]["category"]) == ("yellow", "neigh")

    def test_a_dry_run_checks_everything_and_saves_nothing(self, station: Shell, ref: str) -> None:
        given = (
            "--set",
            "risk=yellow",
            "--set",
            "category=neigh",
            "--record",
            SCREENING,
            "--as",
            "aux-07",
            "--dry-run",
        )
        said = station("case", "do", ref, "screen", *given)
        assert (said.status, "Nothing saved" in said.err) == (0, True)
        assert station("case", "show", ref, "--json").json["state"] == "reported"
        assert station("case", "do", ref, "screen", "--as", "aux-07", "-n").status == 3

    def test_every_failing_rule_is_told_with_its_basis(self, station: Shell, ref: str) -> None:
        given = (
            "--set",
            "risk=blue",
            "--set",
            "category=neigh",
            "--record",
            RED.replace("crime=no", "crime=yes"),
        )
        said = station("case", "do", ref, "screen", *given, "--as", "aux-07")
        assert said.status == 3
        assert said.err.count("FM-R202") == 2
        assert "grades follow local practice" in said.err

    def test_acts_go_by_title_in_the_language_of_the_person(self, station: Shell, ref: str) -> None:
        screened(station, ref)
        titles = {
            item["act"]: item["title"]
            for item in station("case", "next", ref, "--as", "dsp-01", "--lang", "zh", "--json").json["items"]
        }
        said = station("case", "do", ref, titles["flag_dv"], "--as", "dsp-01", "--lang", "zh")
        assert said.status == 0
        assert titles["flag_dv"] in said.out

    def test_what_the_telephone_said_keeps_both_names_and_both_times(self, station: Shell, ref: str) -> None:
        screened(station, ref)
        line = (
            "case",
            "record",
            ref,
            "consent",
            "P1=given",
            "P2=given",
            "--as",
            "dsp-01",
            "--done-by",
            "aux-07",
        )
        said = station(*line, "--at", "yesterday 17:05", env=TUESDAY)
        assert said.status == 0, said.err
        assert "done by aux-07 Mon 23 Nov 17:05, entered by dsp-01 Tue 24 Nov 10:00" in said.out
        assert "Waiting for consent -> Accepted" in said.out
        history = station("case", "history", ref, "--verify", "--json").json
        entry = next(item for item in history["items"] if item["act"] == "add_consent")
        assert (entry["actor"], entry["entered_by"]) == ("aux-07", "dsp-01")
        assert history["verified"] is True

    def test_records_come_from_files_and_spoken_times_are_understood(self, station: Shell, ref: str) -> None:
        to_the_table(station, ref)
        session = {"starts": "09:30", "place": "村委会, 二楼", "result": "adjourned", "next": "fri 10:00"}
        (station.folder / "session.json").write_text(json.dumps(session), "utf-8")
        said = station(
            "case", "do", ref, "adjourn", "--record", "session:@session.json", "--as", "med-12", env=TUESDAY
        )
        assert said.status == 0, said.err
        item = next(
            r for r in station("case", "show", ref, "--json").json["records"] if r["kind"] == "session"
        )
        assert item["fields"]["starts"] == "2026-11-24T01:30:00Z"
        assert item["fields"]["place"] == "村委会, 二楼"

    def test_a_time_that_cannot_be_read_is_a_usage_error(self, station: Shell, ref: str) -> None:
        said = station("case", "note", ref, "x", "--at", "10.00", "--as", "dsp-01")
        assert (said.status, "FM-U005" in said.err, "10.00" in said.err) == (2, True, True)

    def test_an_option_that_fits_nowhere_is_refused_not_ignored(self, station: Shell, ref: str) -> None:
        said = station("case", "note", ref, "x", "--ask", "--as", "dsp-01")
        assert (said.status, "--ask" in said.err) == (2, True)

    def test_a_note_comes_from_a_file(self, station: Shell, ref: str) -> None:
        (station.folder / "note.txt").write_text("call back on Friday\n", "utf-8")
        assert station("case", "note", ref, "--from", "note.txt", "--as", "aux-07").status == 0
        assert "call back on Friday" in station("case", "history", ref).out
        assert station("case", "note", ref, "--from", "gone.txt", "--as", "aux-07").status == 4


def to_the_table(station: Shell, ref: str) -> None:
    screened(station, ref)
    for line in (
        ("record", ref, "consent", "P1=given", "P2=given", "--as", "aux-07"),
        ("do", ref, "assign", "--seat", "mediator=med-12", "--as", "dir-02"),
        ("take", ref, "--seat", "mediator", "--as", "med-12"),
        ("do", ref, "open_session", "--as", "med-12"),
    ):
        said = station("case", *line)
        assert said.status == 0, said.err


class TestManyReferences:
    def test_references_come_from_stdin_and_one_failure_stops_nobody(self, station: Shell, ref: str) -> None:
        other = station.file_case("second")
        said = station(
            "case",
            "note",
            "-",
            "seen",
            "--as",
            "dsp-01",
            "--json",
            feed=f"{ref}\n26-99999-9\n{other}\tmore\n",
        )
        assert said.status == 7
        told = said.json
        assert (told["done"], told["failed"]) == (2, 1)
        assert [one.get("problem", {}).get("code") for one in told["results"]] == [None, "FM-N001", None]

    def test_a_list_of_references_feeds_the_next_command(self, station: Shell, ref: str) -> None:
        refs = station.program("case", "list", "--refs").out
        assert refs == f"{ref}\n"
        shown = station.program("case", "show", "-", feed=refs)
        assert shown.out.startswith(ref)

    def test_all_failing_ends_with_the_first_code(self, station: Shell) -> None:
        said = station("case", "show", "-", feed="26-99999-9\n26-99998-9\n")
        assert said.status == 4


class TestSeats:
    def test_the_engine_names_its_candidates_and_its_rule(self, station: Shell) -> None:
        ref = station.file_case()
        said = station("case", "assign", ref, "--auto", "--dry-run", "--as", "dsp-01")
        assert said.status == 0
        assert all(word in said.out for word in ("aux-07", "off-05", "load 0 of 15", "rule "))
        assert station("case", "show", ref, "--json").json["holder"] is None

    def test_who_is_nobody_and_no_auto_is_a_usage_error(self, station: Shell) -> None:
        assert station("case", "assign", station.file_case(), "--as", "dsp-01").status == 2

    def test_too_slow_is_a_conflict(self, station: Shell, ref: str) -> None:
        said = station("case", "take", ref, "--as", "off-05")
        assert (said.status, "FM-C003" in said.err) == (5, True)

    def test_handing_back_needs_a_reason(self, station: Shell, ref: str) -> None:
        assert station("case", "handback", ref, "--as", "aux-07").status == 3
        assert station("case", "handback", ref, "--reason", "on leave", "--as", "aux-07").status == 0


class TestReading:
    def test_one_page_shows_what_stands_in_the_case(self, station: Shell, ref: str) -> None:
        to_the_table(station, ref)
        page = station("case", "show", ref, "--as", "med-12").out
        for part in (
            "In session",
            "示例一村",
            "P1",
            "med-12",
            "Decision: given",
            "Wed 23 Dec 24:00",
            "Record the agreement",
        ):
            assert part in page

    @pytest.mark.parametrize("line", ["--state reported", "--state Reported", "--state 已登记", "--state intake",
                                      "--type 人民调解", "--phase intake", "--holder aux-07", "--q boundary",
                                      "--due fri"])  # fmt: skip
    def test_a_list_is_asked_for_by_id_or_by_title(self, station: Shell, ref: str, line: str) -> None:
        assert [case["ref"] for case in station("case", "list", *line.split(), "--json").json["items"]] == [
            ref
        ]

    def test_an_unknown_state_names_near_ones(self, station: Shell, ref: str) -> None:
        said = station("case", "list", "--state", "reportd")
        assert (said.status, "reported" in said.err) == (2, True)

    def test_why_not_is_told_with_code(self, station: Shell, ref: str) -> None:
        said = station("case", "next", ref, "regrade", "--as", "aux-07").out
        assert "FM-R101" in said
        assert said.count("Change the grade") == 1

    def test_a_swapped_digit_names_the_near_case(self, station: Shell, ref: str) -> None:
        assert ref == "26-00001-0"
        said = station("case", "show", "26-00010-0")
        assert (said.status, ref in said.err) == (4, True)
        assert "check digit does not fit" in said.err
        assert "校验位不符" in station("case", "show", "26-00010-0", "--lang", "zh").err
        assert "check digit" not in station("case", "show", "26-00002-9").err

    def test_the_clock_is_explained_to_the_second(self, station: Shell, ref: str) -> None:
        screened(station, ref)
        said = station("clock", "explain", ref, "consent", env=TUESDAY)
        assert "the day of the start does not count" in said.out
        assert "so far: 10 h counted of 1 d 1 h gone by" in said.out
        told = station("clock", "explain", ref, "consent", "--json", env=TUESDAY).json
        assert sum(one["total_s"] for one in told["intervals"]) == told["total_s"]

    def test_the_desk_puts_the_late_first(self, station: Shell, ref: str) -> None:
        said = station("desk", "--as", "dsp-01", env={"FOLKMOOT_NOW": "2026-11-27T08:05:00+08:00"})
        lines = said.out.split("\n")
        assert "LATE" in lines[1]
        assert "LATE by" in lines[1]


class TestApprovals:
    def test_an_extension_is_asked_for_shown_and_granted(self, station: Shell, ref: str) -> None:
        to_the_table(station, ref)
        line = (
            "clock",
            "extend",
            ref,
            "mediation_limit",
            "--set",
            "longer_agreed=yes",
            "--reason",
            "appraisal is out",
        )
        assert station(*line, "--as", "med-12").status == 3
        asked = station(*line, "--as", "med-12", "--ask")
        assert asked.status == 0
        assert "A-1" in asked.out
        assert "Committee director" in asked.out
        listed = station("approval", "list", "--as", "dir-02").out
        assert listed.startswith("A-1\textension")
        assert "\tyes\t" in listed
        assert "\tyes\t" not in station("approval", "list", "--as", "med-12").out
        (row,) = csv.DictReader(io.StringIO(station("approval", "list", "--csv", "--as", "dir-02").out))
        assert (row["yours"], row["reason"]) == ("true", "appraisal is out")
        page = station("approval", "show", "A-1", "--as", "dir-02").out
        assert "Wed 23 Dec 24:00 -> " in page
        assert "appraisal is out" in page
        mixed = station("approval", "grant", "A-1", "A-9", "--as", "dir-02")
        assert mixed.status == 7
        assert "A-1 granted" in mixed.out
        assert "FM-N" in mixed.out
        assert station("approval", "grant", "A-1", "--as", "dir-02").status == 5
        explained = ("clock", "explain", ref, "mediation_limit")
        assert "+15 cd, extension 1 of " in station(*explained).out
        assert "+15 个自然日,第 1 次延长" in station(*explained, "--lang", "zh").out

    def test_refusing_leaves_the_case_as_it_is(self, station: Shell, ref: str) -> None:
        to_the_table(station, ref)
        line = (
            "clock",
            "extend",
            ref,
            "mediation_limit",
            "--set",
            "longer_agreed=yes",
            "--reason",
            "r",
            "--ask",
        )
        assert station(*line, "--as", "med-12").status == 0
        before = station("case", "show", ref, "--json").json
        assert station("approval", "refuse", "A-1", "--reason", "no", "--as", "dir-02").status == 0
        after = station("case", "show", ref, "--json").json
        assert (after["state"], after["clocks"]) == (before["state"], before["clocks"])


class TestWorker:
    def test_one_sweep_fires_what_is_due_and_says_how_much(self, station: Shell, ref: str) -> None:
        late = {"FOLKMOOT_NOW": "2026-11-27T08:05:00+08:00"}
        first = station("worker", "--once", "--json", env=late).json
        assert first["fired"] > 0
        assert station("worker", "--once", "--json", env=late).json["fired"] == 0


def test_a_change_after_the_commit_is_not_called_unsaved(
    station: Shell, ref: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from cli import show

    monkeypatch.setattr(show, "saved", lambda *_: 1 / 0)
    said = station("case", "note", ref, "kept", "--as", "dsp-01")
    assert (said.status, "FM-X002" in said.err) == (1, True)
    monkeypatch.undo()
    assert "kept" in station("case", "history", ref).out


class TestCorrectionsInTheHistory:
    def test_each_says_which_act_it_is_about_and_what_changed(self, station: Shell, ref: str) -> None:
        screened(station, ref)
        acts = json.loads(station("case", "history", ref, "--json").out)["items"]
        seq = {act["act"]: str(act["seq"]) for act in acts}
        told = ("--reason", "misheard", "--as", "aux-07")
        assert station("case", "correct", ref, seq["ask_consent"], "--take-back", *told).status == 0
        assert station("case", "correct", ref, seq["screen"], "--set", "category=land", *told).status == 0
        said = station("case", "history", ref).out
        assert (
            f"Corrected: act {seq['screen']}, Kind of dispute between neighbours -> contracted land" in said
        )
        assert f"Taken back: act {seq['ask_consent']}" in said
        chinese = station("case", "history", ref, "--lang", "zh").out
        assert f"第 {seq['ask_consent']} 步" in chinese
        assert f"第 {seq['screen']} 步, 纠纷类别 邻里 -> 土地承包" in chinese
        listed = station("case", "corrections", ref, "--lang", "zh").out
        assert "纠纷类别 邻里 -> 土地承包" in listed
        assert "category" not in listed
