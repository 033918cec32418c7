"""A definition compiled: typed expressions, one ``transitions`` machine per region, everything looked up once.

``transitions`` is used without models: a frozen machine per region, a throw-away subject per call.
Only callables reach it, never text. Conditions choose the branch; who may act, what is required and every
guard are judged before the trigger is fired, so that all reasons can be told.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from engine.definitions.fact import schema_of
from engine.definitions.model import (
    Branch,
    Definition,
    OpenEffect,
    PurgeEffect,
    Rule,
    SetEffect,
    Transition,
    UnseatEffect,
    Vocabulary,
)
from engine.definitions.outline import Outline, effects_of
from engine.machine.stand import Stand, stand_of
from engine.rules.expression import Expression
from engine.rules.schema import FactSchema

if TYPE_CHECKING:  # what compiles and what moves is loaded when something is compiled or moved
    from transitions import Machine

    from engine.rules.environment import Environment

UNFILED = "@unfiled"
MOST_WORDS = 4096  # titles of one definition that are kept
MOST_STANDS = 1024  # where cases of one definition may stand that are kept: leaves of all regions together
Key = tuple[str, str, str | None]  # of an expression: text or name of a rule, wanted type, item bound


class Subject:
    """What ``transitions`` moves: a state, the way to judge a condition, the leaf last left."""

    __slots__ = ("back", "holds", "state", "taken")

    def __init__(self, state: str, back: str | None, holds: Callable[[str], bool]) -> None:
        self.state = state
        self.back = back
        self.holds = holds
        self.taken: int | None = None


@dataclass(frozen=True)
class Step:
    """Where a trigger leads: the branch taken and the leaf after it (the same leaf and ``moved`` False: stays)."""

    branch: Branch
    leaf: str
    moved: bool


@dataclass(frozen=True)
class Program:
    """The compiled form of one definition, which never changes: each part is made when it is first needed.

    Expressions too: that all of them compile is the analysis's business, before a definition may run.
    """

    definition: Definition
    outline: Outline
    hash: str
    vocabulary: Vocabulary | None = None

    @cached_property
    def schema(self) -> FactSchema:
        return schema_of(self.outline)

    @cached_property
    def environment(self) -> "Environment":
        from engine.rules.environment import Environment

        return Environment(self.schema)

    @cached_property
    def machines(self) -> "dict[str, Machine]":
        from engine.machine.region import machine_of

        return {name: machine_of(self.outline, name) for name in self.outline.regions}

    @cached_property
    def words(self) -> dict[tuple[str, str, str], str]:
        """Titles that were asked for, by kind, name and language; :mod:`engine.machine.judge` finds them."""
        return {}

    @cached_property
    def order(self) -> dict[str, int]:
        """Clock to its place in the file."""
        return {name: index for index, name in enumerate(self.definition.clocks)}

    @cached_property
    def kept(self) -> frozenset[tuple[str, str]]:
        """("been", state) and ("last", trigger) that some expression reads: only those are kept on the row."""
        telling = [key for key in self.texts if "been" in self.that(key[0]) or "last" in self.that(key[0])]
        return frozenset(
            (path[0], path[1])
            for key in telling
            for path in self.expression(key).reads
            if len(path) > 1 and path[0] in ("been", "last")
        )

    @cached_property
    def lots(self) -> frozenset[str]:
        """Seats that are filled by lot."""
        return self.outline.lots

    @cached_property
    def hides(self) -> bool:
        """Whether a fact of its cases hides them from the person it names."""
        of_records = (spec for record in self.definition.records.values() for spec in record.fields.values())
        return any(spec.hides for spec in (*self.definition.fields.values(), *of_records))

    @cached_property
    def erases(self) -> bool:
        """Whether content of its cases may be purged: then each event is salted, so that what is gone cannot be guessed
        from its hash."""
        return any(isinstance(effect, PurgeEffect) for effect in effects_of(self.definition))

    @cached_property
    def undone(self) -> frozenset[str]:
        """Acts that another act undoes: they keep where the case stood."""
        return frozenset(
            name for _, _, written in self.definition.regions() for t in written for name in t.undoes
        )

    @cached_property
    def reads_links(self) -> bool:
        """Whether some expression may read the linked cases, as far as its text tells."""
        return any("links" in self.that(text) for text, _, _ in self.texts)

    @cached_property
    def reads_ref(self) -> bool:
        """Whether some expression may read the case's reference, as far as its text tells."""
        return any(re.search(r"\.\s*ref\b", self.that(text)) for text, _, _ in self.texts)

    @cached_property
    def texts(self) -> dict[Key, bool]:
        """Every expression: (text, wanted type, item bound), and whether it may read the time."""
        found: dict[Key, bool] = {}
        for text, want, item, time in self._texts():
            found.setdefault((text, want, item), time)
        return found

    def expression(self, key: Key) -> Expression:
        """The compiled form of one of ``texts``."""
        made = self._expressions.get(key)
        if made is None:
            text, want, item = key
            made = self.environment.compile(self.that(text), want=want, item=item, time=self.texts[key])
            self._expressions[key] = made
        return made

    @cached_property
    def _expressions(self) -> dict[Key, Expression]:
        return {}

    @cached_property
    def spans(self) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
        """Clock to the leaves it runs in and those it pauses in."""
        outline = self.outline
        return {
            name: (
                outline.open_leaves if spec.runs_in is None else frozenset(outline.spread(spec.runs_in)),
                frozenset(outline.spread(spec.pauses_in)),
            )
            for name, spec in self.definition.clocks.items()
        }

    @cached_property
    def _stands(self) -> dict[tuple[tuple[str, str], ...], Stand]:
        return {}

    def stand(self, states: dict[str, str]) -> Stand:
        """What is fixed by where a case stands; kept, as the definition never changes."""
        key = tuple(states.items())
        found = self._stands.get(key)
        if found is None:
            found = stand_of(self.outline, self.spans, states)
            if len(self._stands) >= MOST_STANDS:
                self._stands.clear()
            self._stands[key] = found
        return found

    @cached_property
    def params(self) -> dict[str, Any]:
        """Parameters with one plain value, as expressions read them."""
        given = self.definition.params
        return {name: value for name, value in given.items() if isinstance(value, str | int | bool)}

    def that(self, text: str) -> str:
        """The condition behind a rule's name, or the text itself."""
        rule = self.definition.rules.get(text)
        return text if rule is None else rule.that

    def guard(self, guard: str | Rule) -> Rule:
        if isinstance(guard, Rule):
            return guard
        rule = self.definition.rules[guard]
        return rule if rule.name else rule.model_copy(update={"name": guard})

    def condition(self, text: str, item: str | None = None) -> Expression:
        return self.expression((text, "bool", item))

    def value(self, text: str, want: str, item: str | None = None) -> Expression:
        return self.expression((text, want, item))

    def step(self, region: str, trigger: str, subject: Subject) -> Step | None:
        """Fire a trigger on a subject; None if no branch takes it. What ``holds`` raises goes through."""
        before = subject.state
        edge = self.outline.moves.get((before, trigger)) if not trigger.startswith("@") else None
        if not self.machines[region].events[trigger].trigger(subject):
            return None
        assert subject.taken is not None  # noqa: S101 - a trigger that succeeds has passed a _Choice
        branches = (edge.transition if edge else self._by_trigger[region, trigger]).dest
        branch = branches[subject.taken]
        return Step(branch, subject.state, moved=branch.to != "stay")

    @cached_property
    def _by_trigger(self) -> dict[tuple[str, str], Transition]:
        return {
            (region.name, join_name(index) if t.trigger is None else t.trigger): t
            for region in self.outline.regions.values()
            for index, t in enumerate(region.transitions)
        }

    def _texts(self) -> Iterator[tuple[str, str, str | None, bool]]:
        """Every expression of the definition: (text, wanted type, item, may it read the time)."""
        definition = self.definition
        for rule in definition.rules:
            yield rule, "bool", None, True
        for _, states, transitions in definition.regions():
            for transition in transitions:
                yield from self._of_transition(transition)
            for spec in self._specs(states):
                yield from self._of_effects(spec.enter, None)
        for name, clock in definition.clocks.items():
            yield from self._of_clock(name)
            for effects in clock.at.values():
                yield from self._of_effects(effects, clock.per)

    def _specs(self, states: Any) -> Iterator[Any]:
        for spec in states.values():
            yield spec
            yield from self._specs(spec.states)

    def _of_transition(self, transition: Transition) -> Iterator[tuple[str, str, str | None, bool]]:
        if transition.as_soon_as is not None:
            yield transition.as_soon_as, "bool", None, False
        for guard in transition.guard:
            yield (guard.that if isinstance(guard, Rule) else guard), "bool", None, True
        for branch in transition.dest:
            if branch.when is not None:
                yield branch.when, "bool", None, True
            yield from self._of_effects(branch.effects, None)
        yield from self._of_effects(transition.effects, None)

    def _of_clock(self, name: str) -> Iterator[tuple[str, str, str | None, bool]]:
        clock = self.definition.clocks[name]
        for text in (clock.until, clock.from_):
            if text is not None:
                yield text, "timestamp", clock.per, True
        if clock.while_ is not None:
            yield clock.while_, "bool", clock.per, False
        for rung in clock.extend:
            for guard in rung.guard:
                yield (guard.that if isinstance(guard, Rule) else guard), "bool", None, True

    def _of_effects(self, effects: Any, item: str | None) -> Iterator[tuple[str, str, str | None, bool]]:
        for effect in effects:
            if isinstance(effect, SetEffect):
                for field, text in effect.values.items():
                    yield text, f"value:{self.definition.fields[field].kind}", item, True
            elif isinstance(effect, UnseatEffect) and effect.who is not None:
                yield effect.who, "person", item, True
            elif isinstance(effect, OpenEffect) and effect.parties is not None:
                yield effect.parties, "parties", item, True


def join_name(index: int) -> str:
    """The trigger name of an ``as_soon_as``; no caller can send it."""
    return f"@join{index}"


def compile_definition(
    definition: Definition, content_hash: str, vocabulary: Vocabulary | None = None
) -> Program:
    """The compiled form of a definition."""
    outline = Outline(definition, vocabulary.dispatch) if vocabulary else Outline(definition)
    return Program(definition, outline, content_hash, vocabulary)
