"""Registers that come in, by batch."""

from datetime import datetime
from typing import Any

from pydantic import Field

from api.schema.problem import Told


class RegisterTaken(Told):
    """What a register came to. `rejects` holds the first rows that were left out; all of them stand under the
    batch's `rejects`."""

    batch: str | None = Field(examples=["B-1"])
    read: int = Field(description="rows; everything else counts cases")
    cases: int
    landed: int
    closed: int
    open: int
    unchanged: int
    rejected: int
    overdue: int
    reasons: list[dict[str, Any]]
    notes: list[dict[str, Any]] = Field(description="what had to be put in order")
    rejects: list[dict[str, Any]]


class Sketched(Told):
    map: str = Field(description="YAML; what could not be guessed says ASK")
    asked: int
    columns: int
    rows: int


class Batch(Told):
    batch: str
    name: str
    at: datetime
    by: str
    status: str = Field(description="landed, withdrawn")


class Batches(Told):
    items: list[Batch]
    count: int
    next: str | None
    as_of: datetime


class BatchShown(Batch):
    worked_on: int = Field(description="cases that somebody has worked on since: then it stays")


class Withdrawn(Told):
    batch: str
    withdrawn: int


class RejectedRow(Told):
    row: int
    column: str
    code: str
    text: str
    cells: dict[str, str]


class Rejects(Told):
    batch: str
    items: list[RejectedRow]
    count: int
    next: str | None
    as_of: datetime
