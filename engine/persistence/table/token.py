"""Bearer tokens of the HTTP door. What was shown once is not kept, only its SHA-256."""

from datetime import datetime

from sqlmodel import Field

from engine.persistence.table.row import BIG, Row


class Token(Row, table=True):
    """Shown as ``T-4``. It names a person; what the person may do, appointments say each time."""

    __tablename__ = "token"

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    digest: str = Field(unique=True)
    person: str = Field(foreign_key="person.code")
    label: str
    created_by: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_by: str | None = None
