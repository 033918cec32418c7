"""What cases are decided by: definitions and calendars, kept as data."""

from datetime import date, datetime

from sqlalchemy import Index, Text
from sqlmodel import Field

from engine.persistence.table.row import CLUSTERED, Row


class Definition(Row, table=True):
    """One text of a case type. Immutable once active; identity is the content hash."""

    __tablename__ = "definition"
    __table_args__ = (Index("ix_definition_case_type", "case_type", "status"),)

    hash: str = Field(primary_key=True)
    case_type: str
    version: str  # the label people read
    status: str  # available | active | retired
    effective_from: date
    effective_until: date | None = None
    added_at: datetime
    body: str = Field(sa_type=Text)  # normal form, JSON
    source: str = Field(sa_type=Text)  # the YAML it came from
    translations: str = Field(sa_type=Text)  # JSON


class RoutingTable(Row, table=True):
    """Who takes what: the decision tables of a case type, with a first day of their own. Cases are not pinned to it."""

    __tablename__ = "routing_table"
    __table_args__ = (Index("ix_routing_table_case_type", "case_type", "status"),)

    hash: str = Field(primary_key=True)
    case_type: str
    version: str
    status: str  # available | active | retired
    since: date | None = None
    until: date | None = None
    added_at: datetime
    added_by: str
    source: str = Field(sa_type=Text)  # the YAML it came from, with its translations, JSON


class Calendar(Row, table=True):
    __tablename__ = "calendar"
    __table_args__ = (CLUSTERED,)

    id: str = Field(primary_key=True)
    body: str = Field(sa_type=Text)  # zone, weekend, office hours, rolls; JSON


class CalendarYear(Row, table=True):
    """A published year: days off, make-up days and where they were published."""

    __tablename__ = "calendar_year"

    calendar: str = Field(primary_key=True, foreign_key="calendar.id")
    year: int = Field(primary_key=True)
    body: str = Field(sa_type=Text)
    hash: str
    source: str
    published_at: datetime


class Closure(Row, table=True):
    """A day on which an office is shut although its calendar says otherwise."""

    __tablename__ = "closure"
    __table_args__ = (CLUSTERED,)

    calendar: str = Field(primary_key=True)
    unit: str = Field(primary_key=True)  # empty: for all units of the calendar
    day: date = Field(primary_key=True)
    reason: str
