"""Every measure on random histories, held to what reading each history by itself gives: as of now and of the past.

The histories have late entries, acts taken back and moved in time, cases that go on in others, that are opened again,
that another office brought in, and such as are hidden from who asks.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.persistence.store import Store
from tests.support.lives import Life, lives
from tests.support.oracle import endings, holdings, lasting, public
from tests.support.quarrels import BEGIN, Quarrels

pytestmark = pytest.mark.usefixtures("small_portions")

few = settings(max_examples=max(3, settings().max_examples // 8))
seeds = st.integers(0, 2**32 - 1)
Check = Callable[[Quarrels, datetime, list[Life]], None]
CHECKS: tuple[Check, ...] = (
    endings.check_outcomes, endings.check_compliance, endings.check_durability, endings.check_recurrence,
    endings.check_funnel, holdings.check_load, holdings.check_backlog, holdings.check_flow, holdings.check_legs,
    holdings.check_activity, holdings.check_lists, holdings.check_fairness, lasting.check_durations, lasting.check_waiting,
)  # fmt: skip


@pytest.fixture(scope="module")
def seeded(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the definition and the people, and no case yet."""
    path = tmp_path_factory.mktemp("quarrels") / "seeded.db"
    shutil.copy(sqlite_template, path)
    with Store.open(f"sqlite:///{path}") as store:
        Quarrels(store)
    return path


@contextmanager
def fresh(seeded: Path) -> Iterator[Quarrels]:
    with TemporaryDirectory(dir=seeded.parent) as folder:
        path = Path(folder) / "store.db"
        shutil.copy(seeded, path)
        with Store.open(f"sqlite:///{path}") as store:
            yield Quarrels(store, seeded=True)


def hold(town: Quarrels, part: float, days: int) -> None:
    """All measures, as of now and as of an instant of the past."""
    for at in (town.now, BEGIN + (town.now - BEGIN) * part):
        at = at.replace(microsecond=0)
        told = lives(town, at)
        for check in CHECKS:
            check(town, at, told)
        lasting.check_why(town, at, told, days)
    for by in ([], ["place"], ["phase", "risk"]):
        public.check_public(town, by)


@few
@given(
    seed=seeds,
    days=st.integers(0, 40),
    reports=st.floats(0.1, 0.9),
    part=st.floats(0, 1),
    span=st.integers(1, 5),
)
def test_every_measure_is_what_reading_each_history_gives(
    seeded: Path, seed: int, days: int, reports: float, part: float, span: int
) -> None:
    with fresh(seeded) as town:
        town.live(Random(seed), days=days, reports=reports)
        hold(town, part, span)


def test_so_it_is_on_both_databases(store: Store) -> None:
    town = Quarrels(store)
    town.live(Random(17), days=45, reports=0.7)
    hold(town, 0.6, 2)
    acts = [event["act"] for ref in town.refs for event in town.events(ref)[1]]
    assert {"taken_back", "correct", "reopen", "enter", "link", "put_off", "visit", "send"} <= set(acts)
    told = lives(town, town.now)
    assert len(told) < len(town.refs)  # some are hidden from who asks
    assert any(life.goes_on for life in told)
