"""FM-D202: every open leaf lies in the attractor of the final leaves under sure moves, or a case can get stuck."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from engine.definitions.analysis.graph import cycles
from engine.definitions.analysis.report import Phrase, phrase
from engine.definitions.analysis.scope import Scope
from engine.definitions.analysis.sure import Sure, SureMove
from engine.definitions.outline import MAIN


@dataclass(frozen=True, slots=True)
class WayOut:
    """The sure way on from an open leaf: who or which clock makes it, and where it may lead."""

    state: str
    by: str  # "person" or "clock"
    trigger: str
    role_or_clock: str
    leads_to: tuple[str, ...]

    @property
    def text(self) -> str:
        return f"{self.trigger}, by {'clock ' if self.by == 'clock' else ''}{self.role_or_clock}"


def check(scope: Scope, sure: Sure) -> dict[str, WayOut]:
    """Tell the lowest leaves that lack a way out; give the ways out of all others."""
    graph = scope.graphs[MAIN]
    final = [leaf for leaf in graph.leaves if scope.outline.leaves[leaf].final]
    moves = [move for leaf in graph.leaves for move in sure.moves[leaf]]
    taken: dict[str, SureMove | None] = dict.fromkeys(final)
    for only, told in _tiers(scope, sure, moves):
        found = attractor(taken, only)
        told.update(leaf for leaf in found if leaf not in taken)
        taken = found | {leaf: move for leaf, move in taken.items() if move is not None}
    for leaf in _lowest(scope, sure, taken):
        why = _refusals(scope, sure, leaf) or [phrase("doubt.no_exit")]
        scope.report.tell("D202", scope.state_paths[leaf], name=leaf, why=why, way=graph.way(leaf))
    return {
        leaf: WayOut(leaf, move.by, move.trigger, move.who, move.targets)
        for leaf, move in taken.items()
        if move is not None
    }


def _tiers(scope: Scope, sure: Sure, moves: list[SureMove]) -> list[tuple[list[SureMove], set[str]]]:
    """Moves from the surest on, with where to note the leaves that need them.

    First those after which nothing that follows by itself can spoil the way, then those after which it might,
    then those that take the sides of a case to be known.
    """
    whole = [move for move in moves if not move.sides]
    settled = [replace(move, targets=sure.settled(move.targets)) for move in whole]
    return [(settled, set()), (whole, scope.shaken), (moves, scope.sideless)]


def attractor(final: Iterable[str], moves: Iterable[SureMove]) -> dict[str, SureMove | None]:
    """Leaves from which sure moves lead to a final one whatever branch is taken, each with its move.

    ``final`` may also be leaves that are known to lead to one. Least fixpoint, linear in the targets of all moves. Earlier moves of the list are preferred.
    """
    into: dict[str, list[SureMove]] = {}
    open_targets: dict[int, int] = {}
    for move in moves:
        open_targets[id(move)] = len(move.targets)
        for target in move.targets:
            into.setdefault(target, []).append(move)
    taken: dict[str, SureMove | None] = dict.fromkeys(final)
    waiting = list(taken)
    for leaf in waiting:
        for move in into.get(leaf, ()):
            open_targets[id(move)] -= 1
            if open_targets[id(move)] == 0 and move.leaf not in taken:
                taken[move.leaf] = move
                waiting.append(move.leaf)
    return taken


def _lowest(scope: Scope, sure: Sure, taken: dict[str, SureMove | None]) -> list[str]:
    """Leaves that need a way out of their own: those from which no sure move leads to another failing part."""
    failing = [leaf for leaf in scope.graphs[MAIN].leaves if leaf not in taken]
    number = {leaf: index for index, leaf in enumerate(failing)}
    out = {
        number[leaf]: [number[to] for move in sure.moves[leaf] for to in move.targets if to in number]
        for leaf in failing
    }
    part = {index: index for index in out}
    for loop in cycles(list(out), out):
        part.update(dict.fromkeys(loop, loop[0]))
    higher = {part[index] for index, following in out.items() for to in following if part[to] != part[index]}
    lowest = [leaf for leaf in failing if part[number[leaf]] not in higher]
    refused = [leaf for leaf in lowest if not sure.moves[leaf] or _refusals(scope, sure, leaf)]
    return refused or lowest


def _refusals(scope: Scope, sure: Sure, leaf: str) -> list[Phrase]:
    """For each exit of a leaf, what can refuse it."""
    found = []
    certain = {move.trigger for move in sure.moves[leaf]}
    for (source, trigger), edge in scope.outline.moves.items():
        targets = sure.targets(leaf, trigger)
        if source != leaf or trigger in certain or not targets or set(targets) == {leaf}:
            continue
        doubts = sure.person_doubts(edge) if edge.transition.allow != ("system",) else []
        doubts = doubts or [phrase("doubt.no_clock")]
        found.append(phrase("doubt.exit", trigger=trigger, doubts=_joined(doubts)))
    joins = [edge.transition for edge in scope.outline.joins.get(leaf, ())]
    return found + [phrase("doubt.join", condition=join.name or join.as_soon_as) for join in joins]


def _joined(doubts: list[Phrase]) -> Phrase:
    if len(doubts) == 1:
        return doubts[0]
    return phrase("doubt.and", first=doubts[0], rest=_joined(doubts[1:]))
