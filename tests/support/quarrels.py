"""Random quarrels in a store, and what their histories say when they are read one by one: for tests of figures."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from engine.bootstrap import Engine
from engine.definitions.load import loads
from engine.domain.errors import FolkmootError
from engine.domain.instant import from_text, to_text
from engine.domain.likeness import party_keys
from engine.machine.believed import believed
from engine.machine.fold import fold
from engine.persistence.case_store import find_case, history
from engine.persistence.store import Store
from engine.service import acting, clock, correcting, filing, organisation, seat, worker
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
fields: {risk: {type: choice, of: [red, orange, yellow], default: yellow}}
seats: {handler: {of: [auxiliary, officer]}}
states:
  new: {initial: true, waits_for: [dispatcher], phase: intake}
  talk: {waits_for: [dispatcher], phase: work, title: Being talked over}
  kept: {waits_for: [dispatcher], phase: review}
  over: {states: {shut: {final: true, phase: done}}, phase: done}
milestones: {accepted: [talk], first_session: [kept], first_resolution: [kept, shut]}
clocks:
  answer:
    within: 10 cd
    runs_in: [new, talk]
    extend: [{by: 5 cd, allow: [dispatcher]}, {by: 9 cd, allow: [dispatcher]}]
    at: {due: [{remind: [dispatcher]}]}
  watch: {title: To be watched, within: 3 cd, runs_in: [kept], at: {due: [{remind: [dispatcher]}]}}
outcomes:
  settled: {grade: substantive, title: It was settled}
  healed: {grade: substantive}
  left: {grade: stage}
  refused: {grade: procedural}
transitions:
  - {trigger: file, dest: new, allow: [anyone], asks: [risk?]}
  - {trigger: accept, source: new, dest: talk, allow: [dispatcher]}
  - {trigger: agree, source: talk, dest: kept, allow: [dispatcher]}
  - {trigger: fall_out, source: kept, dest: talk, allow: [dispatcher]}
  - {trigger: settle, source: [talk, kept], dest: shut, outcome: settled, allow: [dispatcher]}
  - {trigger: heal, source: kept, dest: shut, outcome: healed, allow: [dispatcher]}
  - {trigger: leave, source: [talk, kept], dest: shut, outcome: left, allow: [dispatcher]}
  - {trigger: refuse, source: new, dest: shut, outcome: refused, allow: [dispatcher]}
  - {trigger: regrade, source: [new, talk], allow: [dispatcher], asks: [risk]}
  - {trigger: reopen, source: shut, dest: new, reopens: true, allow: [dispatcher]}
"""
BEGIN = datetime(2025, 1, 10, 1, 0, tzinfo=UTC)
PLACES = ("230199000201", "230199000202")
HANDLERS = ("off-05", "off-06")
ACTS = {
    "new": ("accept", "accept", "accept", "refuse", "regrade"),
    "talk": ("agree", "agree", "settle", "leave", "regrade"),
    "kept": ("fall_out", "settle", "heal", "leave"),
    "shut": ("reopen",),
}
TALKED = ("party A", "party B", "party C")


class Quarrels:
    """A seeded store whose clock the test holds. Cases overlap in time, so that their acts are dealt day by day."""

    def __init__(self, store: Store) -> None:
        self.store, self.now, self.refs = store, BEGIN, list[str]()
        self.engine = Engine(store, lambda: self.now)
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
        self.refs.append(str(self.do(filing.file_case, "dsp-01", **about)["ref"]))
        return self.refs[-1]

    def act(self, ref: str, act: str, **given: Any) -> None:
        self.do(acting.do_act, "dsp-01", ref=ref, act=act, **given)

    def events(self, ref: str) -> tuple[int, list[Any]]:
        def look(unit: Any) -> tuple[int, list[Any]]:
            row = find_case(unit, ref)
            assert row is not None
            return row.id, [one.event for one in history(unit, row.id)]

        return self.store.read(look)

    def state(self, ref: str) -> str:
        return str(fold(self.events(ref)[1])["states"]["main"])

    # ---- at random -----------------------------------------------------------------------------

    def live(self, random: Random, *, days: int) -> None:
        """That many days, with a few reports and acts on each; some are entered late, moved or taken back."""
        for _ in range(days):
            self.now += timedelta(
                hours=random.randrange(4, 20), minutes=random.randrange(60), seconds=random.randrange(60)
            )
            if random.random() < 0.35:
                names = random.sample(TALKED, random.choice([0, 1, 2, 2, 2, 3]))
                self.file(
                    *names,
                    place=random.choice(PLACES),
                    set={"risk": random.choice(["red", "orange", "yellow"])},
                )
            for _ in range(random.randrange(6)):
                if self.refs:
                    with suppress(FolkmootError):
                        self._something(random, random.choice(self.refs[-9:]))
            self.do(worker.sweep, "system")

    def _something(self, random: Random, ref: str) -> None:
        what = random.random()
        if what < 0.15:
            self._hand_over(ref, random.choice(HANDLERS))
        elif what < 0.25:
            self.do(clock.extend, "dsp-01", ref=ref, clock="answer", reason="the surveyor is late")
        elif what < 0.4:
            self._correct(random, ref)
        else:
            act = random.choice(ACTS[self.state(ref)])
            given: dict[str, Any] = (
                {"set": {"risk": random.choice(["red", "yellow"])}} if act == "regrade" else {}
            )
            if random.random() < 0.2:  # entered late
                given["at"] = self.now - timedelta(hours=random.randrange(1, 30))
            self.act(ref, act, **given)

    def _hand_over(self, ref: str, person: str) -> None:
        held = fold(self.events(ref)[1])["seats"].get("handler", ()) if person == "off-06" else ()
        for holder in held:
            self.do(seat.handback, holder["person"], ref=ref, reason="too much")
        self.do(seat.assign, "dsp-01", ref=ref, person=person)

    def _correct(self, random: Random, ref: str) -> None:
        seq = len(self.events(ref)[1])
        told: dict[str, Any] = random.choice(
            [{"take_back": True}, {"at": self.now - timedelta(hours=random.randrange(1, 60))}]
        )
        self.do(correcting.correct, "chf-01", ref=ref, seq=seq, reason="typed by mistake", **told)


# ---- read one by one -------------------------------------------------------------------------------


@dataclass
class Life:
    """One case as it was believed at an instant; times are seconds."""

    id: int
    filed: int
    type: str
    place: str
    unit: str
    risk: str
    names: dict[str, set[str]]  # number of a party to the keys it is known by
    stays: list[tuple[str, str, int]] = field(
        default_factory=list
    )  # state, the act that led there, since when
    closings: list[tuple[bool, str, int]] = field(
        default_factory=list
    )  # closed or opened, with which outcome
    limits: dict[tuple[Any, ...], Mapping[str, Any]] = field(default_factory=dict)
    handlers: list[str] = field(default_factory=list)
    seats: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)

    @property
    def closed(self) -> int | None:
        return self.closings[-1][2] if self.closings and self.closings[-1][0] else None

    @property
    def outcome(self) -> str:
        return self.closings[-1][1]

    def reached(self, *states: str) -> int | None:
        return min((since for state, _, since in self.stays if state in states), default=None)


def second(text: str) -> int:
    return int(from_text(text).timestamp())


def lives(town: Quarrels, at: datetime) -> list[Life]:
    """Every case that was on file, from its events alone, put together anew after each of them."""
    found = []
    for ref in town.refs:
        case_id, events = town.events(ref)
        known = [event for event in events if event["recorded"] <= to_text(at)]
        if known:
            found.append(_life(case_id, believed(known)))
    return found


def _life(case_id: int, events: list[Any]) -> Life:
    state = fold(events)
    life = Life(
        case_id, second(state["filed_at"]), state["case_type"], state["place"], state["unit"],
        str(state["fields"].get("risk")), {}, seats={name: list(held) for name, held in state["seats"].items()},
    )  # fmt: skip
    for run in state["clocks"]:
        if run["kind"] == "limit":
            life.limits[run["name"], run["run"]] = run
    shut = False
    for n, event in enumerate(events):
        now, at = fold(events[: n + 1]), second(event["at"])
        for party in now["parties"]:
            life.names.setdefault(party["no"], set()).update(party_keys(party))
        leaf = now["states"]["main"]
        if not life.stays or life.stays[-1][0] != leaf:
            life.stays.append((leaf, event["act"], at))
        if (leaf == "shut") != shut:
            shut = not shut
            life.closings.append((shut, str(now.get("outcome") or ""), at))
        holder = [held["person"] for held in now["seats"].get("handler", ())]
        if holder and life.handlers[-1:] != holder:
            life.handlers += holder
    return life


def forward(times: list[int]) -> list[int]:
    """Times that never go back."""
    return [max(times[: n + 1]) for n in range(len(times))]
