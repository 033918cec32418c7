"""An open unit of work: one driver connection inside one transaction that its runner begins and ends."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NoReturn, TypeVar

from engine.persistence.boundary import check_arguments
from engine.persistence.compiled import Compiled
from engine.persistence.driver import Connection, Gone, in_transaction
from engine.persistence.failure import Again, translate
from engine.persistence.statement import Element, P, R, Statement
from engine.persistence.stored import Edition

T = TypeVar("T")


class Unit:
    """Runs statements. ``dialect`` is ``sqlite`` or ``postgresql``.

    With ``lazy`` the transaction begins before the first statement that writes: on PostgreSQL, READ
    COMMITTED, reading before that is the same and saves a round trip. ``locking`` asks for cases to be
    locked as they are read. One statement may be deferred: if nothing follows it, it is the transaction.
    ``view``: nothing is written in it, and what others write is not seen.
    """

    __slots__ = (
        "_deferred",
        "_depth",
        "_found",
        "connection",
        "dialect",
        "edition",
        "locking",
        "open",
        "written",
    )

    def __init__(
        self,
        connection: Connection,
        dialect: str,
        *,
        lazy: bool = False,
        locking: bool = False,
        view: bool = False,
    ) -> None:
        self.connection, self.dialect, self.locking = connection, dialect, locking
        self.open = not lazy
        self.edition: Edition | None = None  # as far as it was asked
        self.written = 0  # statements that were to change something
        self._depth = 0
        self._deferred: tuple[str, Sequence[Any]] | None = None
        self._found: dict[Hashable, Any] | None = {} if view else None

    def once(self, key: Hashable, look: Callable[[], T]) -> T:
        """What ``look`` finds in the store; in a view it looks once, for a report asks the same of ten measures."""
        if self._found is None:
            return look()
        if key not in self._found:
            self._found[key] = look()
        found: T = self._found[key]
        return found

    def run(self, statement: Statement[P, R], *_: P.args, **given: P.kwargs) -> list[R]:
        """All rows of a statement, made by its maker."""
        compiled = statement.on(self.dialect)
        cursor = self._send(compiled, compiled.bind(given))
        make = statement.make
        return [make(compiled.convert(row)) for row in cursor.fetchall()]

    def find(self, statement: Statement[P, R], *_: P.args, **given: P.kwargs) -> R | None:
        """The first row, or None."""
        compiled = statement.on(self.dialect)
        row = self._send(compiled, compiled.bind(given)).fetchone()
        found: R | None = None if row is None else statement.make(compiled.convert(row))
        return found

    def change(self, statement: Statement[P, Any], *_: P.args, **given: P.kwargs) -> int:
        """Runs a statement that gives no rows; how many rows it touched."""
        return self.put(statement, given)

    def put(self, statement: Statement[..., Any], given: Mapping[str, Any]) -> int:
        """The same, its values as a mapping."""
        compiled = statement.on(self.dialect)
        touched: int = self._send(compiled, compiled.bind(given)).rowcount
        return touched

    def execute(self, element: Element) -> list[dict[str, Any]]:
        """Any Core expression, compiled for this one call (about a millisecond); rows as dicts."""
        from engine.persistence.compiler import compile_once

        compiled, values = compile_once(element, self.dialect)
        cursor = self._send(compiled, values)
        if not compiled.columns:
            return []
        return [dict(zip(compiled.columns, compiled.convert(row), strict=True)) for row in cursor.fetchall()]

    def execute_many(self, element: Element, rows: list[Mapping[str, Any]]) -> None:
        """One insert for many rows, whose keys are the table's columns; compiled once."""
        if not rows:
            return
        names = list(rows[0])
        compiled = Statement(lambda **bound: _with_values(element, bound), names, tuple).on(self.dialect)
        for row in rows:
            self._send(compiled, compiled.bind(row))

    def defer(self, statement: Statement[..., Any], given: Mapping[str, Any]) -> None:
        """Keeps a writing statement back until something else is asked or the unit ends.

        It gives one number, and 0 means that somebody was first: Again.
        """
        self.flush()
        compiled = statement.on(self.dialect)
        values = compiled.bind(given)
        check_arguments(values)
        self._deferred = (compiled.sql, values)

    def flush(self, *, alone: bool = False) -> None:
        """Sends what was deferred; ``alone`` as a transaction of its own, if none has begun."""
        if self._deferred is None:
            return
        sql, values = self._deferred
        self._deferred = None
        if not alone:
            self.begin()
        if self._raw(sql, values).fetchone()[0] == 0:
            raise Again

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What is written inside is undone if an exception leaves it; the rest of the unit stands."""
        self.flush()
        self.begin()
        name = f"s{self._depth}"
        self._depth += 1
        self._raw(f"SAVEPOINT {name}")
        try:
            yield
            self.flush()
        except BaseException:
            self._deferred = None
            with suppress(Exception):
                self._raw(f"ROLLBACK TO SAVEPOINT {name}")
                self._raw(f"RELEASE SAVEPOINT {name}")
            raise
        else:
            self._raw(f"RELEASE SAVEPOINT {name}")
        finally:
            self._depth -= 1

    def begin(self) -> None:
        """Begins the transaction if that was left to the first write."""
        if not self.open:
            self._raw("BEGIN")
            self.open = True

    def _send(self, compiled: Compiled, values: Sequence[Any]) -> Any:
        if self._deferred is not None:
            self.flush()
        if compiled.writes:
            check_arguments(values)
            self.written += 1
            if not self.open:
                self.begin()
        try:
            return self.connection.execute(compiled.sql, values)
        except Exception as error:
            self._fail(error)

    def _raw(self, sql: str, values: Sequence[Any] = ()) -> Any:
        try:
            return self.connection.execute(sql, values)
        except Exception as error:
            self._fail(error)

    def _fail(self, error: Exception) -> NoReturn:
        """Raises what it means to people, or the very same."""
        told = translate(error)
        if self.open and not in_transaction(self.connection, self.dialect):
            self.connection = Gone(told)
        if told is error:
            raise error
        raise told from error


def _with_values(element: Any, bound: Mapping[str, Any]) -> Element:
    made: Element = element.values(**bound)
    return made
