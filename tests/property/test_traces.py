"""What figures are made from: the rows of a case, kept beside the store, against its history and against lists."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from engine.analytics import durations, verifying
from engine.analytics.selecting import select_cases
from engine.analytics.traces import book as kept
from engine.analytics.traces.frame import Frame
from engine.domain.instant import to_text
from engine.machine.believed import believed
from engine.persistence import table
from engine.persistence.case_store import find_case, history
from engine.persistence.selection import Asking, condition
from engine.persistence.store import Store
from engine.service import law
from tests.support.living import live, second
from tests.support.town import Town
from tests.support.walk import PLACE
from tests.support.whole import _milestones
from workflows.shipped import CASE_TYPES


@pytest.fixture(autouse=True)
def kept_however_small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As a large store keeps it: on disk, with what changed since on a shelf of its own."""
    monkeypatch.setattr(kept, "SMALL", 0)
    monkeypatch.setattr(kept, "WORTH", 2)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


few = settings(max_examples=max(3, settings().max_examples // 12))
seeds = st.integers(0, 2**32 - 1)
_case = table.columns_of(table.Case)


def test_kept_rows_are_those_of_the_histories_however_often_they_were_brought_up(store: Store) -> None:
    town = Town(store)

    @few
    @given(seed=seeds)
    def try_it(seed: int) -> None:
        live(town, seed, 2)
        assert town.ask(verifying.verify, "chf-01")["holds"]
        live(town, seed + 1, 2)  # new cases and, by sweeps, old ones that go on
        found = town.ask(verifying.verify, "chf-01")
        assert (found["holds"], found["differs"]) == (True, [])
        assert found == town.ask(verifying.verify, "chf-01", rebuild=True)

    try_it()


def test_what_was_known_at_an_instant_stays_so_whatever_comes_later(store: Store) -> None:
    town = Town(store)

    moments: list[tuple[datetime, dict[str, Any]]] = []

    @few
    @given(seed=seeds)
    def try_it(seed: int) -> None:
        live(town, seed, 2)
        at = town.now
        asked = {"by": ["type", "risk"], "filter": {"open": True} if seed % 2 else {}}
        told = town.ask(durations.durations, "chf-01", as_of=at, **asked)
        moments.append((at, {"asked": asked, "told": told}))
        town.pass_(minutes=1)
        for then, said in moments:
            assert town.ask(durations.durations, "chf-01", as_of=then, **said["asked"]) == said["told"]

    try_it()


def test_milestones_filing_and_closing_are_those_of_the_believed_history(store: Store) -> None:
    town = Town(store)

    @few
    @given(seed=seeds, back=st.integers(0, 20_000))
    def try_it(seed: int, back: int) -> None:
        player = live(town, seed, 3)
        at = (town.now - timedelta(minutes=back)).replace(microsecond=0)

        def look(unit: Any) -> None:
            frame = Frame(kept.open_book(unit), int(at.timestamp()))
            place = {case_id: n for n, case_id in enumerate(frame.ids.tolist())}
            for ref in player.refs:
                row = find_case(unit, ref)
                assert row is not None
                events = [one.event for one in history(unit, row.id) if one.event["recorded"] <= to_text(at)]
                n = place[row.id]
                assert frame.known[n] == bool(events)
                if events:
                    _check(frame, n, law.program(unit, row.definition), believed(events))

        town.engine.store.read(look)

    try_it()


def _check(frame: Frame, n: int, program: Any, events: list[Any]) -> None:
    closed = -1
    for event in events:
        for change in event["changes"]:
            if change["do"] == "move" and change["region"] == "main":
                closed = second(event["at"]) if program.outline.leaves[change["to"]].final else -1
    assert frame.closed[n] == closed
    for name, first, last in _milestones(program, events):
        assert frame.first_at(f"milestone/{name}")[n] == int(first.timestamp())
        assert frame.last_at(f"milestone/{name}")[n] == int(last.timestamp())
    reached = {name for name, _, _ in _milestones(program, events)}
    for name in set(program.definition.milestones) - reached:
        assert frame.first_at(f"milestone/{name}")[n] == -1


FILTERS: list[dict[str, Any]] = [
    {"type": CASE_TYPES[0]}, {"type": ",".join(CASE_TYPES[:2])}, {"phase": "work,review"}, {"phase": "done"}, {"open": True},
    {"unassigned": True}, {"late": True}, {"risk": "red,yellow"}, {"holder": "aux-07"}, {"place": PLACE}, {"channel": "phone"},
    {"q": "quarrel"}, {"q": "wall"},
]  # fmt: skip


def test_figures_are_about_the_very_cases_that_lists_show(store: Store) -> None:
    town = Town(store)

    @few
    @given(seed=seeds, which=st.lists(st.sampled_from(FILTERS), min_size=1, max_size=3))
    def try_it(seed: int, which: list[dict[str, Any]]) -> None:
        live(town, seed, 3)
        asked = {name: value for one in which for name, value in one.items()}

        def look(unit: Any) -> tuple[list[int], list[int]]:
            caller = town.as_("chf-01")
            frame = select_cases(unit, caller, filter=asked)
            wanted = condition(Asking(unit, caller.person, caller.now), asked)
            rows = unit.execute(select(_case.c.id).where(wanted).order_by(_case.c.id))
            return frame.ids.tolist(), [row["id"] for row in rows]

        figures, listed = town.engine.store.read(look)
        assert figures == listed

    try_it()


def test_a_moment_is_the_whole_second_that_histories_speak_of() -> None:
    at = datetime(2026, 11, 24, 8, 0, 0, tzinfo=UTC)
    assert second(to_text(at)) == int(at.timestamp())
