"""Every decision on a seat as a row: who was picked, by what, and who was left out. Drawn from events, never changed."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.domain.case import Event
from engine.persistence.convert import instant
from engine.persistence.stored import Change

Row = dict[str, Any]


def changes(events: Iterable[Event]) -> Iterator[Change]:
    for event in events:
        for row in picks(event):
            yield Change("add", "seat_pick", {**row, "at": instant(row["at"])})


def picks(event: Mapping[str, Any]) -> Iterator[Row]:
    """The rows of one event's decisions; ``at`` as the event has it."""
    made = [change for change in event["changes"] if "decision" in change]
    for n, change in enumerate(made):
        decision = change["decision"]
        yield {
            "seq": event["seq"],
            "n": n,
            "seat": change["seat"],
            "person": change.get("person"),
            "unit": decision.get("unit"),
            "at": event["at"],
            "picked_by": decision.get("by", "engine"),
            "rule": decision.get("rule"),
            "reason": decision.get("reason"),
            "table_hash": decision.get("table", {}).get("hash"),
            "weight": change.get("weight"),
            "excluded": json.dumps([[out["person"], out["because"]] for out in decision.get("excluded", ())]),
        }
