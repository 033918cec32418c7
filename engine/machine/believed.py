"""A history as it is believed now: without acts that were taken back, each at the time it was corrected to.

The events stay as they were written. What was believed at an earlier moment is the same over the events recorded
until then, which is why a report as of a past instant never changes.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, cast

E = TypeVar("E", bound=Mapping[str, Any])


def believed(events: Sequence[E]) -> list[E]:
    """The events that count, in their order. A correction that was itself taken back corrects nothing."""
    gone: set[int] = set()
    times: dict[int, str] = {}
    for event in reversed(events):
        if event["seq"] in gone:
            continue
        for change in event["changes"]:
            if change["do"] == "restore":
                gone |= with_what_followed(events, change["seq"])
            elif change["do"] == "retime":
                times.setdefault(change["seq"], change["at"])
    return [_at(event, times.get(event["seq"])) for event in events if event["seq"] not in gone]


def as_corrected(events: Sequence[E], seq: int) -> E | None:
    """The act as it is believed now: at the time and with the values it was corrected to; None if it was taken back."""
    counting = believed(events)
    found = next((event for event in counting if event["seq"] == seq), None)
    if found is None:
        return None
    values: dict[str, Any] = {}
    for event in counting:
        for change in event["changes"]:
            if change["do"] == "corrected" and change["seq"] == seq:
                values |= change["after"]
    changes = [
        {**c, "value": values[c["field"]]} if c["do"] == "set" and c["field"] in values else c
        for c in found["changes"]
    ]
    return cast(E, {**found, "changes": changes})


def corrected(events: Sequence[Mapping[str, Any]]) -> bool:
    """Whether anything here changes what earlier events said."""
    for event in events:
        for change in event["changes"]:
            if change["do"] in ("restore", "retime"):
                return True
    return False


def with_what_followed(events: Sequence[Mapping[str, Any]], seq: int) -> set[int]:
    """An act and all that followed from it by itself."""
    found = {seq}
    for event in events:
        if event["kind"] == "follow" and event.get("cause") in found:
            found.add(event["seq"])
    return found


def _at(event: E, at: str | None) -> E:
    return event if at is None else cast(E, {**event, "at": at})
