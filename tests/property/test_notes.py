"""Notes tell something and move nothing: whatever a case has lived through, its deadlines stay where they are."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.case import ClockRun
from tests.support.walk import Attempt, Walk, lives
from workflows.shipped import CASE_TYPES

few = settings(max_examples=max(5, settings().max_examples // 4))
steps = st.lists(st.integers(0, 2**32 - 1), min_size=3, max_size=40)
apart = st.lists(st.integers(0, 60 * 24 * 3), min_size=1, max_size=5)


@pytest.mark.parametrize("case_type", CASE_TYPES)
@few
@given(steps=steps, minutes=apart)
def test_notes_move_no_deadline(case_type: str, steps: list[int], minutes: list[int]) -> None:
    """But for clocks that count from the last sign of life, where the definition names the note as one."""
    walk = lives(steps, case_type)
    writer = next((who for who in walk.chooser.actors(walk.state) if walk.offer(who, "note").allowed), None)
    for apart in minutes if writer and not walk.closed else ():
        walk.pass_time(timedelta(minutes=apart))
        before, stands = deadlines(walk), walk.state["states"]
        if walk.take(walk.judge(Attempt(writer, "note", {"note": "a word"}))):
            assert deadlines(walk) == before
            assert walk.state["states"] == stands


def deadlines(walk: Walk) -> list[tuple[Any, ...]]:
    clocks = walk.program.definition.clocks
    return [told(run) for run in walk.state["clocks"] if "note" not in clocks[run["name"]].restarts_on]


def told(run: ClockRun) -> tuple[Any, ...]:
    return run["name"], run["run"], run.get("item"), run["status"], run.get("due"), dict(run["marks"])
