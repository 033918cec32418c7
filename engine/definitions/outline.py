"""A definition with its names resolved: leaves instead of nested states, acts by leaf, generated acts.

Nesting is flattened here, once, for the analysis, the compiler and the pages alike. Unknown names are
passed over silently: telling them is the work of the analysis (FM-D102).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.definitions.model import (
    Ask,
    Definition,
    Effect,
    FireEffect,
    RecordSpec,
    SeatEffect,
    SeatSpec,
    StateSpec,
    TableRef,
    Transition,
    Tree,
    UnseatEffect,
)

MAIN = "main"
HANDLER_SEAT = "handler"  # every case has this seat from the first minute
HANDLER = SeatSpec(of=("auxiliary", "officer"))  # who handles a case of a type that names no handler seat


@dataclass(frozen=True, slots=True)
class Leaf:
    """A state that a case can stand in. ``path`` runs from the outermost parent to the leaf itself."""

    name: str
    region: str
    path: tuple[str, ...]
    final: bool
    phase: str
    waits_for: tuple[str, ...]
    class_: str | None


@dataclass(frozen=True, slots=True)
class Edge:
    """What one trigger (or one ``as_soon_as``) does from one leaf."""

    region: str
    source: str
    transition: Transition
    index: int  # place in the region's file order
    depth: int  # how deep the state stood that the source named: the deeper wins


@dataclass(frozen=True, slots=True)
class Generated:
    """An act nobody wrote: it follows from a record, seat, clock or party section. It never moves the case.

    ``kind``: add, sign, accept, answer, decline, assign, take, handback, hand_on, extend, add_party, change_party,
    party_leaves or note; ``subject`` is the record, seat or clock.
    """

    name: str
    kind: str
    subject: str
    allow: tuple[str, ...]
    leaves: frozenset[str]  # open while any region stands in one of these
    asks: tuple[Ask, ...] = ()
    basis: str | None = None


@dataclass(frozen=True)
class Region:
    name: str
    states: Mapping[str, StateSpec]
    transitions: tuple[Transition, ...]
    leaves: tuple[str, ...]
    initial: str


@dataclass(frozen=True)
class Outline:
    """Everything is computed on first use and kept; an outline is never changed."""

    definition: Definition
    dispatch: tuple[str, ...] = ("dispatcher", "head")

    @cached_property
    def leaves(self) -> dict[str, Leaf]:
        """Every leaf of every region by name, in file order."""
        return {
            leaf.name: leaf for name, states, _ in self.definition.regions() for leaf in _leaves(name, states)
        }

    @cached_property
    def regions(self) -> dict[str, Region]:
        return {
            name: Region(
                name,
                states,
                transitions,
                tuple(n for n, f in self.leaves.items() if f.region == name),
                _initial(states),
            )
            for name, states, transitions in self.definition.regions()
        }

    @cached_property
    def under(self) -> dict[str, tuple[str, ...]]:
        """Each state, parent or leaf, to the leaves below it (a leaf to itself)."""
        found: dict[str, list[str]] = {}
        for leaf in self.leaves.values():
            for name in leaf.path:
                found.setdefault(name, []).append(leaf.name)
        return {name: tuple(leaves) for name, leaves in found.items()}

    @cached_property
    def specs(self) -> dict[str, StateSpec]:
        """Each state, parent or leaf, to its block."""
        return dict(_specs(states for _, states, _ in self.definition.regions()))

    def entry(self, state: str) -> str | None:
        """The leaf that is entered when a branch names this state; None if unknown."""
        spec = self.specs.get(state)
        return None if spec is None else (state if not spec.states else _initial(spec.states))

    def spread(self, names: Iterable[str], region: str | None = MAIN) -> tuple[str, ...]:
        """Leaves meant by a list of states; ``any`` is every leaf of the region that is not final."""
        found: dict[str, None] = {}
        for name in names:
            if name == "any":
                leaves: Iterable[str] = (
                    f.name for f in self.leaves.values() if f.region == (region or MAIN) and not f.final
                )
            else:
                leaves = self.under.get(name, ())
            found.update(dict.fromkeys(leaves))
        return tuple(found)

    def sources(self, region: str, transition: Transition) -> dict[str, int]:
        """Leaves a transition leaves from, each with the depth of the state that named it."""
        found: dict[str, int] = {}
        barred = set(self.spread(transition.except_, region))
        for name in transition.source:
            for leaf in self.spread([name], region):
                if leaf in barred or self.leaves[leaf].region != region:
                    continue
                depth = 0 if name == "any" else self.leaves[leaf].path.index(name) + 1
                found[leaf] = max(depth, found.get(leaf, -1))
        return found

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Every (leaf, transition) pair as written, before the deeper source hides the shallower."""
        return tuple(
            Edge(region, leaf, transition, index, depth)
            for region, _, transitions in self.definition.regions()
            for index, transition in enumerate(transitions)
            for leaf, depth in self.sources(region, transition).items()
        )

    @cached_property
    def moves(self) -> dict[tuple[str, str], Edge]:
        """(leaf, trigger) to the one edge that counts: the deepest source."""
        best: dict[tuple[str, str], Edge] = {}
        for edge in self.edges:
            trigger = edge.transition.trigger
            if trigger is None:
                continue
            held = best.get((edge.source, trigger))
            if held is None or edge.depth > held.depth:
                best[edge.source, trigger] = edge
        return best

    @cached_property
    def moves_from(self) -> dict[str, dict[str, Edge]]:
        """Leaf to the triggers that count there, each with its edge."""
        found: dict[str, dict[str, Edge]] = {}
        for (leaf, trigger), edge in self.moves.items():
            found.setdefault(leaf, {})[trigger] = edge
        return found

    @cached_property
    def joins(self) -> dict[str, tuple[Edge, ...]]:
        """Leaf to its ``as_soon_as`` edges in file order."""
        found: dict[str, list[Edge]] = {}
        for edge in self.edges:
            if edge.transition.as_soon_as is not None:
                found.setdefault(edge.source, []).append(edge)
        return {leaf: tuple(edges) for leaf, edges in found.items()}

    @cached_property
    def filing(self) -> Transition | None:
        return next((t for t in self.definition.transitions if t.trigger == "file"), None)

    @cached_property
    def triggers(self) -> dict[str, tuple[str, tuple[Transition, ...]]]:
        """Written trigger to (region, its transitions)."""
        found: dict[str, tuple[str, tuple[Transition, ...]]] = {}
        for region, _, transitions in self.definition.regions():
            for transition in transitions:
                if transition.trigger is not None:
                    held = found.get(transition.trigger, (region, ()))[1]
                    found[transition.trigger] = (region, (*held, transition))
        return found

    @cached_property
    def seats(self) -> dict[str, SeatSpec]:
        return {"handler": HANDLER, **self.definition.seats}

    @cached_property
    def reserved(self) -> frozenset[str]:
        """Every Who that is no role of an appointment: seats, parties, the reporter, the engine."""
        return frozenset(("party", "reporter", "system", *self.seats, *self.definition.parties.roles))

    @cached_property
    def plurals(self) -> dict[str, str]:
        return {spec.plural: name for name, spec in self.definition.records.items()}

    @cached_property
    def open_leaves(self) -> frozenset[str]:
        """Leaves of the main region that are not final."""
        return frozenset(f.name for f in self.leaves.values() if f.region == MAIN and not f.final)

    @cached_property
    def generated(self) -> dict[str, Generated]:
        return {act.name: act for act in self._generate()}

    def _generate(self) -> Iterator[Generated]:
        for name, record in self.definition.records.items():
            yield from self._record_acts(name, record)
        for name, seat in self.seats.items():
            yield from self._seat_acts(name, seat)
        for name, clock in self.definition.clocks.items():
            if clock.extend:
                allow = tuple(dict.fromkeys(who for rung in clock.extend for who in rung.allow))
                runs = self.spread(clock.runs_in) if clock.runs_in is not None else tuple(self.open_leaves)
                leaves = frozenset((*runs, *self.spread(clock.pauses_in)))
                yield Generated(
                    f"extend_{name}", "extend", name, allow, leaves, (Ask(name="note"),), clock.basis
                )
        changes = self.definition.parties.changes or (self.filing.allow if self.filing else ())
        for kind in ("add_party", "change_party", "party_leaves"):
            yield Generated(kind, kind, "", changes, self.open_leaves)
        everywhere = frozenset(self.leaves)
        yield Generated("note", "note", "", ("anyone",), everywhere, (Ask(name="note"),))

    def _record_acts(self, name: str, record: RecordSpec) -> Iterator[Generated]:
        leaves = frozenset(self.spread(record.in_))
        signers = signatories(record)
        if record.by:
            yield Generated(f"add_{name}", "add", name, record.by, leaves, (Ask(name=name, mark="+"),))
        if signers:
            allow = tuple(dict.fromkeys((*signers, *record.by)))
            yield Generated(f"sign_{name}", "sign", name, allow, leaves)

    def _seat_acts(self, name: str, seat: SeatSpec) -> Iterator[Generated]:
        if name == "handler":
            ask = (Ask(name="handler"),)
            yield Generated("assign_handler", "assign", name, self.dispatch, self.open_leaves, ask)
            yield Generated("take_handler", "take", name, seat.of, self.open_leaves)
        if seat.accept:
            yield Generated(f"accept_{name}", "accept", name, (name,), self.open_leaves)
            yield Generated(
                f"decline_{name}", "decline", name, (name,), self.open_leaves, (Ask(name="note"),)
            )
        elif name in self.awaited:
            yield Generated(f"accept_{name}", "answer", name, (name,), self.open_leaves)
        yield Generated(f"handback_{name}", "handback", name, (name,), self.open_leaves, (Ask(name="note"),))
        if name != HANDLER_SEAT and name not in self.lots and not any(of in self.seats for of in seat.of):
            asks = (Ask(name=name, mark="?"), Ask(name="note"))
            yield Generated(f"hand_on_{name}", "hand_on", name, self._hands_on(name), self.open_leaves, asks)

    @cached_property
    def lots(self) -> frozenset[str]:
        """Seats that are filled by lot."""
        found = (e for e in effects_of(self.definition) if isinstance(e, SeatEffect) and e.by == "lot")
        return frozenset(effect.seat for effect in found)

    @cached_property
    def awaited(self) -> dict[str, tuple[str, ...]]:
        """Seats whose holders have to answer, each with the clocks that take from the tables how long they may."""
        found: dict[str, tuple[str, ...]] = {}
        for name, clock in self.definition.clocks.items():
            for seat in _taken_from(clock.within):
                found[seat] = (*found.get(seat, ()), name)
        return found

    @cached_property
    def passed_on(self) -> frozenset[str]:
        """Those of them that go to somebody else when time is over: an act fired then takes the seat away."""
        return frozenset(
            seat
            for seat, clocks in self.awaited.items()
            if any(self._passes_on(name, seat) for name in clocks)
        )

    def _passes_on(self, clock: str, seat: str) -> bool:
        effects = self.definition.clocks[clock].at.get("due", ())
        fired = [e.trigger for e in effects if isinstance(e, FireEffect) and e.on is None]
        acts = (t for name in fired for t in self.triggers.get(name, ("", ()))[1])
        every = [*effects, *(e for t in acts for e in (*t.effects, *(e for b in t.dest for e in b.effects)))]
        return any(isinstance(e, UnseatEffect) and e.seat == seat for e in every)

    def _hands_on(self, seat: str) -> tuple[str, ...]:
        """Who may put another in the place of a holder: of the staff whoever an act asks to name one; where only
        effects fill the seat, whoever gives out cases."""
        asking = (t for _, ts in self.triggers.values() for t in ts if any(a.name == seat for a in t.asks))
        outside = {"party", "reporter", "system", *self.definition.parties.roles}
        return (
            tuple(dict.fromkeys(who for t in asking for who in t.allow if who not in outside))
            or self.dispatch
        )


def effects_of(definition: Definition) -> Iterator[Effect]:
    """Every effect of acts, states and clocks."""
    for _, states, transitions in definition.regions():
        for transition in transitions:
            yield from transition.effects
            for branch in transition.dest:
                yield from branch.effects
        for _, spec in _specs([states]):
            yield from spec.enter
    for clock in definition.clocks.values():
        for effects in clock.at.values():
            yield from effects


def signatories(record: RecordSpec) -> tuple[str, ...]:
    """Every Who named in ``signed_by``, over all options of a tree, flat and once each."""
    return tuple(dict.fromkeys(_who(record.signed_by)))


def _who(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _who(part)
    elif value is not None:
        yield from _who(tuple(getattr(value, "options", {}).values()))
        yield from _who(getattr(value, "otherwise", None))


def _taken_from(value: object) -> Iterator[str]:
    """Seats of which a length is taken from the tables."""
    if isinstance(value, TableRef):
        yield value.table
    elif isinstance(value, Tree):
        for part in (*value.options.values(), value.otherwise):
            yield from _taken_from(part)


def _initial(states: Mapping[str, StateSpec]) -> str:
    for name, spec in states.items():
        if spec.initial:
            return name if not spec.states else _initial(spec.states)
    name, spec = next(iter(states.items()))
    return name if not spec.states else _initial(spec.states)


def _leaves(
    region: str,
    states: Mapping[str, StateSpec],
    path: tuple[str, ...] = (),
    phase: str = "work",
    waits_for: tuple[str, ...] = (),
    class_: str | None = None,
) -> Iterator[Leaf]:
    for name, spec in states.items():
        own = (*path, name)
        own_phase = spec.phase or ("done" if spec.final else phase)
        waits = spec.waits_for if spec.waits_for is not None else waits_for
        kept = spec.class_ or class_
        if spec.states:
            yield from _leaves(region, spec.states, own, own_phase, waits, kept)
        else:
            yield Leaf(name, region, own, spec.final, own_phase, waits, kept)


def _specs(groups: Iterable[Mapping[str, StateSpec]]) -> Iterator[tuple[str, StateSpec]]:
    for states in groups:
        for name, spec in states.items():
            yield name, spec
            yield from _specs([spec.states])
