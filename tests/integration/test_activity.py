"""What was done, counted from columns, against a reading of every history by itself."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import orjson
import pytest

from engine.analytics.activity import activity
from engine.bootstrap import Engine
from engine.definitions.load import loads
from engine.domain.errors import FolkmootError, UsageError
from engine.machine.believed import believed
from engine.persistence.raw import rows
from engine.persistence.store import Store
from engine.service import acting, correcting, filing, organisation
from engine.service.seed import Shipped, seed
from tests.support.town import STATION
from workflows import shipped
from workflows.calendar import calendar_ids, load_calendar

ERRAND = """
case_type: errand
title: Errand
version: "1"
basis: a made-up law
effective: {from: 2020-01-01}
calendar: CN
parties: {roles: {asker: {}}}
seats:
  handler: {of: [auxiliary, officer]}
  helper: {of: [auxiliary, officer], count: 0..4}
records: {visit: {fields: {found: text}}}
states:
  new: {initial: true, waits_for: [dispatcher], phase: intake}
  shut: {final: true, phase: done}
outcomes: {done: {grade: substantive}, left: {grade: procedural}}
transitions:
  - {trigger: file, dest: new, allow: [anyone]}
  - {trigger: send, source: new, allow: [dispatcher], asks: [handler?, helper*]}
  - {trigger: visit, source: new, allow: [dispatcher], asks: [visit+]}
  - {trigger: call_back, source: new, allow: [dispatcher], effects: [{unseat: helper}]}
  - {trigger: finish, source: new, dest: shut, outcome: done, allow: [dispatcher]}
  - {trigger: leave, source: new, dest: shut, outcome: left, allow: [dispatcher]}
  - {trigger: reopen, source: shut, dest: new, reopens: true, allow: [dispatcher]}
counts:
  help: {outcomes: [done], of: [handler, helper]}
  traffic: {records: [visit], of: [helper]}
  information: {outcomes: [done, left], of: [reporter]}
"""
BEGIN = datetime(2024, 1, 10, 1, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
HELPERS = ["aux-07", "aux-08", "off-05", "off-06"]
PLACES = {"230199000201": "V-101", "230199000202": "V-102"}
ENDS = {"help": ["done"], "information": ["done", "left"]}


class Deed(NamedTuple):
    ref: str
    unit: str
    activity: str
    at: datetime
    people: tuple[str, ...]


class Desk:
    def __init__(self, store: Store) -> None:
        self.now = BEGIN
        self.engine = Engine(store, lambda: self.now)
        loaded = loads(ERRAND)
        assert loaded.definition is not None, [f.message("en") for f in loaded.findings]
        calendars = [load_calendar(name) for name in calendar_ids()]
        given = {"vocabulary": shipped.vocabulary(), "calendars": calendars}
        self.do(seed, "adm", definitions=[Shipped(loaded.definition, ERRAND)], **given)
        self.do(organisation.import_organisation, "adm", files={STATION.name: STATION.read_bytes()})

    def do(self, service: Any, who: str, /, **given: Any) -> Any:
        return self.engine.call(service, self.engine.caller(person=who), **given)

    def file(self, place: str = "230199000201", **more: Any) -> str:
        about = {"case_type": "errand", "place": place, "what": "the lamp"}
        return str(self.do(filing.file_case, "dsp-01", **about, **more)["ref"])

    def act(self, ref: str, act: str, **more: Any) -> Any:
        return self.do(acting.do_act, "dsp-01", ref=ref, act=act, **more)

    def ask(self, **given: Any) -> Any:
        return self.engine.read(activity, self.engine.caller(person="dsp-01"), **given)

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


# ---- the reading -----------------------------------------------------------------------------------------


def deeds(desk: Desk, at: datetime) -> list[Deed]:
    """Every deed as it was believed at that moment, event by event."""
    query = (
        "SELECT c.ref, c.unit, e.body FROM event e JOIN case_file c ON c.id = e.case_id ORDER BY c.id, e.seq"
    )
    histories: dict[tuple[str, str], list[Any]] = {}
    for ref, unit, body in desk.engine.store.read(lambda unit: rows(unit, query)):
        event = orjson.loads(body)
        if datetime.fromisoformat(event["recorded"]) <= at:
            histories.setdefault((ref, unit), []).append(event)
    return [
        deed for (ref, unit), events in histories.items() for deed in _of_case(ref, unit, believed(events))
    ]


class _Case:
    """One case as its events have it so far."""

    def __init__(self, ref: str, unit: str) -> None:
        self.ref, self.unit = ref, unit
        self.seats: dict[str, list[str]] = {}
        self.reporter = self.outcome = ""
        self.shut: datetime | None = None
        self.found: list[Deed] = []

    def read(self, event: Any) -> None:
        when = datetime.fromisoformat(event["at"])
        visits = []
        for change in event["changes"]:
            match change["do"]:
                case "file":
                    self.reporter = change["case"].get("reporter", {}).get("person", "")
                case "seat":
                    self.seats.setdefault(change["seat"], []).append(change["person"])
                case "unseat":
                    self.seats[change["seat"]].remove(change["person"])
                case "record":
                    visits.append(change["item"]["by"])
                case "outcome":
                    self.outcome = change["outcome"]
                case "move":
                    self.shut = when if change["to"] == "shut" else None
        for by in visits:
            self.count("traffic", when, [by, *self.seats.get("helper", [])])

    def count(self, name: str, at: datetime, people: list[str]) -> None:
        self.found.append(Deed(self.ref, self.unit, name, at, _people(people)))


def _of_case(ref: str, unit: str, events: list[Any]) -> list[Deed]:
    case = _Case(ref, unit)
    for event in events:
        case.read(event)
    if case.shut and case.outcome in ENDS["help"]:
        case.count("help", case.shut, [*case.seats.get("handler", []), *case.seats.get("helper", [])])
    if case.shut and case.outcome in ENDS["information"]:
        case.count("information", case.shut, [case.reporter])
    return case.found


def _people(names: list[str]) -> tuple[str, ...]:
    return tuple(sorted({name for name in names if name}))


def live(desk: Desk, chance: random.Random) -> None:
    """One case: people come and go, visits are recorded, it ends, is opened again, some of it is taken back."""
    desk.later(days=chance.randrange(30), hours=chance.randrange(24))
    reporter = {"reporter": {"person": chance.choice(HELPERS)}} if chance.random() < 0.5 else {}
    ref = desk.file(chance.choice(sorted(PLACES)), **reporter)
    seated: set[str] = set()
    for _ in range(chance.randrange(9)):
        desk.later(hours=chance.randrange(1, 60))
        seq = 0
        try:
            match chance.choice(["send", "send", "visit", "call_back", "finish", "leave", "reopen"]):
                case "send":
                    free = [name for name in HELPERS if name not in seated]
                    who = chance.sample(free, min(len(free), chance.randrange(1, 3)))
                    seq = desk.act(ref, "send", seats={"helper": who, "handler": [chance.choice(HELPERS)]})["event"]["seq"]  # fmt: skip
                    seated |= set(who)
                case "visit":
                    items = [{"found": "a lamp"}] * chance.randrange(1, 3)
                    seq = desk.act(ref, "visit", records={"visit": items})["event"]["seq"]
                case act:
                    seq = desk.act(ref, act)["event"]["seq"]
                    seated = set() if act == "call_back" else seated
        except FolkmootError:
            continue  # not there, or the seat is taken: the store says so, and nothing happened
        if chance.random() < 0.2:
            desk.later(minutes=5)
            try:
                desk.do(
                    correcting.correct, "dsp-01", ref=ref, seq=seq, reason="another was meant", take_back=True
                )
            except FolkmootError:
                continue


def played(desk: Desk, number: int, cases: int = 8) -> random.Random:
    chance = random.Random(number)
    for _ in range(cases):
        live(desk, chance)
    return chance


# ---- the tests -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(4))
def test_every_number_is_what_the_histories_say(desk: Desk, number: int) -> None:
    chance = played(desk, number)
    span = desk.now - BEGIN
    for moment in [desk.now, *(BEGIN + span * chance.random() for _ in range(4))]:
        at = moment.replace(microsecond=0)
        found = deeds(desk, at)
        by = chance.sample(["unit", "person"], chance.randrange(3))
        told = desk.ask(as_of=at, by=by, per="month", cases=True)
        assert told["n"] == len(found)
        assert told["n_cases"] == len({deed.ref for deed in found})
        assert told["n_parts"] == sum(len(deed.people) for deed in found)
        wanted: Counter[tuple[str, ...]] = Counter()
        for deed in found:
            for person in deed.people if "person" in by else ("",):
                unit = deed.unit if "unit" in by else ""
                wanted[unit, person, f"{deed.at.astimezone(ZONE):%Y-%m}", deed.activity] += 1
        groups = {
            (
                g["key"].get("unit", ""),
                g["key"].get("person", ""),
                g["key"]["period"],
                g["key"]["activity"],
            ): g
            for g in told["groups"]
        }
        assert {key: group["n"] for key, group in groups.items()} == wanted
        assert Counter(
            (a["ref"], a["activity"], a["at"], tuple(a["people"])) for a in told["acts"]
        ) == Counter((d.ref, d.activity, d.at.isoformat().replace("+00:00", "Z"), d.people) for d in found)


@pytest.mark.parametrize("number", range(4, 7))
def test_a_report_of_the_past_stays_the_same_whatever_is_done_later(desk: Desk, number: int) -> None:
    chance = played(desk, number, cases=5)
    at = desk.now
    given: dict[str, Any] = {"as_of": at, "by": ["unit", "person"], "per": "week", "cases": True}
    before = orjson.dumps(desk.ask(**given))
    desk.later(seconds=1)
    for _ in range(4):
        live(desk, chance)
    assert orjson.dumps(desk.ask(**given)) == before


def test_one_deed_counts_once_however_many_took_part(desk: Desk) -> None:
    ref = desk.file()
    desk.act(ref, "send", seats={"handler": ["aux-07"], "helper": ["off-05", "off-06"]})
    desk.later(hours=1)
    desk.act(ref, "finish")
    told = desk.ask(activities=["help"])
    assert (told["n"], told["n_cases"], told["n_parts"]) == (1, 1, 3)
    people = desk.ask(activities=["help"], by=["person"])
    assert [(g["key"]["person"], g["n"]) for g in people["groups"]] == [
        (name, 1) for name in ("aux-07", "off-05", "off-06")
    ]
    assert people["n"] == 1


def test_a_case_opened_again_counts_no_more_until_it_is_closed_anew(desk: Desk) -> None:
    ref = desk.file()
    desk.act(ref, "finish")
    assert desk.ask(activities=["help"])["n"] == 1
    desk.later(hours=1)
    desk.act(ref, "reopen")
    assert desk.ask(activities=["help"])["n"] == 0
    desk.later(days=40)
    desk.act(ref, "leave")
    assert [g["key"] for g in desk.ask(per="month")["groups"]] == [
        {"period": "2024-02", "activity": "information"}
    ]


def test_each_number_leads_to_its_cases(desk: Desk) -> None:
    played(desk, 11)
    desk.act(desk.file(reporter={"person": "aux-08"}), "leave")
    told = desk.ask(by=["unit"], per="month", cases=True)
    for group in told["groups"]:
        key = {name: value for name, value in group["key"].items() if name != "activity"}
        acts = [a for a in told["acts"] if a["key"] == key and a["activity"] == group["key"]["activity"]]
        assert (len(acts), len({a["ref"] for a in acts})) == (group["n"], group["n_cases"])
    one = next(person for act in told["acts"] for person in act["people"])
    mine = desk.ask(person=one, cases=True)
    assert [a["ref"] for a in mine["acts"]] == [a["ref"] for a in told["acts"] if one in a["people"]]


def test_who_told_it_in_confidence_is_counted_nowhere(desk: Desk) -> None:
    open_, quiet = (desk.file(reporter={"person": "aux-08"}, confidential=secret) for secret in (False, True))
    for ref in (open_, quiet):
        desk.act(ref, "leave")
    told = desk.ask(activities=["information"], cases=True)
    assert {act["ref"]: act["people"] for act in told["acts"]} == {open_: ["aux-08"], quiet: []}


def test_a_period_holds_what_counts_between_its_midnights(desk: Desk) -> None:
    desk.now = datetime(2024, 12, 29, 15, 59, tzinfo=UTC)  # a Sunday, a minute before midnight in Harbin
    for _ in range(2):
        desk.act(desk.file(), "finish")
        desk.later(minutes=1)
    for per, names in (("day", ["2024-12-29", "2024-12-30"]), ("week", ["2024-W52", "2025-W01"]), ("month", ["2024-12"])):  # fmt: skip
        told = desk.ask(per=per, activities=["help"])
        assert [g["key"]["period"] for g in told["groups"]] == names
    between = (datetime(2024, 12, 29, 16, 0, tzinfo=UTC), None)
    assert desk.ask(counted=between, activities=["help"])["n"] == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"per": "year"}, "FM-U730"),
        ({"activities": ["helpp"]}, "FM-U731"),
        ({"public": True, "by": ["person"]}, "FM-U732"),
        ({"public": True, "cases": True}, "FM-U732"),
        ({"by": ["month"]}, "FM-U301"),
    ],
)
def test_what_cannot_be_asked_is_said(desk: Desk, given: dict[str, Any], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        desk.ask(**given)
    assert caught.value.code == code


def test_readers_outside_get_no_small_numbers_and_no_total_that_gives_them_away(desk: Desk) -> None:
    for place, cases in (("230199000201", 7), ("230199000202", 2)):
        for _ in range(cases):
            desk.act(desk.file(place), "finish")
    told = desk.ask(by=["place"], activities=["help"], public=True)
    assert told["activities"] == []
    assert [group["n"] for group in told["groups"]] == [None, None], (
        "two of one are known from nine less seven"
    )
