"""What can be proved of one table: cases that no rule fits, rules that meet, rules that are never chosen.

With witnesses: a case for which it is so. What cannot be told for certain is given as undecided, never guessed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.routing.table.bind import Bound
from engine.routing.table.box import Box, empty, meet, remainder, within
from engine.routing.table.cell import to_cel
from engine.routing.table.model import Cell, Plain
from engine.routing.table.row import Row
from engine.routing.table.space import Condition, Space, space
from engine.rules.environment import Environment, ExpressionError
from engine.rules.expression import Expression

Witness = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two rules that hold at once. ``proved``: the witness surely is a case. ``nested``: one holds wherever
    the other does. ``same``: both give the same."""

    first: Row
    second: Row
    witness: Witness
    told: Witness
    proved: bool
    nested: bool
    same: bool


@dataclass(frozen=True, slots=True)
class Masked:
    """A rule that is never chosen. ``why``: never (its conditions never hold), duplicate (of ``by``) or
    masked (by the rules before it; ``witness``: a case in which it would hold)."""

    row: Row
    why: Literal["never", "duplicate", "masked"]
    by: Row | None = None
    witness: Witness = field(default_factory=dict)


@dataclass(slots=True)
class Proof:
    """``gap``: a case that no rule fits, ``told`` what of it matters; ``gap_open``: whether there is one could
    not be decided. ``never``: columns of a rule whose cell never holds; ``idle``: values of a cell for
    which its rule is never chosen. ``sealed``: the rules fit every case by themselves."""

    gap: Witness | None = None
    told: Witness = field(default_factory=dict)
    gap_open: bool = False
    sealed: bool = False
    meetings: list[Meeting] = field(default_factory=list)
    masked: list[Masked] = field(default_factory=list)
    never: list[tuple[Row, str]] = field(default_factory=list)
    idle: list[tuple[Row, str, Plain]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Boxed:
    row: Row
    sure: Box
    maybe: Box


def prove(bound: Bound, environment: Environment) -> Proof:
    given = {row.rule.id: list(_conditions(bound, row)) for row in bound.rows}
    singles = _singles(bound, environment)
    every = [c for some in given.values() for c in some] + [c for _, _, _, c in singles]
    made = space(environment, every)
    proof = Proof()
    if made is None:
        proof.gap_open = True
        return proof
    boxed = [
        _Boxed(row, made.box(given[row.rule.id]), made.box(given[row.rule.id], maybe=True))
        for row in bound.rows
    ]
    _gap(proof, made, boxed)
    _never(proof, made, given, boxed)
    _meetings(proof, made, bound, boxed)
    _masked(proof, made, bound, boxed)
    _idle(proof, made, bound, boxed, singles)
    return proof


def _conditions(bound: Bound, row: Row) -> Iterable[Condition]:
    columns = {column.name: column for column in bound.columns}
    for name, (cell, expression) in row.cells.items():
        yield Condition(expression, columns[name], cell)
    if row.when is not None:
        yield Condition(row.when)


Single = tuple[Row, str, Plain, Condition]


def _singles(bound: Bound, environment: Environment) -> list[Single]:
    """Each value of a cell that has several, as a condition of its own."""
    found: list[Single] = []
    kept: dict[str, Expression] = {}
    for row in bound.rows:
        for column in bound.columns:
            cell = row.cells.get(column.name, (Cell("any"), None))[0]
            if cell.kind != "of" or len(cell.values) < 2 or column.shape in (None, "strings"):
                continue
            for value in cell.values:
                own = Cell("of", (value,))
                text = to_cel(own, column.text, column.shape or "string")
                try:
                    expression = kept.get(text) or environment.compile(text)
                except ExpressionError:  # the whole cell holds, so this cannot be
                    continue
                kept[text] = expression
                found.append((row, column.name, value, Condition(expression, column, own)))
    return found


def _gap(proof: Proof, made: Space, boxed: list[_Boxed]) -> None:
    left = remainder(made.full, [one.maybe for one in boxed])
    if left is None:
        proof.gap_open = True
        return
    real = next((box for box in left if made.real(box)), None)
    if real is not None:
        proof.gap, proof.told = made.witness(real), made.told(real)
    elif left:
        proof.gap_open, proof.told = True, made.told(left[0])
    else:
        proof.sealed = True


def _never(proof: Proof, made: Space, given: Mapping[str, list[Condition]], boxed: list[_Boxed]) -> None:
    for one in boxed:
        for condition in given[one.row.rule.id]:
            if condition.column is not None and empty(made.box([condition], maybe=True)):
                proof.never.append((one.row, condition.column.name))
        if empty(one.maybe) and not any(row is one.row for row, _ in proof.never):
            proof.masked.append(Masked(one.row, "never"))


def _meetings(proof: Proof, made: Space, bound: Bound, boxed: list[_Boxed]) -> None:
    """Of each rule the first that it meets: one is enough to mend."""
    for number, two in enumerate(boxed):
        found = [m for one in boxed[:number] if (m := _meeting(made, one, two)) is not None]
        wanted = [m for m in found if bound.table.hit == "unique" or not (m.same or m.nested)]
        best = next((m for m in wanted if m.proved), None) or next(iter(wanted), None)
        if best is not None:
            proof.meetings.append(best)


def _meeting(made: Space, one: _Boxed, two: _Boxed) -> Meeting | None:
    shared = meet(one.sure, two.sure)
    if empty(shared):
        return None
    return Meeting(
        one.row,
        two.row,
        made.witness(shared),
        made.told(shared),
        made.real(shared),
        within(one.sure, two.sure) or within(two.sure, one.sure),
        _same(one.row, two.row),
    )


def _same(one: Row, two: Row) -> bool:
    """Whether both give the same, by what is written."""
    return one.rule.then == two.rule.then


def _masked(proof: Proof, made: Space, bound: Bound, boxed: list[_Boxed]) -> None:
    for one, before in _after(bound, boxed):
        if empty(one.sure):
            continue
        twin = next((b for b in boxed if b.sure == one.sure and b.maybe == one.maybe), one)
        if twin is not one and bound.table.hit in ("unique", "collect"):
            proof.masked.append(Masked(one.row, "duplicate", twin.row))
        elif remainder(one.sure, [b.maybe for b in before]) == []:
            why: Literal["duplicate", "masked"] = "duplicate" if twin in before else "masked"
            by = twin.row if twin in before else _by(one, before)
            proof.masked.append(Masked(one.row, why, by, made.told(one.sure)))


def _by(one: _Boxed, before: list[_Boxed]) -> Row | None:
    """The one rule that covers it alone, if one does."""
    return next((b.row for b in before if within(one.sure, b.maybe)), None)


def _after(bound: Bound, boxed: list[_Boxed]) -> Iterable[tuple[_Boxed, list[_Boxed]]]:
    """Each rule with those that go before it."""
    ranked = bound.table.hit == "priority"
    for number, one in enumerate(boxed):
        if bound.table.hit in ("unique", "collect"):
            yield one, []
            continue
        before = [
            other
            for place, other in enumerate(boxed)
            if ((other.row.order if ranked else 0), place) < ((one.row.order if ranked else 0), number)
        ]
        yield one, before


def _idle(proof: Proof, made: Space, bound: Bound, boxed: list[_Boxed], singles: list[Single]) -> None:
    dead = {id(row) for row in (*(m.row for m in proof.masked), *(row for row, _ in proof.never))}
    for one, before in _after(bound, boxed):
        if id(one.row) in dead:
            continue
        for row, name, value, condition in singles:
            if row is one.row:
                own = meet(one.sure, made.box([condition]))
                if remainder(own, [b.maybe for b in before]) == []:
                    proof.idle.append((row, name, value))
