"""The schema's number: what a store has, what this program needs, and the way from one to the other.

Alembic is imported only to migrate; asking for the number is one query.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.domain.errors import Conflict, NotFound, Unavailable
from engine.persistence import duplicate
from engine.persistence.address import Address, missing
from engine.persistence.connection import connect
from engine.persistence.driver import Connection

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Engine


@dataclass(frozen=True, slots=True)
class Plan:
    """The number of the last revision, and the folders that hold them."""

    needs: int
    folders: tuple[Path, ...]


SHIPPED = Plan(11, (Path(__file__).parent / "migrations" / "versions",))
NEEDED = SHIPPED.needs


@dataclass(frozen=True, slots=True)
class Status:
    """``has`` None: an empty database, or a file that is not there."""

    has: int | None
    needs: int

    @property
    def current(self) -> bool:
        return self.has == self.needs


def status(address: Address, *, plan: Plan = SHIPPED) -> Status:
    """Raises FM-N003 for a missing file, FM-S009 for a database that holds something else."""
    connection = connect(address, readonly=True)
    try:
        return Status(number(connection), plan.needs)
    finally:
        connection.close()


def check(connection: Connection, *, address: Address) -> None:
    """Raises unless the store's schema is the one this program needs (FM-S002, FM-S003)."""
    has = number(connection)
    if has is None and address.dialect == "sqlite":
        raise Unavailable("FM-S014", kind="store", path=str(address))
    if has is None:
        raise missing(address)
    if has != NEEDED:
        raise Unavailable("FM-S002" if has < NEEDED else "FM-S003", kind="store", has=has, needs=NEEDED)


def number(connection: Any) -> int | None:
    """The schema number of an open database; None when it has no tables at all."""
    tables = _tables(connection)
    if not tables:
        return None
    if "alembic_version" not in tables:
        raise Unavailable("FM-S009", kind="store", detail="no schema number")
    found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return int(found[0]) if found is not None else None


def _tables(connection: Any) -> set[str]:
    if isinstance(connection, sqlite3.Connection):
        query = "SELECT name FROM sqlite_master WHERE type = 'table'"
    else:
        query = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    try:
        return {str(name) for (name,) in connection.execute(query).fetchall()}
    except sqlite3.DatabaseError as error:
        raise Unavailable("FM-S009", kind="store", detail=str(error)) from error


def create(address: Address) -> None:
    """A new store with the schema of this program. An existing SQLite file is never touched (FM-C021)."""
    if address.dialect == "sqlite":
        path = address.file
        if path.exists():
            raise Conflict("FM-C021", kind="store", path=str(path))
        if not path.parent.is_dir():
            raise NotFound("FM-N004", kind="store", path=str(path.parent))
        path.touch(mode=0o600)
    try:
        migrate(address)
    except BaseException:
        if address.dialect == "sqlite":
            address.file.unlink()
        raise


def upgrade(address: Address, *, now: datetime, plan: Plan = SHIPPED) -> Path | None:
    """Brings an older store to this program's schema; the copy that was kept of a SQLite file before.

    The copy stands in ``backups/`` beside the file. PostgreSQL migrates in one transaction and needs none.
    """
    before = status(address, plan=plan)
    if before.has is not None and before.has > before.needs:
        raise Unavailable("FM-S003", kind="store", has=before.has, needs=before.needs)
    if before.current:
        return None
    kept = _keep_copy(address.file, now) if address.dialect == "sqlite" else None
    migrate(address, plan=plan)
    return kept


def _keep_copy(path: Path, now: datetime) -> Path:
    kept = duplicate.stamped(path, now, folder=duplicate.BACKUPS)
    kept.parent.mkdir(exist_ok=True)
    duplicate.duplicate(path, kept)
    return kept


def migrate(address: Address, *, plan: Plan = SHIPPED) -> None:
    """Runs the migrations of this package, all in one transaction."""
    from alembic import command

    with _engine(address) as engine, engine.begin() as connection:
        config = configuration(plan)
        config.attributes["connection"] = connection
        command.upgrade(config, f"{plan.needs:04}")


def configuration(plan: Plan = SHIPPED) -> "Config":
    """Alembic's configuration for the migrations in this package; ``attributes["connection"]`` is missing."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "engine.persistence:migrations")
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", os.pathsep.join(map(str, plan.folders)))
    return config


@contextmanager
def _engine(address: Address) -> "Iterator[Engine]":
    from sqlalchemy import NullPool, create_engine, event

    if address.dialect == "sqlite":
        made = create_engine("sqlite://", creator=lambda: connect(address), poolclass=NullPool)
        # pysqlite would commit before each change of the schema
        event.listen(made, "begin", lambda opened: opened.exec_driver_sql("BEGIN IMMEDIATE"))
    else:
        made = create_engine(address.url, poolclass=NullPool)
    try:
        yield made
    finally:
        made.dispose()
