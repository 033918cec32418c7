"""Rows that were left out, kept with their batch until it goes."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select

from engine.domain.errors import UsageError
from engine.domain.instant import to_text
from engine.persistence import table
from engine.persistence.unit import Unit
from engine.service.caller import Answer, Caller
from engine.service.importing.reading import Reject

_reject = table.columns_of(table.ImportReject)


def keep(unit: Unit, batch: int, rejects: Sequence[Reject]) -> None:
    rows: list[Any] = [
        {
            "batch": batch,
            "number": reject.row,
            "field": reject.column,
            "code": reject.code,
            "params": reject.params,
            "cells": reject.cells,
        }
        for case in rejects
        for reject in case.each()
    ]
    unit.execute_many(insert(_reject), rows)


def drop(unit: Unit, batch: int) -> None:
    unit.execute(delete(_reject).where(_reject.c.batch == batch))


def list_rejects(
    unit: Unit, caller: Caller, *, batch: str, limit: int | None = None, cursor: str | None = None
) -> Answer:
    """Rows of a batch that were left out, in the register's order; ``cursor``: the number of the row before."""
    from engine.service.importing.batch import get_batch

    row = get_batch(unit, batch)
    mine = _reject.c.batch == row["id"]
    count = unit.execute(select(func.count().label("n")).select_from(_reject).where(mine))[0]["n"]
    query = select(_reject).where(mine).order_by(_reject.c.number)
    if cursor is not None:
        if not cursor.isdecimal():
            raise UsageError("FM-U220")
        query = query.where(_reject.c.number > int(cursor))
    rows = unit.execute(query.limit(limit + 1) if limit else query)
    more = limit is not None and len(rows) > limit
    items = [_told(one, caller.lang) for one in rows[:limit]]
    return {
        "batch": f"B-{row['id']}",
        "items": items,
        "count": count,
        "next": str(items[-1]["row"]) if more else None,
        "as_of": to_text(caller.at),
    }


def _told(row: dict[str, Any], lang: str) -> dict[str, Any]:
    return told(Reject(row["number"], row["field"], row["code"], row["params"], row["cells"]), lang)


def told(reject: Reject, lang: str) -> dict[str, Any]:
    """One row as the doors show it."""
    return {
        "row": reject.row,
        "column": reject.column,
        "code": reject.code,
        "text": reject.text(lang),
        "cells": reject.cells,
    }
