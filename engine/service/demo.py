"""The mark of a store whose people and cases are made up."""

from sqlalchemy import insert

from engine.persistence import table
from engine.persistence.unit import Unit
from engine.service.caller import Answer, Caller


def mark(unit: Unit, caller: Caller) -> Answer:
    """From now on anyone may look and try here as anyone."""
    unit.execute(insert(table.columns_of(table.Counter)).values(name="demo", value=1))
    return {"demo": True, "as_of": caller.at.isoformat()}
