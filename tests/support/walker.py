"""A case driven at random through the real decision, and then out of it by the ways the analysis named."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from engine.definitions.analysis import WayOut
from engine.definitions.model import Ask, Definition, FieldSpec, RecordSpec, Transition, Vocabulary
from engine.domain.case import CaseState
from engine.domain.instant import to_text
from engine.machine.command import Command, Decision, Filing, PersonFacts, Pick, Pool, World
from engine.machine.decide import decide, file_case, sweep
from engine.machine.program import Program
from workflows.calendar import load_calendar


def without_guards(definition: Definition) -> Definition:
    """The same states and acts with nothing in the way, so that walks come everywhere; joins can be sent by hand."""

    def eased(index: int, transition: Transition) -> Transition:
        free: dict[str, Any] = {"guard": (), "requires": (), "allow": (*transition.allow, "anyone")}
        if transition.as_soon_as is not None:
            free |= {"trigger": f"hop{index}", "as_soon_as": None, "name": None}
        return transition.model_copy(update=free)

    return definition.model_copy(
        update={"transitions": tuple(eased(i, t) for i, t in enumerate(definition.transitions))}
    )


EVERYBODY = "god"  # holds every appointment there is
TRIES = 4  # acts that are weighed against each other in one step
LONGEST = 800  # days that a clock of the drafts may take, pauses and all


class Walker:
    """One case. ``file`` begins it, ``wander`` does anything that is open, ``leave`` follows one way out."""

    def __init__(self, program: Program, lax: Program, vocabulary: Vocabulary, random: Random) -> None:
        self.program = program
        self.lax = lax
        self.random = random
        self.definition = program.definition
        levels = [f"{role}@{level}" for role in vocabulary.roles for level in vocabulary.levels]
        self.roles = frozenset((*vocabulary.roles, *levels, "superior"))
        self.now = datetime(2025, 3, 3, 1, 0, tzinfo=UTC)
        self.calendar = load_calendar(self.definition.calendar)
        self.state: CaseState | None = None
        self.version = 0
        self.seen: Counter[str] = Counter()  # may be shared by many walks

    @property
    def leaf(self) -> str:
        assert self.state is not None
        return self.state["states"]["main"]

    @property
    def open(self) -> bool:
        return not self.program.outline.leaves[self.leaf].final

    # ---- moves ---------------------------------------------------------------------------------

    def file(self, *, sides: bool = True) -> None:
        filing = self.program.outline.filing
        assert filing is not None
        roles = self.definition.parties.roles
        people = [self._party(role) for role in roles] if sides else []
        command = self._command("file", filing.asks, EVERYBODY)
        about = Filing("25-00001-0", self.definition.case_type, "V1", "S", "it began", "desk")
        decision = file_case(self.program, about, replace(command, parties=people), self._world(EVERYBODY))
        assert decision.moved, [r.code for r in decision.reasons]
        self._keep(decision)

    def wander(self) -> None:
        """One act out of all that are written or made, by somebody; refusals are as good as moves."""
        assert self.state is not None
        if self.random.random() < 0.1:
            self._pass(timedelta(hours=self.random.choice([1, 1, 30, 200, 900])))
            return
        standing = set(self.state["states"].values())
        written = [trigger for leaf, trigger in self.lax.outline.moves if leaf in standing]
        made = [a for a in self.program.outline.generated.values() if not standing.isdisjoint(a.leaves)]
        names = self.random.choices([*written, *written, *(act.name for act in made)], k=TRIES)
        tried = (self._try(self.lax, name, self._somebody(name)) for name in names)
        decisions = [d for d in tried if self._stays_open(d) or (d.moved and self.random.random() < 0.02)]
        if decisions:
            self._keep(min(decisions, key=self._often))
            self.seen[self.leaf] += 1

    def _often(self, decision: Decision) -> tuple[int, float]:
        """How often walks have been where a decision leads: what is rarely seen is what they look for."""
        assert decision.state is not None
        return self.seen[decision.state["states"]["main"]], self.random.random()

    def _stays_open(self, decision: Decision) -> bool:
        """A walk that ended early would say little: what closes a case is mostly undone."""
        if decision.state is None:
            return False
        return not self.program.outline.leaves[decision.state["states"]["main"]].final

    def leave(self, way: WayOut) -> None:
        """Follow a way out: the post alone does the act, or time passes until the clock has done it."""
        assert self.state is not None
        before = self.leaf
        if way.by == "person":
            actor = "post"
            held = frozenset(() if way.role_or_clock == "anyone" else (way.role_or_clock,))
            decision = self._try(self.program, way.trigger, actor, held)
            assert decision.moved, (way, [(r.code, dict(r.params)) for r in decision.reasons])
            self._keep(decision)
            return
        for _ in range(LONGEST):
            self._pass(timedelta(days=1))
            if self.leaf != before:
                return
        raise AssertionError(f"waited for ever in {before} for {way.text}")

    def _pass(self, time: timedelta) -> None:
        assert self.state is not None
        self.now += time
        self._keep(sweep(self.program, self.state, self.version, self.now, self._world("system")))

    def _try(
        self, program: Program, trigger: str, actor: str, roles: frozenset[str] | None = None
    ) -> Decision:
        assert self.state is not None
        edge = next(
            (program.outline.moves[leaf, trigger] for leaf in self.state["states"].values()
             if (leaf, trigger) in program.outline.moves),
            None,
        )  # fmt: skip
        made = program.outline.generated.get(trigger)
        asks = edge.transition.asks if edge is not None else made.asks if made is not None else ()
        command = self._command(trigger, asks, actor)
        if edge is not None and len(edge.transition.outcome) > 1:
            command = replace(command, outcome=self.random.choice(edge.transition.outcome))
        world = self._world(actor, roles)
        return decide(program, self.state, self.version, command, world)

    def _keep(self, decision: Decision) -> None:
        if decision.moved and decision.state is not None:
            self.state = decision.state
            self.version += len(decision.events)

    # ---- what is given ---------------------------------------------------------------------------

    def _somebody(self, trigger: str) -> str:
        assert self.state is not None
        held = [h["person"] for holders in self.state["seats"].values() for h in holders]
        parties = [p["no"] for p in self.state["parties"] if p["active"]]
        return self.random.choice([EVERYBODY, EVERYBODY, EVERYBODY, *held, *parties])

    def _world(self, actor: str, roles: frozenset[str] | None = None) -> World:
        held = roles if roles is not None else self.roles if actor != "system" else frozenset()
        return World(
            now=self.now,
            calendar=self.calendar,
            roles=held,
            entered_roles=held,
            person=lambda code: PersonFacts(self.roles, "S"),
            pick=lambda asked: Pick(self.random.choice(["a", "b", "c", None]), {}),
            pool=lambda asked: Pool(("a", "b", "c", "d")[: self.random.randint(0, 4)]),
            seed=lambda: str(self.random.random()),
            links=(),
        )

    def _command(self, trigger: str, asks: Iterable[Ask], actor: str) -> Command:
        fields: dict[str, Any] = {}
        records: dict[str, list[Mapping[str, Any]]] = {}
        seats: dict[str, list[str]] = {}
        for ask in asks:
            if not ask.needed and self.random.random() < 0.7:
                continue
            if ask.name in self.definition.fields:
                fields[ask.name] = self._value(self.definition.fields[ask.name])
            elif ask.name in self.definition.records:
                records[ask.name] = self._items(self.definition.records[ask.name])
            elif ask.name in self.program.outline.seats:
                spec = self.program.outline.seats[ask.name]
                seats[ask.name] = self.random.sample(["a", "b", "c", "d", "e"], max(spec.least, 1))
        if trigger == "add_party":
            given = [self._party(self.random.choice(list(self.definition.parties.roles)))]
        elif trigger == "change_party" and self.state is not None and self.state["parties"]:
            given = [{"no": "P1", **self._party_fields()}]
        else:
            given = []
        signer = {"by": self.random.choice(self._people())} if trigger.startswith("sign_") else {}
        return Command(
            trigger, self.now, actor, actor if actor[:1] != "P" else EVERYBODY, fields={**fields, **signer},
            records=records, seats=seats, parties=given, note="so it was",
        )  # fmt: skip

    def _people(self) -> list[str]:
        parties = [p["no"] for p in self.state["parties"] if p["active"]] if self.state else []
        return [*parties, *parties, EVERYBODY, "a", "b"]

    def _party(self, role: str) -> dict[str, Any]:
        return {"role": role, **self._party_fields()}

    def _party_fields(self) -> dict[str, Any]:
        given = self.definition.parties.fields.items()
        return {
            name: self._value(spec)
            for name, spec in given
            if self.random.random() < (0.1 if spec.has_default else 0.95)
        }

    def _items(self, record: RecordSpec) -> list[Mapping[str, Any]]:
        one = {
            name: self._value(spec)
            for name, spec in record.fields.items()
            if not spec.optional or self.random.random() < 0.5
        }
        if record.per == "party":
            parties = [p["no"] for p in self.state["parties"] if p["active"]] if self.state else []
            return [{**one, "party": no} for no in parties] or [one]
        return [one]

    def _value(self, spec: FieldSpec) -> Any:
        pick = self.random.choice
        near = self.now + timedelta(days=pick([-20, 0, 5, 40]))
        values: dict[str, Any] = {
            "bool": pick([True, True, False]),
            "int": pick([1, 2, 40, 40, 40]),
            "number": pick(["0.5", "3"]),
            "money": pick(["10", "9000"]),
            "choice": pick(spec.options) if spec.options else "",
            "choices": [],
            "date": near.date().isoformat(),
            "timestamp": to_text(near),
            "duration": pick(["2 cd", "5 wd"]),
            "party": pick(["P1", "P2"]),
            "parties": ["P1"],
            "person": pick(["a", "b", EVERYBODY]),
            "persons": ["a", "b"],
        }
        return values.get(spec.kind, "something")
