"""FM-D308: an ``as_soon_as`` that old facts make true at once when the case comes back to its state."""

from collections.abc import Iterable
from functools import cached_property

from engine.definitions.analysis.compiled import Compiled
from engine.definitions.analysis.graph import Graph, Move
from engine.definitions.analysis.scope import Scope
from engine.definitions.model import PurgeEffect, SetEffect, Transition, UnseatEffect
from engine.rules.expression import Expression

# what tells of now or of this visit, and so cannot be old
FRESH = frozenset(("been", "clock", "act", "actor"))


def check(scope: Scope, compiled: Compiled) -> None:
    ways = {region: _Ways(scope, graph) for region, graph in scope.graphs.items()}
    for written in scope.written:
        text = written.transition.as_soon_as
        if text is None:
            continue
        path = f"{written.path}.as_soon_as"
        expression = compiled.condition(path, text)
        if expression is not None and not any(read[0] in FRESH for read in expression.reads):
            way = ways[written.region].back(written.transition, expression)
            if way:
                scope.report.tell("D308", path, name=way[-1], condition=text, way=" > ".join(way))


Step = tuple[int, frozenset[str], Move]  # number of the place it leads to, what it makes anew, the move


class _Ways:
    """Ways through one region on which nothing that a condition reads is made anew."""

    def __init__(self, scope: Scope, graph: Graph) -> None:
        self.scope = scope
        self.graph = graph

    @cached_property
    def steps(self) -> list[list[Step]]:
        """Moves that leave each place, by the number of the place."""
        number = {place: index for index, place in enumerate(self.graph.places)}
        return [
            [(number[move.to], self._made_anew(move), move) for move in self.graph.out[place] if move.moved]
            for place in self.graph.places
        ]

    @cached_property
    def by_transition(self) -> dict[int, list[Step]]:
        found: dict[int, list[Step]] = {}
        for steps in self.steps:
            for step in steps:
                found.setdefault(id(step[2].edge.transition), []).append(step)
        return found

    def back(self, transition: Transition, expression: Expression) -> list[str]:
        """Leaves on a way from and back to a transition that leaves what it reads as it was; empty if none."""
        steps: Iterable[Step] = self.by_transition.get(id(transition), [])
        sources = {move.place.leaf for _, _, move in steps}
        read = self._read(expression)
        lasting = any(self._lasts(name) for name in read)
        seen: list[Move | None] = [None] * len(self.graph.places)
        waiting: list[int] = []
        number = 0
        while True:
            for to, made, move in steps:
                if seen[to] is None and read.isdisjoint(made):
                    if move.edge.transition.reopens and not lasting:
                        continue
                    seen[to] = move
                    waiting.append(to)
            if number == len(waiting):
                return []
            place = waiting[number]
            if self.graph.places[place].leaf in sources:
                return self._trail(seen, place, transition)
            steps = self.steps[place]
            number += 1

    def _trail(self, seen: list[Move | None], goal: int, transition: Transition) -> list[str]:
        number = {place: index for index, place in enumerate(self.graph.places)}
        found = [self.graph.places[goal].leaf]
        move = seen[goal]
        while move is not None:
            found.append(move.place.leaf)
            move = None if move.edge.transition is transition else seen[number[move.place]]
        return found[::-1]

    def _read(self, expression: Expression) -> frozenset[str]:
        """Every name that a condition reads; a record under its own name too where all items are read."""
        plurals = self.scope.outline.plurals
        names = {name for path in expression.reads for name in path}
        return frozenset(names | {plurals[name] for name in names if name in plurals})

    def _lasts(self, name: str) -> bool:
        """Whether a reopening leaves it as it was (a field or a seat is not held against a case)."""
        records = self.scope.definition.records
        return name in records and records[name].lasts == "case"

    def _made_anew(self, move: Move) -> frozenset[str]:
        transition = move.edge.transition
        made = {ask.name for ask in transition.asks if ask.needed}
        enter = self.scope.outline.specs[move.to.leaf].enter
        for effect in (*transition.effects, *move.branch.effects, *enter):
            if isinstance(effect, SetEffect):
                made.update(effect.values)
            elif isinstance(effect, UnseatEffect):
                made.add(effect.seat)
            elif isinstance(effect, PurgeEffect):
                made.update(effect.facts)
        return frozenset(made)
