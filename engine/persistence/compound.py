"""A case's row and all that goes with it in one statement: on PostgreSQL round trips are what costs.

The rows beside the case are taken from the case's own change, so that a version that is no longer there
writes nothing at all. One text per shape, compiled once.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

from engine.persistence import change
from engine.persistence.change import Change, Kind
from engine.persistence.late import (
    CTE,
    METADATA,
    Case,
    ClauseElement,
    Table,
    and_,
    columns_of,
    func,
    select,
    type_coerce,
    update,
)  # fmt: skip
from engine.persistence.statement import Statement
from engine.persistence.unit import Unit

MOST = 12  # rows in one statement: beyond, shapes hardly come twice and compiling costs more than it saves
Shape = tuple[tuple[Kind, str], ...]

_case = columns_of(Case)


def fits(changes: Sequence[Change]) -> bool:
    return len(changes) <= MOST


def send(unit: Unit, row: Mapping[str, Any], changes: Sequence[Change], *, new: bool) -> None:
    """Leaves the statement with the unit, to be sent before anything else is asked, or alone at its end.

    ``row`` holds the columns of the case; for one that exists also ``was``, the version it must have.
    """
    given = dict(zip(_named("case", tuple(row)), row.values(), strict=True))
    for index, one in enumerate(changes):
        given.update(zip(_named(f"r{index}", tuple(one.row)), one.row.values(), strict=True))
    shape = tuple((one.kind, one.table) for one in changes)
    unit.defer(_statement(tuple(sorted(row)), shape, new), given)


@lru_cache(maxsize=512)
def _named(of: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{of}_{name}" for name in names)


@lru_cache(maxsize=512)
def _statement(columns: tuple[str, ...], shape: Shape, new: bool) -> Statement[..., Any]:
    names = [f"case_{name}" for name in columns]
    for index, (kind, table) in enumerate(shape):
        names += [f"r{index}_{n}" for n in change.columns(kind, METADATA.tables[table]) if n != "case_id"]

    def build(**bound: Any) -> ClauseElement:
        moved = _case_row({name: bound[f"case_{name}"] for name in columns}, new=new)
        rest = [_beside(moved, index, kind, table, bound) for index, (kind, table) in enumerate(shape)]
        return select(func.count()).select_from(moved).add_cte(*rest)

    return Statement(build, names, tuple)


def _case_row(values: dict[str, Any], *, new: bool) -> CTE:
    if new:
        return _case.insert().values(**values).returning(_case.c.id).cte("moved")
    case_id, was = values.pop("id"), values.pop("was")
    found = and_(_case.c.id == case_id, _case.c.version == was)
    return update(_case).where(found).values(**values).returning(_case.c.id).cte("moved")


def _beside(moved: CTE, index: int, kind: Kind, name: str, bound: Mapping[str, Any]) -> CTE:
    table = METADATA.tables[name]
    cells = {n: bound[f"r{index}_{n}"] for n in change.columns(kind, table) if n != "case_id"}
    if kind == "drop":
        keys = (table.c[n] == value for n, value in cells.items())
        made: Any = table.delete().where(table.c.case_id == moved.c.id, *keys)
    else:
        made = _insert(kind, table, moved, cells)
    result: CTE = made.returning(table.c.case_id).cte(f"r{index}")
    return result


def _insert(kind: Kind, table: Table, moved: CTE, cells: Mapping[str, Any]) -> Any:
    # imported late: whoever works on a file has no use for this dialect
    insert: Any = import_module("sqlalchemy.dialects.postgresql").insert
    typed = [type_coerce(value, table.c[name].type) for name, value in cells.items()]
    made = insert(table).from_select(["case_id", *cells], select(moved.c.id, *typed))
    if kind == "add":
        return made
    key = [column.name for column in table.primary_key]
    return made.on_conflict_do_update(index_elements=key, set_=change.on_conflict(kind, table, made.excluded))
