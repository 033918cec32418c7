"""Whoever is asked to mediate answers within the time that the tables give; if not, somebody else is asked."""

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.persistence.store import Store
from engine.service import acting, query, seat, worker
from engine.service.routing import explaining
from tests.support.mediating import accepted
from tests.support.town import Town

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in Harbin


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store, now=MONDAY)


def mediators(town: Town, ref: str) -> list[str]:
    told = town.ask(query.show_case, "dsp-01", ref=ref)["seats"]
    return [holder["person"] for holder in told if holder["seat"] == "mediator"]


def deadline(town: Town, ref: str) -> dict[str, Any]:
    clocks = town.ask(query.show_case, "dsp-01", ref=ref)["clocks"]
    return dict(next(c for c in clocks if c["name"] == "accept_seat" and c["status"] == "running"))


def test_the_time_to_answer_is_what_the_tables_said_when_the_seat_was_filled(town: Town) -> None:
    for risk, due in (("yellow", "2026-11-24T16:00:00Z"), ("orange", "2026-11-23T05:00:00Z")):
        ref = accepted(town, risk=risk)
        town.do(acting.do_act, "dir-02", ref=ref, act="ask_engine")
        assert deadline(town, ref)["due_at"] == due


def test_who_does_not_answer_in_time_is_passed_over_and_the_next_has_the_whole_time(town: Town) -> None:
    ref = accepted(town, risk="orange")
    town.do(acting.do_act, "dir-02", ref=ref, act="ask_engine")
    [first] = mediators(town, ref)
    town.pass_(hours=4, minutes=1)
    town.do(worker.sweep, "system")
    [second] = mediators(town, ref)
    assert second != first
    assert deadline(town, ref)["due_at"] == "2026-11-23T09:00:00Z", "four hours from when it fell due"
    explained = town.ask(explaining.explain, "dir-02", ref=ref, seat="mediator")
    assert [(e["person"], e["because"]) for e in explained["excluded"]] == [(first, "unanswered")]
    left = [
        change
        for event in town.ask(query.history, "dir-02", ref=ref)["items"]
        for change in event["changes"]
        if change["do"] == "unseat"
    ]
    assert [(c["person"], c["why"]) for c in left] == [(first, "unanswered")]
    # to have been late once is not for ever: a person may name him again
    town.do(acting.do_act, "dir-02", ref=ref, act="assign", seats={"mediator": [first]})
    assert first in mediators(town, ref)


def test_who_answers_is_not_passed_over(town: Town) -> None:
    ref = accepted(town, risk="orange")
    town.do(acting.do_act, "dir-02", ref=ref, act="ask_engine")
    [first] = mediators(town, ref)
    town.do(seat.take, first, ref=ref, seat="mediator")
    town.pass_(days=2)
    town.do(worker.sweep, "system")
    assert mediators(town, ref) == [first]


def test_when_nobody_is_left_to_ask_the_director_is_told_and_nothing_turns_for_ever(town: Town) -> None:
    ref = accepted(town, risk="orange")
    town.do(acting.do_act, "dir-02", ref=ref, act="ask_engine")
    for _ in range(6):
        town.pass_(hours=5)
        town.do(worker.sweep, "system")
    assert mediators(town, ref) == []
    events = town.ask(query.history, "dir-02", ref=ref)["items"]
    asked = [
        c["person"] for e in events for c in e["changes"] if c["do"] == "seat" and c["seat"] == "mediator"
    ]
    assert len(asked) == len(set(asked)), "nobody is asked twice by the engine"
    assert any(c["do"] == "incident" for e in events for c in e["changes"])


def test_whom_a_party_chose_beats_the_score(town: Town) -> None:
    plain = accepted(town)
    town.do(acting.do_act, "dir-02", ref=plain, act="ask_engine")
    [usual] = mediators(town, plain)
    other = next(code for code in ("med-12", "med-13") if code != usual)
    ref = accepted(town, wants=other)
    town.do(acting.do_act, "dir-02", ref=ref, act="ask_engine")
    assert mediators(town, ref) == [other]
    explained = town.ask(explaining.explain, "dir-02", ref=ref, seat="mediator")
    assert (explained["reason"], explained["rule"]) == ("chosen", "chosen-1")
