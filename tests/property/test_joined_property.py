"""Whatever happens to two cases that are one for a while, each deadline is what it would be alone.

The oracle is three cases that are never joined: the first, the second, and both living through the same acts.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.machine.fold import fold
from tests.support.joined import FIRST, SECOND, THIRD, merge, pass_on, plan, reported, unmerge
from tests.support.small import Player

MONDAY = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)
RISKS = st.sampled_from(["red", "blue"])
ACTS = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from(["hold", "go_on", "extend_answer", "sweep"])), max_size=6
)


def live(players: list[Player], acts: list[tuple[int, str]]) -> None:
    """The same acts in each; what the first of them refuses is done in none."""
    for hours, act in acts:
        for player in players:
            player.now += timedelta(hours=hours)
        if act == "sweep":
            for player in players:
                player.sweep()
            continue
        if players[0].act(act, note="so").moved:
            for player in players[1:]:
                assert player.act(act, note="so").moved


def stand_alike(first: Player, second: Player) -> None:
    """From the moment they are joined the second stands still where the first does."""
    if first.leaf != second.leaf:
        assert second.act("hold" if first.leaf == "held" else "go_on").moved


@given(RISKS, RISKS, st.integers(0, 100), ACTS, ACTS, ACTS, ACTS)
def test_each_deadline_is_what_it_would_be_alone(
    risk: str,
    other: str,
    hours: int,
    before: list[tuple[int, str]],
    there: list[tuple[int, str]],
    meanwhile: list[tuple[int, str]],
    after: list[tuple[int, str]],
) -> None:
    one, lone = reported(MONDAY, risk), reported(MONDAY, risk)
    second_at = MONDAY + timedelta(hours=hours)
    two, rested, lived = (reported(second_at, other) for _ in range(3))
    live([one, lone], before)
    live([two, rested, lived], there)
    now = max(one.now, two.now)
    players = [one, lone, two, rested, lived]
    for player in players:
        player.now = now
    one.sweep()
    lone.sweep()
    assert merge(two, one).moved
    stand_alike(one, lived)
    live([one, lone, lived], meanwhile)
    due = [run["due"] for run in (lone.run("answer"), lived.run("answer")) if "due" in run]
    assert one.run("answer").get("due") == (min(due) if due else None)
    assert one.run("answer").get("own_due") == lone.run("answer").get("due")
    assert one.run("answer")["joined"][0].get("due") == lived.run("answer").get("due")
    two.now = rested.now = one.now
    assert unmerge(two, one).moved
    rested.sweep()
    assert plan(one) == plan(lone)
    one.sweep()
    lone.sweep()
    assert one.run("answer") == lone.run("answer")
    assert two.state is not None
    assert rested.state is not None
    assert {**two.state, "fields": {}} == {**rested.state, "fields": {}}
    live([one, lone], after)
    assert plan(one) == plan(lone)
    for player in (one, two):
        assert fold(player.events) == player.state


@given(RISKS, RISKS, RISKS, ACTS, ACTS, ACTS, st.booleans())
def test_a_chain_comes_apart_from_either_end(
    risk: str,
    middle: str,
    other: str,
    before: list[tuple[int, str]],
    meanwhile: list[tuple[int, str]],
    after: list[tuple[int, str]],
    last_first: bool,
) -> None:
    """The third goes into the second, which goes into the first; whoever leaves first, all are what they would be."""
    one, lone = reported(MONDAY, risk), reported(MONDAY, risk)
    two, rested = reported(MONDAY, middle, SECOND), reported(MONDAY, middle, SECOND)
    three, apart = reported(MONDAY, other, THIRD), reported(MONDAY, other, THIRD)
    cases = {FIRST: one, SECOND: two, THIRD: three}

    def does(case: Player, act: str, **given: Any) -> None:
        case.now = max(player.now for player in cases.values())
        since = len(case.events)
        assert case.act(act, **given).moved
        pass_on(case, since, cases)

    does(three, "merge", fields={"same_as": SECOND})
    live([two, rested], before)
    live([one, lone], [(0, "sweep")])
    does(two, "merge", fields={"same_as": FIRST})
    assert [deadline["ref"] for deadline in one.run("answer")["joined"]] == [SECOND, THIRD]
    lone.now = one.now
    live([one, lone], meanwhile)
    for case in (three, two) if last_first else (two, three):
        does(case, "unmerge", note="so")
        assert not [held for held in one.run("answer").get("joined", ()) if held["ref"] == case.ref]
        assert case.run("answer").get("joined", []) == [] or not last_first
    lone.now = one.now
    live([one, lone], [(0, "sweep"), *after])
    live([two], [(0, "sweep")])
    rested.now, three.now, apart.now = two.now, two.now, two.now
    for case in (rested, three, apart):
        case.sweep()
    for case, oracle in ((one, lone), (two, rested), (three, apart)):
        assert case.run("answer") == oracle.run("answer")
        assert case.state is not None
        assert case.state["links"] == []
        assert fold(case.events) == case.state
