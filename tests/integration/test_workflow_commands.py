"""`folkmoot workflow`, as typed: from a copy to a text in force."""

import json
import re
from pathlib import Path

import pytest

from engine.definitions.load import loads
from tests.support.commandline import Said, Shell

DIGIT = Path(__file__).parents[1] / "data" / "digit"


@pytest.fixture
def copied(station: Shell) -> Path:
    """A copy of the mediation workflow in ``mine/``."""
    said = station("workflow", "copy", "dispute_mediation", "-o", "mine")
    assert said.status == 0, said.err
    return station.folder / "mine" / "workflow.yaml"


def edit(file: Path, *pairs: tuple[str, str]) -> None:
    text = file.read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    file.write_text(text, "utf-8")


def shorter(file: Path) -> None:
    """Thirty days become twenty, under a label of its own."""
    at = file.read_text("utf-8").index("  mediation_limit:")
    text = file.read_text("utf-8")
    file.write_text(text[:at] + text[at:].replace("else: 30 cd", "else: 20 cd", 1), "utf-8")
    edit(file, ('version: "2026.1"', 'version: "2027.1"'))


def lines(said: Said) -> list[str]:
    return [re.sub(r"\t+| {2,}", "  ", line).strip() for line in said.out.splitlines()]


class TestCopy:
    def test_with_comments_and_chinese(self, station: Shell, copied: Path) -> None:
        assert copied.read_text("utf-8").startswith("# ")
        assert "人民调解" in (copied.parent / "zh.yaml").read_text("utf-8")

    def test_it_never_overwrites(self, station: Shell, copied: Path) -> None:
        edit(copied, ("# ", "# mine: "))
        said = station("workflow", "copy", "dispute_mediation", "-o", "mine", "--json")
        assert (said.status, said.json["problem"]["code"]) == (5, "FM-C020")
        assert copied.read_text("utf-8").startswith("# mine: ")

    def test_of_a_text_that_was_changed_here(self, station: Shell, copied: Path) -> None:
        shorter(copied)
        station("workflow", "activate", "mine/workflow.yaml", "--as", "chf-01")
        station("workflow", "copy", "dispute_mediation", "-o", "other")
        other = station.folder / "other"
        assert (other / "workflow.yaml").read_text("utf-8") == copied.read_text("utf-8")
        again = loads(
            (other / "workflow.yaml").read_text("utf-8"),
            translations={"zh": (other / "zh.yaml").read_text("utf-8")},
        ).definition
        assert again is not None
        assert again.text("title", "zh") == "人民调解"

    def test_without_a_database(self, shell: Shell) -> None:
        assert shell("workflow", "copy", "service_request", "-o", "mine").status == 0
        assert shell("workflow", "check", "mine/workflow.yaml").status == 0


class TestCheck:
    def test_what_is_shipped_is_sound_to_the_strict(self, station: Shell, copied: Path) -> None:
        said = station("workflow", "check", "mine/workflow.yaml", "--strict")
        assert said.status == 0
        assert lines(said)[-1].startswith("0 errors, 0 warnings; 24 states, ")

    def test_line_and_column_of_a_typing_error(self, station: Shell, copied: Path) -> None:
        edit(copied, ("    within: 3 wd", "    wihtin: 3 wd"))
        at = copied.read_text("utf-8").split("wihtin")[0].count("\n") + 1
        said = station("workflow", "check", "mine/workflow.yaml")
        assert said.status == 6
        assert lines(said) == [
            f"mine/workflow.yaml:{at}:5 error FM-D002 unknown key `wihtin`. Did you mean `within`?",
            "1 error, 0 warnings",
        ]
        chinese = station("workflow", "check", "mine/workflow.yaml", "--lang", "zh")
        assert "未知键 `wihtin`。是不是 `within`?" in chinese.out

    @pytest.mark.parametrize("stored", [True, False])
    def test_a_calendar_that_nobody_knows(
        self, stored: bool, shell: Shell, request: pytest.FixtureRequest
    ) -> None:
        door = request.getfixturevalue("station") if stored else shell
        door("workflow", "copy", "service_request", "-o", "strange")
        edit(door.folder / "strange" / "workflow.yaml", ("calendar: CN", "calendar: XX"))
        said = door("workflow", "check", "strange/workflow.yaml")
        assert said.status == 6
        assert "error FM-D105 unknown calendar `XX`." in said.out

    def test_warnings_count_only_for_the_strict(self, station: Shell, copied: Path) -> None:
        edit(copied, ("outcomes:\n", "outcomes:\n  never:\n    title: Never\n    grade: stage\n"))
        loose = station("workflow", "check", "mine/workflow.yaml", "--json")
        strict = station("workflow", "check", "mine/workflow.yaml", "--strict", "--json")
        assert (loose.status, loose.json["sound"]) == (0, True)
        assert (strict.status, strict.json["sound"]) == (6, False)
        assert "FM-D207" in {f["code"] for f in strict.json["findings"]}
        assert loose.json["counts"]["warning"] >= 1

    def test_findings_as_sarif(self, station: Shell, copied: Path) -> None:
        edit(copied, ("    within: 3 wd", "    wihtin: 3 wd"))
        said = station("workflow", "check", "mine/workflow.yaml", "--sarif", "-")
        assert said.status == 6
        assert [r["ruleId"] for r in said.json["runs"][0]["results"]] == ["FM-D002"]
        station("workflow", "check", "mine/workflow.yaml", "--sarif", "found.sarif")
        assert json.loads((station.folder / "found.sarif").read_text("utf-8")) == said.json

    def test_no_such_file(self, shell: Shell) -> None:
        said = shell("workflow", "check", "none.yaml", "--json")
        assert (said.status, said.json["problem"]["code"]) == (4, "FM-N010")


class TestProve:
    def test_a_way_on_from_each_open_state(self, station: Shell) -> None:
        said = station("workflow", "prove", "service_request", "--json")
        assert said.status == 0
        assert len(said.json["items"]) == 15
        assert said.json["stuck"] == []
        page = station("workflow", "prove", "service_request")
        assert "Proved:" in page.out
        assert "Not proved:" in page.out

    def test_a_state_where_a_case_gets_stuck(self, station: Shell, copied: Path) -> None:
        text = copied.read_text("utf-8")
        cut = text[: text.index("states:\n")] + re.sub(
            r"- fire: \w+\n(?! +on:)", "- remind: [director]\n", text[text.index("states:\n") :]
        )
        cut = re.sub(r"allow: \[.*\]", "allow: [mediator]", cut)
        copied.write_text(cut, "utf-8")
        said = station("workflow", "prove", "mine/workflow.yaml", "--json")
        assert said.status == 6
        assert said.json["stuck"]


class TestInForce:
    def test_from_thirty_days_to_twenty(self, station: Shell, copied: Path) -> None:
        shorter(copied)
        assert lines(station("workflow", "diff", "dispute_mediation", "mine/workflow.yaml")) == [
            "version  2026.1 -> 2027.1",
            "clock mediation_limit  within  by category: med 30 wd, else 30 cd -> by category: med 30 wd, else 20 cd",
        ]
        station.file_case()
        said = station("workflow", "activate", "mine/workflow.yaml", "--from", "2027-01-01", "--as", "chf-01")
        assert said.status == 0, said.err
        assert re.fullmatch(r"Cases filed from Fri 1 Jan 2027 follow 2027\.1 \(\w{6}\)\.", lines(said)[-2])
        assert lines(said)[-1] == "1 open cases keep the version they were filed under."
        listed = station("workflow", "list", "--type", "dispute_mediation", "--json").json["items"]
        assert [(i["version"], i["status"]) for i in listed] == [("2027.1", "coming"), ("2026.1", "active")]
        taken = station("workflow", "deactivate", "dispute_mediation", "--as", "chf-01")
        assert taken.status == 0
        assert station("workflow", "list", "--available", "--json").json["count"] == 1

    def test_tables_in_force_that_do_not_fit_are_told_as_their_check_tells_it(
        self, station: Shell, copied: Path
    ) -> None:
        shorter(copied)
        taken = "within:\n      table: handler\n      take: acknowledge\n      else: 1 wd"
        edit(copied, (taken, "within: 1 wd"))
        activate = ("workflow", "activate", "mine/workflow.yaml", "--as", "chf-01")
        for dry in (("--dry-run",), ()):
            said = station(*activate, *dry)
            assert said.status == 0, said.err
            told = " ".join(said.out.split())
            assert "the decision tables 2026.1 (" in told
            assert "dispute_mediation/routing.yaml:" in told
            assert told.count("FM-D424") == 7, "four rules with a time, three with grace"
        (unfit,) = station(*activate, "--from", "2026-12-01", "--json").json["unfit_tables"]
        assert (unfit["version"], {f["code"] for f in unfit["findings"]}) == ("2026.1", {"FM-D424"})

    def test_tables_that_fit_are_not_mentioned(self, station: Shell, copied: Path) -> None:
        shorter(copied)
        said = station("workflow", "activate", "mine/workflow.yaml", "--as", "chf-01", "--json")
        assert said.json["unfit_tables"] == []

    def test_nobody_named(self, station: Shell, copied: Path) -> None:
        shorter(copied)
        said = station("workflow", "activate", "mine/workflow.yaml", "--json")
        assert (said.status, said.json["problem"]["code"]) == (9, "FM-A001")

    def test_an_unsound_text(self, station: Shell, copied: Path) -> None:
        edit(copied, ("    within: 3 wd", "    within: 3 weeks"))
        said = station("workflow", "activate", "mine/workflow.yaml", "--as", "chf-01")
        assert said.status == 6
        assert "mine/workflow.yaml:" in said.err

    def test_nothing_waits(self, station: Shell) -> None:
        said = station("workflow", "list", "--available")
        assert (said.status, said.out) == (0, "")
        assert "workflow list" in said.err


class TestShowAndDraw:
    def test_in_words(self, station: Shell) -> None:
        said = station("workflow", "show", "service_request", "--lang", "zh")
        assert said.status == 0
        assert "为民办实事" in said.out
        assert "值班调度员" in said.out

    def test_the_page(self, station: Shell) -> None:
        said = station("workflow", "show", "service_request", "--page")
        assert said.out.startswith("# Service request · 为民办实事")

    def test_a_file_has_no_words_in_the_store(self, station: Shell, copied: Path) -> None:
        said = station("workflow", "show", "mine/workflow.yaml", "--json")
        assert (said.status, said.json["problem"]["code"]) == (2, "FM-U090")
        assert station("workflow", "show", "mine/workflow.yaml", "--page").status == 0

    def test_drawings(self, station: Shell, copied: Path) -> None:
        said = station("workflow", "draw", "mine/workflow.yaml", "-o", "mine.svg", "--lang", "zh")
        assert said.out.strip() == "mine.svg"
        assert "人民调解" in (station.folder / "mine.svg").read_text("utf-8")
        assert station("workflow", "draw", "service_request").out.startswith("<svg ")
        diagram = station("workflow", "draw", "service_request", "--format", "mermaid")
        assert diagram.out.startswith("stateDiagram-v2")

    def test_the_schema(self, shell: Shell) -> None:
        assert shell("workflow", "schema").json["$schema"].endswith("2020-12/schema")


class TestImport:
    def test_a_sound_one_is_written_out(self, shell: Shell) -> None:
        said = shell("workflow", "import", "digit", str(DIGIT / "fsm.json"), "-o", "mine")
        assert said.status == 0, said.err
        assert "FSM: 11 states, 21 actions, 3 terminal, SLA 48 h" in said.out
        assert loads((shell.folder / "mine" / "fsm.yaml").read_text("utf-8")).definition is not None

    def test_an_unsound_one_says_why(self, shell: Shell) -> None:
        said = shell("workflow", "import", "digit", str(DIGIT / "pgr.json"), "--json")
        assert said.status == 6
        (item,) = said.json["items"]
        assert {f["code"] for f in item["findings"]} == {"FM-D204"}
