"""The tables by which seats are filled, as the store holds them, and past decisions made again."""

from datetime import date, datetime
from typing import Any

from pydantic import Field

from api.schema.problem import Told


class RoutingLine(Told):
    """`status`: active, coming, available or retired, as of today."""

    case_type: str
    version: str
    hash: str
    status: str
    since: date | None = Field(description="first day; of those in force from the beginning null")
    until: date | None
    added_at: datetime
    added_by: str


class RoutingLines(Told):
    items: list[RoutingLine]
    count: int
    next: str | None


class RoutingActivated(RoutingLine):
    """`displaced`: what was to come later and now does not; it stays available."""

    replaces: dict[str, str] | None
    displaced: list[dict[str, str]]
    findings: list[dict[str, Any]]


class Again(Told):
    """A decision that would be another: `then` and `now` hold person, rule, reason and score."""

    ref: str
    seq: int
    seat: str
    then: dict[str, Any]
    now: dict[str, Any]


class Replayed(Told):
    """`holds` where every decision gives the same pick by the same rule; `untold` are of earlier programs, which
    kept too little."""

    holds: bool
    decisions: int
    same: int
    untold: int
    no_ruling: int = Field(description="the same pick, and no ruling was kept to compare")
    differs: list[Again]
    as_of: datetime


class Tried(Told):
    """Nothing was saved. `other_rule`: how many of the same have the same person by another rule."""

    table: dict[str, str]
    decisions: int
    same: int
    other_rule: int
    untold: int
    count: int = Field(description="how many would be others; the first of them are listed")
    differs: list[Again]
    as_of: datetime
