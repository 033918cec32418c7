"""Deadlines of joined cases: the earliest governs, each is kept, and parting gives back what was."""

from datetime import UTC, datetime, timedelta

from engine.machine.fold import fold
from tests.support.joined import FIRST, PROGRAM, SECOND, merge, plan, reported, unmerge
from tests.support.small import Player, codes

MONDAY = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)  # 09:00 in China
# ten days from Monday 7 September end on Thursday the 17th, two on Wednesday the 9th, at 24:00
TEN_DAYS, TWO_DAYS = "2026-09-17T16:00:00Z", "2026-09-09T16:00:00Z"


def joined(first: str = "blue", second: str = "red") -> tuple[Player, Player]:
    one, two = reported(MONDAY, first), reported(MONDAY, second)
    assert merge(two, one).moved
    return one, two


def test_the_earlier_deadline_governs_and_both_are_kept() -> None:
    one, _ = joined()
    run = one.run("answer")
    assert (run["due"], run["own_due"]) == (TWO_DAYS, TEN_DAYS)
    [kept] = run["joined"]
    assert (kept["ref"], kept["due"], kept["within"]) == (SECOND, TWO_DAYS, "2 cd")
    assert run["marks"]["50%"] == "2026-09-08T16:00:00Z", "half of the two days"
    assert one.state is not None
    assert [(link["kind"], link["ref"]) for link in one.state["links"]] == [("merged_into_of_here", SECOND)]


def test_a_later_deadline_is_kept_and_changes_nothing() -> None:
    one, _ = joined("red", "blue")
    run = one.run("answer")
    assert (run["due"], run["own_due"], run["joined"][0]["due"]) == (TWO_DAYS, TWO_DAYS, TEN_DAYS)


def test_a_waiting_period_is_not_hurried() -> None:
    one, _ = joined()
    assert "joined" not in one.run("peace")


def test_what_does_not_run_here_is_not_joined() -> None:
    one, two = reported(MONDAY, "blue"), reported(MONDAY, "red")
    assert one.act("begin").moved
    assert merge(two, one).moved
    assert "joined" not in one.run("answer")


def test_missing_the_earlier_deadline_is_missing_it() -> None:
    one, _ = joined()
    one.now = MONDAY + timedelta(days=3)
    assert one.act("begin").moved
    assert one.run("answer")["verdict"] == "missed"


def test_an_extension_moves_all_and_a_pause_holds_all() -> None:
    one, _ = joined()
    assert one.act("extend_answer", note="more time").moved
    assert one.run("answer")["due"] == "2026-09-14T16:00:00Z", "two days and five"
    assert one.act("hold").moved
    assert "due" not in one.run("answer")


def test_parting_gives_each_its_own_again() -> None:
    one, two = joined()
    alone_one, alone_two = reported(MONDAY, "blue"), reported(MONDAY, "red")
    for player in (one, two, alone_one, alone_two):
        player.now = MONDAY + timedelta(days=4)
    alone_one.sweep()
    alone_two.sweep()
    one.sweep()
    assert set(one.run("answer")["fired"]) == {"50%", "due", "due+1 cd"}
    assert unmerge(two, one).moved
    assert plan(one) == plan(alone_one)
    assert one.run("answer")["fired"] == {}, "none of its own marks has come yet"
    assert one.state is not None
    assert two.state is not None
    assert alone_two.state is not None
    assert one.state["links"] == []
    assert {**two.state, "fields": {}} == {**alone_two.state, "fields": {}}
    for player in (one, two):
        assert fold(player.events) == player.state


def test_the_case_stands_where_it_stood_in_the_same_cycle() -> None:
    one, two = reported(MONDAY, "blue"), reported(MONDAY, "red")
    assert two.act("hold").moved
    assert merge(two, one).moved
    assert unmerge(two, one).moved
    assert two.state is not None
    assert (two.leaf, two.state["cycle"], two.run("answer")["status"]) == ("held", 1, "paused")
    assert "outcome" not in two.state
    assert "kept" not in two.state


def test_only_what_it_undoes_is_undone() -> None:
    player = reported(MONDAY, "blue")
    assert player.act("close").moved
    assert codes(player.act("unmerge")) == ["FM-R216"]


def test_a_case_that_was_reopened_since_is_not_put_back() -> None:
    one, two = joined()
    assert two.act("again").moved
    assert two.act("close").moved
    assert codes(two.act("unmerge")) == ["FM-R216"]
    assert one.run("answer")["due"] == TWO_DAYS


def test_it_may_go_into_a_case_and_out_again_more_than_once() -> None:
    one, two = joined()
    assert unmerge(two, one).moved
    assert merge(two, one).moved
    assert one.run("answer")["due"] == TWO_DAYS
    assert [
        change["refs"] for event in two.events for change in event["changes"] if change["do"] == "relay"
    ] == [[FIRST]] * 3


def test_a_chain_carries_the_deadline_that_governs() -> None:
    one, two, three = (reported(MONDAY, risk) for risk in ("blue", "blue", "red"))
    assert merge(three, two).moved
    assert merge(two, one).moved
    assert one.run("answer")["due"] == TWO_DAYS
    assert fold(one.events) == one.state
    assert PROGRAM.undone == {"merge"}
