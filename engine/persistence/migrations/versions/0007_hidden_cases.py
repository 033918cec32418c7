"""From whom a case is hidden that names one of our own; cases that are there already are looked through."""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    made = op.create_table(
        "case_hidden",
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("house", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "person", "house", name=op.f("pk_case_hidden")),
        sqlite_with_rowid=False,
    )
    rows = list(_rows(op.get_bind()))
    if rows:
        op.get_bind().execute(made.insert(), rows)


def _rows(bind: Any) -> Iterator[dict[str, Any]]:
    definition = sa.table("definition", sa.column("hash"), sa.column("body"))
    case = sa.table(
        "case_file", sa.column("id"), sa.column("definition"), sa.column("body"),
        sa.column("entered_at", sa.DateTime(timezone=True)),
    )  # fmt: skip
    for digest, body in bind.execute(sa.select(definition.c.hash, definition.c.body)).all():
        fields = json.loads(body).get("fields", {})
        hiding = {name: spec["hides"] for name, spec in fields.items() if spec.get("hides")}
        if not hiding:
            continue
        held = sa.select(case.c.id, case.c.body, case.c.entered_at).where(case.c.definition == digest)
        for case_id, text, at in bind.execute(held).all():
            said = json.loads(text)["fields"]
            for name, reach in hiding.items():
                if isinstance(said.get(name), str):
                    for house in ("", *(_houses(bind, said[name]) if reach == "unit" else ())):
                        yield {"case_id": case_id, "person": said[name], "house": house, "at": at}


def _houses(bind: Any, person: str) -> set[str]:
    """Of each appointment the nearest unit with a desk at or above it, else its own."""
    appointment = sa.table("appointment", sa.column("person"), sa.column("unit"))
    unit = sa.table("unit", sa.column("code"), sa.column("parent"), sa.column("desk", sa.Boolean()))
    units = {code: (parent, desk) for code, parent, desk in bind.execute(sa.select(unit)).all()}
    found = set()
    for (own,) in bind.execute(sa.select(appointment.c.unit).where(appointment.c.person == person)).all():
        at, seen = own, set[str]()
        while at in units and at not in seen and not units[at][1]:
            seen.add(at)
            at = units[at][0]
        found.add(at if at in units and units[at][1] else own)
    return found
