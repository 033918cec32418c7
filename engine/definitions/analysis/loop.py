"""FM-D208 and FM-D508: what goes round by itself, inside one act or on clocks alone.

A loop is a round of causes, not of states: a move is caused by the arrival in its leaf (an ``as_soon_as``, a
clock) or by the move that fires it. So what a person's act fires once is no loop, whatever region it moves.
"""

from collections.abc import Iterator
from functools import cached_property

from engine.definitions.analysis.graph import Move, Place, cycles
from engine.definitions.analysis.report import listed
from engine.definitions.analysis.scope import Scope
from engine.definitions.analysis.sure import Sure, fires
from engine.definitions.model import ClockSpec, FireEffect, SeatEffect, SetEffect, UnseatEffect


def check(scope: Scope, sure: Sure) -> None:
    timed = _timed(scope, sure)
    for loop in _Causes(scope, {}).loops():
        scope.report.tell("D208", scope.path(loop[0].edge.transition), way=_way(loop))
    for loop in _Causes(scope, timed).loops():
        clocks = [move for move in loop if _is_timed(move, timed)]
        leaves = (
            {move.place.leaf for move in loop if move.edge.region == clocks[0].edge.region} if clocks else ()
        )
        if clocks and not _surely_ended(scope, sure, set(leaves)):
            scope.report.tell("D508", scope.path(clocks[0].edge.transition), way=_way(loop))
    _restarting(scope)


def _way(loop: list[Move]) -> str:
    """States of a loop in the order of causes, closed: ``a > b > a``."""
    names = [move.place.leaf for move in loop]
    return " > ".join([*names, names[0]])


def _is_timed(move: Move, timed: dict[tuple[str, str], str]) -> bool:
    return move.moved and (move.place.leaf, move.trigger or "") in timed


class _Causes:
    """Moves that nobody need make, each to those that it causes."""

    def __init__(self, scope: Scope, timed: dict[tuple[str, str], str]) -> None:
        self.scope = scope
        self.timed = timed
        fired = {trigger for w in scope.written for trigger in fires(scope, w.transition)}
        self.moves = [
            move
            for graph in scope.graphs.values()
            for move in graph.moves()
            if move.place.leaf
            and (move.trigger is None or move.trigger in fired or (move.place.leaf, move.trigger) in timed)
        ]

    @cached_property
    def at(self) -> dict[Place, list[int]]:
        """Place to the moves that arriving there causes."""
        found: dict[Place, list[int]] = {}
        for number, move in enumerate(self.moves):
            if move.moved and (move.trigger is None or _is_timed(move, self.timed)):
                found.setdefault(move.place, []).append(number)
        return found

    @cached_property
    def by_trigger(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, move in enumerate(self.moves):
            if move.trigger is not None:
                found.setdefault(move.trigger, []).append(number)
        return found

    def loops(self) -> Iterator[list[Move]]:
        out = {number: list(self._caused(number)) for number in range(len(self.moves))}
        for part in cycles(list(out), out):
            yield [self.moves[number] for number in part]

    def _caused(self, number: int) -> Iterator[int]:
        move = self.moves[number]
        if move.moved:
            yield from self.at.get(move.to, ())
        elif move.trigger is None and not _changes_what_it_reads(self.scope, move):
            yield number
        for trigger in fires(self.scope, move.edge.transition):
            for other in self.by_trigger.get(trigger, ()):
                same = self.moves[other].edge.region == move.edge.region
                if not same or self.moves[other].place == move.to:
                    yield other


def _changes_what_it_reads(scope: Scope, move: Move) -> bool:
    """An ``as_soon_as`` that stays ends by itself only if its own effects can make it false."""
    text = scope.condition(str(move.edge.transition.as_soon_as))
    changed: set[str] = set()
    for effect in (*move.edge.transition.effects, *move.branch.effects):
        if isinstance(effect, SetEffect):
            changed.update(effect.values)
        elif isinstance(effect, SeatEffect | UnseatEffect):
            changed.add(effect.seat)
    return any(name in text for name in changed)


# ---- clocks ------------------------------------------------------------------------------------


def _timed(scope: Scope, sure: Sure) -> dict[tuple[str, str], str]:
    """(leaf, trigger) that a clock may fire, to the clock."""
    return {
        (leaf, effect.trigger): name
        for name, clock in scope.definition.clocks.items()
        for effects in clock.at.values()
        for effect in effects
        if isinstance(effect, FireEffect) and effect.on is None
        for leaf in sure.running(name)
    }


def _surely_ended(scope: Scope, sure: Sure, leaves: set[str]) -> bool:
    """A clock that runs through the whole loop, is never new in it, and surely fires the case out of it."""
    for name, clock in scope.definition.clocks.items():
        if not sure.runs_surely(clock) or clock.pauses_in or not leaves <= set(sure.running(name)):
            continue
        ends = (
            move for leaf in leaves for move in sure.moves[leaf] if (move.by, move.who) == ("clock", name)
        )
        if any(leaves.isdisjoint(move.targets) for move in ends):
            return True
    return False


def _restarting(scope: Scope) -> None:
    """A clock that starts anew on what it fires itself, unless every round bars a person for good and the clock runs
    only while somebody sits: people come to an end."""
    for name, clock in scope.definition.clocks.items():
        own = {e.trigger for effects in clock.at.values() for e in effects if isinstance(e, FireEffect)}
        again = {trigger for trigger in own & set(clock.restarts_on) if not _bars(scope, clock, trigger)}
        if again:
            scope.report.tell("D508", f"clocks.{name}.restarts_on", way=f"{name} > {listed(again)} > {name}")


def _bars(scope: Scope, clock: ClockSpec, trigger: str) -> bool:
    """Whether the act takes those from a seat for whom the clock runs: who was taken off by name never comes back."""
    text = "" if clock.while_ is None else scope.condition(clock.while_)
    taken = {
        effect.seat
        for written in scope.written
        if written.transition.trigger == trigger
        for effect in written.transition.effects
        if isinstance(effect, UnseatEffect) and effect.who is not None
    }
    return any(text.startswith(f"seat.{seat}.exists(") for seat in taken)
