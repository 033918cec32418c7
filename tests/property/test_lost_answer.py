"""It was written, but whoever waited saw an error: sent again under the same key it is done once, with the same answer.

The driver's connection is wrapped: a statement is carried out, and then the line breaks.
"""

import sqlite3
from collections.abc import Iterator
from itertools import count
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.errors import FolkmootError
from engine.persistence import connection, lane
from engine.persistence.driver import in_transaction
from engine.persistence.store import Store
from engine.service import acting, filing
from engine.working import Worker
from tests.support import stored_case as sample
from tests.support.aftermath import bound, check_store, fired, late, send_all, written
from tests.support.deed import Deed, held_up
from tests.support.town import Town
from tests.support.walk import PLACE
from tests.support.whole import dump

some = settings(max_examples=max(5, settings().max_examples // 8))
KEYS = count()


class Line:
    """Breaks after the commit, the next ``breaks`` times, but for the first ``spares``; ``lost`` counts them."""

    def __init__(self) -> None:
        self.spares = self.breaks = self.lost = 0

    def commits(self, connection: Any, sql: str, dialect: str) -> bool:
        alone = dialect == "postgresql" and not in_transaction(connection, dialect) and "moved" in sql
        return sql == "COMMIT" or alone


class Broken:
    """A driver connection over such a line."""

    def __init__(self, connection: Any, line: Line, dialect: str) -> None:
        self._connection, self._line, self._dialect = connection, line, dialect

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, sql: Any, *values: Any) -> Any:
        last = self._line.commits(self._connection, str(sql), self._dialect)
        done = self._connection.execute(sql, *values)
        if last and self._line.spares:
            self._line.spares -= 1
        elif last and self._line.breaks:
            self._line.breaks -= 1
            self._line.lost += 1
            if self._dialect == "sqlite":
                raise _io_error()
            self._connection.close()
            raise psycopg.OperationalError("server closed the connection unexpectedly")
        return done


def _io_error() -> Exception:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_IOERR, "SQLITE_IOERR"
    return error


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    made, connect = Line(), connection.connect

    def broken(address: Any, *, readonly: bool = False) -> Any:
        opened = connect(address, readonly=readonly)
        return opened if readonly else Broken(opened, made, address.dialect)

    monkeypatch.setattr(lane, "connect", broken)
    return made


@pytest.fixture(params=["direct", "threads"])
def town(request: pytest.FixtureRequest, database_url: str, line: Line) -> Iterator[Town]:
    with Store.open(database_url, threads=0 if request.param == "direct" else 2) as store:
        yield Town(store)


def deeds(town: Town, number: int) -> list[Deed]:
    """Filings and notes, on cases of their own so that none refuses the other."""
    made = []
    for n in range(number):
        key = f"lost-{next(KEYS)}"
        if n % 3 == 2:
            given: dict[str, Any] = {"case_type": "service_request", "place": PLACE, "what": "a lamp"}
            made.append(Deed("filing.file_case", "dsp-01", key, given))
        else:
            case = town.do(filing.file_case, "dsp-01", case_type="dispute_mediation", place=PLACE, what="x")
            made.append(Deed("acting.note", "dsp-01", key, {"ref": case["ref"], "text": f"seen {n}"}))
    return made


def check_once(town: Town, sent: list[Deed], events: int, *, whole: bool = True) -> None:
    answers = send_all(town, sent)
    assert bound(town.engine.store, answers) == answers
    held = dump(town.engine.store)
    assert len(held["event"]) == events + sum(written(answer) for answer in answers.values())
    assert send_all(town, sent) == answers
    assert dump(town.engine.store) == held
    if whole:
        check_store(town.engine.store)


def test_the_caller_sends_it_again(town: Town, line: Line) -> None:
    """Once or more often the line breaks behind the commit; the engine settles what it can by itself."""

    @some
    @given(number=st.integers(1, 3), breaks=st.integers(1, 5))
    def try_it(number: int, breaks: int) -> None:
        line.breaks = 0
        sent = deeds(town, number)
        events = len(dump(town.engine.store)["event"])
        line.breaks = breaks
        for deed in sent:
            caller = town.as_(deed.who)
            future = town.engine.submit(deed.function, caller, key=deed.key, **deed.given)
            error = future.exception()
            assert isinstance(error, FolkmootError | None)
            assert error is None or error.code == "FM-S008"  # never that nothing was saved
            [answer] = bound(town.engine.store, [deed.key]).values()
            assert error is not None or future.result() == answer
        line.breaks = 0
        check_once(town, sent, events)

    try_it()
    assert line.lost


def test_the_engine_made_up_the_key(town: Town, line: Line) -> None:
    """Who gives no key cannot ask again: the engine settles it, and gives the first answer."""
    line.breaks = 1
    answer = town.do(filing.file_case, "dsp-01", case_type="dispute_mediation", place=PLACE, what="x")
    assert line.lost == 1
    assert [row[1] for row in dump(town.engine.store)["case_file"]] == [answer["ref"]]
    line.breaks = 3
    noted = town.do(acting.note, "dsp-01", ref=answer["ref"], text="seen")
    assert noted["case"]["version"] == answer["case"]["version"] + 1
    check_store(town.engine.store)


def test_a_worker_goes_on(town: Town, line: Line) -> None:
    """It has no keys: what was done is not due any more."""
    for _ in range(3):
        town.do(filing.file_case, "dsp-01", case_type="dispute_mediation", place=PLACE, what="x")
    town.pass_(days=10)
    line.breaks = 1
    done = Worker(town.engine, cases=2).catch_up()
    assert line.lost == 1
    assert (done.incidents, late(town.engine.store, town.now)) == ((), [])
    fired(town.engine.store)
    check_store(town.engine.store)


def test_a_whole_batch_was_written(sqlite_url: str, line: Line) -> None:
    """The commit of many was done and told as failed: each is looked up by its key, none is done again."""

    @some
    @given(number=st.integers(2, 9), breaks=st.integers(1, 4))
    def try_it(number: int, breaks: int) -> None:
        line.breaks = 0
        sent = deeds(town, number)
        events = len(dump(store)["event"])
        gate, held = held_up(store, 1)
        futures = [town.engine.submit(d.function, town.as_(d.who), key=d.key, **d.given) for d in sent]
        keyless = store.submit(sample.file_case)
        line.spares, line.breaks = 1, breaks  # the one that held them up is a commit of its own
        gate.set()
        held[0].result()
        for deed, future in zip(sent, futures, strict=True):
            error = future.exception()
            assert isinstance(error, FolkmootError | None)
            assert error is None or error.code == "FM-S008"
            [answer] = bound(store, [deed.key]).values()
            assert error is not None or future.result() == answer
        assert getattr(keyless.exception(), "code", None) == "FM-S008"
        line.breaks = 0
        check_once(town, sent, events + 1, whole=False)

    with Store.open(sqlite_url, threads=1) as store:
        town = Town(store)
        try_it()
    assert line.lost
