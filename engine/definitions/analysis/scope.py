"""What every part of the analysis works on: one definition, its names, what others define, the report."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from engine.definitions.analysis import site
from engine.definitions.analysis.graph import Graph, build
from engine.definitions.analysis.report import Report
from engine.definitions.analysis.who import People
from engine.definitions.model import Definition, Effect, Rule, Transition, Vocabulary
from engine.definitions.outline import Outline


@dataclass(frozen=True)
class Scope:
    """``others`` are the definitions that this one lives beside; None: not told, so nothing is held against it."""

    outline: Outline
    vocabulary: Vocabulary
    report: Report
    others: Sequence[Definition] | None = None
    # (region, index, leaf) of transitions whose conditional branches were proved to cover everything
    covered: set[tuple[str, int, str]] = field(default_factory=set)
    # leaves whose way out leads through a state that an `as_soon_as` may leave again before anybody can act
    shaken: set[str] = field(default_factory=set)
    # leaves of intake that are left for certain only once the sides are known
    sideless: set[str] = field(default_factory=set)
    # (region, index, leaf, branch) of branches that were proved never to be taken there
    barred: frozenset[tuple[str, int, str, int]] = frozenset()

    @property
    def definition(self) -> Definition:
        return self.outline.definition

    @cached_property
    def people(self) -> People:
        return People(self.outline, self.vocabulary)

    @cached_property
    def graphs(self) -> dict[str, Graph]:
        return {name: build(self.outline, name, self.barred) for name in self.outline.regions}

    @cached_property
    def reachable(self) -> frozenset[str]:
        """Leaves of all regions that can be reached if every condition may hold."""
        return frozenset(leaf for graph in self.graphs.values() for leaf in graph.leaves)

    @cached_property
    def written(self) -> tuple[site.Written, ...]:
        return tuple(site.transitions(self.definition))

    @cached_property
    def effects(self) -> tuple[tuple[str, Effect, site.Done], ...]:
        """Every effect with its path and the list it stands in."""
        return tuple(site.each_effect(self.definition))

    @cached_property
    def computed(self) -> tuple[site.Computed, ...]:
        return tuple(site.expressions(self.definition))

    @cached_property
    def paths(self) -> dict[int, site.Written]:
        """Each transition, by identity, to where it is written."""
        return {id(written.transition): written for written in self.written}

    @cached_property
    def state_paths(self) -> dict[str, str]:
        return {stated.name: stated.path for stated in site.states(self.definition)}

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Every expression of the definition as text."""
        return tuple(computed.text for computed in self.computed)

    @cached_property
    def handled(self) -> frozenset[str]:
        """Every Who that is written anywhere."""
        return frozenset(named.who for named in site.whos(self.definition))

    def path(self, transition: Transition) -> str:
        return self.paths[id(transition)].path

    def rule(self, guard: str | Rule) -> Rule | None:
        return guard if isinstance(guard, Rule) else self.definition.rules.get(guard)

    def condition(self, text: str) -> str:
        """A condition's expression: a rule used by name stands for what it says."""
        rule = self.definition.rules.get(text)
        return text if rule is None else rule.that

    def runs_in(self, clock: str) -> tuple[str, ...]:
        given = self.definition.clocks[clock].runs_in
        if given is None:
            return tuple(leaf for leaf in self.outline.leaves if leaf in self.outline.open_leaves)
        return self.spread(given)

    def spread(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return self.outline.spread(names)
