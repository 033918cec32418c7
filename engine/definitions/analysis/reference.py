"""FM-D102, D104, D105: what is named exists; trees name the options of their fact (D302 to D304)."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from engine.definitions.analysis import site
from engine.definitions.analysis.report import listed, near, phrase
from engine.definitions.analysis.scope import Scope
from engine.definitions.closeness import USUAL
from engine.definitions.model import (
    Ask,
    Definition,
    Effect,
    FieldSpec,
    LinkEffect,
    NoticeEffect,
    OpenEffect,
    PurgeEffect,
    RecordSpec,
    SealEffect,
    SeatEffect,
    SetEffect,
    TableRef,
    Tree,
    UnseatEffect,
)


def check(scope: Scope, calendars: Collection[str] | None = None) -> None:
    _calendar(scope, calendars)
    _state_names(scope)
    _rule_names(scope)
    _asked(scope)
    _effects(scope)
    _record_names(scope)
    _clock_names(scope)
    _milestones(scope)
    _counts(scope)
    _classes(scope)


def _calendar(scope: Scope, known: Collection[str] | None) -> None:
    name = scope.definition.calendar
    if known is not None and name not in known:
        nearest = near(name, known) or "`, `".join(sorted(known))
        scope.report.tell("D105", "calendar", name=name, sort=phrase("kind.calendar"), near=nearest)


# ---- D102: states ------------------------------------------------------------------------------


def _state_names(scope: Scope) -> None:
    by_region: dict[str, set[str]] = {}
    for stated in site.states(scope.definition):
        by_region.setdefault(stated.region, set()).add(stated.name)
    everywhere = set().union(*by_region.values())
    for written in scope.written:
        own = by_region.get(written.region, set())
        _known_states(scope, f"{written.path}.source", written.transition.source, own | {"any"})
        _known_states(scope, f"{written.path}.except", written.transition.except_, own)
        for number, branch in enumerate(written.transition.dest):
            if branch.to not in own and branch.to not in ("stay", "back"):
                _unknown_state(scope, f"{written.path}.dest.{number}.to", branch.to, own)
    for name, record in scope.definition.records.items():
        _known_states(scope, f"records.{name}.in", record.in_, everywhere | {"any"})
    for name, clock in scope.definition.clocks.items():
        _known_states(scope, f"clocks.{name}.runs_in", clock.runs_in or (), everywhere | {"any"})
        _known_states(scope, f"clocks.{name}.pauses_in", clock.pauses_in, everywhere | {"any"})


def _known_states(scope: Scope, path: str, names: Iterable[str], known: set[str]) -> None:
    for number, name in enumerate(names):
        if name not in known:
            _unknown_state(scope, f"{path}.{number}", name, known)


def _unknown_state(scope: Scope, path: str, name: str, known: set[str]) -> None:
    scope.report.tell("D102", path, name=name, near=near(name, known))


def _milestones(scope: Scope) -> None:
    definition = scope.definition
    known = {s.name for s in site.states(definition)} | scope.outline.triggers.keys()
    known |= scope.outline.generated.keys() | definition.records.keys()
    for name, given in definition.milestones.items():
        if scope.vocabulary.milestones and name not in scope.vocabulary.milestones:
            _unknown(scope, f"milestones.{name}", name, "milestone", scope.vocabulary.milestones)
        _known_states(scope, f"milestones.{name}", given, known)


def _counts(scope: Scope) -> None:
    """What counts is an activity of the vocabulary, by outcomes and records that exist, of people who can be there."""
    definition = scope.definition
    for name, spec in definition.counts.items():
        if scope.vocabulary.activities:
            _need(scope, f"counts.{name}", name, "activity", scope.vocabulary.activities)
        for key, given, what, known in (
            ("outcomes", spec.outcomes, "outcome", definition.outcomes),
            ("records", spec.records, "record", definition.records),
            ("of", spec.of, "seat", {*scope.outline.seats, "reporter"}),
        ):
            for number, one in enumerate(given):
                _need(scope, f"counts.{name}.{key}.{number}", one, what, known)


# ---- classes ---------------------------------------------------------------------------------------


def _classes(scope: Scope) -> None:
    """Each class is one of the vocabulary; a tree of them branches over a fact of the case."""
    for path, given in _classed(scope.definition):
        _class(scope, path, given)


def _classed(definition: Definition) -> Iterator[tuple[str, object]]:
    yield "reporter.class", definition.reporter.class_
    for name, role in definition.parties.roles.items():
        yield f"parties.roles.{name}.class", role.class_
    places = {"fields": definition.fields, "parties.fields": definition.parties.fields}
    for name, record in definition.records.items():
        yield f"records.{name}.class", record.class_
        places[f"records.{name}.fields"] = record.fields
    for place, fields in places.items():
        for name, spec in fields.items():
            yield f"{place}.{name}.class", spec.class_
    for stated in site.states(definition):
        yield f"{stated.path}.class", stated.spec.class_


def _class(scope: Scope, path: str, given: object) -> None:
    if isinstance(given, Tree):
        _tree(scope, path, given, scope.definition.fields)
        for option, inner in given.options.items():
            _class(scope, f"{path}.{option}", inner)
        _class(scope, f"{path}.else", given.otherwise)
    elif isinstance(given, str):
        _need(scope, path, given, "class", {*USUAL, *scope.vocabulary.classes})


# ---- D104, D105: rules, facts, seats, outcomes, forms, parameters ---------------------------------


def _rule_names(scope: Scope) -> None:
    for guarded in site.guards(scope.definition):
        if isinstance(guarded.guard, str) and guarded.guard not in scope.definition.rules:
            name = guarded.guard
            scope.report.tell("D104", guarded.path, name=name, near=near(name, scope.definition.rules))


def _unknown(scope: Scope, path: str, name: str, what: str, known: Collection[str]) -> None:
    scope.report.tell("D105", path, name=name, sort=phrase(f"kind.{what}"), near=near(name, known))


def _need(scope: Scope, path: str, name: str, what: str, known: Collection[str]) -> None:
    if name not in known:
        _unknown(scope, path, name, what, known)


def _asked(scope: Scope) -> None:
    definition = scope.definition
    known = {*definition.fields, *definition.records, *scope.outline.seats}
    for written in scope.written:
        _asks(scope, f"{written.path}.asks", written.transition.asks, known)
        for number, name in enumerate(written.transition.requires):
            _need(scope, f"{written.path}.requires.{number}", name, "fact", known)
        outcomes = definition.outcomes
        for number, name in enumerate(written.transition.outcome):
            _need(scope, f"{written.path}.outcome.{number}", name, "outcome", outcomes)
        for number, branch in enumerate(written.transition.dest):
            if branch.outcome is not None:
                path = f"{written.path}.dest.{number}.outcome"
                _need(scope, path, branch.outcome, "outcome", outcomes)
    for name, clock in definition.clocks.items():
        for step, rung in enumerate(clock.extend):
            _asks(scope, f"clocks.{name}.extend.{step}.asks", rung.asks, known)


def _asks(scope: Scope, path: str, asks: Iterable[Ask], known: set[str]) -> None:
    for number, ask in enumerate(asks):
        if ask.name != "note":
            _need(scope, f"{path}.{number}", ask.name, "fact", known)


def _effects(scope: Scope) -> None:
    for path, effect, _ in scope.effects:
        for at, name, kind, known in _named_by(scope, effect):
            _need(scope, f"{path}.{at}", name, kind, known)


def _named_by(scope: Scope, effect: Effect) -> Iterator[tuple[str, str, str, Collection[str]]]:
    """(key, name, kind, what is known of that kind) of everything an effect names."""
    fields, records, seats = scope.definition.fields, scope.definition.records, scope.outline.seats
    match effect:
        case SetEffect():
            yield from ((f"set.{name}", name, "field", fields) for name in effect.values)
        case SeatEffect() | UnseatEffect():
            yield effect.verb, effect.seat, "seat", seats
        case NoticeEffect():
            yield "notice", effect.form, "form", scope.vocabulary.forms
        case LinkEffect():
            yield "case", effect.case, "field", fields
        case OpenEffect():
            yield from ((f"carry.{i}", name, "field", fields) for i, name in enumerate(effect.carry))
        case SealEffect():
            yield "seal", effect.target, "record", {"case", *records}
        case PurgeEffect():
            facts = {*fields, *records}
            yield from ((f"purge.{i}", name, "fact", facts) for i, name in enumerate(effect.facts))


def _record_names(scope: Scope) -> None:
    records = scope.definition.records
    for name, record in records.items():
        if record.per is not None:
            _need(scope, f"records.{name}.per", record.per, "record", {"party", *records})
        if record.form is not None:
            _need(scope, f"records.{name}.form", record.form, "form", scope.vocabulary.forms)
        if record.agent is not None:
            _agent(scope, name, record, record.agent)
        if isinstance(record.signed_by, Tree):
            _tree(scope, f"records.{name}.signed_by", record.signed_by, record.fields)


def _agent(scope: Scope, name: str, record: RecordSpec, field: str) -> None:
    """Kinds of agents are options of a choice in a record of a party; every kind that a role admits is one of them."""
    path, roles = f"records.{name}.agent", scope.definition.parties.roles
    kinds = record.fields[field].options if field in record.fields and record.per == "party" else ()
    if not kinds:
        choices = [one for one, spec in record.fields.items() if spec.options and record.per == "party"]
        _unknown(scope, path, field, "field", choices)
        return
    for role, spec in roles.items():
        for number, kind in enumerate(spec.agents):
            if kind not in kinds:
                message = phrase("tree.option", name=f"{name}.{field}", value=kind, options=listed(kinds))
                scope.report.tell("D303", f"parties.roles.{role}.agents.{number}", message=message)


def _clock_names(scope: Scope) -> None:
    definition = scope.definition
    triggers = {*scope.outline.triggers, *scope.outline.generated, "any"}
    for name, param in definition.params.items():
        _value(scope, f"params.{name}", param)
    for name, clock in definition.clocks.items():
        _value(scope, f"clocks.{name}.within", clock.within)
        for number, rung in enumerate(clock.extend):
            _value(scope, f"clocks.{name}.extend.{number}.by", rung.by)
        if clock.per is not None:
            _need(scope, f"clocks.{name}.per", clock.per, "record", {"party", *definition.records})
        for number, trigger in enumerate(clock.restarts_on):
            _need(scope, f"clocks.{name}.restarts_on.{number}", trigger, "trigger", triggers)


def _value(scope: Scope, path: str, value: object) -> None:
    """A Value of a clock: its parameters, facts and options exist."""
    if isinstance(value, Tree):
        _tree(scope, path, value, scope.definition.fields)
        for option, inner in value.options.items():
            _value(scope, f"{path}.{option}", inner)
        _value(scope, f"{path}.else", value.otherwise)
    elif isinstance(value, TableRef):
        _need(scope, f"{path}.table", value.table, "seat", scope.outline.seats)
        _value(scope, f"{path}.else", value.otherwise)
    elif isinstance(value, str) and value.startswith("param."):
        _need(scope, path, value.removeprefix("param."), "param", scope.definition.params)
    elif isinstance(value, str) and value.replace("_", "").isidentifier() and not path.startswith("params."):
        _need(scope, path, value, "field", scope.definition.fields)


def _tree(scope: Scope, path: str, tree: Tree, fields: Mapping[str, FieldSpec]) -> None:
    """A tree branches over a choice or truth value, names its options, and all of them unless there is ``else``."""
    spec = fields.get(tree.by)
    if spec is None:
        _unknown(scope, f"{path}.by", tree.by, "field", fields)
        return
    if spec.kind not in ("choice", "bool"):
        message = phrase("tree.kind", name=tree.by, found=spec.kind)
        scope.report.tell("D302", f"{path}.by", message=message)
        return
    options = spec.options if spec.kind == "choice" else ("true", "false")
    for option in tree.options:
        if option not in options:
            message = phrase("tree.option", name=tree.by, value=option, options=listed(options))
            scope.report.tell("D303", f"{path}.{option}", message=message)
    missing = [option for option in options if option not in tree.options]
    if missing and not tree.has_else:
        scope.report.tell("D304", path, trigger=tree.by, witness=f"{tree.by} = {missing[0]}")
