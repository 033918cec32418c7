"""Quarrels of a small case type in a station and in the county above it, each with a life that a test writes out."""

from datetime import UTC, datetime, timedelta
from typing import Any

from engine.bootstrap import Engine
from engine.definitions.load import loads
from engine.persistence.store import Store
from engine.service import acting, filing, organisation
from engine.service.seed import Shipped, seed
from tests.support.sown import sow
from tests.support.town import STATION
from workflows import shipped
from workflows.calendar import calendar_ids, load_calendar

TEXT = """
case_type: quarrel
title: Quarrel
version: "1"
basis: a made-up law
effective: {from: 2020-01-01}
calendar: CN
parties: {roles: {claimant: {}}}
fields: {category: {type: choice, of: [land, noise], default: noise}}
clocks:
  whole: {within: 90 cd, runs_in: [new, asking, talking], pauses_in: [resting], basis: art. 2, at: {due: [{remind: [dispatcher]}]}}
  consent: {within: 3 wd, runs_in: [asking], basis: art. 1, at: {due: [{remind: [dispatcher]}]}}
states:
  new: {initial: true, waits_for: [dispatcher], phase: intake}
  asking: {waits_for: [party], phase: waiting}
  resting: {waits_for: [agency, dispatcher], phase: waiting}
  talking: {waits_for: [director, party], phase: work}
  shut: {final: true, phase: done}
outcomes: {settled: {grade: substantive}}
milestones: {first_resolution: [settle], final_resolution: [settle]}
transitions:
  - {trigger: file, dest: new, allow: [anyone], asks: [category?]}
  - {trigger: rest, source: new, dest: resting, allow: [head]}
  - {trigger: go_on, source: resting, dest: new, allow: [head]}
  - {trigger: ask, source: new, dest: asking, allow: [head]}
  - {trigger: talk, source: asking, dest: talking, allow: [head]}
  - {trigger: settle, source: talking, dest: shut, outcome: settled, allow: [head]}
  - {trigger: reopen, source: shut, dest: new, reopens: true, allow: [head]}
"""
BEGIN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # Monday, 9:00 in Harbin
DAY = timedelta(days=1)

HERE, THERE = "230199000201", "230199001201"
NEXT = {"asking": "ask", "talking": "talk", "shut": "settle", "resting": "rest", "new": "go_on"}
Life = list[tuple[str, timedelta]]  # states in their order with how long each lasted; the last may be "shut"


class TwoUnits:
    def __init__(self, store: Store, *, seeded: bool = False) -> None:
        self.now = BEGIN
        self.engine = Engine(store, lambda: self.now)
        if not seeded:
            sow(store, ("two units",), self._seed)

    def _seed(self) -> None:
        loaded = loads(TEXT)
        assert loaded.definition is not None, [f.message("en") for f in loaded.findings]
        calendars = [load_calendar(name) for name in calendar_ids()]
        given = {"vocabulary": shipped.vocabulary(), "calendars": calendars}
        self.do(seed, definitions=[Shipped(loaded.definition, TEXT)], **given)
        self.do(organisation.import_organisation, files={STATION.name: STATION.read_bytes()})

    def do(self, service: Any, /, **given: Any) -> Any:
        return self.engine.call(
            service, self.engine.caller(person="adm" if service is seed else "cnt-01"), **given
        )

    def ask(self, measure: Any, /, **given: Any) -> Any:
        return self.engine.read(measure, self.engine.caller(person="cnt-01"), **given)

    def live(self, place: str, category: str, life: Life, *, begin: datetime = BEGIN) -> str:
        """A case from then on; "shut" ends it."""
        self.now = begin
        about = {"case_type": "quarrel", "place": place, "what": "the wall", "set": {"category": category}}
        ref = str(self.do(filing.file_case, **about)["ref"])
        for n, (state, _) in enumerate(life):
            if n:
                self.now += life[n - 1][1]
                self.do(acting.do_act, ref=ref, act=NEXT[state])
        return ref


def hours(*of: int) -> list[timedelta]:
    return [timedelta(hours=n) for n in of]


def through(*of: int) -> Life:
    """Hours in new, asking and talking, then settled."""
    return [*zip(("new", "asking", "talking"), hours(*of), strict=True), ("shut", DAY)]
