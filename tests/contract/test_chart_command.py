"""`stats durations --chart` and `--chart-to`: in a terminal, piped, as files, refused."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support.commandline import Shell

DURATIONS = ("stats", "durations", "--as", "dsp-01")
REFUSED = (("chart.gif", "FM-U383"), ("chart", "FM-U383"), ("no/chart.svg", "FM-U384"))


@pytest.fixture
def filed(station: Shell) -> Shell:
    for _ in range(2):
        station.file_case()
    return station


def test_it_is_drawn_below_the_figures_alike_in_a_terminal_and_piped(filed: Shell) -> None:
    piped = filed.program(*DURATIONS, "--chart")
    seen = filed.terminal(*DURATIONS, "--chart", env={"NO_COLOR": "1"})
    said = piped.out.split("\n\n")[1]
    assert said.startswith("Share resolved, by time since the report\n")
    assert "n 2, 2 open · as of 23 Nov 2026 08:05" in said
    assert "● all cases (n 2)" in said
    assert seen.out.replace("\r\n", "\n").endswith(said)
    assert "\x1b[" not in said


def test_a_narrow_window_says_which_columns_it_leaves_out_and_how_to_see_them(filed: Shell) -> None:
    plain = {"NO_COLOR": "1"}
    wide = filed.terminal(*DURATIONS, columns=130, env=plain).out
    assert "closed half by" in wide
    assert "No room" not in wide
    narrow = " ".join(filed.terminal(*DURATIONS, columns=40, env=plain).out.split())
    assert "closed half by. A wider window, --csv or --json shows them." in narrow
    zh = "".join(filed.terminal(*DURATIONS, "--lang", "zh", columns=40, env=plain).out.split())
    assert "已结半数。加宽窗口,或用--csv、--json可见。" in zh
    assert "No room" not in filed.program(*DURATIONS).out


def test_colour_only_doubles_the_mark(filed: Shell) -> None:
    plain = filed.terminal(*DURATIONS, "--chart", env={"NO_COLOR": "1"})
    colour = filed.terminal(*DURATIONS, "--chart")
    assert "\x1b[34m" in colour.out
    stripped = colour.out
    for code in ("\x1b[34m", "\x1b[1m", "\x1b[2m", "\x1b[0m"):
        stripped = stripped.replace(code, "")
    assert stripped == plain.out


def test_a_terminal_without_utf_8_gets_ascii(filed: Shell) -> None:
    said = filed.program(*DURATIONS, "--chart", env={"LC_ALL": "C", "LANG": "C"}).out.split("\n\n")[1]
    assert said.isascii()
    assert "o all cases (n 2)" in said


def test_each_kind_of_file(filed: Shell) -> None:
    for ending in ("svg", "png", "json"):
        said = filed(*DURATIONS, "--chart-to", f"chart.{ending}")
        assert (said.status, said.err) == (0, f"Drawn: chart.{ending}\n")
    picture = ElementTree.parse(filed.folder / "chart.svg").getroot()  # noqa: S314 - our own drawing
    assert picture.findtext("{http://www.w3.org/2000/svg}title") == "Share resolved, by time since the report"
    assert (filed.folder / "chart.png").read_bytes().startswith(b"\x89PNG")
    assert json.loads((filed.folder / "chart.json").read_text("utf-8"))["chart"] == "folkmoot/1"


def test_a_program_gets_its_answer_and_the_file(filed: Shell) -> None:
    said = filed(*DURATIONS, "--json", "--chart-to", "chart.svg", "--lang", "zh")
    assert said.json["groups"][0]["at_risk"]
    assert "报案后各时点的办结比例" in (filed.folder / "chart.svg").read_text("utf-8")


@pytest.mark.parametrize(("file", "code"), REFUSED)
def test_a_file_that_cannot_be_is_refused_before_anything_is_asked(
    station: Shell, file: str, code: str
) -> None:
    said = station(*DURATIONS, "--chart-to", file)
    assert (said.status, said.out) == (2, "")
    assert code in said.err
    assert not Path(station.folder / file).exists()


def test_a_file_that_is_there_stays_as_it_is(station: Shell) -> None:
    (station.folder / "chart.svg").write_text("mine")
    said = station(*DURATIONS, "--chart-to", "chart.svg")
    assert said.status == 2
    assert "FM-U385" in said.err
    assert (station.folder / "chart.svg").read_text() == "mine"


def test_nothing_to_draw_is_said(station: Shell) -> None:
    said = station(*DURATIONS, "--chart")
    assert said.out.endswith("Nothing to draw: no case fits.\n")


def test_months_are_drawn_as_months(filed: Shell) -> None:
    said = filed(*DURATIONS, "--by", "filed_month", "--chart", "--lang", "zh")
    assert "按报案月份的办理时长" in said.out
    assert "没有可绘制的内容:案件过少。" in said.out  # two cases of a month are not told of
