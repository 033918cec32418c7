"""Reports that somebody saved: which figures, not the figures."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field

from engine.persistence.table.row import Row


class Report(Row, table=True):
    """Run anew each time it is asked for; a later text takes the place of an earlier one."""

    __tablename__ = "report"

    name: str = Field(primary_key=True)
    body: str = Field(sa_type=Text)  # title and parts, JSON
    saved_by: str
    saved_at: datetime
