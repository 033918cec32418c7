"""From SQLAlchemy's expressions to the driver's text: the only place where they are compiled."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from threading import Lock
from typing import Any

from sqlalchemy import Dialect, bindparam
from sqlalchemy.sql.compiler import SQLCompiler

from engine.persistence.compiled import Compiled
from engine.persistence.convert import Convert, binder, reader
from engine.persistence.statement import Element, Upsert


@cache
def dialect_of(name: str) -> Dialect:
    """The dialect whose text the driver takes: ``sqlite`` (sqlite3) or ``postgresql`` (psycopg)."""
    module = {"sqlite": "sqlite.pysqlite", "postgresql": "postgresql.psycopg"}[name]
    kind: Any = import_module(f"sqlalchemy.dialects.{module}").dialect
    made: Dialect = kind(paramstyle="qmark" if name == "sqlite" else "format", dbapi=kind.import_dbapi())
    return made


def compiled(build: Callable[..., Element], names: Iterable[str], dialect_name: str) -> Compiled:
    """What ``build`` makes of bound places, as text that takes their values again and again."""
    dialect = dialect_of(dialect_name)
    # a prefix, since names of columns are taken in SET and VALUES
    arguments = {f"p_{name}": name for name in names}
    made = _sql(build(**{name: bindparam(bound) for bound, name in arguments.items()}), dialect)
    if made.post_compile_params:
        raise TypeError(f"lists have no fixed text: {made}")
    order = made.positiontup or []
    converts = {name: binder(made.binds[name].type, dialect) for name in order}
    fixed = {
        name: made.params[name] if convert is None else convert(made.params[name])
        for name, convert in converts.items()
        if name not in arguments
    }
    return Compiled(
        sql=str(made),
        places=tuple((n, None) if n in fixed else (arguments[n], converts[n]) for n in order),
        fixed=fixed,
        **_outward(made, dialect),
    )


def compile_once(element: Element, dialect_name: str) -> tuple[Compiled, list[Any]]:
    """A statement with its values in it, lists included, for use where speed does not matter so much.

    The text of a shape is compiled once: lists and filters come in few shapes.
    """
    dialect = dialect_of(dialect_name)
    key = None if isinstance(element, Upsert) else element._generate_cache_key()
    kept = _shapes.get((dialect_name, key.key)) if key is not None else None
    if kept is None:
        kept = _Shape(_sql(element, dialect), [] if key is None else [bound.key for bound in key.bindparams])
        if key is not None:
            _keep((dialect_name, key.key), kept)
    given = (
        {} if key is None else dict(zip(kept.names, (b.effective_value for b in key.bindparams), strict=True))
    )
    expanded = kept.made.construct_expanded_state(given)
    processors: Mapping[str, Any] = {**kept.made._bind_processors, **expanded.processors}
    values = [
        processors[name](value) if name in processors else value
        for name, value in zip(expanded.positiontup or (), expanded.positional_parameters, strict=True)
    ]
    return Compiled(expanded.statement, (), {}, **kept.outward(dialect)), values


class _Shape:
    """A compiled statement and the names of the values that it takes anew."""

    __slots__ = ("_outward", "made", "names")

    def __init__(self, made: SQLCompiler, names: list[str]) -> None:
        self.made, self.names = made, names
        self._outward: dict[str, Any] | None = None

    def outward(self, dialect: Dialect) -> dict[str, Any]:
        if self._outward is None:
            self._outward = _outward(self.made, dialect)
        return self._outward


MOST_SHAPES = 500
_shapes: dict[tuple[str, Any], _Shape] = {}
_keeping = Lock()


def _keep(key: tuple[str, Any], shape: _Shape) -> None:
    with _keeping:
        if len(_shapes) >= MOST_SHAPES:
            del _shapes[next(iter(_shapes))]
        _shapes[key] = shape


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
