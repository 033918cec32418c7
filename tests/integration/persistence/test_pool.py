"""PostgreSQL: dead connections, commits in doubt, and what COMMIT would hide."""

import contextlib
import re
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from sqlalchemy import func, insert, select

from engine.domain.errors import Unavailable
from engine.persistence import case_store, table
from engine.persistence.store import Store
from engine.persistence.unit import Unit
from tests.support import stored_case as sample

event = table.columns_of(table.Event)


@pytest.fixture(params=[0, 2], ids=["direct", "pool"])
def store(request: pytest.FixtureRequest, postgresql_url: str) -> Iterator[Store]:
    with Store.open(postgresql_url, threads=request.param) as opened:
        yield opened


def seqs(store: Store, case_id: int) -> list[int]:
    return [row.seq for row in store.read(lambda unit: case_store.history(unit, case_id))]


class TestLostConnections:
    def test_work_runs_again_on_a_new_connection(self, store: Store) -> None:
        case_id = store.write(sample.file_case)
        tries: list[int] = []

        def work(unit: Unit) -> None:
            tries.append(1)
            sample.note(unit, case_id)
            if len(tries) == 1:
                with contextlib.suppress(Exception):
                    unit.connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            sample.note(unit, case_id)

        store.write(work)
        assert len(tries) == 2
        assert seqs(store, case_id) == [1, 2, 3]

    def test_reading_too(self, store: Store) -> None:
        case_id = store.write(sample.file_case)
        tries: list[int] = []

        def work(unit: Unit) -> Any:
            tries.append(1)
            if len(tries) == 1:
                with contextlib.suppress(Exception):
                    unit.connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            return case_store.find_case_by_id(unit, case_id)

        assert store.read(work).id == case_id

    def test_a_server_that_is_not_there_is_told(self, postgresql_url: str) -> None:
        gone = re.sub(r"host=[^&]*", "host=/nowhere", postgresql_url)
        with pytest.raises(Unavailable) as told:
            Store.open(gone, wait_s=0.1)
        assert told.value.code == "FM-S006"

    def test_work_that_kills_every_connection_is_given_up(self, store: Store) -> None:
        def work(unit: Unit) -> None:
            unit.begin()
            with contextlib.suppress(Exception):
                unit.connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            unit.execute(select(func.now()))

        with pytest.raises(Unavailable) as told:
            store.write(work)
        assert told.value.code == "FM-S006"
        assert store.write(sample.file_case) > 0


class Cut:
    """Stands between program and server; cuts the line at some words, before or after passing them on."""

    def __init__(self, url: str, folder: Path) -> None:
        [host] = re.findall(r"host=([^&]*)", url)
        self._server = str(Path(unquote(host)) / ".s.PGSQL.5432")
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / ".s.PGSQL.5432"))
        self._listener.listen()
        self.url = url.replace(host, str(folder))
        self.at = b"COMMIT"
        self.when: str | None = None
        self._mute = False  # the server's answer is swallowed
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(self._server)
                for pair in ((near, far, True), (far, near, False)):
                    threading.Thread(target=self._pass, args=pair, daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, outward: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if outward and self.when is not None and self.at in data:
                    if self.when == "after":
                        self._mute = True
                        target.sendall(data)
                        threading.Event().wait(0.1)
                    self.when, self._mute = None, False
                    break
                if outward or not self._mute:
                    target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@pytest.fixture
def cut(postgresql_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cut]:
    made = Cut(postgresql_url, tmp_path_factory.mktemp("c"))
    yield made
    made.close()


def alone(unit: Unit, case_id: int) -> None:
    """The command is one statement, which is its own transaction."""
    sample.note(unit, case_id, key=sample.key("k", "first"))


def in_a_transaction(unit: Unit, case_id: int) -> None:
    alone(unit, case_id)
    unit.execute(select(func.now()))  # so that it is no longer the last


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("words", "write"), [(b"moved AS", alone), (b"COMMIT", in_a_transaction)])
class TestCommitInDoubt:
    @pytest.mark.parametrize("threads", [0, 2])
    def test_a_key_settles_it(
        self, cut: Cut, when: str, words: bytes, write: Callable[[Unit, int], None], threads: int
    ) -> None:
        def work(unit: Unit) -> object:
            held = case_store.find_key(unit, "k")
            if held is not None:
                return held.answer
            write(unit, case_id)
            return "first"

        with Store.open(cut.url, threads=threads) as store:
            case_id = store.write(sample.file_case)
            cut.at, cut.when = words, when
            assert store.write(work, key="k") == "first"
            assert cut.when is None
            assert seqs(store, case_id) == [1, 2]

    def test_without_a_key_it_is_said(
        self, cut: Cut, when: str, words: bytes, write: Callable[[Unit, int], None]
    ) -> None:
        with Store.open(cut.url) as store:
            case_id = store.write(sample.file_case)
            cut.at, cut.when = words, when
            with pytest.raises(Unavailable) as told:
                store.write(lambda unit: write(unit, case_id))
            assert told.value.code == "FM-S008"
            assert cut.when is None
            assert seqs(store, case_id) == ([1] if when == "before" else [1, 2])


class TestOneStatement:
    def test_a_command_is_one_statement_and_no_transaction_around_it(self, store: Store) -> None:
        case_id = store.write(sample.file_case)

        def work(unit: Unit) -> Unit:
            sample.note(unit, case_id, key=sample.key("k"))
            return unit

        assert not store.write(work).open
        assert seqs(store, case_id) == [1, 2]

    def test_what_was_kept_back_is_seen_by_what_is_asked_next(self, store: Store) -> None:
        case_id = store.write(sample.file_case)

        def work(unit: Unit) -> list[int]:
            sample.note(unit, case_id)
            sample.note(unit, case_id)
            return [row.seq for row in case_store.history(unit, case_id)]

        assert store.write(work) == [1, 2, 3]

    def test_what_was_kept_back_goes_with_its_savepoint(self, store: Store) -> None:
        case_id = store.write(sample.file_case)

        def work(unit: Unit) -> None:
            sample.note(unit, case_id)
            with contextlib.suppress(KeyError), unit.savepoint():
                sample.note(unit, case_id)
                raise KeyError
            with unit.savepoint():
                sample.note(unit, case_id)

        store.write(work)
        assert seqs(store, case_id) == [1, 2, 3]

    def test_many_rows_go_one_by_one_with_the_same_result(self, store: Store) -> None:
        many = [{"kind": "duplicate_of", "ref": f"26-{n:05}", "at": sample.text()} for n in range(60)]
        case_id = store.write(sample.file_case)
        store.write(lambda unit: sample.note(unit, case_id, links=many))
        link = table.columns_of(table.CaseLink)
        assert len(store.read(lambda unit: unit.execute(select(link)))) == 60


class TestErrors:
    def test_going_on_after_an_error_is_not_acknowledged(self, store: Store) -> None:
        """PostgreSQL answers COMMIT of a failed transaction with a rollback, and no error."""

        def work(unit: Unit) -> None:
            sample.file_case(unit)
            with contextlib.suppress(Exception):
                unit.execute(insert(event).values(case_id=1, seq=1))

        with pytest.raises(RuntimeError):
            store.write(work)
        assert store.read(lambda unit: unit.execute(select(event))) == []

    def test_a_statement_that_fails_inside_a_savepoint_spoils_nothing(self, store: Store) -> None:
        def work(unit: Unit) -> int:
            case_id = sample.file_case(unit)
            with contextlib.suppress(Exception), unit.savepoint():
                unit.execute(insert(event).values(case_id=1, seq=1))
            sample.note(unit, case_id)
            return case_id

        assert seqs(store, store.write(work)) == [1, 2]


class TestOrderOfEvents:
    def test_a_transaction_number_and_a_position_come_with_every_event(self, store: Store) -> None:
        case_id = store.write(sample.file_case)
        store.write(lambda unit: [sample.note(unit, case_id) for _ in range(2)])

        def read(unit: Unit) -> list[Any]:
            query = "SELECT seq, txid::text::bigint, position FROM event ORDER BY txid, position"
            return list(unit.connection.execute(query).fetchall())

        rows = store.read(read)
        assert [row[0] for row in rows] == [1, 2, 3]
        assert rows[0][1] < rows[1][1] == rows[2][1]
        assert rows[0][2] < rows[1][2] < rows[2][2]
