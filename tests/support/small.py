"""A small definition and a world around it, for tests of the decision alone: no store, no doors."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar

from engine.definitions.canonical import content_hash
from engine.definitions.load import loads
from engine.domain.case import CaseState, Event
from engine.machine.command import Command, Decision, Filing, PersonFacts, World
from engine.machine.decide import decide, file_case, sweep
from engine.machine.program import Program, compile_definition
from workflows.calendar import load_calendar

SMALL = """
case_type: small
title: Small
version: "1"
basis: a made-up law
effective: {from: 2020-01-01}
calendar: CN
parties:
  roles: {claimant: {}, respondent: {}}
  fields: {age: int}
fields:
  risk: {type: choice, of: [red, yellow], default: yellow}
  grave: {type: bool, default: false}
records:
  consent: {per: party, fields: {decision: {type: choice, of: [given, refused]}}, by: [party, officer], in: [asking]}
  paper: {fields: {terms: text}, by: [officer], in: [work], signed_by: [party, officer]}
  duty: {plural: dutys, per: paper, fields: {act: text, due: date}, by: [officer], in: [work]}
  done: {plural: dones, per: duty, fields: {on: date}, by: [officer], in: [kept]}
seats:
  handler: {of: [auxiliary, officer]}
  judge: {of: [elder], count: 1..2, accept: true}
rules:
  adults: {that: 'parties.all(p, p.age >= 18)', because: a party is under age, basis: art. 1}
  calm: {that: '!grave', because: the matter is grave, basis: art. 2}
states:
  new: {initial: true, waits_for: [officer]}
  asking: {waits_for: [party]}
  work: {waits_for: [officer]}
  kept: {waits_for: [party]}
  resting: {waits_for: [officer]}
  shut: {final: true, enter: [{notice: ending, to: [party]}]}
outcomes:
  kept_word: {grade: substantive}
  said_no: {grade: procedural}
  ran_out: {grade: procedural}
transitions:
  - {trigger: file, dest: new, allow: [anyone], asks: [grave?]}
  - {trigger: ask, source: new, dest: asking, allow: [officer], asks: [risk, note], guard: [adults, calm], basis: art. 3}
  - {as_soon_as: 'parties.exists(p, p.consent.decision == "refused")', name: refusal, source: asking, dest: shut, outcome: said_no}
  - {as_soon_as: 'parties.all(p, p.consent.decision == "given")', name: all_say_yes, source: asking, dest: work}
  - {as_soon_as: paper.signed, name: all_signed, source: work, dest: kept}
  - {as_soon_as: 'paper.dutys.all(d, has(d.done))', name: kept_it, source: kept, dest: shut, outcome: kept_word}
  - {trigger: name_judge, source: work, allow: [officer], asks: [judge]}
  - {trigger: rest, source: work, dest: resting, allow: [officer], asks: [note]}
  - {trigger: go_on, source: resting, dest: back, allow: [officer]}
  - {trigger: end, source: [asking, work], dest: shut, outcome: ran_out, allow: [officer, system]}
  - {trigger: again, source: shut, dest: asking, reopens: true, allow: [officer], asks: [note]}
clocks:
  limit:
    within: {by: risk, red: 5 wd, yellow: 30 cd}
    runs_in: [asking, work]
    pauses_in: [resting]
    extend: [{by: 15 cd, allow: [head]}, {by: 5 cd, allow: [head@county]}]
    at: {80%: [{remind: [officer]}], due: [{fire: end}]}
    basis: art. 4
  each_duty:
    per: duty
    until: duty.due
    while: '!has(duty.done)'
    runs_in: [kept]
    at: {due: [{remind: [party]}]}
"""


def compiled(text: str = SMALL) -> Program:
    loaded = loads(text, name="small.yaml")
    assert loaded.definition is not None, [f.message("en") for f in loaded.findings]
    return compile_definition(loaded.definition, content_hash(loaded.definition))


class Player:
    """One case of a small program, moved by commands; ``events`` is its whole history."""

    ref = "26-00001-0"
    roles: ClassVar = {
        "ann": {"officer", "officer@station"},
        "hal": {"head", "head@station"},
        "cy": {"head@county"},
        "eve": {"elder"},
    }

    def __init__(self, program: Program | None = None, **world: Any) -> None:
        self.program = program or compiled()
        self.state: CaseState | None = None
        self.events: list[Event] = []
        self.now = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)
        self.world = World(now=self.now, calendar=load_calendar("CN"), **world)

    def facts(self, actor: str) -> World:
        person = {code: PersonFacts(frozenset(roles), "S") for code, roles in self.roles.items()}
        held = frozenset(self.roles.get(actor, ()))
        return replace(self.world, now=self.now, roles=held, entered_roles=held, person=person.get)

    def file(self, parties: int = 2, **fields: Any) -> Decision:
        people = [{"role": "claimant" if n == 0 else "respondent", "age": 40} for n in range(parties)]
        command = Command("file", self.now, "ann", "ann", fields=fields, parties=people, note="it began")
        filing = Filing(self.ref, "small", "V1", "S", "it began", "desk")
        return self.take(file_case(self.program, filing, command, self.facts("ann")))

    def act(self, trigger: str, actor: str = "ann", at: datetime | None = None, **given: Any) -> Decision:
        assert self.state is not None
        command = Command(trigger, at or self.now, actor, actor, **given)
        return self.take(decide(self.program, self.state, len(self.events), command, self.facts(actor)))

    def sweep(self) -> Decision:
        assert self.state is not None
        return self.take(sweep(self.program, self.state, len(self.events), self.now, self.facts("system")))

    def take(self, decision: Decision) -> Decision:
        if decision.moved:
            self.state = decision.state
            self.events += decision.events
        return decision

    @property
    def leaf(self) -> str:
        assert self.state is not None
        return self.state["states"]["main"]

    def run(self, name: str) -> dict[str, Any]:
        assert self.state is not None
        return dict([r for r in self.state["clocks"] if r["name"] == name][-1])

    def to_work(self) -> None:
        """As far as `work`: filed, asked, both say yes."""
        self.file()
        self.act("ask", fields={"risk": "yellow"}, note="go")
        yes = [{"party": no, "decision": "given"} for no in ("P1", "P2")]
        assert self.act("add_consent", records={"consent": yes}).moved
        assert self.leaf == "work"


def codes(decision: Decision) -> list[str]:
    return [reason.code for reason in decision.reasons]
