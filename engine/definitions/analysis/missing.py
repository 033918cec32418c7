"""FM-D309, D311: what is read although it may not be known there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod

from engine.definitions.analysis.branches import decidable
from engine.definitions.analysis.compiled import Compiled
from engine.definitions.analysis.doubt import doubtful
from engine.definitions.analysis.graph import Move, Place
from engine.definitions.analysis.known import Known, way_without
from engine.definitions.analysis.report import Phrase, phrase
from engine.definitions.analysis.scope import Scope
from engine.definitions.model import ClockSpec, Effect, OpenEffect, SetEffect, TableRef, Tree, UnseatEffect
from engine.definitions.outline import MAIN
from engine.rules.expression import Expression, Unknown
from engine.rules.reading import Path
from engine.rules.sample import MOST, values


def check(scope: Scope, compiled: Compiled, known: Known) -> None:
    missing = _Missing(scope, compiled, known)
    for region, graph in scope.graphs.items():
        for move in graph.moves():
            missing.choice(region, move)
            missing.effects(region, move)
            missing.guards(region, move)
    for name, clock in scope.definition.clocks.items():
        missing.clock(name, clock)


@dataclass(frozen=True)
class _Missing:
    scope: Scope
    compiled: Compiled
    known: Known

    # ---- D309 ------------------------------------------------------------------------------------

    def choice(self, region: str, move: Move) -> None:
        transition = move.edge.transition
        if move.branch.when is None:
            return
        path = f"{self.scope.path(transition)}.dest.{move.number}.when"
        expression = self.compiled.condition(path, move.branch.when)
        tokens = self.known.at(region, move.place) | self.known.draft(region, move.edge.index)
        place = phrase("place.when", name=self.scope.paths[id(transition)].title)
        self._judge(path, expression, tokens, region, move.place, place)

    def effects(self, region: str, move: Move) -> None:
        """Of the transition, of the branch, and of the states entered, each knowing what those before it set."""
        transition, path = move.edge.transition, self.scope.path(move.edge.transition)
        entered = self.scope.outline.leaves[move.to.leaf].path if move.moved else ()
        entered = tuple(name for name in entered if self.scope.outline.specs[name].enter)
        if not (transition.effects or move.branch.effects or entered):
            return
        tokens = self.known.at(region, move.place) | self.known.draft(region, move.edge.index)
        if move.branch.when is not None:
            when = self.compiled.condition(f"{path}.dest.{move.number}.when", move.branch.when)
            tokens |= self.known.told_by(when)
        place = phrase("place.effect", name=self.scope.paths[id(transition)].title)
        tokens = self._run(f"{path}.effects", transition.effects, tokens, (region, move.place, place))
        branch = f"{path}.dest.{move.number}.effects"
        tokens = self._run(branch, move.branch.effects, tokens, (region, move.place, place))
        tokens |= self.known.brought(move)
        for name in entered:
            enter = self.scope.outline.specs[name].enter
            place = phrase("place.effect", name=name)
            tokens = self._run(
                f"{self.scope.state_paths[name]}.enter", enter, tokens, (region, move.to, place)
            )

    def _run(
        self, path: str, effects: Sequence[Effect], tokens: int, where: tuple[str, Place, Phrase]
    ) -> int:
        region, stand, place = where
        for number, effect in enumerate(effects):
            for own in _read_by(f"{path}.{number}", effect):
                self._judge(own, self.compiled.at(own), tokens, region, stand, place)
            if isinstance(effect, SetEffect):
                tokens |= self.known.bits((name,) for name in effect.values)
        return tokens

    def _judge(
        self,
        path: str,
        expression: Expression | None,
        tokens: int,
        region: str,
        stand: Place,
        place: Phrase,
        code: str = "D309",
    ) -> None:
        fact = None if expression is None else self.unknown(expression, tokens)
        if fact is not None:
            self._tell(code, path, fact, region, stand, place)

    def _tell(self, code: str, path: str, fact: Path, region: str, stand: Place, place: Phrase) -> None:
        way = way_without(self.known, self.scope.graphs[region], stand, fact)
        self.scope.report.tell(code, path, fact=".".join(fact), place=place, way=way or stand.leaf)

    # ---- clocks ----------------------------------------------------------------------------------

    def clock(self, name: str, clock: ClockSpec) -> None:
        place = phrase("place.clock", name=name)
        for region, stand, tokens in self._starts(name, clock):
            for key in ("from", "until"):
                path = f"clocks.{name}.{key}"
                self._judge(path, self.compiled.at(path), tokens, region, stand, place)
            self._value(f"clocks.{name}.within", clock.within, tokens, (region, stand, place))
        for region, stand, tokens in self._runs(name):
            for mark, effects in clock.at.items():
                self._run(f"clocks.{name}.at.{mark}", effects, tokens, (region, stand, place))
            for number, rung in enumerate(clock.extend):
                asked = tokens | self.known.asked(rung.asks)
                self._value(f"clocks.{name}.extend.{number}.by", rung.by, asked, (region, stand, place))

    def _runs(self, name: str) -> Iterator[tuple[str, Place, int]]:
        for leaf in self.scope.runs_in(name):
            region = self.scope.outline.leaves[leaf].region
            for place in self.scope.graphs[region].leaves.get(leaf, ()):
                yield region, place, self.known.at(region, place)

    def _starts(self, name: str, clock: ClockSpec) -> Iterator[tuple[str, Place, int]]:
        """Where a run may begin: on entering its states, or in any of them if it waits for more than that."""
        if clock.while_ is not None or clock.per is not None:
            told = self.known.told_by(self.compiled.condition(f"clocks.{name}.while", clock.while_ or ""))
            for region, place, tokens in self._runs(name):
                yield region, place, tokens | told
            return
        runs = self.scope.runs_in(name)
        span = {*runs, *self.scope.spread(clock.pauses_in)}
        for leaf in runs:
            region = self.scope.outline.leaves[leaf].region
            graph = self.scope.graphs[region]
            if region != MAIN:
                yield from (
                    (region, root, self.known.at(region, root)) for root in graph.roots if root.leaf == leaf
                )
            for move in self._arrivals.get(leaf, ()):
                if move.place.leaf not in span:
                    yield region, move.to, self.known.after(move)

    @cached_property
    def _arrivals(self) -> dict[str, list[Move]]:
        found: dict[str, list[Move]] = {}
        for graph in self.scope.graphs.values():
            for move in graph.moves():
                if move.moved:
                    found.setdefault(move.to.leaf, []).append(move)
        return found

    def _value(self, path: str, value: object, tokens: int, where: tuple[str, Place, Phrase]) -> None:
        """The facts that a Value branches over, or is."""
        fields = self.scope.definition.fields
        if isinstance(value, Tree):
            self._field(path, value.by, tokens, where)
            for inner in (*value.options.values(), value.otherwise):
                self._value(path, inner, tokens, where)
        elif isinstance(value, TableRef):
            self._value(path, value.otherwise, tokens, where)
        elif isinstance(value, str) and value.startswith("param."):
            self._value(path, self.scope.definition.params.get(value.removeprefix("param.")), tokens, where)
        elif isinstance(value, str) and value in fields:
            self._field(path, value, tokens, where)

    def _field(self, path: str, name: str, tokens: int, where: tuple[str, Place, Phrase]) -> None:
        spec = self.scope.definition.fields.get(name)
        if spec is not None and not spec.has_default and not self.known.has(tokens, (name,)):
            self._tell("D309", path, (name,), *where)

    # ---- D311 ------------------------------------------------------------------------------------

    def guards(self, region: str, move: Move) -> None:
        transition = move.edge.transition
        if transition.trigger is None or not transition.guard or move.number:
            return
        tokens = self.known.at(region, move.place) | self.known.asked(transition.asks)
        tokens |= self.known.bits((name,) for name in transition.requires)
        for number, guard in enumerate(transition.guard):
            path = f"{self.scope.path(transition)}.guard.{number}"
            expression = self.known.guard(path, guard)
            fact = None if expression is None else self.unknown(expression, tokens)
            if fact is None or self._can_be_brought(region, move, fact):
                continue
            way = way_without(self.known, self.scope.graphs[region], move.place, fact)
            name = ".".join(fact)
            self.scope.report.tell("D311", path, trigger=transition.trigger, fact=name, way=way)

    def _can_be_brought(self, region: str, move: Move, fact: Path) -> bool:
        """Whether somebody can still bring a fact without leaving this leaf, or gives it with this very act."""
        leaf, root = move.place.leaf, fact[0]
        if root in ("clock", "actor", "act", "links"):
            return True
        if any(ask.name in fact for ask in move.edge.transition.asks):
            return True
        if root in ("parties", "party") and fact[1] in self.scope.definition.parties.fields:
            return region != MAIN or leaf in self.scope.outline.open_leaves
        wanted = fact[1] if root in ("last", "been") else None
        for act in self.scope.outline.generated.values():
            brings = act.name == wanted or (act.kind in ("add", "sign") and act.subject in fact)
            if brings and (leaf in act.leaves or region != MAIN):
                return True
        return any(self._brings(move, fact, other) for other in self._beside(region, move.place))

    def _brings(self, move: Move, fact: Path, other: Move) -> bool:
        if fact[0] == "been":
            return other.moved and fact[1] in self.scope.outline.leaves[other.to.leaf].path
        if fact[0] == "last":
            return other.trigger == fact[1] and other.edge is not move.edge
        given = any(ask.name in fact for ask in other.edge.transition.asks)
        return given or self.known.has(self.known.brought(other), fact[:1])

    def _beside(self, region: str, place: Place) -> Iterator[Move]:
        """Moves that leave this region where it is."""
        for name, graph in self.scope.graphs.items():
            if name == region:
                yield from (move for move in graph.out.get(place, ()) if not move.moved)
            else:
                yield from graph.moves()

    # ---- judging one expression ----------------------------------------------------------------------

    def unknown(self, expression: Expression, tokens: int) -> Path | None:
        """A fact for want of which the expression may have no value; None if it always has one."""
        doubts = doubtful(self.known, expression, tokens)
        if not doubts:
            return None
        if decidable(expression):
            decided, fact = self._by_force(expression, doubts)
            if decided:
                return fact
        tested = expression.tests
        bare = [doubt for doubt in doubts if not any(doubt[: len(asked)] == asked for asked in tested)]
        return bare[0] if bare else None

    def _by_force(self, expression: Expression, doubts: list[Path]) -> tuple[bool, Path | None]:
        """Every combination of values, each doubtful fact absent as well; (decided, the fact that was missed)."""
        choices: list[list[dict[Path, object]]] = []
        for doubt in doubts:
            held = [path for path in expression.atoms if path[: len(doubt)] == doubt]
            given: list[dict[Path, object]] = [
                dict(zip(held, combination, strict=True))
                for combination in product(*(values(expression.atoms[path]) for path in held))
            ]
            choices.append([{}, *given])
        sure = [path for path in expression.atoms if not any(path[: len(d)] == d for d in doubts)]
        choices += [[{path: value} for value in values(expression.atoms[path])] for path in sure]
        if prod(len(choice) for choice in choices) > MOST:
            return False, None
        for combination in product(*choices):
            facts = self.compiled.environment.sample_facts(
                {path: value for part in combination for path, value in part.items()}
            )
            if isinstance(expression.evaluate(facts), Unknown):
                absent = [doubt for doubt, part in zip(doubts, combination, strict=False) if not part]
                return True, absent[0] if absent else doubts[0]
        return True, None


def _read_by(path: str, effect: Effect) -> list[str]:
    """Paths of the expressions of an effect."""
    if isinstance(effect, SetEffect):
        return [f"{path}.set.{name}" for name in effect.values]
    if isinstance(effect, UnseatEffect) and effect.who is not None:
        return [f"{path}.who"]
    return [f"{path}.parties"] if isinstance(effect, OpenEffect) and effect.parties is not None else []
