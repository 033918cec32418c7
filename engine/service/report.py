"""Reports that people save: kept by name as they were written, checked before by whoever knows the measures."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, select, update

from engine.domain.errors import NotFound
from engine.domain.instant import to_text, whole
from engine.persistence import table
from engine.persistence.unit import Unit
from engine.service.authority import require
from engine.service.caller import Answer, Caller
from engine.service.once import keyed

_report = table.columns_of(table.Report)


@keyed
def save(unit: Unit, caller: Caller, *, name: str, body: Mapping[str, Any]) -> Answer:
    """Under a new name, or in the place of one's own; in the place of another's only those who run the house."""
    now, who = whole(caller.now), caller.name
    said = {"body": json.dumps(body, ensure_ascii=False), "saved_by": who, "saved_at": now}
    owner = _owner(unit, name)
    if owner is None:
        unit.execute(insert(_report).values(name=name, **said))
    else:
        _own(unit, caller, owner)
        unit.execute(update(_report).where(_report.c.name == name).values(**said))
    return {"name": name, "saved_by": who, "saved_at": to_text(now), **body}


@keyed
def remove(unit: Unit, caller: Caller, *, name: str) -> Answer:
    """One's own; another's only those who run the house. FM-N730 where there is none."""
    owner = _owner(unit, name)
    if owner is None:
        names = [row["name"] for row in unit.execute(select(_report.c.name).order_by(_report.c.name))]
        raise NotFound("FM-N730", name=name, known=", ".join(names) or "-")
    _own(unit, caller, owner)
    unit.execute(delete(_report).where(_report.c.name == name))
    return {"name": name, "deleted": True}


def _owner(unit: Unit, name: str) -> str | None:
    found = unit.execute(select(_report.c.saved_by).where(_report.c.name == name))
    return str(found[0]["saved_by"]) if found else None


def _own(unit: Unit, caller: Caller, owner: str) -> None:
    if owner != caller.name:
        require(unit, caller, "organisation")
