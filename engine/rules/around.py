"""What an act is made of besides the case: who acts, when, what is looked up; and how expressions read it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from google.protobuf.timestamp_pb2 import Timestamp

from engine.domain.calendar import Calendar
from engine.rules.kind import Persons, stamped

Map = dict[str, Any]


def _nobody(_code: str) -> None:
    return None


def _never(_window: str) -> int:
    return 0


@dataclass(frozen=True)
class Extra:
    """What the facts of an act are made of besides the case: plain values and pure look-ups.

    ``actor`` {id, roles, party?} · ``act`` {trigger, at, item?, note?}, ``at`` an aware instant · ``now``
    the time of occurrence · ``zone`` of the calendar · ``params`` in stored form · ``links`` of
    {kind, case_type, outcome?, closed} · ``recurrence(window)`` earlier cases of the same pair.
    """

    now: datetime
    zone: str
    actor: Mapping[str, Any] = field(default_factory=dict)
    act: Mapping[str, Any] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    persons: Persons = _nobody
    links: Sequence[Mapping[str, Any]] = ()
    calendar: Calendar | None = None
    recurrence: Callable[[str], int] = _never
    seed: int = 0


def links(extra: Extra) -> list[Map]:
    names = ("kind", "case_type", "outcome", "closed")
    return [_present((name, link.get(name)) for name in names) for link in extra.links]


def actor(extra: Extra) -> Map:
    made = _present(extra.actor.items())
    return {**made, "roles": list(made.get("roles", ()))}


def act(extra: Extra) -> Map:
    made = _present(extra.act.items())
    if isinstance(made.get("at"), datetime):
        made["at"] = stamped(made["at"])
    return made


def today(extra: Extra) -> Timestamp:
    """Midnight with which the day of the act begins where the calendar is kept."""
    local = extra.now.astimezone(ZoneInfo(extra.zone))
    return stamped(datetime.combine(local.date(), time(), local.tzinfo))


def _present(pairs: Iterable[tuple[str, Any]]) -> Map:
    return {name: value for name, value in pairs if value is not None}
