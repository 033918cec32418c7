"""Fixture ``victims``: the server of programs to be killed, one per test process."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.database import Server as Database
    from tests.support.victim import Server


@pytest.fixture(scope="session")
def victims(
    sqlite_template: Path, postgresql_server: "Database", tmp_path_factory: pytest.TempPathFactory
) -> Iterator["Server"]:
    from engine.persistence import address, schema
    from tests.support.deed import warm
    from tests.support.victim import Server

    file = tmp_path_factory.mktemp("warm") / "warm.db"
    shutil.copy(sqlite_template, file)
    url = postgresql_server.database("warm")
    schema.migrate(address.parse(url))
    with Server(warm, [f"sqlite:///{file}", url]) as made:
        yield made
    postgresql_server.drop("warm")
