"""What people do around cases: approvals that wait for a second person, registers that were imported."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Text
from sqlmodel import Field

from engine.persistence.table.row import BIG, Row


class Approval(Row, table=True):
    """A request for the second person's yes; shown as ``A-118``. ``command`` is what a yes will do, JSON."""

    __tablename__ = "approval"
    __table_args__ = (
        Index("ix_approval_status", "status", "lapses_at"),
        Index("ix_approval_case", "case_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    case_id: int = Field(sa_type=BIG)
    asks: str  # extension | closing | late_entry ...
    command: str = Field(sa_type=Text)
    asked_by: str
    at: datetime
    allow: str = Field(sa_type=Text)  # who may decide, JSON list
    lapses_at: datetime | None = None
    status: str  # waiting | granted | refused | withdrawn | lapsed
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    forwards: str = Field(sa_type=Text, sa_column_kwargs={"server_default": "[]"})  # up to which units, JSON
    seq: int | None = Field(default=None, sa_type=BIG)  # of the event that a yes made


class ImportBatch(Row, table=True):
    """One import of a register; shown as ``B-3``."""

    __tablename__ = "import_batch"

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    name: str
    at: datetime
    by: str
    status: str  # landed | withdrawn
    counts: dict[str, Any] = Field(sa_type=JSON)


class ImportRow(Row, table=True):
    """A row of a source that became a case: reading the same source again doubles nothing."""

    __tablename__ = "import_row"
    __table_args__ = (Index("ix_import_row_batch", "batch"),)

    source: str = Field(primary_key=True)  # which register
    key: str = Field(primary_key=True)  # which row of it
    batch: int = Field(sa_type=BIG, foreign_key="import_batch.id")
    case_id: int = Field(sa_type=BIG)
    digest: str


class ImportReject(Row, table=True):
    """A row of a register that was left out, with why."""

    __tablename__ = "import_reject"

    batch: int = Field(primary_key=True, sa_type=BIG, foreign_key="import_batch.id")
    number: int = Field(
        primary_key=True, sa_column_kwargs={"autoincrement": False}
    )  # as the spreadsheet shows it
    field: str  # the column it failed by
    code: str
    params: dict[str, Any] = Field(sa_type=JSON)
    cells: dict[str, Any] = Field(sa_type=JSON)
