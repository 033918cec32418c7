"""People, units and places."""

from datetime import date
from typing import Any

from pydantic import Field

from api.schema.case import Sent
from api.schema.path import Day
from api.schema.problem import Told


class UnitLine(Told):
    code: str
    name: str
    level: str
    parent: str | None
    desk: bool
    volunteers: int | None
    since: date | None
    until: date | None


class Units(Told):
    items: list[UnitLine]
    count: int
    next: str | None
    on: date


class Unit(UnitLine):
    above: list[str] = Field(description="the units it lies under, the nearest first")
    areas: list[dict[str, Any]]
    below: list[UnitLine]
    persons: list[dict[str, Any]]
    on: date


class Serving(Told):
    code: str
    name: str
    level: str
    rank: int = Field(description="0 is nearest")


class UnitsOfPlace(Told):
    place: dict[str, str]
    items: list[Serving]
    count: int
    next: str | None
    home: str | None = Field(description="the unit whose case it would be")
    on: date


class Place(Told):
    code: str
    name: str
    kind: str
    within: list[str]
    unit: str | None
    serving: list[Serving]
    until: date | None
    became: str | None


class Places(Told):
    items: list[Place]
    count: int
    next: str | None
    exact: bool
    on: date


class PersonLine(Told):
    code: str
    name: str
    roles: list[str]
    units: list[str]
    load: float
    cap: float
    on_duty: bool | None
    away: bool
    away_until: date | None
    acting: str | None = Field(description="who stands in while the person is away")


class Persons(Told):
    items: list[PersonLine]
    count: int
    next: str | None
    away: int
    on: date


class HeldSeat(Told):
    seat: str
    seat_title: str
    cases: int


class Person(Told):
    code: str
    name: str | None
    sex: str | None
    languages: list[str]
    acting: str | None = Field(description="who stands in while the person is away")
    acting_for: list[str] = Field(description="for whom the person stands in on that day")
    appointments: list[dict[str, Any]]
    absences: list[dict[str, Any]]
    load: float
    away_until: date | None
    cases: list[dict[str, Any]] = Field(
        description="the open cases where the person holds a seat, with the seats"
    )
    open_cases: int = Field(description="how many those are")
    seats: list[HeldSeat] = Field(
        description="of how many of them which seat; one case may count for several"
    )
    on: date


class Leave(Sent):
    """Both days are included; without `until` it is open."""

    since: Day | None = Field(default=None, description="first day away (today)", examples=["2026-11-25"])
    until: Day | None = Field(default=None, description="last day away", examples=["2026-11-27"])
    reason: str | None = Field(default=None, max_length=500, examples=["sick"])
    substitute: str | None = Field(
        default=None, description="who stands in, with the roles of the absent", examples=["off-05"]
    )


class LeftBehind(Told):
    """The open cases that stay behind, on which seats, and how many of them fall due meanwhile."""

    items: list[dict[str, Any]]
    since: date
    until: date | None
    working_days: int | None
    open_cases: int
    due: int


class Returned(Told):
    items: list[dict[str, Any]]
    count: int
    since: date


class Appointing(Sent):
    """A role over a unit; it counts from its first day only."""

    role: str = Field(description="role of the vocabulary", examples=["mediator_post"])
    unit: str = Field(description="over which unit, by code or name", examples=["M-12"])
    since: Day | None = Field(default=None, description="first day (today)", examples=["2026-12-01"])
    until: Day | None = Field(default=None, description="last day; open without it")
    capacity: int | None = Field(default=None, ge=0, le=1000, description="most weighted load")
    skills: list[str] = Field(default_factory=list, max_length=50)
    basis: str | None = Field(default=None, max_length=500, description="which decision appoints")
    new: bool = Field(default=False, description="a person who is not in the store yet")


class Appointed(Told):
    person: str
    role: str
    unit: str
    since: date
    until: date | None
    capacity: int | None


class Ended(Told):
    person: str
    role: str
    units: list[str]
    until: date
    open_cases: int
    seats: list[HeldSeat]


class Taken(Told):
    """What a file of the organisation came to."""

    sheets: list[dict[str, Any]]
    rejected: list[dict[str, Any]] = Field(description="rows that were left out, each with its reason")
    changes: list[dict[str, Any]]
    would_end: int = Field(description="appointments that the file lacks")
    notes: list[dict[str, Any]]


class DutyLine(Told):
    day: date
    unit: str
    person: str
    name: str | None
    signed_on: bool
    away: bool


class Duty(Told):
    """``rostered`` and what follows it are of the first day."""

    items: list[DutyLine]
    count: int
    next: str | None
    on: date
    until: date
    rostered: int
    signed_on: int
    missing: list[str] = Field(description="who did not sign on")
    on_leave: list[str]


class Signing(Sent):
    person: str | None = Field(default=None, description="another; oneself without it", examples=["off-05"])
    unit: str | None = Field(default=None, description="whose roster", examples=["S-012"])


class Signed(Told):
    person: str
    day: date
    units: list[str]
    signed_on: bool
