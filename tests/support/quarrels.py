"""Random quarrels in a store, and what their histories say when they are read one by one: for tests of figures."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from engine.bootstrap import Engine
from engine.definitions.load import loads
from engine.domain.errors import FolkmootError
from engine.machine.fold import fold
from engine.persistence.case_store import find_case, history
from engine.persistence.raw import rows
from engine.persistence.store import Store
from engine.service import acting, clock, correcting, filing, importing, link, organisation, seat, worker
from engine.service.seed import Shipped, seed
from tests.support.town import STATION
from workflows import shipped
from workflows.calendar import calendar_ids, load_calendar

QUARREL = """
case_type: quarrel
title: Quarrel
version: "1"
basis: a made-up law
effective: {from: 2020-01-01}
calendar: CN
parties: {roles: {claimant: {}, respondent: {}}}
fields:
  risk: {type: choice, of: [red, orange, yellow], default: yellow}
  about: {type: person, class: sensitive, hides: person}
seats:
  handler: {of: [auxiliary, officer]}
  helper: {of: [auxiliary, officer], count: 0..4}
records: {visit: {fields: {found: text}}}
states:
  new: {initial: true, waits_for: [dispatcher], phase: intake}
  talk: {waits_for: [dispatcher], phase: work, title: Being talked over}
  rest: {waits_for: [party, head], phase: waiting}
  kept: {waits_for: [dispatcher], phase: review}
  over: {states: {shut: {final: true, phase: done}}, phase: done}
milestones:
  accepted: [talk]
  assigned: [handler]
  first_session: [kept]
  first_resolution: [kept, shut]
  final_resolution: [shut]
  signed: [accept]
  dispatched: [send]
  arrived: [visit]
  feedback: [kept, shut]
counts:
  help: {outcomes: [settled, healed], of: [handler, helper]}
  traffic: {records: [visit], of: [helper]}
  information: {outcomes: [settled, left], of: [reporter]}
clocks:
  answer:
    within: 10 cd
    runs_in: [new, talk]
    pauses_in: [rest]
    extend: [{by: 5 cd, allow: [dispatcher, head]}, {by: 9 cd, allow: [dispatcher, head]}]
    at: {due: [{remind: [dispatcher]}]}
  watch: {title: To be watched, within: 3 cd, runs_in: [kept], at: {due: [{remind: [dispatcher]}]}}
outcomes:
  settled: {grade: substantive, title: It was settled}
  healed: {grade: substantive}
  left: {grade: stage}
  refused: {grade: procedural}
transitions:
  - {trigger: file, dest: new, allow: [anyone], asks: [risk?]}
  - {trigger: accept, source: new, dest: talk, allow: [dispatcher, head]}
  - {trigger: agree, source: talk, dest: kept, allow: [dispatcher, head]}
  - {trigger: fall_out, source: kept, dest: talk, allow: [dispatcher, head]}
  - {trigger: settle, source: [talk, kept], dest: shut, outcome: settled, allow: [dispatcher, head]}
  - {trigger: heal, source: kept, dest: shut, outcome: healed, allow: [dispatcher, head]}
  - {trigger: leave, source: [talk, kept], dest: shut, outcome: left, allow: [dispatcher, head]}
  - {trigger: refuse, source: new, dest: shut, outcome: refused, allow: [dispatcher, head]}
  - {trigger: put_off, source: talk, dest: rest, allow: [dispatcher, head]}
  - {trigger: go_on, source: rest, dest: talk, allow: [dispatcher, head]}
  - {trigger: send, source: [new, talk, kept], allow: [dispatcher, head], asks: [helper*]}
  - {trigger: call_back, source: [new, talk, kept], allow: [dispatcher, head], effects: [{unseat: helper}]}
  - {trigger: visit, source: [new, talk, rest], allow: [dispatcher, head], asks: [visit+]}
  - {trigger: complain, source: [new, talk], allow: [dispatcher, head], asks: [about]}
  - {trigger: regrade, source: [new, talk], allow: [dispatcher, head], asks: [risk]}
  - {trigger: reopen, source: shut, dest: new, reopens: true, allow: [dispatcher, head]}
"""
BEGIN = datetime(2025, 1, 10, 1, 0, tzinfo=UTC)
PLACES = ("230199000201", "230199000202", "230199001201")  # two of the station, one of the county
DESK = "cnt-01"  # over the station and the county
HANDLERS = ("off-05", "off-06")
HELPERS = ("off-05", "off-06", "aux-07", "aux-08")
ACCUSED = ("chf-01", "off-05", "aux-07")  # the first asks for the figures of these tests
ACTS = {
    "new": ("accept", "accept", "accept", "refuse", "regrade", "send", "visit", "complain"),
    "talk": ("agree", "agree", "settle", "leave", "regrade", "put_off", "send", "visit", "call_back"),
    "rest": ("go_on", "go_on", "visit"),
    "kept": ("fall_out", "settle", "heal", "leave", "send", "call_back"),
    "shut": ("reopen",),
}
REGISTER = """
source: another office
case_type: quarrel
key: row
zone: Asia/Shanghai
dates: ["%Y-%m-%d %H:%M:%S"]
filed: filed
closed: closed
what: {column: what}
place: {column: place}
status: {column: status, values: {new: new, talk: talk, shut: shut}, outcomes: {else: settled}, through: kept}
"""
TALKED = ("party A", "party B", "party C")


class Quarrels:
    """A seeded store whose clock the test holds. Cases overlap in time, so that their acts are dealt day by day."""

    def __init__(self, store: Store, *, seeded: bool = False) -> None:
        self.store, self.now, self.refs, self.batches = store, BEGIN, list[str](), 0
        self.engine = Engine(store, lambda: self.now)
        if seeded:
            return
        loaded = loads(QUARREL)
        assert loaded.definition is not None, [f.message("en") for f in loaded.findings]
        calendars = [load_calendar(name) for name in calendar_ids()]
        given = {"vocabulary": shipped.vocabulary(), "calendars": calendars}
        self.do(seed, "adm", definitions=[Shipped(loaded.definition, QUARREL)], **given)
        self.do(organisation.import_organisation, "adm", files={STATION.name: STATION.read_bytes()})

    def do(self, service: Any, who: str, /, **given: Any) -> Any:
        return self.engine.call(service, self.engine.caller(person=who), **given)

    def ask(self, measure: Any, **given: Any) -> Any:
        return self.engine.read(measure, self.engine.caller(person="chf-01"), **given)

    def file(self, *names: str, place: str = PLACES[0], **more: Any) -> str:
        roles = ("claimant", "respondent", "respondent", "respondent")
        parties = [{"role": role, "name": name} for role, name in zip(roles, names, strict=False)]
        about = {"case_type": "quarrel", "place": place, "what": "the wall", "parties": parties, **more}
        self.refs.append(str(self.do(filing.file_case, DESK, **about)["ref"]))
        return self.refs[-1]

    def act(self, ref: str, act: str, **given: Any) -> None:
        self.do(acting.do_act, DESK, ref=ref, act=act, **given)

    def events(self, ref: str) -> tuple[int, list[Any]]:
        def look(unit: Any) -> tuple[int, list[Any]]:
            row = find_case(unit, ref)
            assert row is not None
            return row.id, [one.event for one in history(unit, row.id)]

        return self.store.read(look)

    def state(self, ref: str) -> str:
        return str(fold(self.events(ref)[1])["states"]["main"])

    # ---- at random -----------------------------------------------------------------------------

    def live(self, random: Random, *, days: int, reports: float = 0.35) -> None:
        """That many days, with a few reports and acts on each; some are entered late, moved or taken back."""
        for _ in range(days):
            self.now += timedelta(
                hours=random.randrange(4, 20), minutes=random.randrange(60), seconds=random.randrange(60)
            )
            if random.random() < reports:
                names = random.sample(TALKED, random.choice([0, 1, 2, 2, 2, 3]))
                told = {"reporter": {"person": random.choice(HELPERS)}} if random.random() < 0.4 else {}
                self.file(
                    *names,
                    place=random.choice(PLACES),
                    set={"risk": random.choice(["red", "orange", "yellow"])},
                    **told,
                )
            if random.random() < 0.06:
                self.bring(random)
            for _ in range(random.randrange(6)):
                if self.refs:
                    with suppress(FolkmootError):
                        self._something(random, random.choice(self.refs[-9:]))
            self.do(worker.sweep, "system")

    def _something(self, random: Random, ref: str) -> None:
        what = random.random()
        if what < 0.15:
            self._hand_over(ref, random.choice(HANDLERS))
        elif what < 0.22:
            self.do(clock.extend, DESK, ref=ref, clock="answer", reason="the surveyor is late")
        elif what < 0.36:
            self._correct(random, ref)
        elif what < 0.4:
            self.do(link.link, DESK, ref=ref, kind="merged_into", other=random.choice(self.refs))
        else:
            act = random.choice(ACTS[self.state(ref)])
            given = self._asked(random, act)
            if random.random() < 0.2:  # entered late
                given["at"] = self.now - timedelta(hours=random.randrange(1, 30))
            self.act(ref, act, **given)

    def _asked(self, random: Random, act: str) -> dict[str, Any]:
        match act:
            case "regrade":
                return {"set": {"risk": random.choice(["red", "yellow"])}}
            case "complain":
                return {"set": {"about": random.choice(ACCUSED)}}
            case "send":
                return {"seats": {"helper": random.sample(HELPERS, random.randrange(1, 3))}}
            case "visit":
                return {"records": {"visit": [{"found": "a wall"}] * random.randrange(1, 3)}}
        return {}

    def bring(self, random: Random) -> None:
        """A register of another office lands, with cases of the last weeks."""
        self.batches += 1
        lines = ["row,filed,closed,what,place,status"]
        for n in range(random.randrange(1, 4)):
            filed = self.now + timedelta(hours=8) - timedelta(minutes=random.randrange(60, 40_000))
            over = filed + (self.now + timedelta(hours=8) - filed) * random.random()
            status = random.choice(["new", "talk", "shut", "shut"])
            times = [f"{one:%Y-%m-%d %H:%M:%S}" for one in (filed, over)]
            lines.append(
                f"{self.batches}-{n},{times[0]},{times[1] if status == 'shut' else ''},the wall,{random.choice(PLACES)},{status}"
            )
        mapping = importing.read_mapping(REGISTER)
        register = importing.read_register("other.csv", "\n".join(lines).encode())
        opened = self.do(
            importing.open_batch, "adm-01", name="other.csv", mapping=mapping, header=register.header
        )
        landed = self.do(
            importing.land, "adm-01", batch=opened["batch"], mapping=mapping, register=register,
            cases=importing.cases_in(register, mapping), live=False,
        )  # fmt: skip
        assert not landed.rejects, landed.rejects
        self.refs += [ref for ref in self._every() if ref not in self.refs]

    def _every(self) -> list[str]:
        return self.store.read(
            lambda unit: [row[0] for row in rows(unit, "SELECT ref FROM case_file ORDER BY id")]
        )

    def _hand_over(self, ref: str, person: str) -> None:
        held = fold(self.events(ref)[1])["seats"].get("handler", ()) if person == "off-06" else ()
        for holder in held:
            self.do(seat.handback, holder["person"], ref=ref, reason="too much")
        self.do(seat.assign, DESK, ref=ref, person=person)

    def _correct(self, random: Random, ref: str) -> None:
        seq = len(self.events(ref)[1])
        told: dict[str, Any] = random.choice(
            [{"take_back": True}, {"at": self.now - timedelta(hours=random.randrange(1, 60))}]
        )
        self.do(correcting.correct, DESK, ref=ref, seq=seq, reason="typed by mistake", **told)
