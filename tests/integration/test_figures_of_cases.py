"""Figures on random quarrels: what they refuse, what a past instant and readers outside are told.

That they are right is held in ``tests/property/test_figures.py``.
"""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from engine.analytics.backlog import backlog
from engine.analytics.compliance import compliance
from engine.analytics.flow import flow
from engine.analytics.funnel import funnel
from engine.analytics.load import load
from engine.analytics.outcomes import outcomes
from engine.analytics.recurrence import recurrence
from engine.domain.errors import FolkmootError
from engine.persistence.store import Store
from tests.support.lives import lives
from tests.support.quarrels import BEGIN, Quarrels


@pytest.fixture(scope="module")
def town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quarrels]:
    path = tmp_path_factory.mktemp("quarrels") / "store.db"
    shutil.copy(sqlite_template, path)
    with Store.open(f"sqlite:///{path}") as store:
        made = Quarrels(store)
        made.live(Random(3), days=120)
        yield made


def instants(town: Quarrels) -> list[datetime]:
    """Now and some past ones."""
    length = town.now - BEGIN
    return [(BEGIN + length * part).replace(microsecond=0) for part in (1.0, 0.83, 0.5, 0.2)]


def test_the_histories_have_what_the_figures_are_about(town: Quarrels) -> None:
    told = lives(town, town.now)
    assert any(len(life.closings) > 2 for life in told)
    assert any(len(life.handlers) > 1 for life in told)
    assert any(run["extensions"] for life in told for run in life.limits.values())
    acts = [event["act"] for ref in town.refs for event in town.events(ref)[1]]
    assert {"taken_back", "correct", "reopen"} <= set(acts)


def test_what_the_filter_asks_is_asked_of_the_earlier_case(town: Quarrels) -> None:
    first = min(lives(town, town.now), key=lambda life: life.filed)
    until = datetime.fromtimestamp(first.filed + 1, UTC)
    told = town.ask(recurrence, of="place", after="filed", filed=(None, until))
    assert (told["n"], told["n_again"]) == (1, 1)


def test_steps_that_are_no_steps(town: Quarrels) -> None:
    for asked, code in (
        ({"every": "hour"}, "FM-U720"),
        ({"every": "day", "since": date(2020, 1, 1)}, "FM-U721"),
        ({"since": date(2025, 3, 1), "until": date(2025, 2, 1)}, "FM-U404"),
    ):
        with pytest.raises(FolkmootError) as refused:
            town.ask(backlog, **asked)
        assert refused.value.code == code


def test_lengths_and_kinds_that_there_are_not(town: Quarrels) -> None:
    for measure, asked, code in (
        (funnel, {"of": "nice"}, "FM-U720"),
        (funnel, {"of": "slow", "days": 0}, "FM-U722"),
        (recurrence, {"of": "weather"}, "FM-U720"),
        (recurrence, {"after": "lunch"}, "FM-U720"),
    ):
        with pytest.raises(FolkmootError) as refused:
            town.ask(measure, **asked)
        assert refused.value.code == code


# ---- all of them -----------------------------------------------------------------------------------

EVERY: tuple[tuple[Any, dict[str, Any]], ...] = (
    (outcomes, {}), (compliance, {}), (recurrence, {}), (load, {}), (backlog, {"every": "month"}), (flow, {}),
    (funnel, {"of": "slow"}), (funnel, {"of": "missed"}),
)  # fmt: skip


def test_a_past_instant_tells_the_same_whatever_comes_later(store: Store) -> None:
    """On both databases, and whatever was kept of the figures before."""
    town = Quarrels(store)
    town.live(Random(7), days=40)
    told = [(at, m, asked, town.ask(m, as_of=at, **asked)) for at in instants(town) for m, asked in EVERY]
    town.live(Random(5), days=15)
    for at, measure, asked, answer in told:
        assert town.ask(measure, as_of=at, **asked) == answer
    assert [life.id for life in lives(town, town.now)] == list(range(1, len(town.refs) + 1))
