"""Batches: what came in together, and can go together until someone works on it."""

from typing import Any

from sqlalchemy import delete, select, update

from engine.domain.errors import Conflict, NotFound
from engine.domain.instant import to_text
from engine.persistence import own_history, table
from engine.persistence.unit import Unit
from engine.service.authority import require
from engine.service.caller import Answer, Caller
from engine.service.importing import rejects

_batch, _row = table.columns_of(table.ImportBatch), table.columns_of(table.ImportRow)
_case, _event = table.columns_of(table.Case), table.columns_of(table.Event)
TOLD = 1000  # cases in one event of the store's own history
PARTS = (
    table.Event, table.ClockRun, table.SeatHolder, table.Milestone, table.CaseLink, table.CaseParty,
    table.SeatPick, table.ImportRow,
)  # fmt: skip


def list_batches(unit: Unit, caller: Caller) -> Answer:
    """All batches, the newest first."""
    items = [_told(row) for row in unit.execute(select(_batch).order_by(_batch.c.id.desc()))]
    return {"items": items, "count": len(items), "next": None, "as_of": to_text(caller.at)}


def show_batch(unit: Unit, caller: Caller, *, batch: str) -> Answer:
    """One batch, and how many of its cases somebody has worked on since."""
    row = get_batch(unit, batch)
    return {**_told(row), "worked_on": len(_worked(unit, row["id"]))}


def withdraw(unit: Unit, caller: Caller, *, batch: str, reason: str | None = None) -> Answer:
    """Take a whole batch out again, its cases with it; FM-C008 once somebody has worked on one of them."""
    require(unit, caller, "register")
    row = get_batch(unit, batch)
    told = f"B-{row['id']}"
    if row["status"] == "withdrawn":
        raise Conflict("FM-C009", kind="conflict", batch=told)
    worked = _worked(unit, row["id"])
    if worked:
        raise Conflict("FM-C008", kind="conflict", batch=told, count=len(worked), refs=", ".join(worked[:5]))
    ids = select(_case.c.id).where(_case.c.batch == row["id"])
    gone = _tell(unit, caller, row["id"], reason)
    for model in PARTS:
        part = table.columns_of(model)
        unit.execute(delete(part).where(part.c.case_id.in_(ids)))
    unit.execute(delete(_case).where(_case.c.batch == row["id"]))
    rejects.drop(unit, row["id"])
    counts = {**(row["counts"] or {}), "withdrawn": gone, "withdrawn_by": caller.name, "reason": reason}
    unit.execute(update(_batch).where(_batch.c.id == row["id"]).values(status="withdrawn", counts=counts))
    return {"batch": told, "withdrawn": gone}


def _tell(unit: Unit, caller: Caller, batch: int, reason: str | None) -> int:
    """Puts into the store's own history which cases go, so that nobody takes them for lost; how many.

    It comes before they go: the order of reading then never gives a place twice.
    """
    c = _case.c
    held = unit.execute(select(c.id, c.ref, c.version, c.head).where(c.batch == batch).order_by(c.id))
    for begin in range(0, len(held), TOLD):
        cases = [[r["id"], r["ref"], r["version"], r["head"].hex()] for r in held[begin : begin + TOLD]]
        own_history.append(
            unit,
            {
                "act": "withdraw",
                "kind": "store",
                "actor": caller.name,
                "entered_by": caller.name,
                "identity": caller.identity,
                "at": to_text(caller.at),
                "recorded": to_text(caller.at),
                "changes": [{"do": "withdraw", "batch": batch, "cases": cases}],
                **({"note": reason} if reason else {}),
            },
        )
    return len(held)


def drop_empty(unit: Unit, caller: Caller, *, batch: int) -> bool:
    """Take away a batch in which no row landed; True if it was one."""
    require(unit, caller, "register")
    held = unit.execute(select(_case.c.id).where(_case.c.batch == batch).limit(1))
    if not held:
        rejects.drop(unit, batch)
        unit.execute(delete(_batch).where(_batch.c.id == batch, _batch.c.status == "landed"))
    return not held


def get_batch(unit: Unit, given: str) -> dict[str, Any]:
    """A batch by ``B-3`` or ``3``; FM-N061."""
    digits = given.upper().removeprefix("B-").strip()
    rows = (
        unit.execute(select(_batch).where(_batch.c.id == int(digits)))
        if digits.isdecimal() and len(digits) < 18
        else []
    )
    if not rows:
        raise NotFound("FM-N061", kind="usage", batch=given)
    return rows[0]


def _worked(unit: Unit, batch: int) -> list[str]:
    """References of the batch's cases that have an event which the import did not write."""
    imported = select(_event.c.case_id).where(
        _event.c.case_id == _case.c.id, _event.c.act.not_in(["file", "enter"])
    )
    rows = unit.execute(
        select(_case.c.ref).where(_case.c.batch == batch, imported.exists()).order_by(_case.c.ref).limit(1000)
    )
    return [row["ref"] for row in rows]


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "batch": f"B-{row['id']}",
        "name": row["name"],
        "at": to_text(row["at"]),
        "by": row["by"],
        "status": row["status"],
        **(row["counts"] or {}),
    }
