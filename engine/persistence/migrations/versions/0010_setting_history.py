"""What calendars and units were at any time. What is there now counts from when a year was published, else from ever."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
EVER = datetime(1970, 1, 1, tzinfo=UTC)  # nobody wrote down since when


def upgrade() -> None:
    history = op.create_table(
        "setting_history",
        sa.Column("no", BIG, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_setting_history")),
    )
    op.create_index("ix_setting_history_recorded_at", "setting_history", ["recorded_at"])
    rows = [*_calendars(op.get_bind()), *_units(op.get_bind()), *_places(op.get_bind())]
    if rows:
        op.get_bind().execute(history.insert(), rows)


def _calendars(bind: Any) -> Iterator[dict[str, Any]]:
    calendar = sa.table("calendar", sa.column("id"), sa.column("body"))
    for row in bind.execute(sa.select(calendar).order_by(calendar.c.id)):
        yield _row("calendar", row.id, {"id": row.id, "body": json.loads(row.body)})
    year = sa.table(
        "calendar_year", sa.column("calendar"), sa.column("year"), sa.column("body"),
        sa.column("published_at", sa.DateTime(timezone=True)),
    )  # fmt: skip
    for row in bind.execute(sa.select(year).order_by(year.c.published_at, year.c.calendar, year.c.year)):
        body = {"calendar": row.calendar, "year": row.year, "body": json.loads(row.body)}
        at = row.published_at
        yield _row("year", f"{row.calendar}|{row.year}", body, at if at.tzinfo else at.replace(tzinfo=UTC))
    closure = sa.table(
        "closure", sa.column("calendar"), sa.column("unit"), sa.column("day", sa.Date()), sa.column("reason")
    )
    for row in bind.execute(sa.select(closure).order_by(closure.c.calendar, closure.c.unit, closure.c.day)):
        day = row.day.isoformat()
        body = {"calendar": row.calendar, "unit": row.unit, "day": day, "reason": row.reason}
        yield _row("closure", f"{row.calendar}|{row.unit}|{day}", body)


def _units(bind: Any) -> Iterator[dict[str, Any]]:
    names = ("code", "name", "level", "parent", "volunteers")
    unit = sa.table(
        "unit", *(sa.column(name) for name in names), sa.column("desk", sa.Boolean()),
        sa.column("since", sa.Date()), sa.column("until", sa.Date()),
    )  # fmt: skip
    for row in bind.execute(sa.select(unit).order_by(unit.c.code)):
        body = {name: getattr(row, name) for name in (*names, "desk")}
        body |= {
            name: day.isoformat() if (day := getattr(row, name)) else None for name in ("since", "until")
        }
        yield _row("unit", row.code, body)


def _places(bind: Any) -> Iterator[dict[str, Any]]:
    place = sa.table("place", sa.column("code"), sa.column("name"))
    for row in bind.execute(sa.select(place).order_by(place.c.code)):
        yield _row("place", row.code, {"code": row.code, "name": row.name})


def _row(kind: str, id_: str, body: Mapping[str, Any], at: datetime = EVER) -> dict[str, Any]:
    text = json.dumps(body, sort_keys=True, ensure_ascii=False)
    return {"kind": kind, "id": id_, "recorded_at": at, "body": text}


def downgrade() -> None:
    raise NotImplementedError("a copy is kept before each upgrade: go back to that")
