"""Figures of few: what rests on fewer than ten is no percentile, and outside nothing is told of fewer than five."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from engine.analytics.durability import durability
from engine.analytics.durations import durations
from engine.analytics.flow import flow
from engine.analytics.outcomes import outcomes
from engine.analytics.waiting import waiting
from engine.persistence.store import Store
from tests.integration.test_durability import Desk

DAY = 86_400
LENGTHS = ("p50_s", "p80_s", "p90_s")
PLACES = ("230199000201", "230199000202")


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def live(desk: Desk, ended: list[int], going: int, place: str = PLACES[0], **about: Any) -> None:
    """Cases of one day: those that are settled after so many days, and others that are not."""
    begin = desk.now
    refs = [desk.file(place=place, **about) for _ in range(len(ended) + going)]
    for days, ref in sorted(zip(ended, refs, strict=False)):
        desk.act(ref, "settle", begin + timedelta(days=days))
    desk.now = begin


def ask(desk: Desk, **given: Any) -> dict[str, Any]:
    told: dict[str, Any] = desk.engine.read(durations, desk.engine.caller(person="dsp-01"), **given)
    return told


def numbers(told: Any) -> list[Any]:
    """All figures in it, however deep."""
    if isinstance(told, Mapping):
        return [one for inner in told.values() for one in numbers(inner)]
    if isinstance(told, list):
        return [one for inner in told for one in numbers(inner)]
    return [] if told is None or isinstance(told, str | bool) else [told]


class TestOutside:
    def test_of_a_moment_that_few_have_reached_nothing_is_told(self, desk: Desk) -> None:
        live(desk, [3, 4], 10)
        desk.now += timedelta(days=70)
        [open_] = ask(desk)["groups"]
        assert open_["resolved_by"][0]["share"] == 0.166667
        [group] = ask(desk, public=True, curves=True)["groups"]
        assert (group["n"], group["n_open"], group["n_reached"]) == (12, None, None)
        assert numbers({name: value for name, value in group.items() if name != "n"}) == []

    def test_a_percentile_that_rests_on_few_is_left_out_and_the_others_stand(self, desk: Desk) -> None:
        live(desk, [1, 2, 3, 4, 5, 6], 0)
        desk.now += timedelta(days=8)
        assert ask(desk)["groups"][0]["km"] == {"p50_s": 3 * DAY, "p80_s": 5 * DAY, "p90_s": 6 * DAY}
        [group] = ask(desk, public=True)["groups"]
        assert group["km"] == {"p50_s": None, "p80_s": 5 * DAY, "p90_s": 6 * DAY}
        assert group["between"]["p50_s"] == [None, None]
        assert group["resolved_by"] == [
            {"days": days, "share": 1.0, "between": None} for days in (7, 30, 60, 90)
        ]

    def test_shares_by_day_do_not_tell_of_one_who_came_between(self, desk: Desk) -> None:
        live(desk, [1] * 6 + [20] + [50] * 6, 6)
        desk.now += timedelta(days=95)
        [group] = ask(desk, public=True)["groups"]
        assert [one["days"] for one in group["resolved_by"]] == [7, 60, 90]

    def test_a_drawn_curve_has_no_point_of_one(self, desk: Desk) -> None:
        live(desk, list(range(1, 13)), 6)
        desk.now += timedelta(days=30)
        [group] = ask(desk, public=True, curves=True)["groups"]
        assert [at for at, _ in group["curve"]] == [5 * DAY, 12 * DAY]
        assert not {"at_risk", "censored", "band", "until_s"} & set(group)


class TestFew:
    def test_of_fewer_than_ten_closed_ones_there_is_no_percentile(self, desk: Desk) -> None:
        live(desk, [2] * 9, 3)
        desk.now += timedelta(days=9)
        [group] = ask(desk)["groups"]
        assert group["closed"] == dict.fromkeys((*LENGTHS, "mean_s"))
        assert group["km"]["p50_s"] == 2 * DAY
        live(desk, [0], 0)
        [group] = ask(desk)["groups"]
        assert group["closed"]["p50_s"] == 2 * DAY
        assert group["closed"]["mean_s"] == 9 * 2 * DAY // 10

    def test_of_the_closed_ones_alone_those_are_counted_and_few_are_not_drawn(self, desk: Desk) -> None:
        live(desk, [2] * 9, 3)
        desk.now += timedelta(days=9)
        answer = ask(desk, closed_only=True, curves=True)
        assert (answer["n"], answer["n_open"], answer["n_reached"]) == (9, 0, 9)
        [group] = answer["groups"]
        assert (group["n"], group["n_open"], group["few"]) == (9, 0, True)
        assert group["closed"]["p50_s"] is None


class TestAgainst:
    def test_what_is_compared_is_no_part_of_the_mix(self, desk: Desk) -> None:
        live(desk, [2] * 12, 0)
        [group] = ask(desk, by=["type"])["groups"]
        assert "against" not in group  # there are no others

    def test_grades_are_compared_within_type_and_kind(self, desk: Desk) -> None:
        live(desk, [1] * 12, 0, set={"risk": "red"})
        live(desk, [9] * 12, 0, set={"risk": "yellow"})
        desk.now += timedelta(days=20)
        slow = {group["key"]["risk"]: group["against"] for group in ask(desk, by=["risk"])["groups"]}
        assert slow["red"]["which"] == "faster"
        assert slow["yellow"]["which"] == "slower"
        assert slow["red"]["reason"] is None
        assert slow["red"]["mix"] == ["type", "category"]

    def test_with_too_few_of_its_like_beside_it_there_is_no_verdict(self, desk: Desk) -> None:
        for place, grades in zip(PLACES, (("red", "red", "yellow"), ("yellow",) * 3), strict=True):
            for grade in grades:
                live(desk, [1] * 4, 0, place, set={"risk": grade})
        desk.now += timedelta(days=20)
        for group in ask(desk, by=["place"])["groups"]:
            assert group["n"] == 12
            assert group["against"]["which"] is None
            assert group["against"]["reason"] == "few_in_common"

    def test_where_nobody_came_so_far_there_is_no_verdict(self, desk: Desk) -> None:
        for place in PLACES:
            live(desk, [], 12, place)
        desk.now += timedelta(days=20)
        told = [group["against"] for group in ask(desk, by=["place"])["groups"]]
        assert [(one["which"], one["p"], one["reason"]) for one in told] == [(None, None, "none_reached")] * 2


class TestOtherFiguresOutside:
    def asked(self, desk: Desk, measure: Any, *, public: bool = True) -> dict[str, Any]:
        told = desk.engine.read(measure, desk.engine.caller(person="dsp-01"), public=public)
        [group] = told["groups"]
        return dict(group)

    def test_few_that_did_not_hold_are_in_no_length_of_time(self, desk: Desk) -> None:
        begin = desk.now
        refs = [desk.file() for _ in range(12)]
        for ref in refs:
            desk.act(ref, "settle", begin + timedelta(days=1))
        desk.act(refs[0], "reopen", begin + timedelta(days=5))
        desk.now = begin + timedelta(days=40)
        within = self.asked(desk, durability)["within"]
        assert numbers(within[0]) == [30]
        assert within[0]["hidden"]

    def test_a_grade_does_not_tell_of_an_outcome_that_is_left_out(self, desk: Desk) -> None:
        begin = desk.now
        for act, many in (("settle", 9), ("heal", 2), ("drop", 6)):
            for _ in range(many):
                desk.now = begin
                desk.act(desk.file(), act, begin + timedelta(days=1))
        told = self.asked(desk, outcomes)
        assert [one["n"] for one in told["outcomes"]] == [None, 9, None]
        assert [one["n"] for one in told["grades"]] == [None, None]  # 11 less 9 would be the two

    def test_ways_to_end_do_not_tell_of_one_who_came_between_two_days(self, desk: Desk) -> None:
        live(desk, [1] * 6 + [20] + [50] * 6, 6)
        desk.now += timedelta(days=95)
        told = self.asked(desk, outcomes)
        assert [one["days"] for one in told["outcomes"][0]["by"]] == [7, 60, 90]
        assert [one["days"] for one in told["open"]] == [7, 60, 90]

    def test_half_of_the_stays_is_told_where_five_are_over(self, desk: Desk) -> None:
        live(desk, [1, 2, 3, 4, 5, 6, 7, 8], 0)
        desk.now += timedelta(days=8, hours=12)
        live(desk, [], 5)  # watched for half a day, so that half are over when four of eight are
        desk.now += timedelta(hours=12)
        assert self.halves(desk, public=False) == [4 * DAY, 4 * DAY]
        assert self.halves(desk) == [None, None]
        live(desk, [4, 5, 5], 0)
        desk.now += timedelta(days=9)
        assert self.halves(desk) == [5 * DAY, 5 * DAY]

    def halves(self, desk: Desk, *, public: bool = True) -> list[int | None]:
        """Of the one part in which they wait, and of the one state in which they stand."""
        [part] = self.asked(desk, waiting, public=public)["parts"]
        [state] = [one for one in self.asked(desk, flow, public=public)["states"] if not one["final"]]
        return [part["p50_s"], state["p50_s"]]


def test_half_of_fewer_than_ten_stays_is_not_told(desk: Desk) -> None:
    def told(measure: Any, *lists: str) -> list[tuple[int, int | None, bool]]:
        answer = desk.engine.read(measure, desk.engine.caller(person="dsp-01"))
        lines = [line for name in lists for line in answer["groups"][0][name] if not line.get("final")]
        return [(line.get("n_stays", line["n"]), line["p50_s"], line.get("few", False)) for line in lines]

    live(desk, [1, 2, 3, 4, 5, 6, 7], 2)
    desk.now += timedelta(days=9)
    assert told(waiting, "parts") == [(9, None, True)]
    assert told(flow, "states", "transitions") == [(9, None, True), (7, None, True)]
    live(desk, [1, 1, 1], 0)
    desk.now += timedelta(days=9)
    assert told(waiting, "parts") == [(12, 3 * DAY, False)]
    assert told(flow, "states", "transitions") == [(12, 3 * DAY, False), (10, 2.5 * DAY, False)]


def whole(desk: Desk, **given: Any) -> dict[str, Any]:
    told: dict[str, Any] = ask(desk, by=["place"], **given)["whole"]
    return told


def test_all_groups_together_are_told_as_without_groups(desk: Desk) -> None:
    live(desk, [1, 2, 3, 4, 5, 6], 6)
    live(desk, [9, 8, 7, 6, 5, 4, 3], 5, PLACES[1])
    desk.now += timedelta(days=70)
    for given in ({}, {"closed_only": True}, {"working": True}, {"filter": {"place": ",".join(PLACES)}}):
        [alone] = ask(desk, **given)["groups"]
        assert whole(desk, **given) == {**alone, "key": {"place": None}, "total": True}
    assert whole(desk)["closed"]["p50_s"] == 5 * DAY
    assert "whole" not in ask(desk)
    assert "whole" not in ask(desk, by=["place"], filter={"place": PLACES[0]})


def test_outside_the_whole_tells_nothing_of_a_group_that_is_left_out(desk: Desk) -> None:
    live(desk, [1, 2, 3, 4, 5, 6], 6)
    live(desk, [9, 8, 7, 6, 5], 5, PLACES[1])
    desk.now += timedelta(days=70)
    told = whole(desk, public=True)
    assert told["km"] == whole(desk)["km"]
    assert (told["resolved_by"], told["mean60_s"], told["closed"]["mean_s"]) == ([], None, None)
    live(desk, [], 2, "230199001201")
    told = whole(desk, public=True)
    assert numbers({name: told[name] for name in ("km", "closed", "between", "resolved_by")}) == []
