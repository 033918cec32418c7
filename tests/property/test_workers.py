"""Several workers on one store: each mark fires once, never early, never after its clock stopped, and all of them in the end.

Invariant 4, with a worker killed in the middle, a clock that was set back, and days of backlog.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from random import Random
from threading import Event
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bootstrap import Engine
from engine.domain.errors import FolkmootError
from engine.machine.decide import sweep as decide_sweep
from engine.persistence.case_store import find_case
from engine.persistence.store import Store
from engine.service import acting, filing, law
from engine.service.world import gather_for_sweep
from engine.working import Worker
from tests.support.aftermath import check_store, fired, late
from tests.support.deed import Say
from tests.support.marks import Mark, check_marks
from tests.support.player import Player
from tests.support.town import Town
from tests.support.victim import Job, Server
from tests.support.walk import PLACE
from workflows.shipped import CASE_TYPES

few = settings(max_examples=max(3, settings().max_examples // 16))
seeds = st.integers(0, 2**32 - 1)
HOUR = timedelta(hours=1)


def work(say: Say, answered: Callable[[], None], *, url: str, now: datetime) -> None:
    """What each child does: catches up in small portions."""
    with Store.open(url) as store:
        done = Worker(Engine(store, lambda: now), cases=3).catch_up()
        answered()
        say((done.fired, list(done.incidents)))


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


class Docket:
    """Cases of all kinds, each some way along when everybody goes home."""

    def __init__(self, town: Town, seed: int, cases: int) -> None:
        self.town, self.store = town, town.engine.store
        self.player = Player(town)
        random = Random(seed)
        for _ in range(cases):
            self.player.refs.append(self.file(random.choice(CASE_TYPES)))
            for _ in range(random.choice([0, 1, 3, 6])):
                self.act(random.randrange(2**32), self.player.refs[-1])
        town.pass_(minutes=random.randrange(600))

    def file(self, case_type: str) -> str:
        given = {"case_type": case_type, "place": PLACE, "what": "a quarrel"}
        return str(self.town.do(filing.file_case, "dsp-01", **given)["ref"])

    def act(self, seed: int, ref: str | None = None) -> None:
        who, given = self.player.attempt(seed, ref=ref, eager=0.9)
        try:
            self.town.do(acting.do_act, who, **given)
        except FolkmootError:
            return

    def expected(self) -> dict[str, list[Mark]]:
        """The marks that one worker alone would fire now: what is decided, without being written."""
        return self.store.read(lambda unit: {ref: self._expected(unit, ref) for ref in self.player.refs})

    def _expected(self, unit: Any, ref: str) -> list[Mark]:
        row = find_case(unit, ref)
        assert row is not None
        caller = self.town.as_("system")
        program = law.program(unit, row.definition)
        world = gather_for_sweep(unit, caller, program, row.body)
        decision = decide_sweep(program, row.body, row.version, caller.at, world)
        before = self.town.ask(history_of, "system", ref=ref)
        return check_marks([*before, *decision.events])


def history_of(unit: Any, caller: Any, *, ref: str) -> list[Any]:
    from engine.persistence.case_store import history

    del caller
    row = find_case(unit, ref)
    assert row is not None
    return [one.event for one in history(unit, row.id)]


def test_many_workers_fire_what_one_would(town: Town, database_url: str, victims: Server) -> None:
    killed = 0

    @few
    @given(
        seed=seeds,
        days=st.sampled_from([3, 3, 12, 60]),
        point=st.sampled_from(["before commit", "after commit", "first write"]),
        n=st.integers(1, 6),
    )
    def try_it(seed: int, days: int, point: str, n: int) -> None:
        docket = Docket(town, seed, 6)
        town.pass_(days=days)
        expected = docket.expected()
        on_time, slow = {"url": database_url, "now": town.now}, {"url": database_url, "now": town.now - HOUR}
        jobs = [Job(work, on_time), Job(work, on_time, point, n), Job(work, slow)]
        ends = victims.run(*jobs)
        nonlocal killed
        killed += ends[1].killed
        assert [end.status for end in (ends[0], ends[2])] == [0, 0]
        assert [incidents for end in ends for _, incidents in end.said if incidents] == []
        Worker(town.engine).catch_up()  # what the dead one held, if the others had passed by
        found = fired(town.engine.store)
        assert {ref: found[ref] for ref in expected} == expected
        assert late(town.engine.store, town.now) == []
        check_store(town.engine.store)

    try_it()
    assert killed


def test_people_act_while_workers_catch_up(town: Town, database_url: str, victims: Server) -> None:
    @few
    @given(seed=seeds, days=st.sampled_from([3, 12, 60]), after_s=st.floats(0.0, 0.1))
    def try_it(seed: int, days: int, after_s: float) -> None:
        docket = Docket(town, seed, 5)
        town.pass_(days=days)
        given = {"url": database_url, "now": town.now}
        ended = victims.start(Job(work, given), Job(work, given, after_s=after_s), Job(work, given))
        for n in range(6):
            docket.act(seed + n)
        ends = ended()
        assert [end.status for end in (ends[0], ends[2])] == [0, 0]
        Worker(town.engine).catch_up()
        fired(town.engine.store)
        assert late(town.engine.store, town.now) == []
        check_store(town.engine.store)

    try_it()


def test_a_clock_that_is_set_back_fires_nothing_early_and_nothing_twice(town: Town) -> None:
    @few
    @given(seed=seeds, steps=st.lists(st.integers(1, 40), min_size=2, max_size=5))
    def try_it(seed: int, steps: list[int]) -> None:
        docket, worker = Docket(town, seed, 3), Worker(town.engine)
        for step in steps:
            town.pass_(hours=step)
            worker.catch_up()
            right, held = town.now, fired(town.engine.store)
            town.now -= HOUR
            assert worker.catch_up().fired == 0
            assert fired(town.engine.store) == held
            docket.act(seed + step)
            worker.catch_up()
            fired(town.engine.store)  # never early by the clock that was read
            town.now = right
        worker.catch_up()
        assert late(town.engine.store, town.now) == []
        check_store(town.engine.store)

    try_it()


def test_workers_of_one_program_share_what_is_due(town: Town, database_url: str) -> None:
    """Threads with a connection each, so that they meet in the middle of one another's portions."""
    docket = Docket(town, 7, 12)
    town.pass_(days=30)
    expected = docket.expected()

    def one(_: int) -> int:
        with Store.open(database_url) as store:
            return Worker(Engine(store, lambda: town.now), cases=2).catch_up(Event()).fired

    before = sum(len(marks) for marks in fired(town.engine.store).values())
    with ThreadPoolExecutor(4) as threads:
        counted = sum(threads.map(one, range(4)))
    found = fired(town.engine.store)
    assert {ref: found[ref] for ref in expected} == expected
    assert counted == sum(len(marks) for marks in found.values()) - before > 0
