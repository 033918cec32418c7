"""The hit policies: which rules decide, given for each rule whether it holds, does not, or cannot be told.

What cannot be told counts as nothing: where the choice could hang on it, there is no choice (see
docs/routing.md). The rules of DMN 1.5, 8.2.11, as far as they are used here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from engine.routing.table.model import Hit
from engine.routing.table.row import Row, Verdict
from engine.rules.expression import Unknown


@dataclass(frozen=True, slots=True)
class Outcome:
    """``kind``: chosen (``rows``: one, or with collect one or more), none, missing (the first of ``rows`` asks
    for ``unknown``) or clash (``rows`` hold at once and may not)."""

    kind: Literal["chosen", "none", "missing", "clash"]
    rows: tuple[Row, ...] = ()
    unknown: Unknown | None = None


NONE = Outcome("none")


def choose(hit: Hit, rows: Sequence[Row], verdicts: Sequence[Verdict], otherwise: Row | None) -> Outcome:
    found = _POLICIES[hit](rows, verdicts)
    if found is not NONE:
        return found
    unknown = _first_unknown(rows, verdicts)
    if unknown is not None:
        return unknown
    return NONE if otherwise is None else Outcome("chosen", (otherwise,))


def _first_unknown(rows: Sequence[Row], verdicts: Sequence[Verdict]) -> Outcome | None:
    for row, verdict in zip(rows, verdicts, strict=True):
        if isinstance(verdict, Unknown):
            return Outcome("missing", (row,), verdict)
    return None


def _holding(rows: Sequence[Row], verdicts: Sequence[Verdict]) -> tuple[Row, ...]:
    return tuple(row for row, verdict in zip(rows, verdicts, strict=True) if verdict is True)


def _unique(rows: Sequence[Row], verdicts: Sequence[Verdict]) -> Outcome:
    holding = _holding(rows, verdicts)
    if len(holding) > 1:
        return Outcome("clash", holding)
    if not holding:
        return NONE
    return _first_unknown(rows, verdicts) or Outcome("chosen", holding)


def _first(rows: Sequence[Row], verdicts: Sequence[Verdict]) -> Outcome:
    for row, verdict in zip(rows, verdicts, strict=True):
        if verdict is True:
            return Outcome("chosen", (row,))
        if isinstance(verdict, Unknown):
            return Outcome("missing", (row,), verdict)
    return NONE


def _priority(rows: Sequence[Row], verdicts: Sequence[Verdict]) -> Outcome:
    """The first of the rules as they go before each other; those of one rank in the order of the table."""
    ranked = sorted(zip(rows, verdicts, strict=True), key=lambda pair: pair[0].order)
    return _first([row for row, _ in ranked], [verdict for _, verdict in ranked])


def _collect(rows: Sequence[Row], verdicts: Sequence[Verdict]) -> Outcome:
    holding = _holding(rows, verdicts)
    if not holding:
        return NONE
    return _first_unknown(rows, verdicts) or Outcome("chosen", holding)


_POLICIES = {"unique": _unique, "first": _first, "priority": _priority, "collect": _collect}
