"""FM-D308: an ``as_soon_as`` that old facts make true at once when the case comes back to its state."""

from engine.definitions.analysis.compiled import Compiled
from engine.definitions.analysis.graph import Move, Place
from engine.definitions.analysis.scope import Scope
from engine.definitions.analysis.site import Written
from engine.definitions.model import PurgeEffect, SetEffect, UnseatEffect
from engine.rules.expression import Expression

# what tells of now or of this visit, and so cannot be old
FRESH = frozenset(("been", "clock", "act", "actor"))


def check(scope: Scope, compiled: Compiled) -> None:
    for written in scope.written:
        text = written.transition.as_soon_as
        if text is None:
            continue
        path = f"{written.path}.as_soon_as"
        expression = compiled.condition(path, text)
        if expression is not None and not any(read[0] in FRESH for read in expression.reads):
            way = _way_back(scope, written, expression)
            if way:
                scope.report.tell("D308", path, name=way[-1], condition=text, way=" > ".join(way))


def _way_back(scope: Scope, written: Written, expression: Expression) -> list[str]:
    """Leaves on a way from and back to the transition on which nothing it reads is made anew; empty if none."""
    graph = scope.graphs[written.region]
    own = [move for move in graph.moves() if move.edge.transition is written.transition and move.moved]
    sources = {move.place.leaf for move in own}
    names = {name for path in expression.reads for name in path}
    lasting = _reads_lasting(scope, names)
    seen: dict[Place, Move] = {}
    waiting: list[Place] = []
    moves = own
    while True:
        for move in moves:
            if move.moved and move.to not in seen and not _renews(scope, move, names, lasting):
                seen[move.to] = move
                waiting.append(move.to)
        if not waiting:
            return []
        place = waiting.pop(0)
        if place.leaf in sources:
            return _trail(seen, place, own)
        moves = graph.out[place]


def _trail(seen: dict[Place, Move], goal: Place, own: list[Move]) -> list[str]:
    found = [goal.leaf]
    move = seen[goal]
    while True:
        found.append(move.place.leaf)
        if any(move is one for one in own):
            return found[::-1]
        move = seen[move.place]


def _reads_lasting(scope: Scope, names: set[str]) -> bool:
    records = scope.definition.records
    return any(
        record.lasts == "case" and (name in names or record.plural in names)
        for name, record in records.items()
    )


def _renews(scope: Scope, move: Move, names: set[str], lasting: bool) -> bool:
    """Whether a move changes something that is read; a reopening does, unless records that last are read."""
    transition = move.edge.transition
    if transition.reopens and not lasting:
        return True
    plurals = scope.outline.plurals
    asked = {ask.name for ask in transition.asks if ask.needed}
    read = names | {plurals[name] for name in names if name in plurals}
    if asked & read:
        return True
    entered = scope.outline.leaves[move.to.leaf].path[-1:]
    enter = (effect for name in entered for effect in scope.outline.specs[name].enter)
    for effect in (*transition.effects, *move.branch.effects, *enter):
        if isinstance(effect, SetEffect) and not read.isdisjoint(effect.values):
            return True
        if isinstance(effect, UnseatEffect) and effect.seat in read:
            return True
        if isinstance(effect, PurgeEffect) and not read.isdisjoint(effect.facts):
            return True
    return False
