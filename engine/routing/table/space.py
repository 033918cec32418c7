"""The space over which a table decides: axes that do not depend on each other, each with its classes of values.

Conditions that read the same facts share an axis. Its classes are what they can say together: found by running
every combination of the facts' values that can make a difference through the real evaluator, up to
``engine.rules.sample.MOST`` combinations (``exact``). Where that cannot be done (a function, a list, an
instant), the axis has more classes than may exist: what does not happen there never happens, what does may not.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from math import prod
from typing import Any

from engine.definitions.analysis.branches import decidable
from engine.routing.table import cell as cells
from engine.routing.table.box import Box
from engine.routing.table.column import Column
from engine.routing.table.model import Cell
from engine.rules.environment import Environment
from engine.rules.expression import Atom, Expression, Unknown
from engine.rules.reading import Path
from engine.rules.sample import MOST, values

OTHER = "~other~"  # a word that no cell names
MOST_WORDS = 8  # of a list of words: subsets of no more are run through
_STANDING = ("inside", "been", "last", "seat", "clock", "links", "actor", "act", "now", "today", "param")
_ABSENT = object()

Shown = Mapping[str, Any]  # what stands for a class: fact or column to value


@dataclass(frozen=True, slots=True)
class Condition:
    """A cell over its column, or the ``when`` of a rule (no column)."""

    expression: Expression
    column: Column | None = None
    cell: Cell | None = None

    @property
    def key(self) -> str:
        return self.expression.text


@dataclass(frozen=True, slots=True)
class Axis:
    """``sure`` and ``maybe``: for each condition the classes in which it holds, and in which it is not false
    (a fact that it asks for may be absent)."""

    shown: tuple[Shown, ...]
    sure: Mapping[str, int]
    maybe: Mapping[str, int]
    exact: bool

    @property
    def full(self) -> int:
        return (1 << len(self.shown)) - 1


@dataclass
class Space:
    """The axes of some conditions."""

    environment: Environment
    axes: list[Axis] = field(default_factory=list)

    @property
    def full(self) -> Box:
        return tuple(axis.full for axis in self.axes)

    def box(self, conditions: Iterable[Condition], *, maybe: bool = False) -> Box:
        """Where all of some conditions hold."""
        found = list(self.full)
        for condition in conditions:
            for number, axis in enumerate(self.axes):
                held = axis.maybe if maybe else axis.sure
                if condition.key in held:
                    found[number] &= held[condition.key]
        return tuple(found)

    def real(self, box: Box) -> bool:
        """Whether the box surely has a case in it: it says nothing about an axis that is not exact."""
        return all(box) and all(
            axis.exact or mask == axis.full for axis, mask in zip(self.axes, box, strict=True)
        )

    def witness(self, box: Box) -> dict[str, Any]:
        """One case of the box: every fact of the exact axes, and columns of others that it narrows."""
        found: dict[str, Any] = {}
        for axis, mask in zip(self.axes, box, strict=True):
            if axis.exact or mask != axis.full:
                found.update(axis.shown[(mask & -mask).bit_length() - 1])
        return found

    def told(self, box: Box) -> dict[str, Any]:
        """The same without the axes about which the box says nothing."""
        found: dict[str, Any] = {}
        for axis, mask in zip(self.axes, box, strict=True):
            if mask != axis.full:
                found.update(axis.shown[(mask & -mask).bit_length() - 1])
        return found


def space(environment: Environment, conditions: Iterable[Condition]) -> Space | None:
    """None where a list is set against so many words that nothing is tried."""
    each = list({condition.key: condition for condition in conditions}.values())
    made = Space(environment)
    for group in _together(each):
        axis = _exact(environment, group)
        axes = [axis] if axis is not None else list(_loose(group))
        if None in axes:
            return None
        made.axes.extend(axis for axis in axes if axis is not None)
    return made


# ---- which conditions hang together --------------------------------------------------------------------


def _together(conditions: Sequence[Condition]) -> list[list[Condition]]:
    groups: list[tuple[set[Path], list[Condition]]] = []
    for condition in conditions:
        paths = set(condition.expression.reads)
        joined = [group for group in groups if _touch(group[0], paths)]
        place = groups.index(joined[0]) if joined else len(groups)
        groups = [group for group in groups if group not in joined]
        members = [member for group in joined for member in group[1]]
        groups.insert(place, (paths.union(*(group[0] for group in joined)), [*members, condition]))
    return [members for _, members in groups]


def _touch(some: set[Path], others: set[Path]) -> bool:
    return any(one[: len(other)] == other[: len(one)] for one in some for other in others)


# ---- exact axes ------------------------------------------------------------------------------------------


def _exact(environment: Environment, group: list[Condition]) -> Axis | None:
    domain = _domain(environment, group)
    if domain is None:
        return None
    judges = [_Judge(environment, condition.expression) for condition in group]
    seen: dict[tuple[bool | None, ...], Shown] = {}
    for combination in product(*domain.values()):
        given = dict(zip(domain, combination, strict=True))
        seen.setdefault(
            tuple(judge.holds(given) for judge in judges),
            {".".join(path): value for path, value in given.items() if value is not _ABSENT},
        )
    return _axis(group, seen, exact=True)


def _axis(group: Sequence[Condition], seen: Mapping[tuple[bool | None, ...], Shown], *, exact: bool) -> Axis:
    sure = dict.fromkeys((condition.key for condition in group), 0)
    maybe = dict(sure)
    for bit, signature in enumerate(seen):
        for condition, holds in zip(group, signature, strict=True):
            sure[condition.key] |= (holds is True) << bit
            maybe[condition.key] |= (holds is not False) << bit
    return Axis(tuple(seen.values()), sure, maybe, exact)


def _domain(environment: Environment, group: list[Condition]) -> dict[Path, tuple[Any, ...]] | None:
    """The values of each fact that a group reads; None where they are not finite or too many."""
    paths = set().union(*(condition.expression.reads for condition in group))
    if any(path[0] in _STANDING for path in paths):
        return None
    words = _words(environment, group, paths)
    if words is not None:
        return words
    if not all(decidable(condition.expression) for condition in group):
        return None
    found = {path: values(atom) for path, atom in _atoms(group).items()}
    for path in set().union(*(condition.expression.tests for condition in group)):
        found[path] = (*found[path], _ABSENT)
    return found if prod(len(options) for options in found.values()) <= MOST else None


def _atoms(group: list[Condition]) -> dict[Path, Atom]:
    atoms: dict[Path, Atom] = {}
    for condition in group:
        for path, atom in condition.expression.atoms.items():
            held = atoms.get(path, Atom(atom.fact))
            atoms[path] = Atom(atom.fact, tuple(dict.fromkeys((*held.literals, *atom.literals))))
    return atoms


def _words(
    environment: Environment, group: list[Condition], paths: set[Path]
) -> dict[Path, tuple[Any, ...]] | None:
    """A column that is nothing but a text or a list of words: those that cells name, and another one."""
    columns = [condition.column for condition in group]
    first = columns[0]
    if first is None or len(paths) != 1 or any(c is None or c.fact != first.fact for c in columns):
        return None
    path = next(iter(paths))
    known = environment.fact_type(path)
    if first.fact != path or known is None or not environment.layout.plain(path):
        return None
    if known.kind == "choices" or (first.shape == "string" and known.kind != "choice"):
        options = _options(first, [condition.cell for condition in group])
        return None if options is None else {path: options}
    return None


class _Judge:
    """One condition, judged once for each combination of the facts that it reads itself."""

    def __init__(self, environment: Environment, condition: Expression) -> None:
        self.environment = environment
        self.condition = condition
        self.paths = tuple(sorted(condition.reads))
        self.seen: dict[tuple[Any, ...], bool | None] = {}

    def holds(self, given: Mapping[Path, Any]) -> bool | None:
        own = {path: given[path] for path in self.paths}
        key = tuple(own.values())
        if key not in self.seen:
            facts = self.environment.sample_facts({p: _sample(v) for p, v in own.items() if v is not _ABSENT})
            for path, value in own.items():
                if value is _ABSENT:
                    _beside(facts, path)
            found = self.condition.evaluate(facts)
            self.seen[key] = None if isinstance(found, Unknown) else found is True
        return self.seen[key]


def _sample(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _beside(facts: dict[str, Any], path: Path) -> None:
    """Where a fact is absent, what would hold it is there all the same."""
    held = facts
    for name in path[:-1]:
        held = held.setdefault(name, {})


# ---- axes that may say too much ----------------------------------------------------------------------------


def _loose(group: list[Condition]) -> Iterator[Axis | None]:
    """An axis for each column by its type, and for each ``when``: more together than can happen."""
    by_column: dict[str, list[Condition]] = {}
    for condition in group:
        if condition.column is None:
            seen: dict[tuple[bool | None, ...], Shown] = {
                (True,): {condition.key: True},
                (False,): {condition.key: False},
            }
            yield _axis([condition], seen, exact=False)
        else:
            by_column.setdefault(condition.column.name, []).append(condition)
    for conditions in by_column.values():
        yield _loose_column(conditions)


def _loose_column(conditions: list[Condition]) -> Axis | None:
    column = conditions[0].column
    given = [condition.cell for condition in conditions]
    options = None if column is None else _options(column, given)
    if column is None or options is None:
        return None
    seen: dict[tuple[bool | None, ...], Shown] = {}
    for value in options:
        signature = tuple(cell is not None and cells.holds(cell, value) for cell in given)
        seen.setdefault(signature, {column.name: value})
    return _axis(conditions, seen, exact=False)


def _options(column: Column, given: Sequence[Cell | None]) -> tuple[Any, ...] | None:
    """The values of a column that can make a difference to its cells."""
    named = list(dict.fromkeys(value for cell in given if cell is not None for value in cell.values))
    if column.shape == "bool":
        return (True, False)
    if column.shape == "string":
        return (*named, OTHER)
    if column.shape == "strings":
        if len(named) > MOST_WORDS:
            return None
        kept = product((False, True), repeat=len(named))
        return tuple(tuple(n for n, taken in zip(named, some, strict=True) if taken) for some in kept)
    numbers = sorted({float(n) for n in named if isinstance(n, int | float)} or {0.0})
    if column.shape == "int":
        return tuple(sorted({int(n) + step for n in numbers for step in (-1, 0, 1)}))
    between = [(low + high) / 2 for low, high in pairwise(numbers)]
    return tuple(sorted({*(n + step for n in numbers for step in (-1, 0, 1)), *between}))
