"""What calendars and the organisation were at any time: figures as of a past instant are made with them."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field

from engine.persistence.table.row import BIG, Row


class SettingHistory(Row, table=True):
    """A calendar, a year of one, a closure or a part of the organisation as it was written: append-only.

    The newest row of each says what stands in its own table.
    """

    __tablename__ = "setting_history"
    __table_args__ = (Index("ix_setting_history_recorded_at", "recorded_at"),)

    no: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    kind: str  # calendar | year | closure | unit | place | area | appointment | absence
    id: str  # the key of its row, its parts joined by |
    recorded_at: datetime
    body: str | None = Field(default=None, sa_type=Text)  # JSON; none: taken away
