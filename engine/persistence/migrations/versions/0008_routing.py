"""Routing: tables of its own life, every decision on a seat, by what parties are known again. What is in the store
already is looked through."""

import json
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT_ONCE = 1000


def upgrade() -> None:
    op.add_column("seat_holder", sa.Column("weight", sa.Integer(), nullable=True))
    parties = op.create_table(
        "case_party",
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("no", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "no", "key", name=op.f("pk_case_party")),
        sqlite_with_rowid=False,
    )
    picks = op.create_table(
        "seat_pick",
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("seat", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("picked_by", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("table_hash", sa.String(), nullable=True),
        sa.Column("weight", sa.Integer(), nullable=True),
        sa.Column("excluded", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "seq", "n", name=op.f("pk_seat_pick")),
    )
    op.create_table(
        "routing_table",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("case_type", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_routing_table")),
    )
    _fill(op.get_bind(), parties, picks)
    op.create_index("ix_case_party_key", "case_party", ["key", "case_id"])
    op.create_index("ix_seat_pick_at", "seat_pick", ["at"])
    op.create_index("ix_seat_pick_person", "seat_pick", ["person", "at"])
    op.create_index("ix_case_file_place", "case_file", ["place", "filed_at"])
    op.create_index("ix_absence_substitute", "absence", ["substitute", "until"])
    op.create_index("ix_routing_table_case_type", "routing_table", ["case_type", "status"])


def _fill(bind: Any, parties: sa.Table, picks: sa.Table) -> None:
    case = sa.table("case_file", sa.column("id", BIG), sa.column("body"))
    for row in _by_portions(bind, sa.select(case.c.id, case.c.body), case.c.id):
        _insert(bind, parties, [{"case_id": row.id, **one} for one in _parties(json.loads(row.body))])
    event = sa.table("event", sa.column("case_id", BIG), sa.column("seq"), sa.column("body"))
    deciding = sa.select(event.c.case_id, event.c.seq, event.c.body).where(
        event.c.body.like('%"decision":%')  # most events fill no seat
    )
    for row in bind.execute(deciding).all():
        _insert(
            bind, picks, [{"case_id": row.case_id, **one} for one in _picks(row.seq, json.loads(row.body))]
        )


def _by_portions(bind: Any, query: Any, key: Any) -> Iterator[Any]:
    last = 0
    while rows := bind.execute(query.where(key > last).order_by(key).limit(AT_ONCE)).all():
        yield from rows
        last = rows[-1].id


def _insert(bind: Any, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        bind.execute(table.insert(), rows)


def _parties(body: Any) -> Iterator[dict[str, Any]]:
    for party in body.get("parties", ()):
        name = "".join(unicodedata.normalize("NFKC", party.get("name") or "").casefold().split())
        for kind, value in (("person", party.get("person")), ("name", name)):
            if value:
                key = blake2b(f"{kind}:{value}".encode(), digest_size=10).hexdigest()
                yield {"no": party["no"], "key": key, "active": party["active"]}


def _picks(seq: int, event: Any) -> Iterator[dict[str, Any]]:
    """As they were written before there were tables: without a table and without a weight."""
    for n, change in enumerate(c for c in event.get("changes", ()) if "decision" in c):
        decision = change["decision"]
        yield {
            "seq": seq,
            "n": n,
            "seat": change["seat"],
            "person": change.get("person"),
            "unit": decision.get("unit"),
            "at": datetime.fromisoformat(event["at"]),
            "picked_by": decision.get("by", "engine"),
            "rule": decision.get("rule"),
            "reason": decision.get("reason"),
            "excluded": json.dumps([[e["person"], e["because"]] for e in decision.get("excluded", ())]),
        }


def downgrade() -> None:
    raise NotImplementedError("a copy is kept before each upgrade: go back to that")
