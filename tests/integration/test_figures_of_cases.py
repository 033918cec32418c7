"""Figures on random quarrels: what they refuse, what a past instant and readers outside are told.

That they are right is held in ``tests/property/test_figures.py``.
"""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

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


# ---- load and backlog -------------------------------------------------------------------------------


def test_groups_of_few_open_cases_tell_counts_and_no_figure(town: Quarrels) -> None:
    groups = town.ask(load, by=["place", "risk"])["groups"]
    few, many = ([one for one in groups if (one["n"] < 10) is so] for so in (True, False))
    assert few
    for one in few:
        assert (one["oldest_s"], one["p50_s"], one["few"]) == (None, None, True)
        assert sum(one["ages"].values()) == one["n"]
        assert one["weight"] >= one["n"]
    assert all(one["p50_s"] is not None and "few" not in one for one in many)


def test_of_few_open_cases_no_sum_tells_readers_outside_how_many(town: Quarrels) -> None:
    for at in instants(town):
        for by in ([], ["place"], ["risk"], ["place", "risk"], ["channel"]):
            plain, told = (town.ask(load, as_of=at, by=by, public=so) for so in (False, True))
            assert all(group["oldest_s"] is None for group in told["groups"])
            if plain["n_open"] < 5:
                assert (told["n_open"], told["weight"]) == (None, None if plain["n_open"] else 0)
            if told["n_open"] is not None:
                assert told["n"] is None or told["n"] - told["n_open"] not in range(1, 5)
                if by:  # people's are no parts of the whole: some cases are nobody's, some several people's
                    _no_lone_gap(told, plain, "n")
                if told["n_unassigned"] is not None:
                    _no_lone_gap(told, plain, "n_handled")
            for name in ("n_given", "n_taken"):
                if told["n_reassigned"] is not None:
                    assert None not in [group[name] for group in told["groups"]]


def _no_lone_gap(told: dict[str, Any], plain: dict[str, Any], name: str) -> None:
    """What the groups that are told leave of the total is nothing, or enough, and of more than one group."""
    gone = [group["key"] for group in told["groups"] if group[name] is None]
    left = sum(group[name] for group in plain["groups"] if group["key"] in gone)
    assert not gone or (len(gone) > 1 and left not in range(1, 5))


@pytest.mark.parametrize("every", ["day", "week", "month"])
def test_what_is_left_out_of_a_backlog_is_no_sum_of_what_is_told(town: Quarrels, every: str) -> None:
    gone = 0
    for at in instants(town):
        for by in ([], ["place"], ["risk"]):
            told = town.ask(backlog, as_of=at, every=every, by=by, public=True)
            for group in told["groups"]:
                before = group["before"]
                for step in group["steps"]:
                    ends = (before, step["open"])
                    if None in ends:
                        assert {step[name] for name in ("filed", "reopened", "closed")} == {None}
                        assert not any(step["ages"].values())
                        gone += 1
                    before = step["open"]
                if group["steps"] and group["n_open"] is None:
                    assert group["steps"][-1]["open"] is None
    assert gone


@pytest.mark.parametrize("every", ["day", "week", "month"])
def test_the_last_step_ends_with_the_day_as_of_which_it_is_told(town: Quarrels, every: str) -> None:
    at = town.now - timedelta(days=9)
    today = at.astimezone(ZoneInfo("Asia/Shanghai")).date()
    for until in (None, today, today + timedelta(days=400)):
        told = town.ask(backlog, as_of=at, every=every, until=until)
        assert told["until"] == told["groups"][0]["steps"][-1]["to"] == today.isoformat()
        assert told["groups"][0]["steps"][-1]["open"] == told["n_open"]
    over = today.replace(day=1) - timedelta(days=1)  # a month that was over keeps its last day
    told = town.ask(backlog, as_of=at, every="month", until=over)
    assert told["groups"][0]["steps"][-1]["to"] == over.isoformat()


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
