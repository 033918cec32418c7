"""Working calendars: years with their days off, closures of single offices."""

from datetime import date, datetime
from typing import Any

from pydantic import Field

from api.schema.case import Sent
from api.schema.path import Day
from api.schema.problem import Told


class CalendarLine(Told):
    id: str
    zone: str
    rolls: bool
    first: int | None = Field(description="the first year that is published")
    last: int | None
    years: int
    closures: int
    hash: str


class Calendars(Told):
    items: list[CalendarLine]
    count: int
    next: str | None
    as_of: datetime


class CalendarYear(Told):
    year: int
    source: str
    days_off: list[date]
    make_up_days: list[date]


class Calendar(Told):
    id: str
    zone: str
    weekend: list[str]
    rolls: bool
    years: list[CalendarYear]
    closures: list[dict[str, Any]]
    hash: str


class PublishedYear(Sent):
    """A year as it was published, whole."""

    source: str = Field(
        min_length=1, max_length=500, description="where it was published", examples=["notice of 5 Nov 2026"]
    )
    days_off: list[Day] = Field(max_length=366, examples=[["2027-01-01"]])
    make_up_days: list[Day] = Field(
        default_factory=list, max_length=366, description="weekend days that are worked", examples=[[]]
    )


class CalendarTaken(Told):
    """``changed`` are the running clocks whose due date moves."""

    calendar: str
    years: list[dict[str, Any]]
    closures: dict[str, int]
    changed: list[dict[str, Any]]
    moved: int
