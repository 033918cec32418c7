"""The queue of what came in: its order, and what one answers to it at a terminal, one key each."""

from typing import Any

import pytest

from engine.persistence.store import Store
from engine.service import acting, filing, query, seat, triage
from tests.support.commandline import Shell
from tests.support.town import Town


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


def filed(town: Town, what: str, place: str = "示例一村", case_type: str = "dispute_mediation") -> str:
    ref = town.do(filing.file_case, "dsp-01", case_type=case_type, place=place, what=what)["ref"]
    town.pass_(minutes=1)
    return str(ref)


def graded(town: Town, ref: str, risk: str) -> None:
    town.do(acting.do_act, "dsp-01", ref=ref, act="regrade", set={"risk": risk}, note="as told")


def queue(town: Town, **wanted: Any) -> list[str]:
    return [item["ref"] for item in town.ask(triage.queue, "dsp-01", filter=wanted)["items"]]


class TestQueue:
    def test_the_gravest_first_then_the_oldest_and_ungraded_among_the_yellow(self, town: Town) -> None:
        refs = [filed(town, f"wall {n}") for n in range(5)]
        for ref, risk in zip(refs, ("blue", "", "red", "yellow", "orange"), strict=True):
            if risk:
                graded(town, ref, risk)
        assert queue(town) == [refs[2], refs[4], refs[1], refs[3], refs[0]]

    def test_only_what_waits_at_intake_and_what_the_filter_selects(self, town: Town) -> None:
        here, there = filed(town, "a wall"), filed(town, "a lamp", case_type="service_request")
        assert queue(town) == [here, there]
        assert queue(town, type="service_request") == [there]
        town.do(seat.assign, "dsp-01", ref=here, person="aux-07")
        assert queue(town, unassigned=True) == [there]

    def test_each_says_which_open_case_it_may_repeat_and_why(self, town: Town) -> None:
        first, second = filed(town, "a wall"), filed(town, "the same wall")
        items = {i["ref"]: i["like"] for i in town.ask(triage.queue, "dsp-01")["items"]}
        assert [like["ref"] for like in items[first]] == [second]
        assert [like["ref"] for like in items[second]] == [first]
        assert "same place; same type" in items[second][0]["because"]

    @pytest.mark.parametrize(
        ("case_type", "acts"),
        [
            ("dispute_mediation", {"screen": "screen", "agency": "refer", "duplicate": "mark_duplicate"}),
            ("service_request", {"screen": "triage", "agency": None, "duplicate": None}),
            ("social_information", {"screen": "check", "agency": None, "duplicate": "mark_duplicate"}),
        ],
    )
    def test_the_keys_stand_for_acts_of_the_case_type(
        self, town: Town, case_type: str, acts: dict[str, str | None]
    ) -> None:
        assert town.ask(triage.one, "dsp-01", ref=filed(town, "x", case_type=case_type))["acts"] == acts

    def test_who_may_not_act_there_gets_no_act(self, town: Town) -> None:
        assert set(town.ask(triage.one, "lup-01", ref=filed(town, "a wall"))["acts"].values()) == {None}


SCREENED = (
    "s",
    "3",
    "1",
    *"nnnnnnnnnn",
    "0\n",
)  # yellow, between neighbours, ten safety questions, earlier reports


@pytest.fixture
def desk(station: Shell) -> Shell:
    """Two reports of one place and one of another, the second like the first."""
    for place, what in (("示例一村", "drain water"), ("示例一村", "the same drain"), ("示例二村", "a tree")):
        done = station(
            "case", "file", "dispute_mediation", "--place", place, "--what", what, "--as", "dsp-01"
        )
        assert done.status == 0, done.err
    return station


FIRST, SECOND, THIRD = "26-00001-0", "26-00002-9", "26-00003-2"


def at(desk: Shell, ref: str) -> Any:
    return desk("case", "show", ref, "--as", "dsp-01", "--json").json


class TestWithoutATerminal:
    def test_it_prints_the_queue_and_how_to_act(self, desk: Shell) -> None:
        said = desk("case", "triage", "--as", "dsp-01")
        assert said.status == 0
        assert [line.split("\t")[0] for line in said.out.splitlines()] == [FIRST, SECOND, THIRD]
        assert "case do REF ACT" in said.err

    def test_json_gives_the_queue(self, desk: Shell) -> None:
        told = desk("case", "triage", "--as", "dsp-01", "--json").json
        assert ([item["ref"] for item in told["items"]], told["count"]) == ([FIRST, SECOND, THIRD], 3)

    def test_an_empty_queue_says_so(self, desk: Shell) -> None:
        said = desk("case", "triage", "--type", "service_request", "--as", "dsp-01")
        assert (said.status, said.out) == (0, "")
        assert "Nothing waits to be sorted" in said.err

    def test_it_takes_the_words_of_case_list_and_selects_the_same(self, desk: Shell) -> None:
        for *words, many in (
            ("--place", "示例一村", 2), ("--place", "示例二村", 1), ("--channel", "desk", 3), ("--channel", "hotline", 0),
            ("--filed", "2026-11", 3), ("--filed", "2026-10", 0), ("--due", "2026-11-30", "--open", 3),
            ("--holder", "me", 0), ("--phase", "work", 0), ("--closed", "2026-11", 0),
        ):  # fmt: skip
            typed = [str(word) for word in words]
            told = desk("case", "triage", *typed, "--as", "dsp-01", "--json").json
            listed = desk("case", "list", *typed, "--as", "dsp-01", "--json").json
            assert {item["ref"] for item in told["items"]} == {item["ref"] for item in listed["items"]}, words
            assert len(told["items"]) == many, words


class TestAtATerminal:
    def go(self, desk: Shell, *feed: str, columns: int = 100, lang: str = "en") -> str:
        said = desk.terminal(
            "case",
            "triage",
            "--as",
            "dsp-01",
            "--lang",
            lang,
            columns=columns,
            feed=feed,
            env={"NO_COLOR": "1"},
        )
        assert said.status == 0, said.out
        return said.out

    def test_each_screen_says_where_one_is_and_what_it_is_like(self, desk: Shell) -> None:
        seen = self.go(desk, "n", "q")
        assert f" 1 of 3  {FIRST}" in seen
        assert f" 2 of 3  {SECOND}" in seen
        assert f"like {FIRST} (same place; same type" in seen
        assert "[s]creen [a]ssign [o]ther agency [d]uplicate [n]ext [u]ndo last [q]uit" in seen
        assert "0 answered and saved, 2 left." in seen

    def test_nothing_is_wider_than_the_terminal(self, desk: Shell) -> None:
        assert (
            max(len(line) for line in self.go(desk, "q", columns=60).splitlines() if "[s]creen" not in line)
            <= 60
        )

    def test_the_questions_take_one_key_each_and_the_answer_is_saved_by_itself(self, desk: Shell) -> None:
        seen = self.go(desk, *SCREENED, "q")
        assert at(desk, FIRST)["state"] != "reported", seen
        assert at(desk, SECOND)["state"] == "reported"
        assert "1 answered and saved, 2 left." in seen

    def test_the_last_answer_is_undone_and_asked_again(self, desk: Shell) -> None:
        seen = self.go(desk, *SCREENED, "u", "q")
        assert at(desk, FIRST)["state"] == "reported", seen
        assert seen.count(f" 1 of 3  {FIRST}") == 2
        assert "0 answered and saved, 3 left." in seen

    def test_a_duplicate_is_confirmed_and_what_cannot_be_undone_says_why(self, desk: Shell) -> None:
        seen = self.go(desk, "n", "d", "-\n", "d", "\n", "u", "q")
        assert (at(desk, SECOND)["state"], at(desk, SECOND)["outcome"]) == ("closed", "merged"), seen
        assert "FM-R410" in seen

    def test_to_another_agency(self, desk: Shell) -> None:
        seen = self.go(desk, "o", "not ours\n", "1", "q")
        assert at(desk, FIRST)["state"] == "referred_out", seen

    def test_assigning_shows_who_would_be_picked_and_takes_enter_or_a_code(self, desk: Shell) -> None:
        seen = self.go(desk, "a", "\n", "n", "a", "off-05\n", "n", "a", "-\n", "q")
        assert "Enter: aux-07 takes it" in seen
        assert (at(desk, FIRST)["holder"], at(desk, SECOND)["holder"], at(desk, THIRD)["holder"]) == (
            "aux-07", "off-05", None,
        )  # fmt: skip

    def test_what_is_refused_is_told_and_the_same_case_is_asked_again(self, desk: Shell) -> None:
        seen = self.go(desk, "a", "cnt-01\n", "u", "q")
        assert "FM-R501" in seen
        assert seen.count(f" 1 of 3  {FIRST}") == 3
        assert "Nothing was answered yet that could be undone." in seen

    def test_in_chinese(self, desk: Shell) -> None:
        assert "[s] 核实 [a] 派员" in self.go(desk, "q", lang="zh")


def test_the_queue_over_http_is_the_same(town: Town) -> None:
    ref = filed(town, "a wall")
    listed = town.ask(query.list_cases, "dsp-01", filter={"phase": "intake"})
    assert listed["count"] == len(queue(town)) == 1
    assert queue(town) == [ref]
