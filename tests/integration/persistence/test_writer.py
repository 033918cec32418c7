"""The writer of a SQLite file: one commit for many, and only the guilty one fails."""

import asyncio
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import insert

from engine.domain.errors import Unavailable
from engine.persistence import address, case_store, evidence, table
from engine.persistence.failure import Again
from engine.persistence.store import Store
from engine.persistence.unit import Unit
from tests.support import stored_case as sample


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    with Store.open(sqlite_url, threads=1, wait_s=0.3) as opened:
        yield opened


class Held:
    """Holds the writer up until all is queued, so that it becomes one batch."""

    def __init__(self, store: Store) -> None:
        self._gate = Event()
        self._first = store.submit(lambda unit: self._gate.wait(5))

    def release(self, futures: list["Future[Any]"]) -> list[BaseException | None]:
        self._gate.set()
        self._first.result()
        return [future.exception(timeout=10) for future in futures]


def commits(store: Store) -> int:
    """SQLite's own count of changes to the file by others than the reader."""

    def read(unit: Unit) -> int:
        version: int = unit.connection.execute("PRAGMA data_version").fetchone()[0]
        return version

    return store.read(read)


def appoint_nobody(unit: Unit) -> None:
    """Breaks a reference in a way that shows at COMMIT only."""
    unit.connection.execute("PRAGMA defer_foreign_keys = ON")
    unit.execute(
        insert(table.columns_of(table.Absence)).values(person="nobody", since=sample.START.date(), reason="")
    )


class TestBatch:
    def test_what_waits_is_committed_together(self, store: Store) -> None:
        before = commits(store)
        held = Held(store)
        assert held.release([store.submit(sample.file_case) for _ in range(30)]) == [None] * 30
        # one for the piece that held it up, one for the batch
        assert commits(store) - before <= 2

    def test_one_that_breaks_the_commit_fails_alone(self, store: Store) -> None:
        held = Held(store)
        works = [sample.file_case] * 5 + [appoint_nobody] + [sample.file_case] * 5
        errors = held.release([store.submit(work) for work in works])
        assert [isinstance(error, sqlite3.IntegrityError) for error in errors] == [n == 5 for n in range(11)]
        assert [error for n, error in enumerate(errors) if n != 5] == [None] * 10
        assert len(store.read(lambda unit: unit.execute(table.columns_of(table.Case).select()))) == 10

    def test_one_that_fails_half_done_leaves_nothing_and_the_others_stand(self, store: Store) -> None:
        def half(unit: Unit) -> None:
            sample.file_case(unit)
            raise ValueError("half done")

        held = Held(store)
        works = [sample.file_case] * 3 + [half] + [sample.file_case] * 3
        errors = held.release([store.submit(work) for work in works])
        assert [isinstance(error, ValueError) for error in errors] == [n == 3 for n in range(7)]
        assert len(store.read(lambda unit: unit.execute(table.columns_of(table.Case).select()))) == 6

    def test_one_that_is_refused_costs_the_others_nothing(self, store: Store) -> None:
        done: list[int] = []

        def counted(unit: Unit) -> None:
            sample.file_case(unit)
            done.append(1)

        def refused(unit: Unit) -> None:
            raise Unavailable("FM-S010", kind="store")

        held = Held(store)
        errors = held.release([store.submit(work) for work in (counted, refused, counted)])
        assert [error is None for error in errors] == [True, False, True]
        assert len(done) == 2  # nothing was done again

    def test_callers_in_an_event_loop_are_answered(self, store: Store) -> None:
        async def ask() -> list[int | BaseException]:
            def fail(unit: Unit) -> int:
                raise ValueError("no")

            asked = [store.awaited(work) for work in (sample.file_case, fail, sample.file_case)]
            return await asyncio.gather(*asked, return_exceptions=True)

        first, second, third = asyncio.run(ask())
        assert isinstance(second, ValueError)
        assert first != third
        assert len(store.read(lambda unit: unit.execute(table.columns_of(table.Case).select()))) == 2

    def test_what_a_caller_in_a_loop_gave_up_before_it_began_is_not_done(self, store: Store) -> None:
        async def ask() -> None:
            held = Held(store)
            store.awaited(sample.file_case).cancel()
            kept = store.awaited(sample.file_case)
            await asyncio.to_thread(held.release, [])
            await kept

        asyncio.run(ask())
        assert len(store.read(lambda unit: unit.execute(table.columns_of(table.Case).select()))) == 1

    def test_a_dry_run_among_others_leaves_nothing(self, store: Store) -> None:
        held = Held(store)
        futures = [store.submit(sample.file_case, dry_run=n == 1) for n in range(3)]
        assert held.release(futures) == [None] * 3
        refs = [row["ref"] for row in store.read(lambda u: u.execute(table.columns_of(table.Case).select()))]
        assert refs == ["26-00001", "26-00002"]

    def test_work_that_must_decide_again_does_so_by_itself(self, store: Store) -> None:
        tries = []

        def work(unit: Unit) -> int:
            tries.append(1)
            if len(tries) == 1:
                raise Again
            return sample.file_case(unit)

        held = Held(store)
        assert held.release([store.submit(sample.file_case), store.submit(work)]) == [None, None]
        assert len(tries) >= 2
        assert len(store.read(lambda u: u.execute(table.columns_of(table.Case).select()))) == 2


class TestDisk:
    def test_a_full_disk_fails_who_filled_it_and_harms_nobody(self, store: Store) -> None:
        case_id = store.write(sample.file_case)
        limit = store.write(lambda unit: unit.connection.execute("PRAGMA page_count").fetchone()[0] + 40)
        store.write(lambda unit: unit.connection.execute(f"PRAGMA max_page_count = {limit}"))

        def fill(unit: Unit) -> None:
            sample.file_case(unit, what="x" * 4096 * 60)

        held = Held(store)
        works = [sample.file_case] * 3 + [fill] + [sample.file_case] * 3
        errors = held.release([store.submit(work) for work in works])
        assert [getattr(error, "code", None) for error in errors] == [None] * 3 + ["FM-S004"] + [None] * 3
        assert store.write(lambda unit: sample.note(unit, case_id))
        assert store.read(lambda unit: evidence.verify_chain(unit, case_id)) == []
        assert store.read(lambda unit: [b for _, breaks in evidence.verify_all(unit) for b in breaks]) == []
        assert len(store.read(lambda u: u.execute(table.columns_of(table.Case).select()))) == 7

    def test_work_that_goes_on_after_its_transaction_is_gone_cannot_write(self, store: Store) -> None:
        """Else the rest would be committed statement by statement."""

        def work(unit: Unit) -> None:
            sample.file_case(unit)
            unit.connection.execute("ROLLBACK")  # what SQLite does by itself when the disk is full
            with pytest.raises(sqlite3.OperationalError), unit.savepoint():
                unit.execute(insert(table.columns_of(table.Case)).values(nothing=1))
            sample.file_case(unit)

        with pytest.raises(Exception):  # noqa: B017, PT011 - whichever statement notices first
            store.write(work)
        assert store.read(lambda u: u.execute(table.columns_of(table.Case).select())) == []

    def test_a_file_that_may_only_be_read_is_told(self, sqlite_url: str) -> None:
        path = address.parse(sqlite_url).file
        with Store.open(sqlite_url) as store:
            store.write(lambda unit: unit.connection.execute("PRAGMA query_only = ON"))
            with pytest.raises(Unavailable) as told:
                store.write(sample.file_case)
        assert told.value.code == "FM-S005"
        assert path.is_file()


class TestOtherPrograms:
    def test_a_busy_file_is_waited_for_and_then_told(self, store: Store, sqlite_url: str) -> None:
        with closing(sqlite3.connect(address.parse(sqlite_url).file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            began = time.monotonic()
            with pytest.raises(Unavailable) as told:
                store.write(sample.file_case)
            assert told.value.code == "FM-S001"
            assert time.monotonic() - began >= 0.3
            assert store.read(lambda unit: case_store.find_case(unit, "26-00001")) is None
            future = store.submit(sample.file_case)
            other.execute("COMMIT")
            assert future.result(timeout=5) == 1

    def test_a_writer_killed_in_between_leaves_whole_commands(self, sqlite_url: str) -> None:
        """A program is killed while it writes; what it said was done is there, and nothing half done."""
        path = address.parse(sqlite_url).file
        program = (
            "import sys\n"
            "from engine.persistence.store import Store\n"
            "from tests.support import stored_case as sample\n"
            f"store = Store.open({str(path)!r}, threads=1)\n"
            "while True:\n"
            "    futures = [store.submit(sample.file_case) for _ in range(8)]\n"
            "    for future in futures:\n"
            "        print(future.result(), flush=True)\n"
        )
        with subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
        ) as killed:
            assert killed.stdout is not None
            said = [int(killed.stdout.readline()) for _ in range(100)]
            killed.kill()
            said += [int(line) for line in killed.stdout.read().splitlines() if line.isdigit()]
        with Store.open(sqlite_url) as store:
            found = {
                row["id"] for row in store.read(lambda u: u.execute(table.columns_of(table.Case).select()))
            }
            assert set(said) <= found
            assert (
                store.read(lambda unit: [b for _, breaks in evidence.verify_all(unit) for b in breaks]) == []
            )
