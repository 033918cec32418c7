"""PostgreSQL goes away again and again under load: nothing acknowledged is lost, nothing is done twice."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from typing import Any

import psycopg
import pytest
from sqlalchemy import select

from engine.bootstrap import Engine
from engine.domain.errors import Unavailable
from engine.persistence import address, schema, table
from engine.persistence.store import Store
from engine.service import acting
from engine.working import Worker
from tests.support.aftermath import check_store
from tests.support.load import Load
from tests.support.restarting import Restarting
from tests.support.town import Town

SOAK = bool(os.environ.get("FOLKMOOT_SOAK"))
TIMES, PAUSE_S = (60, 2.0) if SOAK else (3, 0.6)
NAMES = count()
LIMIT = 3


@pytest.fixture(scope="module")
def server() -> Iterator[Restarting]:
    made = Restarting()
    yield made
    made.stop()


@pytest.fixture
def url(server: Restarting) -> Iterator[str]:
    name = f"store{next(NAMES)}"
    url = server.database(name)
    schema.migrate(address.parse(url))
    with Store.open(url) as store:
        Town(store)
    yield url
    server.drop(name)


def kill_backends(url: str) -> None:
    """Whoever is connected, in the middle of whatever is being done."""
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def under_load(url: str, strike: Callable[[], None], *, times: int, pause_s: float) -> Load:
    with Store.open(url, threads=4, wait_s=20) as store:
        engine = Engine(store)
        load = Load(engine, 4)
        stop = threading.Event()
        worker = threading.Thread(target=Worker(engine, every_s=0.1).run, args=(stop,))
        worker.start()
        with load:
            for _ in range(times):
                time.sleep(pause_s)
                strike()
            time.sleep(pause_s)
        stop.set()
        worker.join()
        load.check()
        check_store(store)
    return load


def test_restarts_under_load(server: Restarting, url: str) -> None:
    load = under_load(url, server.restart, times=TIMES, pause_s=PAUSE_S)
    assert len(load.acknowledged) > 20
    assert load.errors == []  # who waits long enough hears of none of it


def test_connections_are_cut_under_load(url: str) -> None:
    load = under_load(url, lambda: kill_backends(url), times=TIMES * 5, pause_s=0.05)
    assert len(load.acknowledged) > 20
    assert set(load.errors) <= {"FM-S006", "FM-S008"}  # cut too often, one after the other


class TestNotThere:
    def test_at_the_start(self, server: Restarting, url: str) -> None:
        server.halt()
        try:
            with pytest.raises(Unavailable) as told:
                Store.open(url, wait_s=0.1)
            assert told.value.code == "FM-S006"
        finally:
            server.restart()
        Store.open(url).close()

    def test_it_is_waited_for_in_the_middle(self, server: Restarting, url: str) -> None:
        with Store.open(url, wait_s=30) as store:
            engine = Engine(store)
            load = Load(engine, 1)
            server.halt()
            starting = threading.Timer(0.5, server.restart)
            starting.start()
            note = {"ref": load.refs[0], "text": "seen"}
            assert engine.call(acting.note, engine.caller(person="dsp-01"), **note)["event"]["seq"] == 2
            starting.join()
            check_store(store)

    def test_and_told_when_it_stays_away(self, server: Restarting, url: str) -> None:
        with Store.open(url, wait_s=0.2) as store:
            engine = Engine(store)
            load = Load(engine, 1)
            note = {"ref": load.refs[0], "text": "seen"}
            server.halt()
            try:
                for _ in range(2):
                    with pytest.raises(Unavailable) as told:
                        engine.call(acting.note, engine.caller(person="dsp-01"), **note)
                    assert told.value.code == "FM-S006"
            finally:
                server.restart()
            assert engine.call(acting.note, engine.caller(person="dsp-01"), **note)["event"]["seq"] == 2
            check_store(store)


class TestLimits:
    @pytest.fixture
    def clerk(self, url: str) -> Iterator[str]:
        """The same store for somebody who may have few connections."""
        with closing(psycopg.connect(url, autocommit=True)) as connection:
            connection.execute(f"CREATE ROLE clerk LOGIN CONNECTION LIMIT {LIMIT}")
            connection.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO clerk")
            connection.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO clerk")
            yield url.replace("postgres:@", "clerk:@").replace("//postgres@", "//clerk@")
            connection.execute("DROP OWNED BY clerk")
            connection.execute("DROP ROLE clerk")

    def test_no_connection_left_is_waited_for_and_told(self, clerk: str) -> None:
        held = [psycopg.connect(clerk) for _ in range(LIMIT)]
        with pytest.raises(Unavailable) as told:
            Store.open(clerk, wait_s=0.1)
        assert told.value.code == "FM-S006"
        assert "too many connections" in str(told.value.first.params["detail"])
        leaving = threading.Timer(0.3, held.pop().close)
        leaving.start()
        Store.open(clerk, wait_s=30).close()
        leaving.join()
        for one in held:
            one.close()

    def test_more_threads_than_connections_share_them(self, clerk: str, url: str) -> None:
        """A server that was told to use more than there are: some of its threads find none, and say so."""
        with Store.open(clerk, threads=4, wait_s=0.1) as store, Store.open(url) as other:
            load = Load(Engine(other), 4)
            load.engine = Engine(store)
            with load:
                time.sleep(0.5)
            assert set(load.errors) <= {"FM-S006"}
            assert load.acknowledged

    def test_a_time_limit_for_statements(self, url: str) -> None:
        """Somebody holds the case for too long: nothing was saved, and the same goes through later."""
        with closing(psycopg.connect(url, autocommit=True)) as other, closing(psycopg.connect(url)) as holder:
            name = other.execute("SELECT current_database()").fetchone()
            assert name is not None
            other.execute(f'ALTER DATABASE "{name[0]}" SET statement_timeout = 200')
            with Store.open(url) as store:
                engine = Engine(store)
                load = Load(engine, 1)
                note: dict[str, Any] = {"ref": load.refs[0], "text": "seen", "key": "k"}
                holder.execute("SELECT 1 FROM case_file FOR UPDATE")
                with pytest.raises(Unavailable) as told:
                    engine.call(acting.note, engine.caller(person="dsp-01"), **note)
                assert told.value.code == "FM-S001"
                holder.rollback()
                assert engine.call(acting.note, engine.caller(person="dsp-01"), **note)["event"]["seq"] == 2
                check_store(store)

    def test_a_transaction_left_open_too_long(self, url: str) -> None:
        """The server closes it, and the work is done again on a new connection."""
        tries: list[int] = []

        def slow(unit: Any) -> int:
            tries.append(1)
            unit.begin()
            if len(tries) == 1:
                unit.connection.execute("SET idle_in_transaction_session_timeout = 50")
                time.sleep(0.3)
            return len(unit.execute(select(table.columns_of(table.Event))))

        with Store.open(url) as store:
            assert store.write(slow) == 0
        assert len(tries) == 2
