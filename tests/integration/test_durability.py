"""Whether what was settled stays settled: the measure against a list that the test keeps itself, case by case."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.analytics.durability import DAYS, durability
from engine.bootstrap import Engine
from engine.definitions.load import loads
from engine.domain.errors import FolkmootError
from engine.persistence.store import Store
from engine.service import acting, correcting, filing, organisation, query
from engine.service.seed import Shipped, seed
from tests.support.town import STATION
from workflows import shipped
from workflows.calendar import calendar_ids, load_calendar

SMALL = """
case_type: quarrel
title: Quarrel
version: "1"
basis: a made-up law
effective: {from: 2020-01-01}
calendar: CN
parties: {roles: {claimant: {}}}
fields: {risk: {type: choice, of: [red, yellow], default: yellow}}
states:
  new: {initial: true, waits_for: [dispatcher], phase: intake}
  kept: {waits_for: [dispatcher], phase: review}
  over: {states: {shut: {final: true, phase: done}}, phase: done}
outcomes: {settled: {grade: substantive}, healed: {grade: substantive}, dropped: {grade: procedural}}
transitions:
  - {trigger: file, dest: new, allow: [anyone], asks: [risk?]}
  - {trigger: agree, source: new, dest: kept, allow: [dispatcher]}
  - {trigger: settle, source: [new, kept], dest: shut, outcome: settled, allow: [dispatcher]}
  - {trigger: heal, source: [new, kept], dest: shut, outcome: healed, allow: [dispatcher]}
  - {trigger: drop, source: new, dest: shut, outcome: dropped, allow: [dispatcher]}
  - {trigger: reopen, source: shut, dest: new, reopens: true, allow: [dispatcher]}
milestones: {first_resolution: [settle]}
"""
BEGIN = datetime(2024, 1, 10, 1, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
Life = list[tuple[str, datetime]]  # what counts of one case: closed with which outcome, opened again


class Desk:
    def __init__(self, store: Store) -> None:
        self.now = BEGIN
        self.engine = Engine(store, lambda: self.now)
        loaded = loads(SMALL)
        assert loaded.definition is not None, [f.message("en") for f in loaded.findings]
        calendars = [load_calendar(name) for name in calendar_ids()]
        given = {"vocabulary": shipped.vocabulary(), "calendars": calendars}
        self.do(seed, "adm", definitions=[Shipped(loaded.definition, SMALL)], **given)
        self.do(organisation.import_organisation, "adm", files={STATION.name: STATION.read_bytes()})

    def do(self, service: Any, who: str, /, **given: Any) -> Any:
        return self.engine.call(service, self.engine.caller(person=who), **given)

    def file(self, place: str = "230199000201", **more: Any) -> str:
        about = {"case_type": "quarrel", "place": place, "what": "the wall", **more}
        return str(self.do(filing.file_case, "dsp-01", **about)["ref"])

    def act(self, ref: str, act: str, at: datetime) -> None:
        self.now = at
        self.do(acting.do_act, "dsp-01", ref=ref, act=act)

    def take_back(self, ref: str, at: datetime) -> None:
        self.now = at
        seq = self.do(query.history, "dsp-01", ref=ref)["items"][-1]["seq"]
        self.do(
            correcting.correct, "dsp-01", ref=ref, seq=seq, reason="another case was meant", take_back=True
        )

    def ask(self, at: datetime, **given: Any) -> Any:
        return self.engine.read(durability, self.engine.caller(person="dsp-01"), as_of=at, **given)


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def lived(desk: Desk, chance: random.Random) -> Life:
    """One case: closed, opened, closed again, some acts taken back."""
    life: Life = []
    at = BEGIN + timedelta(days=chance.randrange(200))
    desk.now = at
    ref = desk.file()
    for _ in range(chance.randrange(4)):
        at += timedelta(days=chance.randrange(1, 120), hours=chance.randrange(24))
        ends = not life or life[-1][0] == "reopen"
        act = chance.choice(["settle", "settle", "heal", "drop"]) if ends else "reopen"
        desk.act(ref, act, at)
        if chance.random() < 0.2:
            at += timedelta(hours=1)
            desk.take_back(ref, at)
        else:
            life.append((act, at))
    return life


def counted(lives: list[Life], at: datetime) -> list[tuple[datetime, datetime | None]]:
    """(first closing with a substantive outcome, the opening after it) by reading each life from its beginning."""
    found = []
    for life in lives:
        past = [(act, when) for act, when in life if when <= at]
        closings = [when for act, when in past if act in ("settle", "heal")]
        if closings:
            openings = [when for act, when in past if act == "reopen" and when > closings[0]]
            found.append((closings[0], openings[0] if openings else None))
    return found


def told(cases: list[tuple[datetime, datetime | None]], days: int, at: datetime) -> tuple[int, int, int, int]:
    long_ago = [(c, o) for c, o in cases if (at - c).total_seconds() >= days * 86400]
    lately = [(c, o) for c, o in cases if (at - c).total_seconds() < days * 86400]
    failed = sum(o is not None and (o - c).total_seconds() <= days * 86400 for c, o in long_ago)
    return len(long_ago), failed, len(lately), sum(o is not None for _, o in lately)


def test_it_is_what_counting_case_by_case_gives(desk: Desk) -> None:
    chance = random.Random(7)
    lives = [lived(desk, chance) for _ in range(40)]
    assert any(len(life) > 2 for life in lives)
    for days in range(0, 800, 45):
        at = BEGIN + timedelta(days=days, hours=5)
        cases = counted(lives, at)
        answer = desk.ask(at)
        assert (answer["n"], answer["n_reopened"]) == (len(cases), sum(o is not None for _, o in cases))
        for one in answer["groups"][0]["within"]:
            figures = (one["n_watched"], one["n_failed"], one["n_open"], one["n_open_failed"])
            assert figures == told(cases, one["days"], at)
            assert one["n_held"] == one["n_watched"] - one["n_failed"]
    months = desk.ask(at, by=["closed_month"])["groups"]
    wanted = sorted({c.astimezone(ZONE).strftime("%Y-%m") for c, _ in counted(lives, at)})
    assert [group["key"]["closed_month"] for group in months] == wanted
    assert sum(group["n"] for group in months) == len(counted(lives, at))


def test_what_was_not_watched_so_long_is_in_no_share(desk: Desk) -> None:
    ref = desk.file()
    desk.act(ref, "settle", BEGIN + timedelta(days=1))
    within = desk.ask(BEGIN + timedelta(days=40))["groups"][0]["within"]
    assert [(one["n_watched"], one["n_open"], one["share_failed"]) for one in within] == [
        (1, 0, 0.0), (0, 1, None), (0, 1, None), (0, 1, None),
    ]  # fmt: skip


def test_the_very_second_counts_on_both_sides(desk: Desk) -> None:
    closed = BEGIN + timedelta(days=1)
    for more in (timedelta(0), timedelta(seconds=1)):
        ref = desk.file()
        desk.act(ref, "settle", closed)
        desk.act(ref, "reopen", closed + timedelta(days=DAYS[0]) + more)
        desk.now = BEGIN
    within = desk.ask(closed + timedelta(days=60))["groups"][0]["within"][0]
    assert (within["n_watched"], within["n_failed"], within["n_held"]) == (2, 1, 1)
    assert (
        desk.ask(closed + timedelta(days=30) - timedelta(seconds=1))["groups"][0]["within"][0]["n_watched"]
        == 0
    )


def test_it_groups_by_the_first_outcome_and_the_first_closing(desk: Desk) -> None:
    ref = desk.file()
    for act, days in (("settle", 1), ("reopen", 5), ("heal", 70)):
        desk.act(ref, act, BEGIN + timedelta(days=days))
    [group] = desk.ask(BEGIN + timedelta(days=400), by=["outcome", "closed_month"])["groups"]
    assert group["key"] == {"outcome": "settled", "closed_month": "2024-01"}
    january = (datetime(2024, 1, 1, tzinfo=ZONE), datetime(2024, 2, 1, tzinfo=ZONE))
    march = (datetime(2024, 3, 1, tzinfo=ZONE), None)
    assert [desk.ask(BEGIN + timedelta(days=400), closed=ends)["n"] for ends in (january, march)] == [1, 0]


def test_what_cannot_be_grouped_by_is_named(desk: Desk) -> None:
    with pytest.raises(FolkmootError) as refused:
        desk.ask(BEGIN, by=["weather"])
    assert refused.value.code == "FM-U300"
