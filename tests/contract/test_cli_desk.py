"""The desk as it is read: what is cut names the command that shows the rest."""

import re

from tests.support.commandline import Shell

FRIDAY = {"FOLKMOOT_NOW": "2026-11-27T08:05:00+08:00"}


def test_a_group_that_is_cut_names_the_list_of_the_rest(station: Shell) -> None:
    for n in range(7):
        station.file_case(what=f"wall {n}")
    said = station("desk", "--as", "dsp-01", env=FRIDAY).out
    (command,) = set(re.findall(r"more: folkmoot (.* --late .*)", said))
    listed = station(*command.split(), "--as", "dsp-01", env=FRIDAY)
    assert len(listed.out.strip().split("\n")) == 7


def test_cases_that_are_not_shown_above_stand_in_their_own_group(station: Shell) -> None:
    refs = [station.file_case(what=f"wall {n}") for n in range(7)]
    said = station("desk", "--as", "dsp-01", env=FRIDAY).out
    assert all(said.count(ref) == 1 for ref in refs)


def test_a_group_whose_cases_all_stand_higher_says_so(station: Shell) -> None:
    station.file_case()
    said = station("desk", "--as", "dsp-01", env=FRIDAY).out
    (line,) = [line for line in said.split("\n") if "TO ASSIGN" in line]
    assert line.split() == ["TO", "ASSIGN", "1", "shown", "above"]


def test_deadlines_checked_long_ago_come_with_what_to_do(station: Shell) -> None:
    station("worker", "--once")
    assert "long ago" not in station("desk", "--as", "dsp-01").out
    assert (
        "(long ago; keep one running: folkmoot worker)" in station("desk", "--as", "dsp-01", env=FRIDAY).out
    )


def test_the_desk_of_nobody_is_not_told_as_an_empty_desk(station: Shell) -> None:
    for lang, said in (("en", "No person nobody is in the organisation"), ("zh", "组织中没有人员 nobody")):
        assert said in station("desk", "--as", "nobody", "--lang", lang).err
    assert "No person" not in station("desk", "--as", "dsp-01").err
