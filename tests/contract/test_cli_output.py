"""Answers: tables that fit, tabs for pipes, one JSON document, Chinese widths, empty lists that say why."""

import ast
import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.output.page import Page
from cli.output.progress import Progress
from cli.output.table import Column, lines, tabbed
from cli.output.width import cut, fold, width
from engine.domain.messages import catalogue
from tests.support.commandline import Shell

CLI = Path(__file__).parents[2] / "cli"
COLUMNS = (
    Column("ref"),
    Column("what", flex=True, least=8),
    Column("place", flex=True, least=6),
    Column("due"),
)
ROWS = [
    {
        "ref": "26-00001-0",
        "what": "院墙占用邻居宅基地,双方争执不下",
        "place": "示例一村",
        "due": "Tue 24 Nov 24:00",
    },
    {
        "ref": "26-00002-8",
        "what": "water from the roof runs into the neighbour's yard",
        "place": "V",
        "due": "",
    },
]


class TestTables:
    @pytest.mark.parametrize("cells", [30, 40, 60, 80, 120])
    def test_a_table_never_exceeds_its_cells(self, cells: int) -> None:
        made, _ = lines(COLUMNS, ROWS, ["ref", "what", "place", "due"], cells)
        assert max(width(line) for line in made) <= cells

    def test_columns_go_from_the_right_and_are_named(self) -> None:
        made, missing = lines(COLUMNS, ROWS, ["ref", "what", "place", "due"], 36)
        assert missing == ["due"]
        assert made[1].startswith(" 26-00001-0")

    def test_heads_are_folded_before_a_column_goes(self) -> None:
        columns = [Column("a"), Column("b", right=True), Column("c", right=True)]
        rows, heads = [{"a": "S-1", "b": "7", "c": "12 d"}], ["unit", "came back again", "half by"]
        assert lines(columns, rows, heads, 40)[0][0] == " unit  came back again  half by"
        made, missing = lines(columns, rows, heads, 25)
        assert (made, missing) == (
            ["        came\n        back  half\n unit  again    by", " S-1       7  12 d"],
            [],
        )
        zh, _ = lines(columns, rows, ["单位", "已过期未办", "半数停留"], 24)
        assert zh[0] == "       已过期  半数停\n 单位    未办      留"
        assert lines(columns, rows, heads, 14)[1] == ["half by"]

    def test_a_page_names_the_columns_that_found_no_place(self) -> None:
        page = Page(14, lambda columns: f"gone: {columns}")
        page.table(
            [Column("a"), Column("b"), Column("c")],
            [{"a": "S-1", "b": "7", "c": "12 d"}],
            ["a", "b", "half-by"],
        )
        assert str(page) == " a    b\n S-1  7\ngone: half-by"
        piped = Page(None, str)
        piped.table([Column("a"), Column("c")], [{"a": "S-1", "c": "12 d"}], ["a", "c"])
        assert str(piped) == "S-1\t12 d"

    def test_flexible_columns_give_way_before_one_goes(self) -> None:
        made, missing = lines(COLUMNS, ROWS, ["ref", "what", "place", "due"], 60)
        assert missing == []
        assert "…" in made[1]
        assert made[1].endswith("Tue 24 Nov 24:00")

    def test_chinese_columns_stand_under_one_another(self) -> None:
        made, _ = lines(COLUMNS, ROWS, ["编号", "内容", "地点", "截止"], 120)
        starts = [width(line[: line.index(word)]) for line, word in ((made[0], "截止"), (made[1], "Tue"))]
        assert starts[0] == starts[1]

    def test_a_pipe_gets_everything_and_no_head(self) -> None:
        assert tabbed(COLUMNS, ROWS)[0].split("\t") == list(ROWS[0].values())
        assert tabbed(COLUMNS, [{"ref": "a\tb\nc"}])[0].split("\t")[0] == "a b c"

    @given(st.text(alphabet="ab 村墙,。é", max_size=40), st.integers(1, 30))
    def test_cutting_keeps_the_width(self, text: str, cells: int) -> None:
        assert width(cut(text, cells)) <= max(cells, 1)
        if width(text) <= cells:
            assert cut(text, cells) == text

    @given(st.text(alphabet="ab 村墙。", max_size=60), st.integers(4, 30))
    def test_folding_loses_no_letter(self, text: str, cells: int) -> None:
        kept = "".join(fold(text, cells)).replace(" ", "")
        assert kept == text.replace(" ", "")


def _heads() -> set[str]:
    """Heads of the tables that commands make of a list, as far as they stand there in letters."""
    found = set()
    for file in sorted(CLI.rglob("*.py")):
        for made in ast.walk(ast.parse(file.read_text("utf-8"))):
            calls = [one for one in ast.walk(made) if isinstance(one, ast.Call)]
            if isinstance(made, ast.FunctionDef) and any(
                ast.unparse(one.func) == "call.table" for one in calls
            ):
                for column in (one for one in calls if ast.unparse(one.func) == "Column"):
                    own = [one.value for one in column.keywords if one.arg == "head"] or column.args[:1]
                    found |= {str(one.value) for one in own if isinstance(one, ast.Constant)}
    return found


def test_every_list_has_its_heads_in_words() -> None:
    heads = _heads()
    assert {"report_title", "sha256", "changes"} <= heads
    assert sorted(head for head in heads if f"word.{head}" not in catalogue()) == []


class TestWhatAPersonSees:
    @pytest.mark.parametrize(
        ("line", "lang", "columns"),
        [
            ("case list", "zh", 80), ("case list", "en", 120), ("case show 26-00001-0", "zh", 80),
            ("case next 26-00001-0 screen", "en", 80), ("clock list 26-00001-0", "en", 80),
            ("case history 26-00001-0", "zh", 80), ("desk", "zh", 80), ("case do --help", "en", 80),
        ],
    )  # fmt: skip
    def test_nothing_is_wider_than_the_window(
        self, station: Shell, line: str, lang: str, columns: int
    ) -> None:
        station.file_case("院墙占用邻居宅基地,双方争执不下,多次劝说无效,要求村委会出面主持调解并作出书面说明")
        said = station.terminal(*line.split(), "--as", "dsp-01", "--lang", lang, columns=columns)
        assert said.status == 0
        too_wide = [text for text in _plain(said.out).split("\n") if width(text) > columns]
        assert too_wide == []

    def test_colour_only_doubles_a_word_and_obeys_no_color(self, station: Shell) -> None:
        ref = station.file_case()
        risky = ("case", "do", ref, "call_police", "--note", "knife", "--as", "dsp-01")
        assert station(*risky).status == 0
        coloured = station.terminal("desk", "--as", "dsp-01")
        assert "\x1b[1;31mRED" in coloured.out
        plain = station.terminal("desk", "--as", "dsp-01", env={"NO_COLOR": "1"})
        assert "\x1b[" not in plain.out
        assert plain.out == _plain(coloured.out)
        assert "\x1b[" not in station.program("desk", "--as", "dsp-01").out

    def test_the_same_columns_when_piped(self, station: Shell) -> None:
        ref = station.file_case()
        piped = station.program("case", "list", "--as", "dsp-01").out
        assert piped.split("\t")[0] == ref
        assert len(piped.rstrip("\n").split("\t")) == 8


class TestLists:
    def test_csv_has_a_head_of_json_keys_and_raw_values(self, station: Shell) -> None:
        ref = station.file_case()
        table = list(csv.DictReader(io.StringIO(station("case", "list", "--csv").out)))
        assert table[0]["ref"] == ref
        assert table[0]["due_at"] == "2026-11-24T01:30:00Z"

    def test_json_lines_are_one_item_each(self, station: Shell) -> None:
        refs = {station.file_case(), station.file_case()}
        import json

        assert {
            json.loads(line)["ref"] for line in station("case", "list", "--jsonl").out.splitlines()
        } == refs

    def test_the_limit_is_told_and_can_be_lifted(self, station: Shell) -> None:
        for _ in range(3):
            station.file_case()
        short = station.terminal("case", "list", "--limit", "2", "--as", "dsp-01")
        assert "2 of 3 shown" in short.out
        assert len(station("case", "list", "--limit", "all", "--json").json["items"]) == 3
        assert station("case", "list", "--limit", "none").status == 2

    @pytest.mark.parametrize(
        "line", ["case list --late", "approval list", "desk --as med-12", "case list --q x"]
    )
    def test_an_empty_list_says_why_and_what_next(self, station: Shell, line: str) -> None:
        said = station.terminal(*line.split())
        assert said.status == 0
        assert "folkmoot" in said.out
        piped = station.program(*line.split())
        assert (piped.status, piped.out if "desk" not in line else "") == (0, "")


class TestProgress:
    def test_piped_it_writes_one_line_a_tenth(self, capsys: pytest.CaptureFixture[str]) -> None:
        ticks = iter(range(1000))
        progress = Progress(1000, clock=lambda: float(next(ticks)))
        for done in range(1, 1001):
            progress(done)
        told = capsys.readouterr().err.splitlines()
        assert len(told) == 10
        assert re.match(r"10 %  100 of 1000  \d+/s  \d+ s left", told[0])


def _plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*[mK]", "", text)
