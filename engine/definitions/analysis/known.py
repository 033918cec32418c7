"""Which facts are surely known in each leaf: a greatest fixpoint over all ways there.

A token is a path: ``("fine",)`` a field, ``("session",)`` a record with at least one item,
``("session", "signed_at")`` its newest item signed, ``("last", t)`` an act that was done, ``("been", s)`` a
state that was stood in. Sets of tokens are bits of an int, so that one round costs little.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from engine.definitions.analysis.compiled import Compiled
from engine.definitions.analysis.graph import Graph, Move, Place
from engine.definitions.analysis.scope import Scope
from engine.definitions.analysis.sure import fires
from engine.definitions.analysis.told import told
from engine.definitions.model import Ask, Effect, FireEffect, PurgeEffect, Rule, SetEffect
from engine.definitions.outline import MAIN
from engine.rules.expression import Expression
from engine.rules.reading import Path


@dataclass(frozen=True)
class Known:
    """``after(move)`` and ``at(place)`` are the tokens surely known there."""

    scope: Scope
    compiled: Compiled

    # ---- the fixpoint ----------------------------------------------------------------------------

    @cached_property
    def main(self) -> dict[Place, int]:
        return self._solve(self.scope.graphs[MAIN])

    @cached_property
    def places(self) -> dict[str, dict[Place, int]]:
        beside = {name: graph for name, graph in self.scope.graphs.items() if name != MAIN}
        return {MAIN: self.main} | {name: self._solve(graph) for name, graph in beside.items()}

    def at(self, region: str, place: Place) -> int:
        return (self.main if region == MAIN else self.places[region]).get(place, 0)

    def in_leaf(self, leaf: str) -> int:
        """Known in a leaf whatever way led there."""
        region = self.scope.outline.leaves[leaf].region
        held = ~0
        for place in self.scope.graphs[region].leaves.get(leaf, ()):
            held &= self.at(region, place)
        return held

    def _solve(self, graph: Graph) -> dict[Place, int]:
        known: dict[Place, int] = {}
        waiting: list[Place] = []

        def arrive(place: Place, tokens: int) -> None:
            before = known.get(place)
            now = tokens if before is None else before & tokens
            if now != before:
                known[place] = now
                waiting.append(place)

        if graph.region == MAIN:
            for move in graph.filing:
                arrive(move.to, self._after(move, 0))
        else:
            # a track begins when the case does; what is known at every moment is what filing brings
            tokens = self._from_filing
            if any(move.edge.transition.reopens for move in self.scope.graphs[MAIN].moves()):
                tokens &= ~self._cycle
            for root in graph.roots:
                arrive(root, tokens)
        while waiting:
            place = waiting.pop()
            for move in graph.out[place]:
                if move.moved:
                    arrive(move.to, self._after(move, known[place]))
        return known

    @cached_property
    def _from_filing(self) -> int:
        tokens = ~0
        for move in self.scope.graphs[MAIN].filing:
            tokens &= self.brought(move)
        return 0 if tokens == ~0 else tokens

    def after(self, move: Move) -> int:
        """Known just after a move, before any other way to the same place counts."""
        before = self.at(move.edge.region, move.place) if move.place.leaf else 0
        return self._after(move, before)

    def _after(self, move: Move, before: int) -> int:
        if move.edge.transition.reopens:
            before &= ~self._cycle
        return (before & ~self.purged(move)) | self.brought(move)

    # ---- what a move brings ----------------------------------------------------------------------

    def brought(self, move: Move) -> int:
        """Asked, set, required, or told by a condition that held."""
        kept = self._brought.get((move.edge.region, move.edge.index, move.number))
        if kept is None:
            kept = self._bring(move)
            self._brought[move.edge.region, move.edge.index, move.number] = kept
        return kept | (self._entering(move.to.leaf) if move.moved else 0)

    @cached_property
    def _brought(self) -> dict[tuple[str, int, int], int]:
        return {}

    def _bring(self, move: Move) -> int:
        transition = move.edge.transition
        tokens = self.draft(move.edge.region, move.edge.index)
        for effect in (*transition.effects, *move.branch.effects):
            if isinstance(effect, SetEffect):
                tokens |= self.bits((name,) for name in effect.values)
        if move.branch.when is not None:
            path = f"{self.scope.path(transition)}.dest.{move.number}.when"
            tokens |= self.told_by(self.compiled.condition(path, move.branch.when))
        if transition.trigger is not None:
            tokens |= self.bit(("last", transition.trigger))
        return tokens

    def draft(self, region: str, index: int) -> int:
        """Known before the branch is chosen: what was asked, required, and what every guard has shown."""
        held = self._drafts.get((region, index))
        if held is None:
            held = self._drafts[region, index] = self._draft(region, index)
        return held

    @cached_property
    def _drafts(self) -> dict[tuple[str, int], int]:
        return {}

    def _draft(self, region: str, index: int) -> int:
        transition = self.scope.outline.regions[region].transitions[index]
        path = self.scope.path(transition)
        tokens = self.asked(transition.asks)
        if region != MAIN and transition.allow == ("system",):
            tokens |= self._fired_with(str(transition.trigger))
        for name in transition.requires:
            tokens |= self.bits([(name,), (name, "signed_at")])
        for number, guard in enumerate(transition.guard):
            tokens |= self.told_by(self.guard(f"{path}.guard.{number}", guard))
        if transition.as_soon_as is not None:
            tokens |= self.told_by(self.compiled.condition(f"{path}.as_soon_as", transition.as_soon_as))
        return tokens

    def _fired_with(self, trigger: str) -> int:
        """Known whenever the main region fires a trigger of a track that nobody else may send."""
        if self._fired_elsewhere(trigger):
            return 0
        tokens = ~0
        for move in self.scope.graphs[MAIN].moves():
            if trigger in fires(self.scope, move.edge.transition):
                tokens &= self._after(move, self.main.get(move.place, 0))
        return 0 if tokens == ~0 else tokens

    def _fired_elsewhere(self, trigger: str) -> bool:
        """By a clock or by a track, where less is known."""
        return any(
            isinstance(effect, FireEffect)
            and effect.trigger == trigger
            and (done.kind == "mark" or done.path.startswith("tracks."))
            for _, effect, done in self.scope.effects
        )

    def guard(self, path: str, guard: str | Rule) -> Expression | None:
        return self.compiled.at(f"rules.{guard}.that" if isinstance(guard, str) else f"{path}.that")

    def asked(self, asks: Iterable[Ask]) -> int:
        return self.bits((ask.name,) for ask in asks if ask.needed)

    def _entering(self, leaf: str) -> int:
        held = self._entered.get(leaf)
        if held is None:
            specs = self.scope.outline.specs
            path = self.scope.outline.leaves[leaf].path
            held = self.bits(("been", name) for name in path)
            for effect in (effect for name in path[-1:] for effect in specs[name].enter):
                held |= self.bits((name,) for name in effect.values) if isinstance(effect, SetEffect) else 0
            self._entered[leaf] = held
        return held

    @cached_property
    def _entered(self) -> dict[str, int]:
        return {}

    def purged(self, move: Move) -> int:
        effects: list[Effect] = [*move.edge.transition.effects, *move.branch.effects]
        return self.bits((name,) for e in effects if isinstance(e, PurgeEffect) for name in e.facts)

    # ---- what a condition tells by holding ---------------------------------------------------------

    def told_by(self, expression: Expression | None) -> int:
        """Facts without which a condition could not have been true: those its conjuncts read outright."""
        if expression is None:
            return 0
        held = self._tellings.get(expression.text)
        if held is None:
            held = self._tellings[expression.text] = self.bits(told(self.scope.outline, expression))
        return held

    @cached_property
    def _tellings(self) -> dict[str, int]:
        return {}

    # ---- bits ------------------------------------------------------------------------------------

    @cached_property
    def _numbers(self) -> dict[Path, int]:
        return {}

    def bit(self, token: Path) -> int:
        return 1 << self._numbers.setdefault(token, len(self._numbers))

    def bits(self, tokens: Iterable[Path]) -> int:
        found = 0
        for token in tokens:
            found |= self.bit(token)
        return found

    def has(self, tokens: int, token: Path) -> bool:
        return bool(tokens & self.bit(token))

    @property
    def _cycle(self) -> int:
        """Tokens that a reopening takes away."""
        gone = 0
        records = self.scope.definition.records
        for token, number in self._numbers.items():
            lasting = token[0] in records and records[token[0]].lasts == "case"
            if token[0] in ("last", "been") or (token[0] in records and not lasting):
                gone |= 1 << number
        return gone


def way_without(known: Known, graph: Graph, goal: Place, token: Path) -> str:
    """The leaves on a shortest way to a place on which a fact is never brought; empty if there is none."""
    before: dict[Place, Place | None] = {}
    waiting = [move.to for move in graph.filing if not known.has(known.brought(move), token)]
    waiting = waiting or ([] if graph.region == MAIN else list(graph.roots))
    before.update(dict.fromkeys(waiting))
    for place in waiting:
        if place == goal:
            return " > ".join(_back(before, goal))
        for move in graph.out[place]:
            brings = known.has(known.brought(move), token)
            if move.moved and not brings and move.to not in before:
                before[move.to] = place
                waiting.append(move.to)
    return " > ".join(graph.trail(goal))


def _back(before: dict[Place, Place | None], goal: Place) -> list[str]:
    found: list[str] = []
    place: Place | None = goal
    while place is not None:
        found.append(place.leaf)
        place = before[place]
    return found[::-1]
