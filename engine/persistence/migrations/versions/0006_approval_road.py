"""Where a request was sent up to, and which event a yes made, so that it can be taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("approval", sa.Column("forwards", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("approval", sa.Column("seq", BIG, nullable=True))


def downgrade() -> None:
    raise NotImplementedError("a copy is kept before each upgrade: go back to that")
