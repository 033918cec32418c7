"""What calendars, units, places and those appointed or away were at any time: a row more wherever one of them is
written, in the same commit.

The newest row of each says what stands in its own table, which ``doctor`` holds against it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from engine.domain import organisation as org
from engine.persistence import late as table
from engine.persistence.late import columns_of, insert, select
from engine.persistence.raw import rows
from engine.persistence.unit import Unit

Kind = Literal["calendar", "year", "closure", "unit", "place", "area", "appointment", "absence"]
Body = dict[str, Any]
_history = columns_of(table.SettingHistory)


class Spelling(NamedTuple):
    """How a part of the organisation is kept: its table, under which key, and what of it figures tell."""

    kind: Kind
    table: str
    key: tuple[str, ...]
    names: tuple[str, ...]


def _all(model: Any) -> tuple[str, ...]:
    return tuple(one.name for one in fields(model))


_DAYS = frozenset({"since", "until"})
_HELD = ("person", "role", "unit", "since")
SPELLINGS: Mapping[type, Spelling] = {
    org.Unit: Spelling("unit", "unit", ("code",), _all(org.Unit)),
    org.Place: Spelling("place", "place", ("code",), _all(org.Place)),
    org.ServiceArea: Spelling(
        "area", "service_area", ("unit", "function", "place", "since"), _all(org.ServiceArea)
    ),
    org.Appointment: Spelling("appointment", "appointment", _HELD, (*_HELD, "until")),
    org.Absence: Spelling("absence", "absence", ("person", "since"), ("person", "since", "until")),
}
_KEYS: Mapping[str, tuple[str, ...]] = {
    "calendar": ("id",), "year": ("calendar", "year"), "closure": ("calendar", "unit", "day"),
    **{one.kind: one.key for one in SPELLINGS.values()},
}  # fmt: skip


def note(unit: Unit, kind: Kind, given: Sequence[Body], at: datetime) -> None:
    """These are as written now; ``at`` is when they were written down."""
    new: list[Mapping[str, Any]] = [
        {"kind": kind, "id": key(kind, body), "recorded_at": at, "body": spelt(body)} for body in given
    ]
    unit.execute_many(insert(_history), new)


def note_gone(unit: Unit, kind: Kind, given: Body, at: datetime) -> None:
    """It was taken away."""
    row = {"kind": kind, "id": key(kind, given), "recorded_at": at, "body": None}
    unit.execute(insert(_history).values(row))


def read(unit: Unit) -> Iterator[tuple[str, str, datetime, str | None]]:
    """Kind, id, when it was written down, and what it was; in the order of writing."""
    c = _history.c
    for row in unit.execute(select(c.kind, c.id, c.recorded_at, c.body).order_by(c.no)):
        yield row["kind"], row["id"], row["recorded_at"], row["body"]


def key(kind: Kind, body: Mapping[str, Any]) -> str:
    return "|".join("" if body[name] is None else str(body[name]) for name in _KEYS[kind])


def spelt(body: Mapping[str, Any]) -> str:
    return json.dumps(body, sort_keys=True, ensure_ascii=False)


def unlike(unit: Unit) -> list[tuple[str, str]]:
    """Kind and id of what stands otherwise in its own table than it was last written down."""
    last: dict[tuple[str, str], Any] = {}
    for kind, id_, body in rows(unit, "SELECT kind, id, body FROM setting_history ORDER BY no"):
        last[kind, id_] = _told(body)
    there: dict[tuple[str, str], Any] = {(kind, key(kind, body)): body for kind, body in _standing(unit)}
    unlike = (one for one in {*last, *there} if last.get(one) != there.get(one))
    return sorted(unlike, key=str)


def _standing(unit: Unit) -> Iterator[tuple[Kind, Body]]:
    for id_, text in rows(unit, "SELECT id, body FROM calendar"):
        yield "calendar", {"id": id_, "body": _told(text)}
    for id_, number, text in rows(unit, "SELECT calendar, year, body FROM calendar_year"):
        yield "year", {"calendar": id_, "year": number, "body": _told(text)}
    for id_, code, day, reason in rows(unit, "SELECT calendar, unit, day, reason FROM closure"):
        yield "closure", {"calendar": id_, "unit": code, "day": str(day), "reason": reason}
    yield from _organisation(unit)


def _organisation(unit: Unit) -> Iterator[tuple[Kind, Body]]:
    import sqlalchemy as sa

    for spelling in SPELLINGS.values():
        # as they stand: somebody may have made a day no day
        columns: list[sa.ColumnClause[Any]] = [sa.column(name) for name in spelling.names]
        for body in unit.execute(sa.select(*columns).select_from(sa.table(spelling.table))):
            days = {name: body[name] and str(body[name]) for name in _DAYS.intersection(body)}
            yield spelling.kind, {**body, **days, **({"desk": bool(body["desk"])} if "desk" in body else {})}


def _told(text: str | None) -> Any:
    """What a text says; itself where somebody made it something else."""
    try:
        return json.loads(text) if text is not None else None
    except (ValueError, TypeError, RecursionError):
        return text


# ---- what is kept of each --------------------------------------------------------------------------


def calendar(id_: str, text: str) -> Body:
    return {"id": id_, "body": json.loads(text)}


def year(id_: str, number: int, text: str) -> Body:
    return {"calendar": id_, "year": number, "body": json.loads(text)}


def closure(id_: str, office: str, day: date, reason: str) -> Body:
    return {"calendar": id_, "unit": office, "day": day.isoformat(), "reason": reason}


def of(value: Any) -> tuple[Kind, Body] | None:
    """What is kept of a part of the organisation; None of a part that figures do not ask."""
    spelling = SPELLINGS.get(type(value))
    return spelling and (spelling.kind, {name: _plain(getattr(value, name)) for name in spelling.names})


def back(model: type, body: Body) -> Any:
    """The part that a body was made of, as far as it was kept."""
    days = {name: day and date.fromisoformat(day) for name, day in body.items() if name in _DAYS}
    return model(**{**body, **days})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
