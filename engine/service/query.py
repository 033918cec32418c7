"""Reading cases: lists here, one case in ``engine.service.showing``."""

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from engine.domain.errors import UsageError
from engine.domain.instant import to_text
from engine.persistence import table
from engine.persistence.selection import DUE, Asking
from engine.persistence.selection import condition as selected
from engine.persistence.unit import Unit
from engine.service import cover, law, view
from engine.service.caller import Answer, Caller
from engine.service.case import get_case
from engine.service.naming import resolved
from engine.service.showing import history, next_acts, show_case
from engine.service.today import today

__all__ = ["condition", "history", "list_cases", "next_acts", "show_case"]

_case = table.columns_of(table.Case)
_place = table.columns_of(table.Place)


def list_cases(
    unit: Unit,
    caller: Caller,
    *,
    filter: Mapping[str, Any] | None = None,  # noqa: A002 - the word of lists and figures
    limit: int | None = 50,
    cursor: str | None = None,
) -> Answer:
    """Cases by the filter, the earliest deadline first; ``count`` is of all that the filter selects."""
    wanted = condition(unit, caller, filter or {})
    count = unit.execute(select(func.count().label("n")).select_from(_case).where(wanted))[0]["n"]
    query = _page(select(*_LISTED).where(wanted), cursor)
    rows = unit.execute(query.limit(limit + 1) if limit else query)
    more = limit is not None and len(rows) > limit
    rows = rows[:limit] if limit else rows
    items = [_line(unit, row, caller) for row in rows]
    return {
        "items": items,
        "count": count,
        "next": _cursor(rows[-1]) if more else None,
        "as_of": to_text(caller.at),
    }


_PLACE_NAME = select(_place.c.name).where(_place.c.code == _case.c.place).scalar_subquery()
_LISTED = (
    _case.c.id, _case.c.ref, _case.c.case_type, _case.c.definition, _case.c.version, _case.c.state, _case.c.phase,
    _case.c.place, _case.c.unit, _case.c.holder, _case.c.risk, _case.c.channel, _case.c.cycle, _case.c.outcome,
    _case.c.filed_at, _case.c.closed_at, _case.c.body, DUE.label("due_at"), _PLACE_NAME.label("place_name"),
)  # fmt: skip


def condition(unit: Unit, caller: Caller, given: Mapping[str, Any]) -> Any:
    """The filter as a condition."""
    return selected(Asking(unit, caller.person, caller.now), meant(unit, caller, given))


def meant(unit: Unit, caller: Caller, given: Mapping[str, Any]) -> dict[str, Any]:
    """The filter as it is meant: references may be typed short, states and the like as their titles (FM-U081)."""
    wanted = resolved(unit, caller, given)
    if wanted.get("holder_away"):
        wanted["holder_away"] = today(unit, caller)
    if wanted.get("refs"):
        wanted["refs"] = [get_case(unit, caller, ref).ref for ref in wanted["refs"]]
    return wanted


def _page(query: Select[Any], cursor: str | None) -> Select[Any]:
    """By the next deadline, then newest; the cursor holds the last row's sort key."""
    order = func.coalesce(_case.c.next_due_at, _FAR)
    query = query.add_columns(order.label("sort_at"))
    if cursor:
        at, last = _read_cursor(cursor)
        query = query.where(or_(order > at, and_(order == at, _case.c.id < last)))
    return query.order_by(order, _case.c.id.desc())


_FAR = datetime.fromisoformat("9999-12-31T00:00:00+00:00")


def _cursor(row: dict[str, Any]) -> str:
    text = json.dumps([row["sort_at"].isoformat(), row["id"]])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, int]:
    try:
        at, last = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return datetime.fromisoformat(at), int(last)
    except (ValueError, TypeError) as error:
        raise UsageError("FM-U220") from error


def _line(unit: Unit, row: dict[str, Any], caller: Caller) -> dict[str, Any]:
    program = law.program(unit, row["definition"])
    state = json.loads(row["body"])
    due = row["due_at"]
    brief = {**view.brief(program, state, row["version"], caller.lang), "what": state["what"]}
    return {
        **cover.line(unit, caller, state, brief),
        "place_name": row["place_name"],
        "holder": row["holder"],
        "due_at": to_text(due) if due else None,
        "due_date": next(
            (r["due_date"] for r in state["clocks"] if due and r.get("due") == to_text(due)), None
        ),
        "late": bool(due and due <= caller.now),
        "closed_at": to_text(row["closed_at"]) if row["closed_at"] else None,
    }
