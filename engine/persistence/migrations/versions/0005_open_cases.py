"""Open cases are found without looking at those that are done; whether somebody sits in a case, without all of theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OPEN = "phase <> 'done'"


def upgrade() -> None:
    op.create_index(
        "ix_case_file_open",
        "case_file",
        ["phase"],
        sqlite_where=sa.text(OPEN),
        postgresql_where=sa.text(OPEN),
    )
    op.drop_index("ix_seat_holder_person", table_name="seat_holder")
    op.create_index("ix_seat_holder_person", "seat_holder", ["person", "case_id"])


def downgrade() -> None:
    raise NotImplementedError("a copy is kept before each upgrade: go back to that")
