"""Every place of a definition where something is named or computed, with its path in the normal form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.definitions.model import (
    Definition,
    Effect,
    NoticeEffect,
    OpenEffect,
    RemindEffect,
    Rule,
    SetEffect,
    StateSpec,
    Transition,
    Tree,
    UnseatEffect,
)
from engine.definitions.outline import MAIN


@dataclass(frozen=True, slots=True)
class Written:
    """A transition with its path; ``index`` is its place in the region's file order."""

    region: str
    index: int
    path: str
    transition: Transition

    @property
    def title(self) -> str:
        """How a message names it: the trigger, the name, or the condition itself."""
        return self.transition.trigger or self.transition.name or str(self.transition.as_soon_as)


@dataclass(frozen=True, slots=True)
class Stated:
    region: str
    name: str
    path: str
    spec: StateSpec


@dataclass(frozen=True, slots=True)
class Done:
    """A list of effects. ``kind``: transition, branch, enter or mark; ``owner`` names what it belongs to.

    ``automatic``: nobody need do anything for it to happen.
    """

    path: str
    kind: str
    owner: str
    effects: tuple[Effect, ...]
    item: str | None = None
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Guarded:
    """A guard where it stands: a rule's name or an inline rule."""

    path: str
    guard: str | Rule


@dataclass(frozen=True, slots=True)
class Named:
    """A Who where it stands. ``use``: allow, wait, tell or hold."""

    path: str
    who: str
    use: str


def prefix(region: str) -> str:
    return "" if region == MAIN else f"tracks.{region}."


def transitions(definition: Definition) -> Iterator[Written]:
    for region, _, given in definition.regions():
        for index, transition in enumerate(given):
            yield Written(region, index, f"{prefix(region)}transitions.{index}", transition)


def states(definition: Definition) -> Iterator[Stated]:
    for region, given, _ in definition.regions():
        yield from _states(region, given, f"{prefix(region)}states")


def _states(region: str, given: Mapping[str, StateSpec], path: str) -> Iterator[Stated]:
    for name, spec in given.items():
        own = f"{path}.{name}"
        yield Stated(region, name, own, spec)
        yield from _states(region, spec.states, f"{own}.states")


def effects(definition: Definition) -> Iterator[Done]:
    """Every list of effects that is not empty."""
    for written in transitions(definition):
        transition = written.transition
        auto = transition.as_soon_as is not None or "system" in transition.allow
        if transition.effects:
            yield Done(f"{written.path}.effects", "transition", written.title, transition.effects, None, auto)
        for number, branch in enumerate(transition.dest):
            if branch.effects:
                path = f"{written.path}.dest.{number}.effects"
                yield Done(path, "branch", written.title, branch.effects, None, auto)
    for stated in states(definition):
        if stated.spec.enter:
            yield Done(f"{stated.path}.enter", "enter", stated.name, stated.spec.enter, None, True)
    for name, clock in definition.clocks.items():
        for mark, given in clock.at.items():
            if given:
                yield Done(f"clocks.{name}.at.{mark}", "mark", name, given, clock.per, True)


def each_effect(definition: Definition) -> Iterator[tuple[str, Effect, Done]]:
    for done in effects(definition):
        for number, effect in enumerate(done.effects):
            yield f"{done.path}.{number}", effect, done


def guards(definition: Definition) -> Iterator[Guarded]:
    for written in transitions(definition):
        for number, guard in enumerate(written.transition.guard):
            yield Guarded(f"{written.path}.guard.{number}", guard)
    for name, clock in definition.clocks.items():
        for step, rung in enumerate(clock.extend):
            for number, guard in enumerate(rung.guard):
                yield Guarded(f"clocks.{name}.extend.{step}.guard.{number}", guard)


@dataclass(frozen=True, slots=True)
class Computed:
    """An expression where it stands. ``want`` as the environment understands it; ``time``: may read the time.

    ``use``: guard, when, join, while, from, until, set, who or parties. ``rule``: the rule that is used here by
    name; its own text is judged where it stands.
    """

    path: str
    text: str
    want: str
    use: str
    item: str | None = None
    time: bool = True
    rule: str | None = None


def expressions(definition: Definition) -> Iterator[Computed]:
    """Every expression of a definition."""
    for name, rule in definition.rules.items():
        yield Computed(f"rules.{name}.that", rule.that, "bool", "guard")
    for guarded in guards(definition):
        if isinstance(guarded.guard, Rule):
            yield Computed(f"{guarded.path}.that", guarded.guard.that, "bool", "guard")
    for written in transitions(definition):
        transition = written.transition
        if transition.as_soon_as is not None:
            yield _condition(
                definition, f"{written.path}.as_soon_as", transition.as_soon_as, "join", time=False
            )
        for number, branch in enumerate(transition.dest):
            if branch.when is not None:
                yield _condition(definition, f"{written.path}.dest.{number}.when", branch.when, "when")
    yield from _clock_expressions(definition)
    for path, effect, done in each_effect(definition):
        yield from _effect_expressions(definition, path, effect, done.item)


def _condition(
    definition: Definition, path: str, text: str, use: str, *, item: str | None = None, time: bool = True
) -> Computed:
    rule = definition.rules.get(text)
    if rule is None:
        return Computed(path, text, "bool", use, item, time)
    return Computed(path, rule.that, "bool", use, item, time, text)


def _clock_expressions(definition: Definition) -> Iterator[Computed]:
    for name, clock in definition.clocks.items():
        for key, text in (("from", clock.from_), ("until", clock.until)):
            if text is not None:
                yield Computed(f"clocks.{name}.{key}", text, "timestamp", key, clock.per)
        if clock.while_ is not None:
            path = f"clocks.{name}.while"
            yield _condition(definition, path, clock.while_, "while", item=clock.per, time=False)


def _effect_expressions(
    definition: Definition, path: str, effect: Effect, item: str | None
) -> Iterator[Computed]:
    if isinstance(effect, SetEffect):
        for name, text in effect.values.items():
            kind = definition.fields[name].kind if name in definition.fields else None
            want = f"value:{kind}" if kind else "any"
            yield Computed(f"{path}.set.{name}", text, want, "set", item)
    elif isinstance(effect, UnseatEffect) and effect.who is not None:
        yield Computed(f"{path}.who", effect.who, "person", "who", item)
    elif isinstance(effect, OpenEffect) and effect.parties is not None:
        yield Computed(f"{path}.parties", effect.parties, "parties", "parties", item)


def whos(definition: Definition) -> Iterator[Named]:
    """Every Who that is written, once for each place."""
    yield from _listed("parties.changes", definition.parties.changes, "allow")
    for name, record in definition.records.items():
        yield from _listed(f"records.{name}.by", record.by, "allow")
        yield from _signing(f"records.{name}.signed_by", record.signed_by)
    for name, seat in definition.seats.items():
        yield from _listed(f"seats.{name}.of", seat.of, "hold")
    for stated in states(definition):
        yield from _listed(f"{stated.path}.waits_for", stated.spec.waits_for or (), "wait")
    for written in transitions(definition):
        yield from _listed(f"{written.path}.allow", written.transition.allow, "allow")
    for name, clock in definition.clocks.items():
        for number, rung in enumerate(clock.extend):
            yield from _listed(f"clocks.{name}.extend.{number}.allow", rung.allow, "allow")
    for path, effect, _ in each_effect(definition):
        if isinstance(effect, NoticeEffect):
            yield from _listed(f"{path}.to", effect.to, "tell")
        elif isinstance(effect, RemindEffect):
            yield from _listed(f"{path}.remind", effect.to, "tell")


def _listed(path: str, names: tuple[str, ...], use: str) -> Iterator[Named]:
    for number, name in enumerate(names):
        yield Named(f"{path}.{number}", name, use)


def _signing(path: str, value: object) -> Iterator[Named]:
    if isinstance(value, str):
        yield Named(path, value, "allow")
    elif isinstance(value, tuple):
        for number, part in enumerate(value):
            yield from _signing(f"{path}.{number}", part)
    elif isinstance(value, Tree):
        for option, inner in value.options.items():
            yield from _signing(f"{path}.{option}", inner)
        yield from _signing(f"{path}.else", value.otherwise)
