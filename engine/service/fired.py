"""What happened by itself between two moments: marks that fired and what followed from them."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from engine.domain.instant import to_text
from engine.persistence import table
from engine.persistence.unit import Unit
from engine.service import law, view
from engine.service.caller import Answer, Caller
from engine.service.cover import cover
from engine.service.hiding import there

MOST = 500
_case, _event = table.columns_of(table.Case), table.columns_of(table.Event)


def happened(unit: Unit, caller: Caller, *, since: datetime, limit: int = MOST) -> Answer:
    """Every event that was written down after ``since``, up to now, in its order; {items, count}."""
    span = (_event.c.recorded_at > since) & (_event.c.recorded_at <= caller.at)
    span &= there(unit, caller)
    rows = unit.execute(
        select(_case.c.ref, _event.c.body, _case.c.body.label("case"))
        .join(_event, _event.c.case_id == _case.c.id)
        .where(span)
        .order_by(_event.c.recorded_at, _event.c.case_id, _event.c.seq)
        .limit(limit)
    )
    count = unit.execute(_counted(span))[0]["n"]
    return {
        "items": [_told(unit, caller, row) for row in rows],
        "count": count,
        "since": to_text(since),
        "as_of": to_text(caller.at),
    }


def _counted(span: Any) -> Any:
    joined = _case.join(_event, _event.c.case_id == _case.c.id)
    return select(func.count().label("n")).select_from(joined).where(span)


def _told(unit: Unit, caller: Caller, row: dict[str, Any]) -> dict[str, Any]:
    event = json.loads(row["body"])
    shown = view.event(law.program(unit, event["definition"]), event, caller.lang)
    return {"ref": row["ref"], **cover(unit, caller, json.loads(row["case"])).event(shown)}
