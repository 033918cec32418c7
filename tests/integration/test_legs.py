"""From the call to the report back: legs and their buckets against a reading of every case by itself."""

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import orjson
import pytest

from engine.analytics.legs import LEGS, legs
from engine.bootstrap import Engine
from engine.definitions.load import loads
from engine.persistence.store import Store
from engine.service import acting, filing, organisation
from engine.service.seed import Shipped, seed
from tests.support.town import STATION, Town
from workflows import shipped
from workflows.calendar import calendar_ids, load_calendar

CALL = """
case_type: alarm
title: Alarm
version: "1"
basis: a made-up law
effective: {from: 2020-01-01}
calendar: CN
parties: {roles: {caller: {}}}
states:
  new: {initial: true, waits_for: [dispatcher], phase: intake}
  shut: {final: true, phase: done}
outcomes: {over: {grade: substantive}}
transitions:
  - {trigger: file, dest: new, allow: [anyone]}
  - {trigger: sign, source: new, allow: [dispatcher]}
  - {trigger: set_off, source: new, allow: [dispatcher]}
  - {trigger: be_there, source: new, allow: [dispatcher]}
  - {trigger: report_back, source: new, allow: [dispatcher]}
  - {trigger: end, source: new, dest: shut, outcome: over, allow: [dispatcher]}
milestones: {signed: [sign], dispatched: [set_off], arrived: [be_there], feedback: [report_back]}
"""
LETTER = CALL.replace("case_type: alarm", "case_type: letter").split("milestones:")[0]
BEGIN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ACTS = ("sign", "set_off", "be_there", "report_back")
Life = dict[str, datetime]  # act to its first time; "file" and perhaps "end" too


class Desk:
    def __init__(self, store: Store) -> None:
        self.now = BEGIN
        self.engine = Engine(store, lambda: self.now)
        made = []
        for text in (CALL, LETTER):
            loaded = loads(text)
            assert loaded.definition is not None, [f.message("en") for f in loaded.findings]
            made.append(Shipped(loaded.definition, text))
        calendars = [load_calendar(name) for name in calendar_ids()]
        self.do(seed, "adm", definitions=made, vocabulary=shipped.vocabulary(), calendars=calendars)
        self.do(organisation.import_organisation, "adm", files={STATION.name: STATION.read_bytes()})

    def do(self, service: Any, who: str, /, **given: Any) -> Any:
        return self.engine.call(service, self.engine.caller(person=who), **given)

    def file(self, case_type: str = "alarm") -> str:
        about = {"case_type": case_type, "place": "230199000201", "what": "the gate"}
        return str(self.do(filing.file_case, "dsp-01", **about)["ref"])

    def act(self, ref: str, act: str) -> None:
        self.do(acting.do_act, "dsp-01", ref=ref, act=act)

    def ask(self, **given: Any) -> Any:
        return self.engine.read(legs, self.engine.caller(person="dsp-01"), **given)


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def live(desk: Desk, chance: random.Random) -> Life:
    desk.now += timedelta(seconds=chance.randrange(90_000))
    life, ref = {"file": desk.now}, desk.file()
    acts = [act for act in ACTS if chance.random() < 0.75]
    if chance.random() < 0.2:
        chance.shuffle(acts)
    for act in acts:
        edge = chance.choice([30, 60, 120, 180, 300, 600, 900, 1800, 3600, 7200, 14_400])
        desk.now += timedelta(seconds=edge + chance.choice([-1, 0, 1, chance.randrange(9000)]))
        desk.act(ref, act)
        life.setdefault(act, desk.now)
    if chance.random() < 0.6:
        desk.now += timedelta(seconds=60)
        desk.act(ref, "end")
        life["end"] = desk.now
    return life


def counted(lives: list[Life], number: int, at: datetime, *, from_receipt: bool) -> dict[str, Any]:
    """One leg by looking at each case as it was known then."""
    leg = LEGS[number]
    edges = list(pairwise([0, *leg.bounds, None])) if leg.bounds else []
    told = {"n": 0, "n_waiting": 0, "n_blank": 0, "n_backwards": 0}
    buckets = [0] * len(edges)
    for life in lives:
        known = {act: when for act, when in life.items() if when <= at}
        if "file" not in known:
            continue
        begun = known.get("file" if from_receipt or number == 0 else ACTS[number - 1])
        ended = known.get(ACTS[number])
        past = any(act in known for act in ACTS[number + 1 :])
        if begun and ended and ended >= begun:
            told["n"] += 1
            seconds = (ended - begun).total_seconds()
            for n, (low, high) in enumerate(edges):
                buckets[n] += low <= seconds < (high or 1e12)
        elif begun and ended:
            told["n_backwards"] += 1
        elif begun and "end" not in known and not past:
            told["n_waiting"] += 1
        else:
            told["n_blank"] += 1
    return {**told, "buckets": buckets}


@pytest.mark.parametrize("from_receipt", [False, True])
@pytest.mark.parametrize("number", range(3))
def test_every_leg_is_what_the_cases_say(desk: Desk, number: int, from_receipt: bool) -> None:
    chance = random.Random(number)
    lives = [live(desk, chance) for _ in range(14)]
    span = desk.now - BEGIN
    for moment in [desk.now, *(BEGIN + span * chance.random() for _ in range(3))]:
        at = moment.replace(microsecond=0)
        told = desk.ask(as_of=at, from_receipt=from_receipt)
        [group] = told["groups"]
        for n, leg in enumerate(group["legs"]):
            wanted = counted(lives, n, at, from_receipt=from_receipt)
            assert {**{name: leg[name] for name in wanted if name != "buckets"}, "buckets": [b["n"] for b in leg["buckets"]]} == wanted  # fmt: skip
            assert leg["n"] + leg["n_waiting"] + leg["n_blank"] + leg["n_backwards"] == told["n"]


def test_a_past_answer_stays_the_same(desk: Desk) -> None:
    chance = random.Random(9)
    for _ in range(5):
        live(desk, chance)
    at = desk.now
    before = orjson.dumps(desk.ask(as_of=at))
    desk.now += timedelta(seconds=1)
    for _ in range(5):
        live(desk, chance)
    assert orjson.dumps(desk.ask(as_of=at)) == before


def test_a_moment_that_nobody_recorded_is_blank_and_never_zero(desk: Desk) -> None:
    refs = [desk.file() for _ in range(10)]
    desk.now += timedelta(seconds=31)
    for ref in refs:
        desk.act(ref, "sign")
    desk.now += timedelta(hours=1)
    for ref in refs:
        desk.act(ref, "report_back")  # nobody said that somebody set off or arrived
    sign, dispatch, arrive, feedback = desk.ask()["groups"][0]["legs"]
    assert [b["n"] for b in sign["buckets"]] == [0, 10, 0, 0, 0]
    assert sign["p50_s"] == 31
    for leg in (dispatch, arrive, feedback):
        assert (leg["n"], leg["n_waiting"], leg["n_blank"], leg["p50_s"]) == (0, 0, 10, None)
        assert not any(b["n"] for b in leg["buckets"])
    whole = desk.ask(from_receipt=True)["groups"][0]["legs"][3]
    assert (whole["n"], whole["p50_s"]) == (10, 3631)


def test_a_leg_of_fewer_than_ten_has_no_percentile(desk: Desk) -> None:
    for n in range(10):
        ref = desk.file()
        desk.now += timedelta(seconds=31)
        desk.act(ref, "sign")
        sign = desk.ask()["groups"][0]["legs"][0]
        wanted = (n + 1, 31 if n == 9 else None)
        assert (sign["n"], sign["p50_s"]) == (sign["n"], sign["p90_s"]) == wanted


def test_outside_a_percentile_rests_on_five_or_more(desk: Desk) -> None:
    for seconds in [9] * 2 + [40] * 8:  # the half is at 40 s, also the fifth part is not told at 9 s
        ref = desk.file()
        desk.now += timedelta(seconds=seconds)
        desk.act(ref, "sign")
    assert desk.ask()["groups"][0]["legs"][0]["p50_s"] == 40
    hidden = desk.ask(public=True)["groups"][0]["legs"][0]
    assert [hidden[name] for name in ("n", "p50_s", "p80_s", "p90_s")] == [None] * 4


def test_a_type_that_names_no_moments_waits_for_none(desk: Desk) -> None:
    desk.file("letter")
    assert [leg["n_blank"] for leg in desk.ask()["groups"][0]["legs"]] == [1, 1, 1, 1]


def test_an_open_call_counts_as_not_over_yet(desk: Desk) -> None:
    refs = [desk.file() for _ in range(4)]
    desk.now += timedelta(seconds=10)
    desk.act(refs[0], "sign")
    desk.now += timedelta(hours=5)
    sign = desk.ask()["groups"][0]["legs"][0]
    assert (sign["n"], sign["n_waiting"], sign["p50_s"]) == (1, 3, None)


def test_a_service_request_has_all_four_legs(store: Store) -> None:
    town = Town(store)
    for _ in range(10):
        whole_request(town)
    told = town.ask(legs, "dsp-01")["groups"][0]["legs"]
    assert [leg["p50_s"] for leg in told] == [45, 7 * 60, 20 * 60, 50 * 60]
    assert [[b["n"] for b in leg["buckets"]] for leg in told] == [[0, 10, 0, 0, 0], [0, 10, 0, 0, 0], [], [0, 10, 0, 0, 0]]  # fmt: skip


def whole_request(town: Town) -> None:
    about = {"case_type": "service_request", "place": "230199000201", "what": "the lamp is out"}
    ref = town.do(filing.file_case, "dsp-01", **about, set={"need": "road"})["ref"]
    town.pass_(seconds=45)
    town.do(acting.do_act, "dsp-01", ref=ref, act="triage", set={"danger": False, "scope": "ours", "frail": "none"})  # fmt: skip
    town.pass_(minutes=7)
    town.do(acting.do_act, "dsp-01", ref=ref, act="dispatch", seats={"handler": ["aux-07"]})
    town.pass_(minutes=20)
    town.do(acting.record, "aux-07", ref=ref, kind="visit", items=[{"found": "dark"}])
    for act, records in (("accept", {}), ("start", {}), ("finish", {"result": [{"what": "a new lamp"}]})):
        town.do(acting.do_act, "aux-07", ref=ref, act=act, records=records)
    town.pass_(minutes=50)
    town.do(acting.do_act, "aux-07", ref=ref, act="reply", records={"reply": [{"means": "phone"}]})


def test_readers_outside_get_no_small_bucket_and_no_sum_that_gives_it_away(desk: Desk) -> None:
    for seconds in [10] * 9 + [40] * 2:
        ref = desk.file()
        desk.now += timedelta(seconds=seconds)
        desk.act(ref, "sign")
    sign = desk.ask(public=True)["groups"][0]["legs"][0]
    assert [b["n"] for b in sign["buckets"]][:2] == [None, None]
    assert sign["n"] is None
