"""A backup taken while people and the worker write: it restores to a prefix of what was acknowledged, and verifies."""

import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.domain.errors import Unavailable, UsageError
from engine.persistence import address, backup
from engine.persistence.store import Store
from engine.service import filing
from engine.working import Worker
from tests.support.aftermath import bound, check_store, late
from tests.support.database import Server
from tests.support.load import Load
from tests.support.town import Town
from tests.support.walk import PLACE

NOW = datetime(2026, 11, 24, 0, 21, tzinfo=UTC)


@pytest.fixture
def busy(database_url: str) -> Iterator[Load]:
    """Four people write, and a worker has a backlog."""
    with Store.open(database_url, threads=4) as store:
        town = Town(store)
        given: dict[str, Any] = {"case_type": "dispute_mediation", "place": PLACE, "what": "a wall"}
        for _ in range(20):
            town.do(filing.file_case, "dsp-01", **given)
        town.pass_(days=10)
        yield Load(town.engine, 4)


def taken(load: Load, take: Any) -> tuple[dict[str, Any], Any]:
    """What was acknowledged before the backup began, and the backup."""
    stop = threading.Event()
    worker = threading.Thread(target=Worker(load.engine, cases=2, every_s=0.01).run, args=(stop,))
    with load:
        while len(load.acknowledged) < 30:
            stop.wait(0.005)
        worker.start()
        before = load.acknowledged
        made = take()
        while len(load.acknowledged) < len(before) + 20:
            stop.wait(0.005)
        stop.set()
        worker.join()
    return before, made


def check_prefix(load: Load, before: dict[str, Any], copy: Store) -> None:
    check_store(copy)
    there = bound(copy, load.told)
    assert before.items() <= there.items()
    live = bound(load.engine.store, load.told)
    assert there.items() <= live.items()
    assert len(there) < len(live)
    short, long = histories(copy), histories(load.engine.store)
    assert all(long[case][: len(events)] == events for case, events in short.items())
    # the copy is a store like any other: what was due is done there too
    town = Town(copy, seeded=True, now=load.engine.clock())
    assert isinstance(Worker(town.engine).catch_up().fired, int)
    assert late(copy, town.now) == []
    check_store(copy)


def histories(store: Store) -> dict[int, list[Any]]:
    def read(unit: Any) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = {}
        for case, digest in unit.connection.execute("SELECT case_id, hash FROM event ORDER BY case_id, seq"):
            found.setdefault(case, []).append(bytes(digest))
        return found

    return store.read(read)


def test_of_either_database(busy: Load, database_url: str, postgresql_server: Server, tmp_path: Path) -> None:
    if busy.engine.store.dialect == "sqlite":
        _check_file(busy, address.parse(database_url), tmp_path)
    else:
        _check_server(busy, database_url, postgresql_server, tmp_path / "dump")


def _check_file(load: Load, place: address.Address, folder: Path) -> None:
    before, looked = taken(load, lambda: backup.backup(place, now=NOW))
    assert looked.holds
    live = place.file.read_bytes()
    restored = backup.restore(looked.path, beside=place.file, now=NOW, to=folder / "restored.db")
    assert restored.holds
    with pytest.raises(UsageError, match="FM-U313"):  # never over what is there
        backup.restore(looked.path, beside=place.file, now=NOW, to=folder / "restored.db")
    assert place.file.read_bytes() == live
    with Store.open(str(restored.path)) as copy:
        # one moment: what was written first is in it, what was written later is not
        rows = "SELECT rowid, case_id, seq FROM event ORDER BY rowid"
        short = copy.read(lambda unit: unit.connection.execute(rows).fetchall())
        long = load.engine.store.read(lambda unit: unit.connection.execute(rows).fetchall())
        assert long[: len(short)] == short
        check_prefix(load, before, copy)


def _check_server(load: Load, url: str, server: Server, dump: Path) -> None:
    """By the database's own tools, as the message says."""
    with pytest.raises(Unavailable) as told:
        backup.backup(address.parse(url), now=NOW)
    assert told.value.code == "FM-S011"
    before, _ = taken(load, lambda: server.tool("pg_dump", "--format=custom", f"--file={dump}", url))
    copied = server.database("restored")
    server.tool("pg_restore", "--exit-on-error", f"--dbname={copied}", str(dump))
    with Store.open(copied) as copy:
        check_prefix(load, before, copy)
    with pytest.raises(subprocess.CalledProcessError):  # nor does that overwrite anything
        server.tool("pg_restore", "--exit-on-error", f"--dbname={copied}", str(dump))
    server.drop("restored")
