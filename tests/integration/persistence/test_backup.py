"""Backups: taken under load they are a prefix of what was acknowledged, and nothing is ever overwritten."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from engine.domain.errors import Conflict, NotFound, Unavailable, UsageError
from engine.persistence import address, backup, table
from engine.persistence.address import Address
from engine.persistence.backup import Finding
from engine.persistence.store import Store
from engine.persistence.unit import Unit
from tests.support import stored_case as sample


@pytest.fixture
def place(sqlite_url: str) -> Address:
    return address.parse(sqlite_url)


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    with Store.open(sqlite_url, threads=1) as opened:
        yield opened


def ids(unit: Unit) -> set[int]:
    return {row["id"] for row in unit.execute(table.columns_of(table.Case).select())}


class TestBackup:
    def test_under_load_it_is_a_prefix_of_what_was_acknowledged(self, store: Store, place: Address) -> None:
        acknowledged: list[int] = []
        stop = threading.Event()

        def work() -> None:
            while not stop.is_set():
                acknowledged.append(store.write(sample.file_case))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        while len(acknowledged) < 50:
            stop.wait(0.005)
        before = set(acknowledged)
        looked = backup.backup(place, now=sample.START)
        stop.set()
        for thread in threads:
            thread.join()
        assert looked.holds
        assert looked.chains == looked.cases == looked.events
        with Store.open(str(looked.path)) as copy:
            found = copy.read(ids)
        assert before <= found <= set(acknowledged)
        assert found == set(range(1, len(found) + 1))  # no gap: one moment, not several

    def test_it_is_one_file_and_its_owners_alone(self, store: Store, place: Address) -> None:
        store.write(sample.file_case)
        looked = backup.backup(place, now=sample.START)
        assert looked.path == place.file.parent / "backups" / "store-20261124-0021.db"
        assert [file.name for file in looked.path.parent.iterdir()] == ["store-20261124-0021.db"]
        assert looked.path.stat().st_mode & 0o777 == 0o600
        assert backup.latest(place.file) == looked.path

    def test_names_never_meet(self, store: Store, place: Address) -> None:
        made = {backup.backup(place, now=sample.START).path.name for _ in range(4)}
        assert len(made) == 4
        later = backup.backup(place, now=sample.START + timedelta(minutes=1)).path
        assert later.name == "store-20261124-0022.db"

    def test_a_place_may_be_named(self, store: Store, place: Address, tmp_path: Path) -> None:
        stick = tmp_path / "stick"
        stick.mkdir()
        assert backup.backup(place, now=sample.START, to=stick).path.parent == stick
        assert backup.backup(place, now=sample.START, to=stick / "x.db").path == stick / "x.db"
        with pytest.raises(Conflict) as taken:
            backup.backup(place, now=sample.START, to=stick / "x.db")
        assert taken.value.code == "FM-C021"
        with pytest.raises(NotFound):
            backup.backup(place, now=sample.START, to=tmp_path / "none" / "x.db")
        with pytest.raises(Conflict):
            backup.backup(place, now=sample.START, to=place.file)

    def test_postgresql_has_its_own_tools(self) -> None:
        with pytest.raises(Unavailable) as told:
            backup.backup(address.parse("postgresql://u:secret@h/x"), now=sample.START)
        assert told.value.code == "FM-S011"
        assert "secret" not in str(told.value.first.params)

    def test_a_missing_store_leaves_no_folder(self, tmp_path: Path) -> None:
        with pytest.raises(NotFound) as told:
            backup.backup(address.parse(str(tmp_path / "none.db")), now=sample.START)
        assert told.value.code == "FM-N003"
        assert list(tmp_path.iterdir()) == []


class TestReadingBack:
    def test_an_altered_history_is_named(self, store: Store, place: Address) -> None:
        store.write(sample.file_case)
        store.write(sample.file_case)
        store.write(lambda unit: unit.connection.execute("UPDATE event SET body = '{}' WHERE case_id = 2"))
        looked = backup.backup(place, now=sample.START)
        assert looked.findings == [Finding("chain", "26-00002 1 altered")]
        assert (looked.cases, looked.chains) == (2, 2)

    def test_a_damaged_page_is_found(self, store: Store, place: Address) -> None:
        for _ in range(40):
            store.write(sample.file_case)
        path = backup.backup(place, now=sample.START).path
        assert backup.examine(path).holds
        data = bytearray(path.read_bytes())
        with closing(sqlite3.connect(path)) as opened:
            [page] = opened.execute("SELECT rootpage FROM sqlite_master WHERE name = 'case_file'").fetchone()
        data[(page - 1) * 4096 : (page - 1) * 4096 + 64] = bytes(64)
        path.write_bytes(data)
        assert [finding.kind for finding in backup.examine(path).findings][:1] == ["page"]

    def test_something_else_is_no_backup(self, tmp_path: Path) -> None:
        letter = tmp_path / "letter.db"
        letter.write_text("a letter, not a database" * 100)
        assert not backup.examine(letter).holds


class TestRestore:
    def test_beside_the_live_file(self, store: Store, place: Address) -> None:
        store.write(sample.file_case)
        kept = backup.backup(place, now=sample.START).path
        store.write(sample.file_case)
        looked = backup.restore(kept, beside=place.file, now=sample.START)
        assert looked.path == place.file.parent / "store-restored-20261124-0021.db"
        assert (looked.holds, looked.cases) == (True, 1)
        assert store.read(ids) == {1, 2}
        with Store.open(str(looked.path)) as restored:
            assert restored.write(sample.file_case) == 2

    def test_never_over_a_file_that_exists(self, store: Store, place: Address) -> None:
        kept = backup.backup(place, now=sample.START).path
        store.write(sample.file_case)
        there = sorted(place.file.parent.iterdir())
        with pytest.raises(UsageError, match="FM-U313"):
            backup.restore(kept, beside=place.file, now=sample.START, to=place.file)
        assert sorted(place.file.parent.iterdir()) == there
        assert store.read(ids) == {1}

    def test_to_a_new_name(self, store: Store, place: Address, tmp_path: Path) -> None:
        kept = backup.backup(place, now=sample.START).path
        new = tmp_path / "new.db"
        assert backup.restore(kept, beside=place.file, now=sample.START, to=new).path == new

    def test_what_is_no_database_is_not_put_there(self, place: Address, tmp_path: Path) -> None:
        letter = tmp_path / "letter.db"
        letter.write_text("a letter, not a database" * 100)
        with pytest.raises(Unavailable) as told:
            backup.restore(letter, beside=place.file, now=sample.START)
        assert told.value.code == "FM-S009"
        assert sorted(file.name for file in tmp_path.iterdir()) == ["letter.db", "store.db"]
