"""FM-D106: facts that nobody ever brings; rules, seats and parameters that nobody uses."""

import re
from collections.abc import Iterator

from engine.definitions.analysis import site
from engine.definitions.analysis.report import phrase
from engine.definitions.analysis.scope import Scope
from engine.definitions.model import OpenEffect, SetEffect

_WORD = re.compile(r"[a-z][a-z0-9_]*")


def check(scope: Scope) -> None:
    _never_brought(scope)
    definition = scope.definition
    used_rules = {guard.guard for guard in site.guards(definition) if isinstance(guard.guard, str)}
    used_rules |= {computed.rule for computed in scope.computed if computed.rule is not None}
    words = {word for text in scope.texts for word in _WORD.findall(text)}
    needed = {name for written in scope.written for name in written.transition.requires}
    used = {
        "rules": used_rules,
        "seats": words | needed | set(scope.handled),
        "params": set(_parameters(scope)),
    }
    for section, names in used.items():
        for name in getattr(definition, section):
            if name not in names:
                kind, why = phrase(f"kind.{section[:-1]}"), phrase("unused.never_used")
                scope.report.tell("D106", f"{section}.{name}", sort=kind, name=name, why=why)


def _parameters(scope: Scope) -> Iterator[str]:
    for text in scope.texts:
        yield from re.findall(r"\bparam\.([a-z0-9_]+)", text)
    definition = scope.definition
    values: list[object] = list(definition.params.values())
    for clock in definition.clocks.values():
        values += [clock.within, *(rung.by for rung in clock.extend)]
    for value in values:
        yield from re.findall(r"param\.([a-z0-9_]+)", repr(value))


def _never_brought(scope: Scope) -> None:
    brought = {ask.name for written in scope.written for ask in written.transition.asks}
    for clock in scope.definition.clocks.values():
        brought.update(ask.name for rung in clock.extend for ask in rung.asks)
    for _, effect, _ in scope.effects:
        if isinstance(effect, SetEffect):
            brought.update(effect.values)
    brought.update(_carried_here(scope))
    for name in scope.definition.fields:
        if name not in brought:
            _tell(scope, f"fields.{name}", "field", name)
    for name, record in scope.definition.records.items():
        if name not in brought and not record.by:
            _tell(scope, f"records.{name}", "record", name)


def _carried_here(scope: Scope) -> Iterator[str]:
    """Fields that another case type fills when it opens one of this type."""
    for other in (scope.definition, *(scope.others or ())):
        for _, effect, _ in site.each_effect(other):
            if isinstance(effect, OpenEffect) and effect.case_type == scope.definition.case_type:
                yield from effect.carry


def _tell(scope: Scope, path: str, kind: str, name: str) -> None:
    why = phrase("unused.never_brought")
    scope.report.tell("D106", path, sort=phrase(f"kind.{kind}"), name=name, why=why)
