"""Who one is, and one's work."""

from datetime import datetime
from typing import Any

from api.schema.problem import Told


class Me(Told):
    person: str | None
    known: bool
    name: str | None
    identity: str
    appointments: list[dict[str, Any]]
    cases: dict[str, int]
    case_types: list[str]
    as_of: datetime


class Group(Told):
    key: str
    count: int
    items: list[dict[str, Any]]


class Desk(Told):
    person: str | None
    unit: str | None
    groups: list[Group]
    open: int
    as_of: datetime
