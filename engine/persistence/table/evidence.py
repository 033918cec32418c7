"""Seals: what proves that no history, and no end of one, is missing."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field

from engine.persistence.table.row import BIG, Row


class Seal(Row, table=True):
    """So many events in the order in which consumers read; ``root`` covers the leaves and the root before.

    ``txid`` and ``position`` are those of the last event in it (SQLite: 0 and the rowid).
    """

    __tablename__ = "seal"

    n: int = Field(primary_key=True, sa_type=BIG, sa_column_kwargs={"autoincrement": False})
    txid: int = Field(sa_type=BIG)
    position: int = Field(sa_type=BIG)
    count: int
    leaves: bytes = Field(sa_type=LargeBinary)  # case, seq, beginning of the hash: 28 bytes an event
    root: bytes = Field(sa_type=LargeBinary)
    at: datetime
