"""What calendars and units were, and what places were called, at any time: a row more wherever one of them is written, in the same commit.

The newest row of each says what stands in its own table, which ``doctor`` holds against it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any, Literal

from engine.domain.organisation import Unit as Office
from engine.persistence import late as table
from engine.persistence.late import columns_of, insert, select
from engine.persistence.raw import rows
from engine.persistence.unit import Unit

Kind = Literal["calendar", "year", "closure", "unit", "place"]
Body = dict[str, Any]
_history = columns_of(table.SettingHistory)


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
    parts = {"calendar": ("id",), "year": ("calendar", "year"), "unit": ("code",), "place": ("code",)}
    return "|".join(str(body[name]) for name in parts.get(kind, ("calendar", "unit", "day")))


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
    for code, name in rows(unit, "SELECT code, name FROM place"):
        yield "place", place(code, name)
    names = [one.name for one in fields(Office)]
    for row in rows(unit, f"SELECT {', '.join(names)} FROM unit"):  # noqa: S608 - our own names
        told = dict(zip(names, row, strict=True))
        days = {name: told[name] and str(told[name]) for name in ("since", "until")}
        yield "unit", told | days | {"desk": bool(told["desk"])}


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


def place(code: str, name: str) -> Body:
    """What it is called is all that figures tell of it."""
    return {"code": code, "name": name}


def office(value: Office) -> Body:
    days = {name: day and day.isoformat() for name, day in (("since", value.since), ("until", value.until))}
    return asdict(value) | days
