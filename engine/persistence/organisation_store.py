"""The organisation in the store: read as one value, rows put by their keys. Units go into the history of settings too."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from engine.domain import organisation as org
from engine.persistence import edition
from engine.persistence import late as table
from engine.persistence import setting_history as history
from engine.persistence.late import Table, and_, columns_of, insert, select, update
from engine.persistence.unit import Unit

Value = (
    org.Unit
    | org.Place
    | org.ServiceArea
    | org.Person
    | org.Appointment
    | org.Absence
    | org.Duty
    | org.Relation
)
VERSION = "organisation"  # the counter that every writer here raises

_TABLES: dict[type[Value], tuple[type[table.Row], tuple[str, ...]]] = {
    org.Unit: (table.Unit, ("code",)),
    org.Place: (table.Place, ("code",)),
    org.ServiceArea: (table.ServiceArea, ("unit", "place", "function", "since")),
    org.Person: (table.Person, ("code",)),
    org.Appointment: (table.Appointment, ("person", "role", "unit", "since")),
    org.Absence: (table.Absence, ("person", "since")),
    org.Duty: (table.Duty, ("unit", "day", "person")),
    org.Relation: (table.Relation, ("person", "other", "kind")),
}


def load(unit: Unit) -> org.Organisation:
    """Everything, in the order of keys: for imports and exports, never on the way of an act."""
    return org.Organisation(
        units=tuple(org.Unit(**row) for row in _rows(unit, org.Unit)),
        places=tuple(org.Place(**row) for row in _rows(unit, org.Place)),
        areas=tuple(org.ServiceArea(**row) for row in _rows(unit, org.ServiceArea)),
        persons=tuple(
            org.Person(**row | {"languages": tuple(row["languages"] or ())})
            for row in _rows(unit, org.Person)
        ),
        appointments=tuple(
            org.Appointment(**row | {"skills": tuple(row["skills"] or ())})
            for row in _rows(unit, org.Appointment)
        ),
        absences=tuple(org.Absence(**row) for row in _rows(unit, org.Absence)),
        duty=tuple(org.Duty(**row) for row in _rows(unit, org.Duty)),
        relations=tuple(org.Relation(**row) for row in _rows(unit, org.Relation)),
    )


def _rows(unit: Unit, kind: type[Value]) -> list[dict[str, Any]]:
    held, key = _core(kind)
    names = [name for name in kind.__dataclass_fields__ if name in held.c]
    return unit.execute(select(*(held.c[n] for n in names)).order_by(*(held.c[n] for n in key)))


def _core(kind: type[Value]) -> tuple[Table, tuple[str, ...]]:
    model, key = _TABLES[kind]
    return columns_of(model), key


def add(unit: Unit, values: Sequence[Value], *, at: datetime) -> None:
    """New rows of one kind; ``at``: when they are written down."""
    if values:
        core, _ = _core(type(values[0]))
        unit.execute_many(insert(core), [_row(core, value) for value in values])
        _note(unit, values, at)
        changed(unit)


def put(unit: Unit, before: Value, after: Value, *, at: datetime) -> None:
    """One changed row; the key stays as it was."""
    core, key = _core(type(before))
    where = [
        core.c[n].is_(None) if getattr(before, n) is None else core.c[n] == getattr(before, n) for n in key
    ]
    new = {n: v for n, v in _row(core, after).items() if v != _row(core, before)[n]}
    if new:
        unit.execute(update(core).where(and_(*where)).values(new))
        _note(unit, [after], at)
        changed(unit)


def _note(unit: Unit, values: Sequence[Value], at: datetime) -> None:
    offices = [history.office(value) for value in values if isinstance(value, org.Unit)]
    history.note(unit, "unit", offices, at)
    places = [history.place(value.code, value.name) for value in values if isinstance(value, org.Place)]
    history.note(unit, "place", places, at)


def changed(unit: Unit) -> None:
    """Says that places, units, areas, people, appointments or leave may answer otherwise now."""
    edition.changed(unit, VERSION)


def _row(core: Table, value: Value) -> dict[str, Any]:
    row = {name: v for name, v in asdict(value).items() if name in core.c}
    for name in ("skills", "languages"):
        if name in row:
            row[name] = list(row[name]) or None
    # columns that the value does not know: none
    return {c.name: row.get(c.name) for c in core.columns if not (c.primary_key and c.name not in row)}
