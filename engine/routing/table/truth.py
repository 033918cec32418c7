"""What the tables answer in every case that can make a difference, row by row: for people to read, and to hold a
changed table against.

Each fact that a table reads runs through its options, or the values around the numbers it is set against, and
through being unknown where it may be. Where that would be more than ``MOST`` combinations, each fact is varied by
itself and together with each other one, the rest staying as usual.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from itertools import combinations, product
from math import prod
from typing import Any

from engine.definitions.model import Definition
from engine.routing.table.answer import Proposal, Unruled
from engine.routing.table.bind import Bound
from engine.routing.table.model import SLOTS
from engine.routing.table.routing import Routing
from engine.routing.table.space import OTHER
from engine.rules.environment import Environment
from engine.rules.expression import Atom, Expression
from engine.rules.reading import Path
from engine.rules.sample import values

MOST = 512
ABSENT = "-"
_NUMBERS = ("int", "number", "money")
Case = Mapping[Path, Any]


@dataclass(frozen=True, slots=True)
class Truth:
    """One table. ``facts`` head the first cells of each row, ``given`` the others; ``of``: how many combinations
    there are, of which all are shown where ``complete``."""

    name: str
    title: str
    zh: str
    about: str
    facts: tuple[str, ...]
    given: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    of: int
    complete: bool

    def to_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {name: getattr(self, name) for name in ("name", "title", "zh", "about")}
        cells = {
            "facts": list(self.facts),
            "given": list(self.given),
            "rows": [list(row) for row in self.rows],
        }
        return told | cells | {"combinations": self.of, "complete": self.complete}


def truths(routing: Routing, environment: Environment, definition: Definition) -> list[Truth]:
    return [_Table(routing, environment, definition, bound).told() for bound in routing.tables]


def to_csv(routing: Routing, told: Iterable[Truth]) -> str:
    """A block for each table: what it is in a line that begins with ``#``, the heads, the rows."""
    out = StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    out.write(f"# {routing.sheet.title} · {routing.case_type} {routing.version} ({routing.digest[:12]})\n")
    for one in told:
        how = f"all {one.of}" if one.complete else f"{len(one.rows)} of {one.of}: each fact alone, each pair"
        out.write(f"\n# {one.name}: {one.title}{' · ' if one.zh else ''}{one.zh} ({one.about}; {how})\n")
        write((*one.facts, *(f"-> {name}" for name in one.given)))
        for row in one.rows:
            write(row)
    return out.getvalue()


class _Table:
    def __init__(
        self, routing: Routing, environment: Environment, definition: Definition, bound: Bound
    ) -> None:
        self.routing, self.environment, self.definition, self.bound = routing, environment, definition, bound

    def told(self) -> Truth:
        found = {path: self._values(path) for path in self._paths()}
        total = prod(len(some) for some in found.values())
        complete = total <= MOST
        answers = [(case, self._answer(case)) for case in (_all(found) if complete else _pairs(found))]
        table = self.bound.table
        slots = ("value",) if table.gives else SLOTS
        given = ("rule", *(slot for slot in slots if any(slot in answer for _, answer in answers)))
        rows = (
            (*map(_word, case.values()), *(_word(answer.get(slot, "")) for slot in given))
            for case, answer in answers
        )
        about = f"gives {table.gives}" if table.gives else f"for {', '.join(table.seats)}"
        facts = tuple(".".join(path) for path in found)
        return Truth(table.name, table.title, table.zh, about, facts, given, tuple(rows), total, complete)

    # ---- what it reads ---------------------------------------------------------------------------------

    def _paths(self) -> list[Path]:
        """In the order of the columns; what only conditions, outputs or the categories read comes behind."""
        found: dict[Path, None] = {}
        for expression in self._expressions():
            found.update(dict.fromkeys(sorted(expression.reads)))
        return list(found)

    def _expressions(self) -> Iterator[Expression]:
        yield from (column.expression for column in self.bound.columns)
        for row in (*self.bound.rows, *((self.bound.otherwise,) if self.bound.otherwise else ())):
            yield from (one for one in (row.test, row.when) if one is not None)
            # what is drawn from a list (whom the parties named) has no finite cases: it is told of a case without
            yield from (one for one in row.then.values() if isinstance(one, Expression) and one.finite)
        if self.bound.table.seats and self.routing.category is not None:
            yield self.routing.category

    def _values(self, path: Path) -> tuple[Any, ...]:
        """The usual value first; None: nothing is known."""
        known = self.environment.fact_type(path)
        kind = "" if known is None else known.kind
        spec = self.definition.fields.get(path[0]) if len(path) == 1 else None
        if known is not None and kind in ("bool", "choice"):
            some = values(Atom(known))
        elif known is not None and kind in _NUMBERS:
            some = values(Atom(known, tuple(self._literals(path))))
        elif known is not None and kind == "choices":
            some = ((), *((option,) for option in known.options), known.options)
        else:
            some = (*dict.fromkeys(str(one) for one in self._literals(path)), OTHER)
        if spec is not None and spec.has_default:
            return (spec.default, *(one for one in some if one != spec.default))
        return (*some, None) if len(path) > 1 else (None, *some)

    def _literals(self, path: Path) -> Iterator[Any]:
        for expression in self._expressions():
            if path in expression.atoms:
                yield from expression.atoms[path].literals
        for row in self.bound.rows:
            for column in self.bound.columns:
                if column.fact == path and column.name in row.cells:
                    yield from row.cells[column.name][0].values

    # ---- what it answers -------------------------------------------------------------------------------

    def _answer(self, case: Case) -> Mapping[str, Any]:
        facts = self.environment.sample_facts(
            {
                path: list(value) if isinstance(value, tuple) else value
                for path, value in case.items()
                if value is not None
            }
        )
        facts.setdefault("parties", [])
        for path, value in case.items():
            if value is None:  # what would hold it is there all the same
                held = facts
                for name in path[:-1]:
                    held = held.setdefault(name, {})
        table = self.bound.table
        said = self.routing.grade(facts) if table.gives else self.routing.ruling(table.seats[0], facts)
        if isinstance(said, Unruled):
            asked = said.reason.params.get("fact") or said.reason.params.get("rules") or ""
            return {"rule": f"{said.reason.code} {asked}".strip()}
        if isinstance(said, Proposal):
            return {"rule": said.rule, "value": said.value}
        return {} if said is None else said.to_json()


def _all(found: Mapping[Path, tuple[Any, ...]]) -> Iterator[Case]:
    for some in product(*found.values()):
        yield dict(zip(found, some, strict=True))


def _pairs(found: Mapping[Path, tuple[Any, ...]]) -> Iterator[Case]:
    usual = {path: some[0] for path, some in found.items()}
    yield usual
    for path, some in found.items():
        yield from ({**usual, path: value} for value in some[1:])
    for (one, ones), (other, others) in combinations(found.items(), 2):
        yield from ({**usual, one: a, other: b} for a, b in product(ones[1:], others[1:]))


def _word(value: Any) -> str:
    if value is None:
        return ABSENT
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return "/".join(str(one) for one in value) or "[]"
    return "…" if value == OTHER else str(value)
