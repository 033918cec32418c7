"""One rule of a table, compiled: when it holds, and what it gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.routing.table.model import Cell, Given, Rule
from engine.rules.expression import Expression, Unknown

Verdict = bool | Unknown


@dataclass(frozen=True, slots=True)
class Row:
    """``cells``: by column, groups of categories written out, each with its condition. ``test``: all of them
    as one; None: nothing is asked. ``order`` says how far in front it goes (hit: priority)."""

    rule: Rule
    cells: Mapping[str, tuple[Cell, Expression]]
    test: Expression | None
    when: Expression | None
    then: Mapping[str, Given | Expression]
    order: int = 0

    def cells_hold(self, facts: Mapping[str, Any]) -> Verdict:
        return True if self.test is None else verdict(self.test, facts)


def verdict(condition: Expression, facts: Mapping[str, Any]) -> Verdict:
    value = condition.evaluate(facts)
    if value is True or value is False or isinstance(value, Unknown):
        return value
    return Unknown(condition.text, f"{type(value).__name__} is no condition")


def both(one: Verdict, other: Verdict) -> Verdict:
    """And, where a False settles it whatever the other is."""
    if one is False or other is False:
        return False
    return other if one is True else one
