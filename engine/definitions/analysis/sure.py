"""The sure graph: a move counts only if nothing can refuse it.

Either a standing post may make it, or a clock makes it that certainly runs here and cannot be spent.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from engine.definitions.analysis.report import Phrase, listed, phrase
from engine.definitions.analysis.scope import Scope
from engine.definitions.model import ClockSpec, FireEffect, Rule, Transition
from engine.definitions.outline import MAIN, Edge


@dataclass(frozen=True, slots=True)
class SureMove:
    """``by``: ``person`` (``who`` is the standing post) or ``clock`` (``who`` is the clock).

    ``sides``: it takes parties, which a case may still lack.
    """

    leaf: str
    trigger: str
    by: str
    who: str
    targets: tuple[str, ...]
    sides: bool = False


@dataclass(frozen=True)
class Sure:
    scope: Scope

    @cached_property
    def moves(self) -> dict[str, list[SureMove]]:
        """Sure moves that leave each reachable leaf: clocks' first, then persons', those that ask least before others."""
        found: dict[str, list[SureMove]] = {leaf: [] for leaf in self.scope.reachable}
        persons = sorted(self._person_moves(), key=self._asked)
        for move in (*self._clock_moves(), *persons):
            found[move.leaf].append(move)
        return found

    def targets(self, leaf: str, trigger: str) -> tuple[str, ...]:
        """Leaves that a trigger may lead to, over all places of the leaf; the leaf itself where it stays."""
        return self._targets.get((leaf, trigger), ())

    @cached_property
    def _targets(self) -> dict[tuple[str, str], tuple[str, ...]]:
        found: dict[tuple[str, str], dict[str, None]] = {}
        for graph in self.scope.graphs.values():
            for move in graph.moves():
                if move.trigger is not None:
                    found.setdefault((move.place.leaf, move.trigger), {})[move.to.leaf] = None
        return {key: tuple(leaves) for key, leaves in found.items()}

    # ---- what can refuse ---------------------------------------------------------------------

    def doubts(self, edge: Edge, *, system: bool) -> list[Phrase]:
        """Everything that may refuse a move, whoever makes it; ``system``: nobody is there to answer."""
        transition = edge.transition
        found = []
        if transition.guard:
            names = [g.name or g.that if isinstance(g, Rule) else g for g in transition.guard]
            found.append(phrase("doubt.guard", names=listed(names)))
        if transition.requires:
            found.append(phrase("doubt.requires", names=listed(transition.requires)))
        asked = [ask.name for ask in transition.asks if ask.needed]
        if system and len(transition.outcome) > 1:
            asked.append("outcome")
        if system and asked:
            found.append(phrase("doubt.asks", names=listed(asked)))
        if not self.total(edge):
            found.append(phrase("doubt.branches"))
        if any(branch.to == "back" for branch in transition.dest) and not self._returns(edge):
            found.append(phrase("doubt.back"))
        return found

    def total(self, edge: Edge) -> bool:
        covered = (edge.region, edge.index, edge.source) in self.scope.covered
        return edge.transition.dest[-1].when is None or covered

    def _returns(self, edge: Edge) -> bool:
        """Whether some leaf was left before, on every way here."""
        places = self.scope.graphs[edge.region].leaves.get(edge.source, [])
        return all(place.back is not None for place in places)

    def _fires_surely(self, edge: Edge) -> list[Phrase]:
        """A refused ``fire`` refuses the whole act of a person."""
        found = []
        for trigger in fires(self.scope, edge.transition):
            region, transitions = self.scope.outline.triggers.get(trigger, ("", ()))
            barred = [t for t in transitions if t.guard or t.requires or "system" not in t.allow]
            leaves = tuple(self.scope.graphs[region].leaves) if region else ()
            if region == edge.region:
                own = self._join_targets.get(id(edge), ())
                leaves = own or self.targets(edge.source, str(edge.transition.trigger))
            closed = [leaf for leaf in leaves if (leaf, trigger) not in self.scope.outline.moves]
            if barred or closed or not transitions:
                found.append(phrase("doubt.fires", names=trigger))
        return found

    def _following(self, edge: Edge) -> list[Edge]:
        """Every ``as_soon_as`` that may follow in the same act, and refuse it by what it fires."""
        waiting = list(self.targets(edge.source, str(edge.transition.trigger)))
        found: list[Edge] = []
        for leaf in waiting:
            for join in self.scope.outline.joins.get(leaf, ()):
                found.append(join)
                waiting.extend(to for to in self._join_targets.get(id(join), ()) if to not in waiting)
        return found

    @cached_property
    def _join_targets(self) -> dict[int, tuple[str, ...]]:
        found: dict[int, dict[str, None]] = {}
        for graph in self.scope.graphs.values():
            for move in graph.moves():
                if move.trigger is None:
                    found.setdefault(id(move.edge), {})[move.to.leaf] = None
        return {key: tuple(leaves) for key, leaves in found.items()}

    def settled(self, targets: tuple[str, ...]) -> tuple[str, ...]:
        """Where a case may stand after all that follows by itself once it has come to one of some leaves."""
        found = list(targets)
        for leaf in found:
            for join in self.scope.outline.joins.get(leaf, ()):
                found.extend(to for to in self._join_targets.get(id(join), ()) if to not in found)
        return tuple(found)

    # ---- by a person ---------------------------------------------------------------------------

    def person_doubts(self, edge: Edge) -> list[Phrase]:
        found = self.doubts(edge, system=False)
        absent = [ask.name for ask in edge.transition.asks if ask.needed and self._needs_another(ask.name)]
        if absent:
            found.append(phrase("doubt.absent", names=listed(absent)))
        for one in (edge, *self._following(edge)):
            found += [doubt for doubt in self._fires_surely(one) if doubt not in found]
        if self.post(edge) is None:
            found.append(phrase("doubt.who", names=listed(edge.transition.allow)))
        return found

    def _needs_another(self, name: str) -> bool:
        """Whether nobody can supply a fact by himself: another case, or an item of what may have none."""
        field = self.scope.definition.fields.get(name)
        record = self.scope.definition.records.get(name)
        per = record.per if record is not None else None
        return (field is not None and field.kind == "case") or per not in (None, "party")

    def _needs_sides(self, edge: Edge, targets: tuple[str, ...]) -> bool:
        """Whether it leads out of intake, or asks an item for each party where there may be none yet."""
        leaves, records = self.scope.outline.leaves, self.scope.definition.records
        bound = any(role.min for role in self.scope.definition.parties.roles.values())
        intake = edge.region == MAIN and leaves[edge.source].phase == "intake"
        per_party = any(
            ask.needed and ask.name in records and records[ask.name].per == "party"
            for ask in edge.transition.asks
        )
        if per_party and (intake or not bound or self._left_by_itself):
            return True
        return (
            intake and bound and any(not leaves[to].final and leaves[to].phase != "intake" for to in targets)
        )

    @cached_property
    def _left_by_itself(self) -> bool:
        """Whether a case may leave intake without anybody's act, and so without the sides that an act would ask for."""
        leaves = self.scope.outline.leaves
        return any(
            move.place.leaf in leaves  # filing comes from nowhere
            and leaves[move.place.leaf].phase == "intake"
            and leaves[move.to.leaf].phase != "intake"
            and not leaves[move.to.leaf].final
            and (move.trigger is None or "system" in move.edge.transition.allow)
            for move in self.scope.graphs[MAIN].moves()
        )

    def _asked(self, move: SureMove) -> int:
        asks = self.scope.outline.moves[move.leaf, move.trigger].transition.asks
        return sum(1 for ask in asks if ask.needed and ask.name != "note")

    def post(self, edge: Edge) -> str | None:
        """The first standing post that may."""
        return next((who for who in edge.transition.allow if self.scope.people.standing(who)), None)

    def _person_moves(self) -> Iterator[SureMove]:
        for (leaf, trigger), edge in self.scope.outline.moves.items():
            targets = self.targets(leaf, trigger)
            if leaf not in self.scope.reachable or not targets or leaf in targets:
                continue
            post = self.post(edge)
            if post is not None and not self.person_doubts(edge):
                yield SureMove(leaf, trigger, "person", post, targets, self._needs_sides(edge, targets))

    # ---- by a clock ----------------------------------------------------------------------------

    def runs_surely(self, clock: ClockSpec) -> bool:
        return clock.while_ is None and clock.per is None and not clock.restarts_on

    def running(self, name: str) -> tuple[str, ...]:
        """Reachable leaves where a clock runs and is not paused."""
        paused = self.scope.spread(self.scope.definition.clocks[name].pauses_in)
        return tuple(
            leaf for leaf in self.scope.runs_in(name) if leaf in self.scope.reachable and leaf not in paused
        )

    def _clock_moves(self) -> Iterator[SureMove]:
        for name, clock in self.scope.definition.clocks.items():
            if not self.runs_surely(clock):
                continue
            leaves = self.running(name)
            span = {*leaves, *self.scope.runs_in(name), *self.scope.spread(clock.pauses_in)}
            for trigger in _triggers(clock):
                if self._never_spent(trigger, leaves, span):
                    for leaf in leaves:
                        yield SureMove(leaf, trigger, "clock", name, self.targets(leaf, trigger))

    def _never_spent(self, trigger: str, leaves: tuple[str, ...], span: set[str]) -> bool:
        """Wherever the clock may fire, the firing succeeds and takes the case out of the clock's reach."""
        for leaf in leaves:
            edge = self.scope.outline.moves.get((leaf, trigger))
            if edge is None or "system" not in edge.transition.allow or self.doubts(edge, system=True):
                return False
            targets = self.targets(leaf, trigger)
            if not targets or not span.isdisjoint(targets):
                return False
        return True


def _triggers(clock: ClockSpec) -> dict[str, None]:
    """Triggers that a clock certainly fires. A ``wait`` ends at its due instant: later marks never come."""
    return {
        effect.trigger: None
        for mark, effects in clock.at.items()
        if not (clock.kind == "wait" and mark.startswith("due+"))
        for effect in effects
        if isinstance(effect, FireEffect) and effect.on is None
    }


def fires(scope: Scope, transition: Transition) -> Iterator[str]:
    """Triggers of this case that a transition fires: by its effects, its branches', the states' it enters."""
    groups = [transition.effects]
    for branch in transition.dest:
        entry = scope.outline.entry(branch.to)
        path = scope.outline.leaves[entry].path if entry in scope.outline.leaves else ()
        groups += [branch.effects, *(scope.outline.specs[name].enter for name in path)]
    for effects in groups:
        for effect in effects:
            if isinstance(effect, FireEffect) and effect.on is None:
                yield effect.trigger
