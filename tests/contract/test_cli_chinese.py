"""A Chinese screen is Chinese: bases, channels, roles, requests and lengths in words."""

import pytest

from tests.support.commandline import Shell

ZH = ("--lang", "zh")


@pytest.fixture
def ref(station: Shell) -> str:
    return station.file_case()


def test_what_it_rests_on_and_how_it_came_in(station: Shell, ref: str) -> None:
    page = station("case", "show", ref, "--as", "dsp-01", *ZH).out
    assert "经 窗口 报案" in page
    history = station("case", "history", ref, "--as", "dsp-01", *ZH).out
    assert "人民调解法第17条" in history
    assert "PML" not in history


def test_a_party_joins_by_the_title_of_its_role(station: Shell, ref: str) -> None:
    said = station("case", "party", ref, "add", "--role", "claimant", "--as", "dsp-01", *ZH)
    assert said.status == 0
    assert "claimant" not in said.out
    assert "身份 申请人" in said.out


def test_a_clock_names_its_basis_and_its_length(station: Shell, ref: str) -> None:
    clock = station("clock", "list", ref, "--as", "dsp-01", "--json").json["items"][0]
    said = station("clock", "explain", ref, clock["name"], "--as", "dsp-01", *ZH).out.split("\n")[0]
    shown = station("clock", "list", ref, "--as", "dsp-01", "--json", *ZH).json["items"][0]
    assert shown["basis"] != clock["basis"]
    assert shown["basis"] in said
    assert clock["within"] not in said


def test_acts_that_can_follow_are_named_as_they_can_be_typed(station: Shell, ref: str) -> None:
    shown = station.terminal("case", "note", ref, "x", "--as", "dsp-01", *ZH).out
    (line,) = [line for line in shown.split("\n") if line.startswith("接下来可以:")]
    assert "风险排查" in line
    assert "screen" not in line
    said = station("case", "do", ref, "风险排查", "--as", "dsp-01", *ZH)
    assert "“风险排查”还缺 3 项:风险排查 screening_form(" in said.err


def test_an_act_that_is_none_is_told_with_titles(station: Shell, ref: str) -> None:
    near = station("case", "do", ref, "scren", "--as", "dsp-01", *ZH).err
    assert "没有办理项“scren”。相近:“风险排查”。查看全部" in near
    far = station("case", "do", ref, "egg", "--as", "dsp-01", *ZH).err
    assert "没有办理项“egg”。查看全部" in far
    assert "相近" not in far


def test_roles_have_their_titles(station: Shell) -> None:
    assert "值班调度员" in station("whoami", "--as", "dsp-01", *ZH).out
    assert "值班调度员" in station("desk", "--as", "dsp-01", *ZH).out
    assert "ispatcher" in station("desk", "--as", "dsp-01").out
