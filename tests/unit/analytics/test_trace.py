"""Rows of one case: since when each was known, and until when it was believed."""

from typing import Any

from engine.analytics.traces.law import Law
from engine.analytics.traces.rows import ALWAYS, Known, second, trace
from engine.definitions.outline import Leaf

LAW = Law(
    "h",
    leaves={
        name: Leaf(name, "main", (name,), name == "over", phase, (), None)
        for name, phase in (("new", "intake"), ("going", "work"), ("over", "done"))
    },
    milestones={"start": ("started",), "over": ("resolved",)},
    choices=frozenset({"risk"}),
    grades={"settled": "substantive"},
)


def at(hour: int) -> str:
    return f"2026-03-02T{hour:02}:00:00Z"


def event(
    seq: int, act: str, hour: int, *changes: dict[str, Any], recorded: int | None = None
) -> dict[str, Any]:
    return {
        "seq": seq, "act": act, "kind": "act", "actor": "off-1", "at": at(hour), "recorded": at(recorded or hour),
        "definition": "h", "changes": list(changes),
    }  # fmt: skip


def move(before: str, after: str) -> dict[str, Any]:
    return {"do": "move", "region": "main", "from": before, "to": after, "entered": [after]}


FILED = {
    "do": "file",
    "case": {
        "case_type": "t", "definition": "h", "place": "p", "unit": "u", "channel": "phone", "filed_at": at(1), "cycle": 1,
        "states": {"main": "@unfiled"}, "fields": {}, "parties": [], "seats": {}, "clocks": [],
    },
}  # fmt: skip
HISTORY = [
    event(1, "file", 1, FILED, move("@unfiled", "new"), {"do": "set", "field": "risk", "value": "red"}),
    event(2, "start", 2, move("new", "going")),
    event(
        3, "end", 5, move("going", "over"), {"do": "outcome", "outcome": "settled", "grade": "substantive"}
    ),
]


def on(track: str, events: list[dict[str, Any]]) -> list[tuple[str, int, int, int]]:
    """(code, at, since, until) of a track, in hours; 99 for ever."""
    midnight = second("2026-03-02T00:00:00Z")

    def told(known: Known) -> tuple[str, int, int, int]:
        until = 99 if known.until == ALWAYS else (known.until - midnight) // 3600
        return known.row.code, (known.row.at - midnight) // 3600, (known.since - midnight) // 3600, until

    return [told(known) for known in trace(events, lambda _: LAW) if known.row.track == track]


def test_a_plain_history_is_known_as_it_was_recorded() -> None:
    assert on("state", HISTORY) == [("h:new", 1, 1, 99), ("h:going", 2, 2, 99), ("h:over", 5, 5, 99)]
    assert on("closing", HISTORY) == [("closed|settled|substantive", 5, 5, 99)]
    assert on("milestone/resolved", HISTORY) == [("", 5, 5, 99)]
    assert on("field/risk", HISTORY) == [("red", 1, 1, 99)]


def test_an_act_that_was_taken_back_was_believed_until_then() -> None:
    back = {"do": "restore", "seq": 3, "to": {"states": {"main": "going"}}, "gone": ["outcome"]}
    events = [*HISTORY, event(4, "taken_back", 8, back)]
    assert on("state", events) == [("h:new", 1, 1, 99), ("h:going", 2, 2, 99), ("h:over", 5, 5, 8)]
    assert on("closing", events) == [("closed|settled|substantive", 5, 5, 8)]
    assert on("milestone/resolved", events) == [("", 5, 5, 8)]


def test_a_correction_taken_back_lets_the_act_count_again() -> None:
    back = {"do": "restore", "seq": 3, "to": {"states": {"main": "going"}}, "gone": ["outcome"]}
    forth = {"do": "restore", "seq": 4, "to": {"states": {"main": "over"}, "outcome": "settled"}, "gone": []}
    events = [*HISTORY, event(4, "taken_back", 8, back), event(5, "taken_back", 10, forth)]
    assert on("milestone/resolved", events) == [("", 5, 5, 8), ("", 5, 10, 99)]


def test_an_act_that_happened_earlier_has_its_first_time_until_then() -> None:
    earlier = {
        "do": "retime",
        "seq": 3,
        "from": at(5),
        "at": at(4),
        "triggers": [],
        "states": [],
        "records": [],
    }
    events = [*HISTORY, event(4, "correct", 8, earlier)]
    assert on("state", events)[2:] == [("h:over", 5, 5, 8), ("h:over", 4, 8, 99)]
    assert on("milestone/resolved", events) == [("", 5, 5, 8), ("", 4, 8, 99)]


def test_what_was_entered_late_is_known_late() -> None:
    late = [*HISTORY[:1], event(2, "start", 2, move("new", "going"), recorded=7)]
    assert on("milestone/started", late) == [("", 2, 7, 99)]
