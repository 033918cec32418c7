"""The shipped definitions under random lives: nothing breaks, histories fold back, and every case can be closed.

A case is led at random by people of all posts and by the clocks. Then only the ways out that the analysis
named are followed, and the case must come to an end: what was proved on paper holds in the engine.
"""

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definitions.analysis import WayOut, analyse
from engine.definitions.canonical import content_hash
from engine.definitions.model import Ask, FieldSpec
from engine.domain.case import CaseState, Event
from engine.machine.command import Command, Decision, Filing, PersonFacts, Pick, World
from engine.machine.decide import decide, file_case, sweep
from engine.machine.fold import fold
from engine.machine.move import open_acts
from engine.machine.program import Program, compile_definition
from engine.machine.who import may
from workflows import shipped
from workflows.calendar import load_calendar

START = datetime(2024, 1, 8, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
POSTS: Mapping[str, str] = {
    "dsp-01": "dispatcher", "off-05": "officer", "chf-01": "head", "dir-02": "director",
    "aux-07": "auxiliary", "med-12": "mediator_post", "med-13": "mediator_post",
    "bar-01": "pb", "bar-02": "lupon_secretary", "may-01": "mayor", "cnt-01": "head@county",
    "lup-01": "lupon_member", "lup-02": "lupon_member", "lup-03": "lupon_member", "lup-04": "lupon_member",
}  # fmt: skip
SHORT = ("refer", "party_leaves", "terminate", "give_up_search", "handback_mediator", "decline_mediator")
CLEAR = {"prior_reports": 0} | dict.fromkeys(
    ("violence", "weapon", "dv", "minor", "crime", "crisis", "power_gap", "mass", "official", "language"),
    False,
)
HELD = {"starts": "2024-01-08T09:00:00+08:00", "place": "here", "result": "held"}
DEED = {"facts": "a wall", "terms": "down"}
OWED = {"debtor": "P1", "act": "pay", "due": "2024-02-20"}
GIVEN = [{"party": f"P{n}", "decision": "given"} for n in (1, 2, 3)]
# the good course of a dispute, of which a random life may follow a part before it goes its own way
COURSE: list[tuple[str, str, dict[str, Any]]] = [
    ("dsp-01", "screen", {"fields": {"risk": "yellow", "category": "neigh"}, "records": {"screening_form": [CLEAR]}}),
    ("off-05", "ask_consent", {}),
    ("off-05", "add_consent", {"records": {"consent": GIVEN}}),
    ("dir-02", "assign", {"seats": {"mediator": ["med-12"]}}),
    ("med-12", "accept_mediator", {}),
    ("med-12", "open_session", {}),
    ("med-12", "conclude", {"records": {"session": [HELD], "agreement": [DEED], "obligation": [OWED]}}),
    ("med-12", "sign_agreement", {"fields": {"by": "P1,P2,P3,med-12"}}),
    ("med-12", "add_performance", {"records": {"performance": [{"on": "2024-01-08"}]}}),
]  # fmt: skip
ENOUGH = 40  # ways out followed one after the other
SOAK = bool(os.environ.get("FOLKMOOT_SOAK"))


@cache
def program(case_type: str) -> tuple[Program, Mapping[str, WayOut]]:
    found = next(s.definition for s in shipped.definitions() if s.definition.case_type == case_type)
    vocabulary = shipped.vocabulary()
    made = compile_definition(found, content_hash(found), vocabulary)
    return made, analyse(made.outline, vocabulary=vocabulary).ways_out


class Life:
    """One case and all that happens to it."""

    def __init__(self, case_type: str, seed: int) -> None:
        self.program, self.ways_out = program(case_type)
        self.random = Random(seed)
        self.now = START
        self.events: list[Event] = []
        filing = Filing("24-00001-2", case_type, "230199000201", "S-012", "a quarrel", "desk")
        sides = [{"role": role, "name": role} for role in self.program.definition.parties.roles]
        command = Command("file", self.now, "dsp-01", "dsp-01", parties=sides)
        self.state = self._moved(file_case(self.program, filing, command, self._world("dsp-01")))

    def _moved(self, decision: Decision) -> CaseState:
        assert decision.state is not None, decision.reasons
        self.events += decision.events
        return decision.state

    def _world(self, actor: str) -> World:
        def person(code: str) -> PersonFacts:
            return PersonFacts(frozenset({POSTS[code]} if code in POSTS else ()), "S-012")

        free = self.random.choice([None, "med-13"])
        return World(
            now=self.now,
            calendar=load_calendar("CN"),
            roles=person(actor).roles,
            person=person,
            pick=lambda asked: Pick(free, {"considered": 1, "summary": "all away"}),
        )

    @property
    def leaf(self) -> str:
        return self.state["states"]["main"]

    @property
    def closed(self) -> bool:
        return self.program.outline.leaves[self.leaf].final

    def begin(self) -> None:
        """A dispute goes its good course for a while, at times."""
        if self.program.definition.case_type != "dispute_mediation":
            return
        for actor, act, inputs in COURSE[: self.random.randint(0, len(COURSE))]:
            more = inputs
            if act == "conclude" and self.random.random() < 0.4:  # about status, or in part
                partial, status = self.random.choice([(True, False), (False, True), (True, True)])
                deed = [{**DEED, "partial": partial}]
                more = inputs | {
                    "fields": {"identity_matter": status},
                    "records": inputs["records"] | {"agreement": deed},
                }
            elif act == "add_performance" and self.leaf != "performing":
                break
            command = Command(act, self.now, actor, actor, **more)
            done = decide(self.program, self.state, len(self.events), command, self._world(actor))
            self.state = self._moved(done)

    # ---- at random -----------------------------------------------------------------------------

    def step(self) -> None:
        """Somebody tries something, or time goes on."""
        if self.random.random() < 0.1:
            self.wait(timedelta(hours=self.random.choice([1, 2, 10, 30, 30, 400])))
            return
        act = self._likely(open_acts(self.program, self.state))
        everybody = [*POSTS, *(party["no"] for party in self.state["parties"])]
        able = [who for who in everybody if self._may(who, act)]
        self.attempt(self.random.choice(able if able and self.random.random() < 0.9 else everybody), act)

    def _likely(self, acts: list[str]) -> str:
        """Any act, but one that would end the case seldom, so that lives are long."""
        moves, leaves = self.program.outline.moves, self.program.outline.leaves
        ending = {
            act
            for act in acts
            if (edge := moves.get((self.leaf, act)))
            and all(branch.to in leaves and leaves[branch.to].final for branch in edge.transition.dest)
        }
        longer = [act for act in acts if act not in (*ending, *SHORT)]
        written = [act for act in longer if act in self.program.outline.triggers]
        chance = self.random.random()
        return self.random.choice(
            acts if chance < 0.03 or not longer else (written or longer) if chance < 0.5 else longer
        )

    def _may(self, who: str, act: str) -> bool:
        edge = next(
            (
                e
                for leaf in self.state["states"].values()
                if (e := self.program.outline.moves.get((leaf, act)))
            ),
            None,
        )
        made = self.program.outline.generated.get(act)
        allow = edge.transition.allow if edge else made.allow if made else ()
        roles = frozenset({POSTS[who]} if who in POSTS else ())
        return may(allow, self.program.outline, self.state, who, roles, pending=True)

    def wait(self, time: timedelta) -> None:
        self.now += time
        self.state = self._moved(
            sweep(self.program, self.state, len(self.events), self.now, self._world("-"))
        )

    def attempt(self, actor: str, act: str) -> bool:
        command = self._command(actor, act)
        decision = decide(self.program, self.state, len(self.events), command, self._world(actor))
        if decision.moved:
            self.state = self._moved(decision)
        return decision.moved

    def _command(self, actor: str, act: str) -> Command:
        asks = self._asks(act)
        definition, seats = self.program.definition, self.program.outline.seats
        wanted = [a.name for a in asks if a.needed or self.random.random() < 0.3]
        return Command(
            act,
            self.now,
            actor,
            actor,
            fields={n: self._value(definition.fields[n]) for n in wanted if n in definition.fields},
            records={n: self._items(n) for n in wanted if n in definition.records},
            seats={n: [self._holder(n)] for n in wanted if n in seats},
            parties=[{"role": next(iter(definition.parties.roles))}] if act == "add_party" else (),
            note="because" if "note" in wanted else None,
            item="P1" if act == "party_leaves" else None,
        )

    def _asks(self, act: str) -> tuple[Ask, ...]:
        for leaf in self.state["states"].values():
            if (edge := self.program.outline.moves.get((leaf, act))) is not None:
                return edge.transition.asks
        made = self.program.outline.generated.get(act)
        return made.asks if made else ()

    def _holder(self, seat: str) -> str:
        posts = self.program.outline.seats[seat].of
        return self.random.choice([code for code, post in POSTS.items() if post in posts])

    def _items(self, kind: str) -> list[dict[str, Any]]:
        """One item, or one for each party."""
        spec = self.program.definition.records[kind]
        parties = [p["no"] for p in self.state["parties"] if p["active"]] if spec.per == "party" else [""]
        return [
            {
                **{name: self._value(field) for name, field in spec.fields.items() if not field.optional},
                **({"party": no} if no else {}),
            }
            for no in parties
        ]

    def _party(self) -> str:
        return self.random.choice([p["no"] for p in self.state["parties"]])

    def _value(self, spec: FieldSpec) -> Any:
        if spec.kind == "choice":
            return spec.options[0] if self.random.random() < 0.7 else self.random.choice(spec.options)
        soon = self.now + timedelta(days=self.random.randint(1, 40))
        made = {
            "bool": self.random.random() < 0.1,
            "int": self.random.randint(0, 5),
            "money": "500",
            "date": soon.date().isoformat(),
            "timestamp": self.now.isoformat(),
            "party": self._party(),
            "person": "med-12",
            "case": "24-00002-4",
        }
        return made.get(spec.kind, "some words")

    # ---- by the ways out alone -----------------------------------------------------------------

    def follow_ways_out(self) -> None:
        for _ in range(ENOUGH):
            if self.closed:
                return
            way = self.ways_out[self.leaf]
            if way.by == "clock":
                self.wait(timedelta(days=400))
            else:
                person = next(code for code, post in POSTS.items() if post == way.role_or_clock)
                assert self.attempt(person, way.trigger), way


@pytest.mark.parametrize("case_type", shipped.CASE_TYPES)
@given(seed=st.integers(0, 2**32))
@settings(max_examples=600 if SOAK else 25)
def test_whatever_has_happened_the_ways_out_close_the_case(case_type: str, seed: int) -> None:
    life = Life(case_type, seed)
    life.begin()
    for _ in range(life.random.randint(0, 120)):
        life.step()
    assert fold(life.events) == life.state
    life.follow_ways_out()
    assert life.closed, life.leaf
    assert fold(life.events) == life.state
