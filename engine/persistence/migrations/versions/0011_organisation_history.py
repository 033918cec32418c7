"""Who was appointed and away, what served which place and where it lay, at any time. What is there now counts from ever."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
EVER = datetime(1970, 1, 1, tzinfo=UTC)  # nobody wrote down since when
DAYS = ("since", "until")
KEPT = {  # kind, table: its key, and what else is kept of it
    ("area", "service_area"): (("unit", "function", "place", "since"), ("until",)),
    ("appointment", "appointment"): (("person", "role", "unit", "since"), ("until",)),
    ("absence", "absence"): (("person", "since"), ("until",)),
}
PLACE = ("code", "name", "kind", "parent", "became", "since", "until")


def upgrade() -> None:
    history = sa.table(
        "setting_history",
        sa.column("no", BIG),
        sa.column("kind", sa.String()),
        sa.column("id", sa.String()),
        sa.column("recorded_at", sa.DateTime(timezone=True)),
        sa.column("body", sa.Text()),
    )
    bind = op.get_bind()
    rows = [
        {"kind": kind, "id": "|".join(body[name] or "" for name in key), "recorded_at": EVER, "body": _text(body)}
        for (kind, table), (key, more) in KEPT.items()
        for body in _bodies(bind, table, (*key, *more))
    ]  # fmt: skip
    if rows:
        bind.execute(history.insert(), rows)
    _places(bind, history)


def _bodies(bind: Any, table: str, names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    held = sa.table(table, *(sa.column(name, sa.Date() if name in DAYS else sa.String()) for name in names))
    for row in bind.execute(sa.select(held).order_by(*(held.c[name] for name in names))):
        told = dict(zip(names, row, strict=True))
        yield {name: value.isoformat() if name in DAYS and value else value for name, value in told.items()}


def _places(bind: Any, history: Any) -> None:
    """Names were kept already: where a place lay, and when, is taken to have been so each time."""
    now = {body["code"]: body for body in _bodies(bind, "place", PLACE)}
    c = history.c
    for row in bind.execute(sa.select(c.no, c.body).where(c.kind == "place", c.body.is_not(None))).all():
        told = json.loads(row.body)
        body = {**dict.fromkeys(PLACE), "kind": "", **now.get(told["code"], {}), **told}
        bind.execute(history.update().where(c.no == row.no).values(body=_text(body)))


def _text(body: dict[str, Any]) -> str:
    return json.dumps(body, sort_keys=True, ensure_ascii=False)


def downgrade() -> None:
    raise NotImplementedError("a copy is kept before each upgrade: go back to that")
