"""Two programs on one SQLite file: a server that is never idle, and a command line beside it."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from engine.bootstrap import Engine
from engine.persistence import address, backup
from engine.persistence.store import Store
from engine.service import acting
from tests.support.aftermath import check_store
from tests.support.deed import Deed, Say, done, send
from tests.support.load import Load
from tests.support.town import Town
from tests.support.victim import Job, Server

VISITS = 200 if os.environ.get("FOLKMOOT_SOAK") else 8


def visit(say: Say, answered: Callable[[], None], *, path: str, ref: str) -> None:
    """As the command line does it: open, one command, close."""
    del answered
    for n in range(VISITS):
        with Store.open(path) as store:
            say(
                send(
                    Engine(store), Deed("acting.note", "dsp-01", f"visit-{n}", {"ref": ref, "text": f"v{n}"})
                )
            )


def test_neither_is_told_that_the_database_is_busy(sqlite_url: str, victims: Server) -> None:
    path = str(address.parse(sqlite_url).file)
    with Store.open(sqlite_url, threads=1) as store:
        engine = Town(store).engine
        load = Load(engine, 6)
        with load:
            [end] = victims.run(Job(visit, {"path": path, "ref": load.refs[0]}))
        assert end.status == 0
        assert [done(answer) for answer in end.said] == [True] * VISITS
        assert load.errors == []
        load.check()
        check_store(store)
    # the visitor was not kept waiting for the other to be idle, nor the other for the visitors
    assert len(load.acknowledged) > VISITS


def test_two_servers_and_a_backup(sqlite_url: str) -> None:
    """Nobody plans that, but it happens: a second server on the file, and copies taken all the while."""
    place = address.parse(sqlite_url)
    with Store.open(sqlite_url, threads=1) as first, Store.open(sqlite_url, threads=1) as second:
        engine = Town(first).engine
        loads = [Load(engine, 4), Load(Engine(second, engine.clock), 4)]
        copies = []
        with loads[0], loads[1]:
            for _ in range(3):
                threading.Event().wait(0.2)
                copies.append(backup.backup(place, now=datetime.now(UTC)))
        assert all(copy.holds for copy in copies)
        assert [load.errors for load in loads] == [[], []]
        assert all(load.acknowledged for load in loads)
        for load in loads:
            load.check()
        check_store(first)


def test_a_long_transaction_of_another_program_fails_a_whole_batch_once(sqlite_url: str) -> None:
    """Those that wait together are told together, not one after the other."""
    with Store.open(sqlite_url, threads=1, wait_s=0.2) as store:
        engine = Town(store).engine
        load = Load(engine, 1)
        with closing(sqlite3.connect(address.parse(sqlite_url).file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            clerk = engine.caller(person="dsp-01")
            note: dict[str, Any] = {"ref": load.refs[0], "text": "seen"}
            store.submit(lambda unit: None)
            began = time.process_time()
            sent = [engine.submit(acting.note, clerk, key=f"k{n}", **note) for n in range(40)]
            codes = {getattr(one.exception(), "code", None) for one in sent}
            other.execute("ROLLBACK")
        assert codes == {"FM-S001"}
        assert time.process_time() - began < 40 * 0.2
        assert engine.call(acting.note, clerk, key="k0", **note)["event"]["seq"] == 2
        check_store(store)
