"""The worker's loop: bounded portions, people first, one bad case never in the way of others, prompt to stop."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest

from engine.bootstrap import Engine
from engine.domain.errors import Refused
from engine.domain.instant import from_text
from engine.persistence import address
from engine.persistence.store import Store
from engine.service import acting, approval, desk, filing, query, seed, worker
from engine.working import Done, Worker
from tests.support.aftermath import check_store, late
from tests.support.small import SMALL, compiled
from tests.support.town import Town
from tests.support.walk import PLACE
from workflows.calendar import load_calendar
from workflows.shipped import vocabulary

# the mark of one wants a fact that nobody stated; that of the other begins what never comes to rest
STUCK = SMALL.replace("case_type: small", "case_type: stuck").replace(
    "due: [{fire: end}]", 'due: [{set: {grave: "paper.signed"}}]'
)
ROUND = (
    SMALL.replace("case_type: small", "case_type: round")
    .replace(
        "  limit:\n",
        "  tick: {within: 1 cd, kind: wait, runs_in: [new], at: {due: [{fire: tock}]}}\n  limit:\n",
    )
    .replace(
        "  - {trigger: rest,",
        "  - {trigger: tock, source: new, dest: kept, allow: [system]}\n"
        "  - {as_soon_as: 'true', name: ping, source: kept, dest: resting}\n"
        "  - {as_soon_as: 'true', name: pong, source: resting, dest: kept}\n"
        "  - {trigger: rest,",
    )
)


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


def put(town: Town, *texts: str) -> None:
    made = [seed.Shipped(compiled(text).definition, text) for text in texts]
    given = {"vocabulary": vocabulary(), "calendars": [load_calendar("CN")]}
    town.do(seed.seed, "adm", definitions=made, **given)


def file(town: Town, case_type: str = "dispute_mediation") -> str:
    return str(town.do(filing.file_case, "dsp-01", case_type=case_type, place=PLACE, what="a wall")["ref"])


def stuck(town: Town) -> str:
    """A case whose limit will not be able to act."""
    ref = file(town, "stuck")
    town.do(acting.do_act, "off-05", ref=ref, act="ask", set={"risk": "red"}, note="so")
    assert town.ask(query.show_case, "off-05", ref=ref)["state"] == "work"
    return ref


class TestIncidents:
    def test_it_is_told_and_the_others_go_on(self, town: Town) -> None:
        put(town, SMALL, STUCK)
        bad = stuck(town)
        town.pass_(minutes=1)
        good = [file(town) for _ in range(3)]
        town.pass_(days=20)
        done = Worker(town.engine, cases=1).catch_up()
        assert list(done.incidents) == [{"ref": bad, "code": "FM-R203"}]
        assert (done.more, late(town.engine.store, town.now)) == (False, [bad])
        assert all(town.ask(query.history, "dsp-01", ref=ref)["count"] > 1 for ref in good)
        check_store(town.engine.store)

    def test_however_many_there_are_they_keep_nobody_waiting(self, town: Town) -> None:
        put(town, SMALL, STUCK)
        bad = {stuck(town) for _ in range(5)}
        town.pass_(minutes=1)
        file(town)
        town.pass_(days=20)
        done = Worker(town.engine, cases=2).catch_up()
        assert {incident["ref"] for incident in done.incidents} == bad
        assert len(done.incidents) == 5
        assert set(late(town.engine.store, town.now)) == bad
        assert done.fired > 0

    def test_it_is_not_tried_again_at_once(self, town: Town) -> None:
        put(town, SMALL, STUCK)
        stuck(town)
        town.pass_(days=20)
        made = Worker(town.engine)
        assert len(made.catch_up().incidents) == 1
        tries = made.step()
        assert (tries.incidents, tries.cases, tries.more) == ((), 0, False)
        assert len(Worker(town.engine).catch_up().incidents) == 1  # who comes anew looks for himself

    def test_a_case_on_which_the_engine_itself_fails(self, town: Town) -> None:
        put(town, ROUND)
        bad = file(town, "round")
        town.pass_(minutes=1)
        good = file(town)
        town.pass_(days=20)
        done = Worker(town.engine).catch_up()
        assert list(done.incidents) == [{"ref": bad, "code": "FM-X001"}]
        assert late(town.engine.store, town.now) == [bad]
        assert town.ask(query.history, "dsp-01", ref=good)["count"] > 1
        check_store(town.engine.store)


class TestPortions:
    @pytest.fixture
    def town(self, sqlite_url: str) -> Iterator[Town]:
        with Store.open(sqlite_url) as store:
            yield Town(store)

    def test_they_are_bounded_in_cases(self, town: Town) -> None:
        for _ in range(5):
            file(town)
        town.pass_(days=3)
        first = town.do(worker.sweep, "system", limit=2)
        assert (first["cases"], first["more"]) == (2, True)
        second = town.do(worker.sweep, "system", limit=2, after=first["after"])
        third = town.do(worker.sweep, "system", limit=2, after=second["after"])
        assert [(p["cases"], p["more"]) for p in (second, third)] == [(2, True), (1, False)]

    def test_and_in_time_but_each_does_something(self, town: Town) -> None:
        for _ in range(3):
            file(town)
        town.pass_(days=3)
        told = town.do(worker.sweep, "system", within_s=0)
        assert (told["cases"], told["more"]) == (1, True)
        total = Worker(town.engine, within_s=0).catch_up()
        assert (total.cases, late(town.engine.store, town.now)) == (2, [])

    def test_requests_that_lapse_are_bounded_too(self, town: Town) -> None:
        for _ in range(3):
            ref = file(town)
            given = {"act": "refer", "set": {"agency": "court"}, "note": "not ours"}
            town.do(acting.do_act, "aux-07", ref=ref, ask=True, **given)
        assert town.ask(approval.list_approvals, "chf-01")["count"] == 3
        town.pass_(days=7)
        lapsed: list[int] = []
        Worker(town.engine, cases=2, report=lambda done: lapsed.append(done.lapsed)).catch_up()
        assert (sum(lapsed), max(lapsed)) == (3, 2)
        assert town.ask(approval.list_approvals, "chf-01")["count"] == 0

    def test_a_dry_run_ends_and_leaves_everything(self, town: Town) -> None:
        for _ in range(3):
            file(town)
        town.pass_(days=3)
        waiting = late(town.engine.store, town.now)
        done = Worker(town.engine, cases=1, dry_run=True).catch_up()
        assert done.fired > 0
        assert late(town.engine.store, town.now) == waiting


class TestLoop:
    def test_it_fires_lapses_seals_and_says_so(self, town: Town) -> None:
        file(town)
        town.pass_(days=3)
        told: list[Done] = []
        stop = Event()

        def report(done: Done) -> None:
            told.append(done)
            stop.set()

        Worker(town.engine, report=report).run(stop)
        assert told[0].fired > 0
        assert told[0].sealed > 0
        assert told[0].lateness_s > 0
        assert town.ask(desk.desk, "dsp-01")["checked_at"] is not None

    def test_nothing_to_do_takes_no_right_to_write(self, town: Town) -> None:
        file(town)
        made = Worker(town.engine)
        made.catch_up()
        before = changes(town.engine.store)
        for _ in range(3):
            assert not made.step()
        assert changes(town.engine.store) == before

    def test_it_wakes_when_something_falls_due(self, town: Town) -> None:
        """Long before it would look by itself: the test would wait for ever."""
        file(town)
        stop, made = (
            Event(),
            Worker(town.engine, every_s=3600, report=lambda done: stop.set() if done.fired else None),
        )
        made.catch_up()
        due = town.ask(worker.next_due, "system")["at"]
        began, virtual = time.monotonic(), town.engine.clock()
        lead = (from_text(due) - virtual).total_seconds() - 1
        town.engine.clock = lambda: virtual + timedelta(seconds=lead + time.monotonic() - began)
        made.run(stop)
        assert late(town.engine.store, town.engine.clock()) == []

    def test_it_stops_at_once_while_it_waits(self, town: Town) -> None:
        stop = Event()
        thread = Thread(target=Worker(town.engine, every_s=3600).run, args=(stop,))
        thread.start()
        stop.set()
        thread.join(30)
        assert not thread.is_alive()

    def test_a_store_that_does_not_answer_is_told_and_tried_again(self, sqlite_url: str) -> None:
        errors: list[str] = []
        stop = Event()

        def report(done: Done) -> None:
            if done.error is not None:
                errors.append(done.error.code)
                other.execute("COMMIT")
            elif done.fired:
                stop.set()

        with (
            Store.open(sqlite_url, wait_s=0.05) as store,
            closing(sqlite3.connect(address.parse(sqlite_url).file, isolation_level=None)) as other,
        ):
            town = Town(store)
            file(town)
            town.pass_(days=3)
            other.execute("BEGIN IMMEDIATE")
            Worker(town.engine, every_s=0.01, report=report).run(stop)
        assert errors == ["FM-S001"]


def changes(store: Store) -> int:
    def count(unit: Any) -> int:
        if unit.dialect == "sqlite":
            return int(unit.connection.execute("PRAGMA data_version").fetchone()[0])
        return int(
            unit.connection.execute("SELECT xmin::text FROM counter WHERE name = 'swept'").fetchone()[0]
        )

    return store.read(count)


class TestPeopleFirst:
    @pytest.fixture
    def served(self, database_url: str) -> Iterator[Engine]:
        with Store.open(database_url, threads=2) as opened:
            yield Engine(opened)

    def test_a_command_waits_for_one_portion_at_most(self, town: Town, served: Engine) -> None:
        """A long backlog in the same program: acts are answered in between."""
        ref = file(town)
        for _ in range(40):
            file(town)
        town.pass_(days=3)
        served.clock = town.engine.clock
        portions, stop = [0], Event()

        def report(done: Done) -> None:
            portions[0] += 1
            if portions[0] == 3:
                started.set()
            if not done.more:
                stop.set()

        started = Event()
        thread = Thread(target=Worker(served, cases=2, report=report).run, args=(stop,))
        thread.start()
        started.wait(60)
        waits: list[int] = []
        while not stop.is_set():
            before = portions[0]
            served.call(acting.note, served.caller(person="dsp-01"), ref=ref, text="seen")
            waits.append(portions[0] - before)
        thread.join()
        assert max(waits) <= 2  # the one in hand, and one that may share its commit
        assert portions[0] >= 20
        assert late(town.engine.store, town.now) == []

    def test_so_does_one_from_another_program(self, town: Town, database_url: str) -> None:
        """`folkmoot worker` catches up beside `folkmoot case do`: neither is told that the database is busy."""
        ref = file(town)
        for _ in range(24):
            file(town)
        town.pass_(days=3)
        done: list[Done] = []

        def catch_up() -> None:
            with Store.open(database_url) as store:
                made = Worker(Engine(store, town.engine.clock), cases=1, report=done.append)
                made.catch_up()

        thread = threading.Thread(target=catch_up)
        thread.start()
        acts = 0
        while thread.is_alive():
            town.do(acting.note, "dsp-01", ref=ref, text="seen")
            acts += 1
        thread.join()
        assert [one.error for one in done if one.error] == []
        assert acts >= len(done) / 4
        assert late(town.engine.store, town.now) == []

    def test_a_refusal_beside_it_is_only_a_refusal(self, town: Town) -> None:
        ref = file(town)
        town.pass_(days=3)
        with pytest.raises(Refused):
            town.do(acting.do_act, "aux-07", ref=ref, act="refer", set={"agency": "court"}, note="x")
        assert Worker(town.engine).catch_up().fired > 0
