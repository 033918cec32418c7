"""Statements written once as typed functions, compiled once per dialect, run on the driver's connection.

    @statement(Head._make)
    def load_case(*, case_id: int) -> ClauseElement:
        return select(c.state, c.version).where(c.id == case_id)

``unit.run(load_case, case_id=7)`` gives ``list[Head]``. The converters give what SQLAlchemy's would give, so
instants, booleans and JSON come and go as they do through an engine. Texts for SQLite are shipped
(``engine.persistence.ready``): where one is there, SQLAlchemy is not even imported.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from inspect import signature
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar, Union

from engine.persistence import ready
from engine.persistence.compiled import Compiled
from engine.persistence.convert import Convert
from engine.persistence.late import real

if TYPE_CHECKING:
    from sqlalchemy import ClauseElement, Dialect, Table

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Upsert:
    """Insert, or change the row that has the same key.

    ``change`` gets the row that was to be inserted and gives what to set; None leaves the old row alone.
    Both databases know this, and SQLAlchemy spells it once for each.
    """

    table: "Table"
    values: Mapping[str, Any]
    key: Sequence[str]
    change: Callable[[Any], Mapping[str, Any]] | None = None
    returning: Sequence[Any] = ()

    def on(self, dialect: "Dialect") -> "ClauseElement":
        insert: Any = import_module(f"sqlalchemy.dialects.{dialect.name}").insert
        made = insert(real(self.table)).values(dict(self.values))
        if self.change is None:
            made = made.on_conflict_do_nothing(index_elements=list(self.key))
        else:
            made = made.on_conflict_do_update(index_elements=list(self.key), set_=self.change(made.excluded))
        result: ClauseElement = made.returning(*self.returning) if self.returning else made
        return result


Element = Union["ClauseElement", Upsert]
Names = Iterable[str] | Callable[[], Iterable[str]]


class Statement(Generic[P, R]):
    """A statement with typed arguments and rows; ``build`` is called with bound places for ``names``.

    ``names`` may be a function, asked when the statement is compiled. ``name`` is what a ready text is found by.
    """

    def __init__(
        self, build: Callable[..., Element], names: Names, make: Convert, *, name: str | None = None
    ) -> None:
        self._build, self._names, self.make, self.name = build, names, make, name
        self._compiled: dict[str, Compiled] = {}
        if name is not None:
            ready.known(name, self)

    def on(self, dialect: str) -> Compiled:
        return self._compiled.get(dialect) or self._made(dialect)

    def _made(self, dialect: str) -> Compiled:
        found = self._compiled[dialect] = ready.find(self.name, dialect) or self.compile(dialect)
        return found

    def compile(self, dialect: str) -> Compiled:
        """Without regard to a text that stands ready."""
        from engine.persistence.compiler import compiled

        names = self._names() if callable(self._names) else self._names
        return compiled(self._build, names, dialect)


def statement(make: Callable[[Any], R]) -> Callable[[Callable[P, Element]], Statement[P, R]]:
    """Turns a function that builds a statement into the statement; rows are made by ``make`` (tuple: as they are)."""

    def decorate(build: Callable[P, Element]) -> Statement[P, R]:
        name = f"{build.__module__}:{build.__qualname__}"
        return Statement(build, signature(build).parameters, make, name=name)

    return decorate
