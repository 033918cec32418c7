"""A case's history as programs for process mining want it: one row an event, and the objects that it was about.

Nothing here says who anybody is or what was told: parties and records stand by their numbers, people of the house by
their codes. An instant is a text of :mod:`engine.domain.instant`.
"""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

Kind = Literal["text", "time", "integer", "flag"]
Relation = tuple[str, str]  # the object's id, what it is to the one that names it
CASE, PARTY, OFFICER = "case", "party", "officer"  # types of objects; every kind of record is one too


class TracedEvent(NamedTuple):
    """One event. All but ``objects`` are the columns of a table, in this order."""

    case_id: str
    seq: int
    activity: str  # the act in words
    act: str
    kind: str  # act | follow | mark | import
    occurred_at: str
    recorded_at: str
    resource: str | None
    role: str | None
    resource_unit: str | None
    entered_by: str | None
    acting_for: str | None
    from_state: str | None
    to_state: str | None
    phase: str
    waits_for: str
    outcome: str | None
    case_type: str
    place: str
    unit: str
    definition_version: str
    definition: str
    lifecycle: str
    taken_back: bool
    objects: tuple[Relation, ...]


class TracedObject(NamedTuple):
    id: str
    type: str
    values: Mapping[str, Any]
    relations: tuple[Relation, ...] = ()


class Trace(NamedTuple):
    """A case with its events in the order in which they occurred; ``objects``: the case itself first."""

    ref: str
    events: list[TracedEvent]
    objects: list[TracedObject]


COLUMNS: Mapping[str, Kind] = {
    **dict.fromkeys((name for name in TracedEvent._fields if name != "objects"), "text"),
    "seq": "integer",
    "occurred_at": "time",
    "recorded_at": "time",
    "taken_back": "flag",
}
VALUES: Mapping[str, Mapping[str, Kind]] = {
    CASE: {
        "case_type": "text", "place": "text", "unit": "text", "channel": "text", "filed_at": "time",
        "state": "text", "phase": "text", "outcome": "text", "cycle": "integer",
        "definition_version": "text", "definition": "text",
    },
    PARTY: {"role": "text"},
    OFFICER: {},
}  # fmt: skip
OF_A_RECORD: Mapping[str, Kind] = {"cycle": "integer", "recorded_for": "time"}


def values_of(kind: str) -> Mapping[str, Kind]:
    """What is said of objects of a type."""
    return VALUES.get(kind, OF_A_RECORD)
