"""What the two drivers, sqlite3 and psycopg, have in common here."""

from typing import Any, Protocol

# libpq's words for where a connection stands
_IDLE, _IN_ERROR, _UNKNOWN = 0, 3, 4


class Connection(Protocol):
    def execute(self, sql: Any, values: Any = ..., /) -> Any: ...

    def close(self) -> None: ...


class Gone:
    """Stands in for a connection whose transaction vanished under its unit.

    SQLite throws the whole transaction away when the disk is full; what was sent next would be
    committed statement by statement.
    """

    in_transaction = False

    def __init__(self, error: Exception) -> None:
        self._error = error

    def execute(self, sql: Any, values: Any = (), /) -> Any:
        raise self._error

    def close(self) -> None:
        pass


def in_transaction(connection: Any, dialect: str) -> bool:
    """Whether a transaction is open: an error may have ended it already."""
    if dialect == "sqlite":
        return bool(connection.in_transaction)
    return int(connection.info.transaction_status) not in (_IDLE, _UNKNOWN)


def in_error(connection: Any) -> bool:
    """PostgreSQL only: a statement failed, and COMMIT would roll back without a word."""
    return int(connection.info.transaction_status) == _IN_ERROR
