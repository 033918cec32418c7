"""Which of many cases show best what there is to see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from engine.domain.instant import from_text
from workflows.demo.life import Life

LIMIT = "mediation_limit"


@dataclass(frozen=True, slots=True)
class Example:
    """An open case in somebody's hands, with a clock worth explaining."""

    ref: str
    holder: str
    clock: str


def choose_story(lives: Sequence[Life]) -> str | None:
    """A dispute that went the whole way, seen by most of those who may be in one; else the nearest to it."""
    closed = [life for life in lives if life.look() == "closed"]
    return max(closed, key=_worth).ref if closed else None


def _worth(life: Life) -> tuple[bool, bool, bool, float, int]:
    body = life.body
    whole = body.get("outcome") == "settled_performed" and body["cycle"] == 1
    return (
        whole,
        body["case_type"] == "dispute_mediation" and len(life.parties) == 2 and life.records("session") == 1,
        whole and life.records("obligation") > 0 and life.seated("mediator") in life.local.mediators,
        -abs(_days_to_settle(life) - 7),
        life.row.version,
    )


def _days_to_settle(life: Life) -> float:
    """Until the follow-up began; far off where it never did."""
    began = [run["start"] for run in life.body["clocks"] if run["name"] == "follow_up"]
    if not began:
        return 1000.0
    return (from_text(began[0]) - from_text(life.body["filed_at"])) / timedelta(days=1)


def choose_example(lives: Sequence[Life], station: str) -> Example | None:
    """A case at the table, with a limit that was paused or extended if there is one."""
    found = [
        (len(run["pauses"]) + len(run["extensions"]), life.row.version, life.ref, life.handler, run["name"])
        for life in lives
        if life.look() not in ("closed", "suspended") and life.seated("handler")
        for run in life.body["clocks"]
        if run["status"] == "running"
        and run["kind"] == "limit"
        and (life.local.station == station or run["name"] == LIMIT)
    ]
    if not found:
        return None
    *_, ref, holder, clock = max(found, key=lambda f: (f[-1] == LIMIT, *f))
    return Example(ref, holder, clock)
