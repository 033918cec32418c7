"""Statements written once as typed functions, compiled once per dialect, run on the driver's connection.

    @statement(Head._make)
    def load_case(*, case_id: int) -> ClauseElement:
        return select(c.state, c.version).where(c.id == case_id)

``unit.run(load_case, case_id=7)`` gives ``list[Head]``. The converters are the ones that SQLAlchemy
would run, so instants, booleans and JSON come and go as they do through an engine.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from inspect import signature
from typing import Any, Generic, ParamSpec, TypeVar

from sqlalchemy import ClauseElement, Dialect, Table, bindparam
from sqlalchemy.sql.compiler import SQLCompiler

from engine.persistence.convert import Convert, binder, reader

P = ParamSpec("P")
R = TypeVar("R")


@cache
def dialect_of(name: str) -> Dialect:
    """The dialect whose text the driver takes: ``sqlite`` (sqlite3) or ``postgresql`` (psycopg)."""
    module = {"sqlite": "sqlite.pysqlite", "postgresql": "postgresql.psycopg"}[name]
    kind: Any = import_module(f"sqlalchemy.dialects.{module}").dialect
    made: Dialect = kind(paramstyle="qmark" if name == "sqlite" else "format", dbapi=kind.import_dbapi())
    return made


@dataclass(frozen=True)
class Upsert:
    """Insert, or change the row that has the same key.

    ``change`` gets the row that was to be inserted and gives what to set; None leaves the old row alone.
    Both databases know this, and SQLAlchemy spells it once for each.
    """

    table: Table
    values: Mapping[str, Any]
    key: Sequence[str]
    change: Callable[[Any], Mapping[str, Any]] | None = None
    returning: Sequence[Any] = ()

    def on(self, dialect: Dialect) -> ClauseElement:
        insert: Any = import_module(f"sqlalchemy.dialects.{dialect.name}").insert
        made = insert(self.table).values(dict(self.values))
        if self.change is None:
            made = made.on_conflict_do_nothing(index_elements=list(self.key))
        else:
            made = made.on_conflict_do_update(index_elements=list(self.key), set_=self.change(made.excluded))
        result: ClauseElement = made.returning(*self.returning) if self.returning else made
        return result


Element = ClauseElement | Upsert


@dataclass(frozen=True, slots=True)
class Compiled:
    """Driver text, what goes into its places in order, and what is done to the columns it gives."""

    sql: str
    places: tuple[tuple[str, Convert | None], ...]
    fixed: Mapping[str, Any]
    read: tuple[tuple[int, Convert], ...]
    columns: tuple[str, ...]
    writes: bool

    def bind(self, given: Mapping[str, Any]) -> list[Any]:
        values = {**self.fixed, **given} if self.fixed else given
        return [values[name] if convert is None else convert(values[name]) for name, convert in self.places]

    def convert(self, row: Sequence[Any]) -> Sequence[Any]:
        if not self.read:
            return row
        cells = list(row)
        for index, convert in self.read:
            cells[index] = convert(cells[index])
        return cells


class Statement(Generic[P, R]):
    """A statement with typed arguments and rows; ``build`` is called with bound places for ``names``."""

    def __init__(self, build: Callable[..., Element], names: Iterable[str], make: Convert) -> None:
        self._build, self.names, self.make = build, tuple(names), make
        self._compiled: dict[str, Compiled] = {}

    def on(self, dialect: str) -> Compiled:
        found = self._compiled.get(dialect)
        if found is None:
            found = self._compiled[dialect] = self._compile(dialect_of(dialect))
        return found

    def _compile(self, dialect: Dialect) -> Compiled:
        # a prefix, since names of columns are taken in SET and VALUES
        arguments = {f"p_{name}": name for name in self.names}
        made = _sql(self._build(**{name: bindparam(bound) for bound, name in arguments.items()}), dialect)
        if made.post_compile_params:
            raise TypeError(f"lists have no fixed text: {made}")
        order = made.positiontup or []
        return Compiled(
            sql=str(made),
            places=tuple((arguments.get(n, n), binder(made.binds[n].type, dialect))
                         for n in order),
            fixed={name: made.params[name] for name in order if name not in arguments},
            **_outward(made, dialect),
        )  # fmt: skip


def statement(make: Callable[[Any], R]) -> Callable[[Callable[P, Element]], Statement[P, R]]:
    """Turns a function that builds a statement into the statement; rows are made by ``make`` (tuple: as they are)."""

    def decorate(build: Callable[P, Element]) -> Statement[P, R]:
        return Statement(build, signature(build).parameters, make)

    return decorate


def compile_once(element: Element, dialect_name: str) -> tuple[Compiled, list[Any]]:
    """A statement with its values in it, lists included, for use where speed does not matter."""
    dialect = dialect_of(dialect_name)
    made = _sql(element, dialect)
    expanded = made.construct_expanded_state()
    processors: Mapping[str, Any] = {**made._bind_processors, **expanded.processors}
    values = [
        processors[name](value) if name in processors else value
        for name, value in zip(expanded.positiontup or (), expanded.positional_parameters, strict=True)
    ]
    return Compiled(expanded.statement, (), {}, **_outward(made, dialect)), values


def _sql(element: Element, dialect: Dialect) -> SQLCompiler:
    made = (element.on(dialect) if isinstance(element, Upsert) else element).compile(dialect=dialect)
    if not isinstance(made, SQLCompiler):
        raise TypeError(f"not a statement: {element!r}")
    if made.insert_prefetch or made.update_prefetch:
        raise TypeError("defaults on the Python side do not run on the driver connection")
    return made


def _outward(made: SQLCompiler, dialect: Dialect) -> dict[str, Any]:
    return {
        "read": tuple(_readers(made, dialect)),
        "columns": tuple(str(column.keyname) for column in made._result_columns),
        "writes": not str(made).lstrip().upper().startswith("SELECT"),
    }


def _readers(made: SQLCompiler, dialect: Dialect) -> Iterator[tuple[int, Convert]]:
    for index, column in enumerate(made._result_columns):
        processor = reader(column.type, dialect)
        if processor is not None:
            yield index, processor
