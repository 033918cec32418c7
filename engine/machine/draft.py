"""The draft a decision writes: a private copy of the state, and the events that led there."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, cast
from weakref import ref

from engine.definitions.outline import MAIN
from engine.domain.case import CaseState, ClockRun, Event, RecordItem
from engine.domain.errors import Reason
from engine.domain.instant import to_text
from engine.machine.command import Command, Halt, Opening, SeatAsked, World
from engine.machine.fold import apply, copy_state
from engine.machine.program import Program
from engine.machine.stand import Stand
from engine.rules.expression import Expression, Unknown
from engine.rules.facts import Facts
from engine.rules.source import Extra, Source


class Draft:
    """One command's work on one case. ``emit`` is the only way to change anything."""

    def __init__(self, program: Program, state: CaseState | None, world: World, version: int) -> None:
        self.program = program
        self.world = world
        self.before = state  # as it stood before the command
        self.state = copy_state(state) if state else cast(CaseState, {})  # a case begins with its filing
        self.now = to_text(world.now)
        self.events: list[Event] = []
        self.silent = False  # clocks that start now judge, but never act
        self.entering = False  # a case is being set down: what a clock hangs on may be missing
        self.opens: list[Opening] = []  # cases to be opened in the same commit
        self.lenient = False  # a mark fires: what cannot be done is an incident, not a refusal
        self.fires: list[tuple[str, int]] = []  # (trigger, seq of the cause) still to be fired
        self._version = version
        self._states: dict[str, str] | None = None  # those for which _stand was looked up
        self._facts: dict[tuple[str, str] | None, Facts] = {}
        self._extra: Extra | None = None
        self._seed = ""  # from which ``draw`` takes its chance

    # ---- events and changes --------------------------------------------------------------------

    def begin(self, trigger: str, command: Command, kind: str = "act", cause: int | None = None) -> Event:
        """Open the next event; its changes follow through :meth:`emit`."""
        event: Event = {
            "seq": self._version + len(self.events) + 1,
            "act": trigger,
            "kind": kind,
            "actor": command.actor,
            "entered_by": command.entered_by,
            "identity": command.identity,
            "at": to_text(command.at),
            "recorded": self.now,
            "definition": self.program.hash,
            "changes": [],
        }
        if cause is not None:
            event["cause"] = cause
        if self.program.erases:
            event["salt"] = self.world.seed()
        if command.note:
            event["note"] = command.note
        if command.asked_by:
            event["asked_by"] = command.asked_by
        if command.granted_because:
            event["granted_because"] = command.granted_because
        self.events.append(event)
        self.begin_facts(trigger, command)
        return event

    def emit(self, **change: Any) -> None:
        event = self.events[-1]
        apply(self.state, change, event["at"], event["actor"])
        event["changes"].append(change)

    def tell(self, **entry: Any) -> None:
        """Somebody is to be told something (a notice, a reminder) because of the current event."""
        self.events[-1].setdefault("told", []).append(entry)

    def cite(self, basis: str | None) -> None:
        if basis:
            self.events[-1]["basis"] = basis

    def dated(self, day: date | None) -> None:
        if day is not None:
            self.events[-1]["dated"] = day.isoformat()

    # ---- where the case stands -----------------------------------------------------------------

    @property
    def leaf(self) -> str:
        return self.state["states"][MAIN]

    @property
    def stand(self) -> Stand:
        states = self.state["states"]
        if states is not self._states:  # a move puts others in their place
            self._states, self._stand = states, self.program.stand(states)
        return self._stand

    def stands_in(self, leaves: Iterable[str]) -> bool:
        return not self.stand.leaves.isdisjoint(leaves)

    def items(self, kind: str) -> list[RecordItem]:
        """The items of a kind that count now: of this cycle, unless the kind lasts for the case."""
        lasts = self.program.definition.records[kind].lasts == "case"
        cycle = self.state["cycle"]
        return [r for r in self.state["records"] if r["kind"] == kind and (lasts or r["cycle"] == cycle)]

    def active(self) -> list[str]:
        return [p["no"] for p in self.state["parties"] if p["active"]]

    def running(self) -> list[ClockRun]:
        return [run for run in self.state["clocks"] if run["status"] != "stopped"]

    @property
    def late_allowed(self) -> bool:
        """Whether the head has let in what is entered late."""
        return self._command.late_allowed

    def asked(self, seat: str, *, at: datetime | None = None, vacant: bool = False) -> SeatAsked:
        """The seat as it is to be filled now; ``vacant``: as if nobody sat on it."""
        state, leaving = self.state, {}
        if vacant:
            leaving = {h["person"]: h.get("weight") for h in state["seats"].get(seat, ())}
            state = {**state, "seats": {**state["seats"], seat: []}}
        spec = self.program.outline.seats[seat]
        return SeatAsked(seat, spec, state, at or self.at, self.facts(), self._trigger, leaving)

    def leaving(self, seat: str) -> str | None:
        """Who leaves the seat for the one whom this command puts there, as long as he sits in it."""
        person = self._command.replaces.get(seat)
        return person if any(h["person"] == person for h in self.state["seats"].get(seat, ())) else None

    # ---- facts and expressions -----------------------------------------------------------------

    def begin_facts(self, trigger: str, command: Command) -> None:
        """From here on expressions read this act. Who acts is looked up now: the act may change it."""
        parties = self.state.get("parties", ())
        self._party = next((p for p in parties if p["no"] == command.actor), None)
        self._trigger, self._command = trigger, command
        self.at: datetime = command.at
        self._extra = None

    def facts(self, item: tuple[str, str] | None = None) -> Facts:
        """Everything an expression reads; ``item`` is (record or "party", id) bound by a per-item clock."""
        held = self._facts.get(item)
        if held is None:
            # weakly: with a circle, everything a decision has touched would wait for the garbage collector
            mine = ref(self)
            source = Source(self.state, self.program.schema, item, lambda: cast(Draft, mine())._around())
            held = self._facts[item] = Facts(source)
        return held

    def _around(self) -> Extra:
        if self._extra is None or self._extra.now is not self.at:
            self._extra = self._surroundings()
        return self._extra

    def _surroundings(self) -> Extra:
        command, party, world = self._command, self._party, self.world
        roles = world.roles if party is None else frozenset({party["role"], "party"})
        return Extra(
            actor={"id": command.actor, "roles": sorted(roles), "party": party and party["no"]},
            act={"trigger": self._trigger, "at": command.at, "item": command.item, "note": command.note},
            now=self.at,
            zone=world.calendar.zone,
            params={**self.program.params, **world.params},
            persons=world.person,
            links=world.links,
            calendar=world.calendar,
            recurrence=world.recurrence,
            recurrence_of_pair=lambda window: world.recurrence_of_pair(window, self.state["parties"]),
            seed=self._seed,
        )

    def reseed(self, seed: str | None = None) -> str:
        """The seed for what is drawn next, a new one unless given; whoever draws writes it down."""
        self._seed, self._extra = seed or self.world.seed(), None
        return self._seed

    def holds(self, expression: Expression, item: tuple[str, str] | None = None) -> bool:
        """Unknown is not yet: for ``as_soon_as`` and ``while``."""
        return expression.evaluate(self.facts(item)) is True

    def known(self, expression: Expression, name: str, item: tuple[str, str] | None = None) -> Any:
        """A value that must be known; unknown is a refusal naming the fact."""
        value = expression.evaluate(self.facts(item))
        if isinstance(value, Unknown):
            raise Halt([Reason("FM-R203", {"because": name, "missing": value.name}, "guard")])
        return value
