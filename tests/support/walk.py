"""Random lives of cases of the shipped definitions, decided but not stored.

A step is a number: it seeds the choice of who tries what with which inputs, or how much time goes by. A life is
a list of steps, so that a failing one shrinks to the few steps that matter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from engine.definitions.analysis import Analysis, analyse
from engine.definitions.canonical import content_hash
from engine.domain.case import CaseState, Event
from engine.domain.organisation import Appointment, Serving, Unit, roles
from engine.machine.command import SYSTEM, Command, Decision, Filing, PersonFacts, Pick, World
from engine.machine.decide import decide, file_case, sweep
from engine.machine.move import open_acts
from engine.machine.offer import Offer, offer, offers
from engine.machine.program import Program, compile_definition
from tests.support.filling import Filling, Inputs, spoil
from workflows import shipped
from workflows.calendar import load_calendar

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PLACE = "230199000201"
STATION = Path(__file__).parents[1] / "data" / "org" / "station.yaml"
SELDOM = (
    "party_leaves",
    "note",
    "change_party",
    "refer",
    "terminate",
    "handback_mediator",
    "decline_mediator",
)
# what leads a dispute from state to state; left to chance alone, hardly a life would come to the table
ONWARD: Mapping[str, Sequence[str]] = {
    "reported": ["screen"],
    "reopened": ["screen"],
    "screening": ["ask_consent"],
    "awaiting_consent": ["add_consent"],
    "accepted": ["assign", "ask_engine", "accept_mediator"],
    "assigned": ["open_session", "add_consent"],
    "in_session": ["conclude", "conclude", "conclude", "adjourn"],
    "adjourned": ["open_session"],
    "agreed": ["sign_agreement", "add_obligation"],
    "partially_agreed": ["continue_rest", "leave_rest"],
    "performing": ["add_performance", "add_application", "file_confirmation"],
    "breached": ["mediate_again", "add_performance"],
    "follow_up": ["add_visit", "close"],
}
PAUSES = [
    timedelta(minutes=7), timedelta(hours=1), timedelta(hours=5), timedelta(days=1), timedelta(days=3),
    timedelta(days=8), timedelta(days=31), timedelta(days=100), timedelta(days=400),
]  # fmt: skip
LIKELY = [4, 4, 4, 6, 6, 4, 2, 1, 1]


@cache
def program(case_type: str) -> Program:
    found = next(s.definition for s in shipped.definitions() if s.definition.case_type == case_type)
    return compile_definition(found, content_hash(found), shipped.vocabulary())


@cache
def analysis(case_type: str) -> Analysis:
    return analyse(program(case_type).outline, vocabulary=shipped.vocabulary())


@cache
def staff() -> Mapping[str, frozenset[str]]:
    """Each person of the small station with the roles held towards a case in its first village."""
    told = yaml.safe_load(STATION.read_text("utf-8"))
    units = {u["code"]: Unit(u["code"], u["name"], u["level"], u.get("parent")) for u in told["units"]}
    near = {a["unit"] for a in told["areas"] if PLACE.startswith(a["place"])}
    serving = [Serving(units[code], 0) for code in sorted(near)]
    home, on = units["office-021"], date(2026, 1, 1)
    held = {p["code"]: Appointment(p["code"], p["role"], p["unit"]) for p in told["persons"]}
    return {code: roles([post], serving, home_unit=home, on=on) for code, post in held.items()}


@dataclass(frozen=True)
class Attempt:
    """One command as somebody tries it."""

    actor: str
    act: str
    inputs: Inputs = field(default_factory=dict)
    at: datetime | None = None


class Chooser:
    """Picks what happens next to a case: ``judge`` says what one actor could do."""

    def __init__(
        self,
        program: Program,
        people: Mapping[str, frozenset[str]],
        done: Mapping[str, int],
        *,
        eager: float = 0.4,
    ) -> None:
        self.program, self.people, self.done, self.eager = program, people, done, eager

    def act(self, state: CaseState, random: Random) -> str:
        """An open act: rather one that is new to this case and leads on, seldom one that ends it."""
        acts = open_acts(self.program, state)
        roles = {party["role"] for party in state["parties"] if party["active"]}
        alone = any(
            role.min and name not in roles for name, role in self.program.definition.parties.roles.items()
        )
        wanted = ["add_party"] if alone else ONWARD.get(state["states"]["main"], ())
        onward = [act for act in wanted if act in acts]
        if onward and random.random() < self.eager:
            return random.choice(onward)
        return random.choices(acts, [self._weight(state, act) for act in acts])[0]

    def _weight(self, state: CaseState, act: str) -> float:
        weight = 6.0 / (1 + self.done.get(act, 0)) ** 2
        outline = self.program.outline
        edges = [e for leaf in state["states"].values() if (e := outline.moves.get((leaf, act)))]
        if act in SELDOM:
            weight *= 0.2
        elif edges:
            targets = [branch.to for branch in edges[0].transition.dest]
            ends = all(to in outline.leaves and outline.leaves[to].final for to in targets)
            weight = 0.3 if ends else weight if targets == ["stay"] else 4 + weight * 3
        return weight

    def actors(self, state: CaseState) -> list[str]:
        return [*self.people, *(party["no"] for party in state["parties"] if party["active"])]


class Walk:
    """One case, its whole history, and the moment it is."""

    def __init__(self, case_type: str, *, sides: int = 2, eager: float = 0.4, calm: int = 0) -> None:
        self.program = program(case_type)
        self.analysis = analysis(case_type)
        self.now = START
        self.calm = calm  # steps still to come in which all answers are quiet ones
        self.events: list[Event] = []
        self.done: dict[str, int] = {}
        self.random = Random(0)
        self.chooser = Chooser(self.program, staff(), self.done, eager=eager)
        filing = Filing(
            "26-00001-0", case_type, PLACE, "office-021", "a quarrel", "desk", {"person": "aux-07"}
        )
        wanted = list(self.program.definition.parties.roles)
        people = [{"role": wanted[n % len(wanted)], "name": f"N{n}"} for n in range(sides)]
        command = Command("file", self.now, "dsp-01", "dsp-01", parties=people, note="a quarrel")
        decision = file_case(self.program, filing, command, self.world("dsp-01"))
        assert decision.state is not None, decision.reasons
        self.state = decision.state
        self.events += decision.events

    # ---- where it stands -----------------------------------------------------------------------

    @property
    def leaf(self) -> str:
        return self.state["states"]["main"]

    @property
    def closed(self) -> bool:
        return self.program.outline.leaves[self.leaf].final

    @property
    def version(self) -> int:
        return len(self.events)

    def world(self, actor: str) -> World:
        people = staff()

        def person(code: str) -> PersonFacts | None:
            return PersonFacts(people[code], "S-012") if code in people else None

        free = self.random.choice([None, "med-12", "med-13"])
        return World(
            now=self.now,
            calendar=load_calendar("CN"),
            roles=people.get(actor, frozenset()),
            entered_roles=people.get(actor, frozenset()),
            person=person,
            pick=lambda asked: Pick(free, {"considered": 2, "summary": "all away"}),
            known=lambda kind, value: kind != "person" or value in people,
        )

    def command(self, attempt: Attempt) -> Command:
        given = attempt.inputs
        return Command(
            attempt.act,
            attempt.at or self.now,
            attempt.actor,
            attempt.actor,
            fields=given.get("set", {}),
            records=given.get("records", {}),
            parties=given.get("parties", ()),
            seats=given.get("seats", {}),
            note=given.get("note"),
            outcome=given.get("outcome"),
            item=given.get("item"),
        )

    def offer(self, actor: str, act: str) -> Offer:
        command = self.command(Attempt(actor, act))
        return offer(self.program, self.state, self.version, command, self.world(actor))

    def offers(self, actor: str, *, every: bool = True) -> list[Offer]:
        command = self.command(Attempt(actor, ""))
        return offers(self.program, self.state, self.version, command, self.world(actor), every=every)

    def asked(self, act: str) -> set[str]:
        """Every name under which an expression may read what this act takes in."""
        edges = [
            e for leaf in self.state["states"].values() if (e := self.program.outline.moves.get((leaf, act)))
        ]
        made = self.program.outline.generated.get(act)
        asks = [ask.name for ask in (edges[0].transition.asks if edges else made.asks if made else ())]
        if made is not None and made.kind == "extend":
            asks += [
                ask.name for rung in self.program.definition.clocks[made.subject].extend for ask in rung.asks
            ]
        records = self.program.definition.records
        return {*asks, *(records[name].plural for name in asks if name in records)}

    def reads(self, act: str, rule: str) -> set[str]:
        """The names in a rule, or in the one rule that an act has of its own."""
        if rule in self.program.definition.rules:
            return {part for path in self.program.condition(rule).reads for part in path}
        raise AssertionError(f"{act} has no rule {rule}")

    # ---- what happens --------------------------------------------------------------------------

    def judge(self, attempt: Attempt) -> Decision:
        """What would come of it; nothing is done."""
        return decide(
            self.program, self.state, self.version, self.command(attempt), self.world(attempt.actor)
        )

    def take(self, decision: Decision) -> bool:
        """Let a decision happen, if it is a move."""
        if decision.state is None:
            return False
        self.state = decision.state
        self.events += decision.events
        for event in decision.events:
            self.done[event["act"]] = self.done.get(event["act"], 0) + 1
        return True

    def pass_time(self, time: timedelta) -> None:
        self.now += time
        self.take(sweep(self.program, self.state, self.version, self.now, self.world(SYSTEM)))

    def filling(self, random: Random) -> Filling:
        return Filling(
            self.program,
            self.state,
            self.now,
            people=staff(),
            random=random,
            cases=("26-00002-9",),
            calm=self.calm > 0,
        )

    def next(self, random: Random) -> Attempt:
        """Mostly what somebody may do with inputs that fit; sometimes by anybody, spoilt, or entered late."""
        act = self.chooser.act(self.state, random)
        actors = self.chooser.actors(self.state)
        able = [(who, o) for who in actors if (o := self.offer(who, act)).allowed]
        if not able or random.random() < 0.05:
            able = [(who, self.offer(who, act)) for who in [random.choice(actors)]]
        actor, chosen = random.choice(able)
        inputs = self.filling(random).inputs(act, chosen.form, actor=actor)
        if random.random() < 0.08:
            inputs = spoil(inputs, random)
        ago = random.choice([timedelta(minutes=3), timedelta(hours=9), timedelta(days=4), -timedelta(days=1)])
        return Attempt(actor, act, inputs, self.now - ago if random.random() < 0.05 else None)

    def step(self, seed: int) -> Decision | None:
        """One step of a life: time goes by (None), or somebody tries something."""
        random = self.random = Random(seed)
        self.calm -= 1
        if random.random() < 0.2:
            self.pass_time(random.choices(PAUSES, LIKELY)[0])
            return None
        self.now += timedelta(minutes=random.choice([0, 1, 20]))
        self.pass_time(timedelta())
        decision = self.judge(self.next(random))
        self.take(decision)
        return decision

    # ---- the sure way out ----------------------------------------------------------------------

    def follow_way_out(self) -> None:
        """The one way on that the analysis names for where the case stands, and nothing else."""
        way = self.analysis.ways_out[self.leaf]
        if way.by == "clock":
            self.wait_for_clock()
            return
        post = next(code for code, held in staff().items() if way.role_or_clock in held)
        chosen = self.offer(post, way.trigger)
        random = Random(self.version)
        attempt = Attempt(
            post, way.trigger, self.filling(random).inputs(way.trigger, chosen.form, actor=post)
        )
        decision = self.judge(attempt)
        assert self.take(decision), (self.leaf, way, decision.reasons)

    def wait_for_clock(self) -> None:
        """Until the next mark falls."""
        waiting = [
            at
            for run in self.state["clocks"]
            if run["status"] == "running"
            for mark, at in run["marks"].items()
            if mark not in run["fired"]
        ]
        assert waiting, f"nothing ever happens in {self.leaf}"
        self.now = max(self.now, datetime.fromisoformat(min(waiting)))
        self.pass_time(timedelta())


def lives(steps: Sequence[int], case_type: str, **given: Any) -> Walk:
    """A case after these steps."""
    walk = Walk(case_type, **given)
    for step in steps:
        walk.step(step)
    return walk
