"""Cases that a new one may repeat: shown with the reason, never merged in silence."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from engine.domain.case import CaseState
from engine.domain.instant import from_text, to_text
from engine.persistence.late import Case, ClauseElement, columns_of, select
from engine.persistence.statement import statement
from engine.persistence.unit import Unit
from engine.service.caller import Caller
from engine.service.hiding import hidden

WINDOW = timedelta(days=30)
MOST = 3


class _Near(NamedTuple):
    id: int
    definition: str
    ref: str
    state: str
    filed_at: datetime


@statement(_Near._make)
def _nearby(*, case_type: str, place: str, since: datetime, until: datetime, ref: str) -> ClauseElement:
    c = columns_of(Case).c
    return (
        select(c.id, c.definition, c.ref, c.state, c.filed_at)
        .where(c.case_type == case_type, c.place == place, c.filed_at >= since, c.filed_at <= until)
        .where(c.phase != "done", c.ref != ref)
        .order_by(c.filed_at.desc())
        .limit(MOST)
    )


def similar(unit: Unit, caller: Caller, state: CaseState) -> list[dict[str, Any]]:
    """Open cases of the same type and place from the last 30 days, newest first."""
    filed = from_text(state["filed_at"])
    rows = unit.run(
        _nearby,
        case_type=state["case_type"],
        place=state["place"],
        since=filed - WINDOW,
        until=filed,
        ref=state["ref"],
    )
    because = "同类型、同地点,30 天内" if caller.lang == "zh" else "same type and place within 30 days"
    return [
        {"ref": row.ref, "state": row.state, "filed_at": to_text(row.filed_at), "because": because}
        for row in rows
        if not hidden(unit, caller, row.id, row.definition)
    ]
