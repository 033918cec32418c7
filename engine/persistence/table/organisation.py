"""Units, places and people. ``since`` and ``until`` are days, both included; none is open."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field

from engine.persistence.table.row import BIG, CLUSTERED, Row


class Unit(Row, table=True):
    """A node of the tree of units; ``desk``: cases of the places it serves are this unit's."""

    __tablename__ = "unit"
    __table_args__ = (Index("ix_unit_parent", "parent"),)

    code: str = Field(primary_key=True)
    name: str
    level: str
    parent: str | None = None
    place: str | None = None  # where its office is
    desk: bool
    volunteers: int
    hours: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))  # office hours
    since: date | None = None
    until: date | None = None


class Place(Row, table=True):
    """``became`` is the successor after a merger."""

    __tablename__ = "place"
    __table_args__ = (Index("ix_place_parent", "parent"), Index("ix_place_name", "name"))

    code: str = Field(primary_key=True)
    name: str
    kind: str  # city, county, township, village, community
    parent: str | None = None
    became: str | None = None
    since: date | None = None
    until: date | None = None


class ServiceArea(Row, table=True):
    """The unit gives the function in the place and in all that lies inside it."""

    __tablename__ = "service_area"
    __table_args__ = (
        Index("ix_service_area_place", "place", "function"),
        Index("ix_service_area_unit", "unit"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    unit: str
    function: str
    place: str
    since: date | None = None
    until: date | None = None


class Person(Row, table=True):
    """Staff are codes; a name is optional."""

    __tablename__ = "person"

    code: str = Field(primary_key=True)
    name: str
    phone: str
    sex: str | None = None
    languages: list[str] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    since: date | None = None
    until: date | None = None


class Appointment(Row, table=True):
    """Authority: a role over a unit. ``capacity`` is the most weighted load; none is the usual cap."""

    __tablename__ = "appointment"
    __table_args__ = (Index("ix_appointment_person", "person"), Index("ix_appointment_unit", "unit", "role"))

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    person: str = Field(foreign_key="person.code")
    role: str
    unit: str = Field(foreign_key="unit.code")
    capacity: int | None = None
    skills: list[str] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    basis: str
    since: date | None = None
    until: date | None = None


class Absence(Row, table=True):
    __tablename__ = "absence"
    __table_args__ = (
        Index("ix_absence_person", "person", "until"),
        Index("ix_absence_substitute", "substitute", "until"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    person: str = Field(foreign_key="person.code")
    since: date
    until: date | None = None
    reason: str
    substitute: str | None = None


class Duty(Row, table=True):
    """One person on one day's roster of a unit; ``signed_on`` is what the desk shows."""

    __tablename__ = "duty"
    __table_args__ = (CLUSTERED,)

    unit: str = Field(primary_key=True, foreign_key="unit.code")
    day: date = Field(primary_key=True)
    person: str = Field(primary_key=True, foreign_key="person.code")
    signed_on: bool


class Relation(Row, table=True):
    """A conflict of interest: ``other`` is a person's code or the key of a party."""

    __tablename__ = "relation"
    __table_args__ = (Index("ix_relation_other", "other"), CLUSTERED)

    person: str = Field(primary_key=True)
    other: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    since: date | None = None
    until: date | None = None
