"""Rows of registers that were left out, kept beside their batch."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "import_reject",
        sa.Column("batch", BIG, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["import_batch.id"], name=op.f("fk_import_reject_batch")),
        sa.PrimaryKeyConstraint("batch", "number", name=op.f("pk_import_reject")),
    )


def downgrade() -> None:
    raise NotImplementedError("a copy is kept before each upgrade: go back to that")
