"""A worker that stood still for three days, is killed while it catches up, and begins again twice.

Each level of each deadline fires once, at the moment at which it was due, and says when it was fired.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.bootstrap import Engine
from engine.persistence.store import Store
from engine.service import filing, query
from engine.working import Worker
from tests.support.aftermath import check_store, fired, late
from tests.support.deed import Say
from tests.support.town import Town
from tests.support.victim import Job, Server
from tests.support.walk import PLACE

# filed on Monday 23 November 2026 at 08:00 in Harbin and graded red: the safety questions within half an hour,
# with a reminder after a quarter of an hour; the way decided within 24 hours, with one after four fifths of them
LEVELS = {
    ("triage", "50%"): "2026-11-23T00:15:00Z",
    ("triage", "due"): "2026-11-23T00:30:00Z",
    ("intake", "80%"): "2026-11-23T19:12:00Z",
    ("intake", "due"): "2026-11-24T00:00:00Z",
}
FIRED = "2026-11-26T00:00:00Z"
CASES = 5


def work(say: Say, answered: Callable[[], None], *, url: str, now: datetime) -> None:
    """One worker, one case a portion."""
    with Store.open(url) as store:
        say(Worker(Engine(store, lambda: now), cases=1).catch_up().fired)


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store, now=datetime(2026, 11, 23, 0, 0, tzinfo=UTC))


def report(town: Town) -> str:
    given = {"case_type": "dispute_mediation", "place": PLACE, "what": "a knife was seen"}
    return str(town.do(filing.file_case, "dsp-01", **given, set={"risk": "red"})["ref"])


def marks(town: Town, ref: str) -> list[dict[str, Any]]:
    told = town.ask(query.history, "dsp-01", ref=ref, verify=True)
    assert told["verified"] is True
    return [event for event in told["items"] if event["kind"] == "mark"]


def test_every_level_fires_once_however_often_the_worker_dies(
    town: Town, database_url: str, victims: Server
) -> None:
    refs = [report(town) for _ in range(CASES)]
    town.pass_(days=3)
    job = {"url": database_url, "now": town.now}
    [first] = victims.run(Job(work, job, "after commit", 2))
    [second] = victims.run(Job(work, job, "before commit", 2))
    assert (first.killed, second.killed) == (True, True)
    assert late(town.engine.store, town.now) != []  # they died with work left
    [third] = victims.run(Job(work, job))
    assert third.status == 0
    assert Worker(town.engine).catch_up().fired == 0
    for ref, found in fired(town.engine.store).items():
        levels = {(run[0], mark): at for run, mark, at in found if (run[0], mark) in LEVELS}
        assert (levels, ref in refs) == (LEVELS, True)
        events = marks(town, ref)
        assert {event["recorded_at"] for event in events} == {FIRED}
        assert sorted(LEVELS.values()) == sorted(
            event["occurred_at"] for event in events if event["occurred_at"] in LEVELS.values()
        )
    check_store(town.engine.store)
