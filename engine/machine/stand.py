"""What is fixed by where a case stands: the acts that are open, the clocks that run, what may follow by itself.

A definition never changes, so each combination of leaves is worked out once and then looked up.
"""

from dataclasses import dataclass
from functools import cached_property

from engine.definitions.model import Transition
from engine.definitions.outline import MAIN, Edge, Generated, Outline
from engine.machine.command import SYSTEM

PENDING = ("accept", "decline", "handback")  # who was named but has not accepted yet may do these
# acts for which something has to be there: a seat to accept, an item to sign, a run to extend, a party
NEEDING = (
    "accept",
    "answer",
    "decline",
    "handback",
    "hand_on",
    "sign",
    "extend",
    "change_party",
    "party_leaves",
)
MOST_KNOWN = 256  # of people in a case there are as many kinds as there are sets of roles and seats
Spans = dict[str, tuple[frozenset[str], frozenset[str]]]


@dataclass(frozen=True, slots=True)
class Open:
    """An act that people can send here. ``made`` is None where the act is written and not generated."""

    name: str
    allow: tuple[str, ...]
    made: Generated | None = None
    object: Generated | None = None  # whose object must be there; of a written act of the same name too

    def to(self, names: frozenset[str], named: frozenset[str]) -> bool:
        pending = self.made is not None and self.made.kind in PENDING
        return not names.isdisjoint(self.allow) or (pending and not named.isdisjoint(self.allow))


@dataclass(frozen=True)
class Stand:
    """``regions``: (region, leaf) of every region that lives, in the order of the case's own ``states``."""

    outline: Outline
    spans: Spans
    regions: tuple[tuple[str, str], ...]

    @cached_property
    def leaves(self) -> frozenset[str]:
        return frozenset(leaf for _, leaf in self.regions)

    @cached_property
    def moves(self) -> dict[str, tuple[str, str, Transition]]:
        """Written trigger to (region, leaf, transition); of two regions that know it, the first."""
        found: dict[str, tuple[str, str, Transition]] = {}
        for region, held in self.regions:
            for trigger, edge in self.outline.moves_from.get(held, {}).items():
                found.setdefault(trigger, (region, held, edge.transition))
        return found

    @cached_property
    def joins(self) -> tuple[tuple[str, str, Edge], ...]:
        """(region, leaf, edge) of everything that may follow by itself, in order."""
        joins = self.outline.joins
        return tuple((region, leaf, edge) for region, leaf in self.regions for edge in joins.get(leaf, ()))

    @cached_property
    def clocks(self) -> dict[str, str]:
        """Each clock that runs or pauses here, in file order: "run" or "pause"."""
        return {
            name: "run" if self.leaves.isdisjoint(pauses) else "pause"
            for name, (runs, pauses) in self.spans.items()
            if not self.leaves.isdisjoint(runs | pauses)
        }

    @cached_property
    def acts(self) -> tuple[Open, ...]:
        """What people can send here, written acts first, each in file order."""
        outline, leaves = self.outline, dict(self.regions)
        written = [
            edge.transition
            for trigger, (region, _) in outline.triggers.items()
            if (edge := outline.moves.get((leaves.get(region, ""), trigger)))
        ]
        found = [self._open(str(t.trigger), None) for t in written if set(t.allow) != {SYSTEM}]
        made = [act for act in outline.generated.values() if not self.leaves.isdisjoint(act.leaves)]
        return (*found, *(self._open(act.name, act) for act in made))

    def acts_to(self, names: frozenset[str], named: frozenset[str]) -> tuple[Open, ...]:
        """Those that may be sent by who goes by these names and is named for these seats."""
        key = (names, named)
        found = self._acts_to.get(key)
        if found is None:
            found = tuple(act for act in self.acts if act.to(names, named))
            if len(self._acts_to) >= MOST_KNOWN:
                self._acts_to.clear()  # other threads may look it up meanwhile: they hold what they found
            self._acts_to[key] = found
        return found

    @cached_property
    def _acts_to(self) -> dict[tuple[frozenset[str], frozenset[str]], tuple[Open, ...]]:
        return {}

    def _open(self, name: str, made: Generated | None) -> Open:
        move = self.moves.get(name)
        if move is not None:
            return Open(name, move[2].allow, None, made if made and made.kind in NEEDING else None)
        act = self.outline.generated[name]
        return Open(name, act.allow, act, made if made and made.kind in NEEDING else None)


def stand_of(outline: Outline, spans: Spans, states: dict[str, str]) -> Stand:
    """Where a case stands: tracks end with the case."""
    leaf = outline.leaves.get(states[MAIN])  # none yet while a case is being filed
    closed = leaf is not None and leaf.final
    living = tuple((region, held) for region, held in states.items() if region == MAIN or not closed)
    return Stand(outline, spans, living)
