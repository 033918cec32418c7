"""One row that is written beside a case's own row, and the statements that write such rows."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from engine.persistence.late import METADATA, Table, and_, case, delete
from engine.persistence.statement import Element, Statement, Upsert
from engine.persistence.stored import Change as Change
from engine.persistence.stored import Kind as Kind
from engine.persistence.unit import Unit


def send(unit: Unit, case_id: int, changes: Iterable[Change]) -> None:
    """Writes each by a statement of its own."""
    for kind, table, row in changes:
        row["case_id"] = case_id
        unit.put(_statement(kind, table), row)


def columns(kind: Kind, table: Table) -> list[str]:
    """The columns that a change of this kind gives values for."""
    return [column.name for column in (table.primary_key if kind == "drop" else table.columns)]


@cache
def _statement(kind: Kind, name: str) -> Statement[..., Any]:
    table = METADATA.tables[name]
    return Statement(lambda **bound: _element(kind, table, bound), columns(kind, table), tuple)


def _element(kind: Kind, table: Table, bound: Mapping[str, Any]) -> Element:
    if kind == "add":
        return table.insert().values(**bound)
    if kind == "drop":
        return delete(table).where(and_(*(table.c[name] == value for name, value in bound.items())))
    return Upsert(table, bound, key=columns("drop", table), change=lambda new: on_conflict(kind, table, new))


def on_conflict(kind: Kind, table: Table, new: Any) -> dict[str, Any]:
    """What a row that is there already becomes; ``new`` is the row that was to be inserted."""
    if kind == "put":
        key = {column.name for column in table.primary_key}
        return {column.name: new[column.name] for column in table.columns if column.name not in key}
    c = table.c
    return {
        "first_at": case((new.first_at < c.first_at, new.first_at), else_=c.first_at),
        "last_at": case((new.last_at > c.last_at, new.last_at), else_=c.last_at),
    }
