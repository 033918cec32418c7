"""Cases that a new one may repeat: shown with the reason, never merged in silence."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from engine.domain.case import CaseState
from engine.domain.instant import from_text, to_text
from engine.persistence import table
from engine.persistence.unit import Unit

WINDOW = timedelta(days=30)
MOST = 3


def similar(unit: Unit, state: CaseState, lang: str) -> list[dict[str, Any]]:
    """Open cases of the same type and place from the last 30 days, newest first."""
    case = table.columns_of(table.Case)
    filed = from_text(state["filed_at"])
    rows = unit.execute(
        select(case.c.ref, case.c.state, case.c.filed_at)
        .where(
            case.c.case_type == state["case_type"],
            case.c.place == state["place"],
            case.c.filed_at >= filed - WINDOW,
            case.c.filed_at <= filed,
            case.c.phase != "done",
            case.c.ref != state["ref"],
        )
        .order_by(case.c.filed_at.desc())
        .limit(MOST)
    )
    because = "同类型、同地点,30 天内" if lang == "zh" else "same type and place within 30 days"
    return [
        {"ref": row["ref"], "state": row["state"], "filed_at": to_text(row["filed_at"]), "because": because}
        for row in rows
    ]
