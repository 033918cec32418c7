"""The may-graph of one region: every condition might hold. Used for what is impossible, and for paths.

A place is a leaf and, only where a ``back`` starts, the leaf last left: so ``back`` leads nowhere else than
where the case came from.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from engine.definitions.model import Branch
from engine.definitions.outline import MAIN, Edge, Outline

UNFILED = ""
Barred = frozenset[tuple[str, int, str, int]]  # region, index of the transition, leaf, number of the branch


class Place(NamedTuple):
    leaf: str
    back: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """One branch of one transition from one place; ``moved`` is False where it stays."""

    place: Place
    edge: Edge
    number: int
    to: Place
    moved: bool

    @property
    def branch(self) -> Branch:
        return self.edge.transition.dest[self.number]

    @property
    def trigger(self) -> str | None:
        return self.edge.transition.trigger


@dataclass
class Graph:
    """``first`` holds the move by which each place is reached on a shortest way."""

    region: str
    roots: tuple[Place, ...]
    places: tuple[Place, ...] = ()
    out: dict[Place, list[Move]] = field(default_factory=dict)
    filing: list[Move] = field(default_factory=list)
    first: dict[Place, Move | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.leaves: dict[str, list[Place]] = {}

    def moves(self) -> Iterator[Move]:
        """Every move from a reachable place, filing first."""
        yield from self.filing
        for place in self.places:
            yield from self.out[place]

    def trail(self, place: Place) -> list[str]:
        """Leaves on a shortest way from filing to a place."""
        found = [place.leaf]
        move = self.first.get(place)
        while move is not None and move.place.leaf != UNFILED:
            found.append(move.place.leaf)
            move = self.first.get(move.place)
        return found[::-1]

    def way(self, leaf: str) -> str:
        """The shortest way to a leaf as text: ``reported > screening > closed``."""
        return " > ".join(self.trail(self.leaves[leaf][0]))


def build(outline: Outline, name: str, barred: Barred = frozenset()) -> Graph:
    """Places and moves that can be reached, breadth first, in file order; without branches that are never taken."""
    return _Builder(outline, name, barred).build()


class _Builder:
    def __init__(self, outline: Outline, region: str, barred: Barred) -> None:
        self.outline = outline
        self.barred = barred
        self.region = region
        self.by_leaf: dict[str, list[Edge]] = {}
        for edge in self._counting():
            self.by_leaf.setdefault(edge.source, []).append(edge)
        self.returning = {
            edge.source
            for edges in self.by_leaf.values()
            for edge in edges
            if any(branch.to == "back" for branch in edge.transition.dest)
        }

    def _counting(self) -> Iterator[Edge]:
        """Edges that count: the deepest of each trigger, and every ``as_soon_as``.

        What undoes an act leads where the case has been, with what was known there: to no new place.
        """
        for edge in self.outline.edges:
            if edge.region != self.region or edge.transition.trigger == "file" or edge.transition.undoes:
                continue
            trigger = edge.transition.trigger
            if trigger is None or self.outline.moves.get((edge.source, trigger)) is edge:
                yield edge

    def build(self) -> Graph:
        graph = Graph(self.region, ())
        graph.filing = list(self._filing())
        roots = [move.to for move in graph.filing]
        if self.region != MAIN:
            roots = [Place(self.outline.regions[self.region].initial)]
        graph.roots = tuple(dict.fromkeys(roots))
        graph.first = {move.to: move for move in reversed(graph.filing)} or dict.fromkeys(graph.roots)
        waiting = list(graph.roots)
        for place in waiting:
            graph.leaves.setdefault(place.leaf, []).append(place)
            graph.out[place] = list(self._from(place))
            for move in graph.out[place]:
                if move.to not in graph.first:
                    graph.first[move.to] = move
                    waiting.append(move.to)
        graph.places = tuple(waiting)
        return graph

    def _filing(self) -> Iterator[Move]:
        filing = self.outline.filing
        if self.region != MAIN or filing is None:
            return
        index = next(i for i, t in enumerate(self.outline.definition.transitions) if t is filing)
        edge = Edge(MAIN, UNFILED, filing, index, 0)
        for number, branch in enumerate(filing.dest):
            entry = (
                self.outline.regions[MAIN].initial if branch.to == "stay" else self.outline.entry(branch.to)
            )
            if entry in self.outline.regions[MAIN].leaves:
                yield Move(Place(UNFILED), edge, number, Place(str(entry)), True)

    def _from(self, place: Place) -> Iterator[Move]:
        for edge in self.by_leaf.get(place.leaf, ()):
            for number, branch in enumerate(edge.transition.dest):
                to = self._to(place, branch.to)
                barred = (self.region, edge.index, place.leaf, number) in self.barred
                if to is not None and not barred:
                    yield Move(place, edge, number, to, branch.to != "stay")

    def _to(self, place: Place, name: str) -> Place | None:
        if name == "stay":
            return place
        leaf = place.back if name == "back" else self.outline.entry(name)
        if leaf is None or leaf not in self.outline.leaves or self.outline.leaves[leaf].region != self.region:
            return None
        return Place(leaf, place.leaf if leaf in self.returning else None)


def cycles(nodes: list[int], out: dict[int, list[int]]) -> list[list[int]]:
    """Strongly connected parts that hold a cycle, each as its nodes (Tarjan, without recursion)."""
    number: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    held: set[int] = set()
    found: list[list[int]] = []
    for root in nodes:
        if root in number:
            continue
        work = [(root, iter(out.get(root, ())))]
        number[root] = low[root] = len(number)
        stack.append(root)
        held.add(root)
        while work:
            node, rest = work[-1]
            following = next(rest, None)
            if following is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == number[node]:
                    part = _pop(stack, held, node)
                    if len(part) > 1 or node in out.get(node, ()):
                        found.append(part)
            elif following not in number:
                number[following] = low[following] = len(number)
                stack.append(following)
                held.add(following)
                work.append((following, iter(out.get(following, ()))))
            elif following in held:
                low[node] = min(low[node], number[following])
    return found


def _pop(stack: list[int], held: set[int], node: int) -> list[int]:
    part: list[int] = []
    while True:
        part.append(stack.pop())
        held.discard(part[-1])
        if part[-1] == node:
            return part[::-1]
