"""The case, its history and what lists and sweeps ask of it.

``case_file.body`` is the whole case as JSON; every other column of it and every other table
but ``event`` repeats a part of the body so that a query can find it.
"""

from datetime import date, datetime

from sqlalchemy import Index, LargeBinary, Text
from sqlmodel import Field

from engine.persistence.table.row import BIG, CLUSTERED, Row, partial

OPEN = "phase <> 'done'"  # worklists look through open cases only, however many are done


class Case(Row, table=True):
    """``version`` equals the seq of the last event and ``head`` its hash."""

    __tablename__ = "case_file"
    __table_args__ = (
        partial("ix_case_file_due", "next_due_at", where="next_due_at IS NOT NULL"),
        partial("ix_case_file_open", "phase", where=OPEN),
        partial("ix_case_file_holder", "holder", "phase", where="holder IS NOT NULL"),
        partial("ix_case_file_batch", "batch", where="batch IS NOT NULL"),
        partial(
            "ix_case_file_external",
            "external_system",
            "external_id",
            where="external_id IS NOT NULL",
            unique=True,
        ),
        Index("ix_case_file_unit", "unit", "phase"),
        Index("ix_case_file_type", "case_type", "filed_at"),
        Index("ix_case_file_place", "place", "filed_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    ref: str = Field(unique=True)
    case_type: str
    definition: str  # content hash of the pinned definition
    version: int
    state: str  # leaf of the main region
    phase: str
    place: str
    unit: str
    holder: str | None = None  # who holds the seat `handler`
    risk: str | None = None
    channel: str
    cycle: int
    outcome: str | None = None
    filed_at: datetime
    entered_at: datetime  # when it came into `state`
    closed_at: datetime | None = None
    next_due_at: datetime | None = None  # the earliest mark that has not fired
    external_system: str | None = None
    external_id: str | None = None
    batch: int | None = Field(default=None, sa_type=BIG)
    head: bytes = Field(sa_type=LargeBinary)
    body: str = Field(sa_type=Text)


class Event(Row, table=True):
    """Append-only, and the outbox. ``body`` is the very text that was hashed.

    PostgreSQL adds ``txid`` and ``position`` (see the migrations), SQLite has its rowid: the order in
    which consumers read.
    """

    __tablename__ = "event"

    case_id: int = Field(primary_key=True, sa_type=BIG)
    seq: int = Field(primary_key=True)
    act: str
    actor: str
    at: datetime
    recorded_at: datetime
    hash: bytes = Field(sa_type=LargeBinary)
    body: str = Field(sa_type=Text)


class ClockRun(Row, table=True):
    """``item`` is empty for a clock that is not run per item."""

    __tablename__ = "clock_run"
    __table_args__ = (CLUSTERED,)

    case_id: int = Field(primary_key=True, sa_type=BIG)
    name: str = Field(primary_key=True)
    item: str = Field(primary_key=True)
    run: int = Field(primary_key=True)
    kind: str
    status: str
    started_at: datetime
    due_at: datetime | None = None
    due_date: date | None = None
    provisional: bool
    verdict: str | None = None
    stopped_at: datetime | None = None


class SeatHolder(Row, table=True):
    """Who sits where now; who sat there before is in the history."""

    __tablename__ = "seat_holder"
    __table_args__ = (Index("ix_seat_holder_person", "person", "case_id"), CLUSTERED)

    case_id: int = Field(primary_key=True, sa_type=BIG)
    seat: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    since: datetime
    accepted: bool
    weight: int | None = None  # what the case weighs for the holder, where a rule says; else by its grade


class CaseParty(Row, table=True):
    """By what a party of a case is known again in another: a digest, so that the table itself names nobody."""

    __tablename__ = "case_party"
    __table_args__ = (Index("ix_case_party_key", "key", "case_id"), CLUSTERED)

    case_id: int = Field(primary_key=True, sa_type=BIG)
    no: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    active: bool


class SeatPick(Row, table=True):
    """One decision on a seat, as its event states it: append-only, for reports and to find decisions again."""

    __tablename__ = "seat_pick"
    __table_args__ = (Index("ix_seat_pick_at", "at"), Index("ix_seat_pick_person", "person", "at"))

    case_id: int = Field(primary_key=True, sa_type=BIG)
    seq: int = Field(primary_key=True)
    n: int = Field(primary_key=True)  # several seats may be filled by one event
    seat: str
    person: str | None = None  # none: nobody was found
    unit: str | None = None
    at: datetime
    picked_by: str  # engine | hand | lot | self
    rule: str | None = None
    reason: str | None = None
    table_hash: str | None = None
    weight: int | None = None
    excluded: str = Field(sa_type=Text)  # [[person, because], ...], JSON


class Milestone(Row, table=True):
    """First and last time a case reached a named point, for durations."""

    __tablename__ = "milestone"
    __table_args__ = (CLUSTERED,)

    case_id: int = Field(primary_key=True, sa_type=BIG)
    name: str = Field(primary_key=True)
    first_at: datetime
    last_at: datetime


class CaseLink(Row, table=True):
    __tablename__ = "case_link"
    __table_args__ = (Index("ix_case_link_ref", "ref"), CLUSTERED)

    case_id: int = Field(primary_key=True, sa_type=BIG)
    kind: str = Field(primary_key=True)
    ref: str = Field(primary_key=True)  # of the other case
    at: datetime


class CaseHidden(Row, table=True):
    """From whom a case is hidden: a person it names (``house`` empty), and everybody of a house of his."""

    __tablename__ = "case_hidden"
    __table_args__ = (CLUSTERED,)

    case_id: int = Field(primary_key=True, sa_type=BIG)
    person: str = Field(primary_key=True)
    house: str = Field(primary_key=True)  # a unit with all below it
    at: datetime


class CommandKey(Row, table=True):
    """An accepted command, by the key its caller or the engine gave it."""

    __tablename__ = "command_key"

    key: str = Field(primary_key=True)
    digest: str  # of the request, to tell a retry from another request under the same key
    case_id: int | None = Field(default=None, sa_type=BIG)
    answer: str = Field(sa_type=Text)
    at: datetime


class Counter(Row, table=True):
    """Serial numbers: ``serial-2026`` for references, ``case`` for ids where there is no sequence."""

    __tablename__ = "counter"
    __table_args__ = (CLUSTERED,)

    name: str = Field(primary_key=True)
    value: int = Field(sa_type=BIG)
