"""The organisation in the store: read as one value, rows put by their keys. What figures ask of it goes into the history
of settings too."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar, cast

from engine.domain import organisation as org
from engine.persistence import edition
from engine.persistence import late as table
from engine.persistence import setting_history as history
from engine.persistence.late import Table, and_, columns_of, delete, insert, select, update
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
V = TypeVar("V", bound=Value)
_LISTS = ("skills", "languages")
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
        units=find(unit, org.Unit),
        places=find(unit, org.Place),
        areas=find(unit, org.ServiceArea),
        persons=find(unit, org.Person),
        appointments=find(unit, org.Appointment),
        absences=find(unit, org.Absence),
        duty=find(unit, org.Duty),
        relations=find(unit, org.Relation),
    )


def find(unit: Unit, kind: type[V], *where: Any) -> tuple[V, ...]:
    """Parts of one kind, in the order of keys."""
    held, key = _core(cast("type[Value]", kind))
    names = [name for name in kind.__dataclass_fields__ if name in held.c]
    query = select(*(held.c[n] for n in names)).where(*where).order_by(*(held.c[n] for n in key))
    made: Callable[..., V] = kind
    return tuple(made(**{**row, **_lists(row)}) for row in unit.execute(query))


def _lists(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(row[name] or ()) for name in _LISTS if name in row}


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
    core, _ = _core(type(before))
    new = {n: v for n, v in _row(core, after).items() if v != _row(core, before)[n]}
    if new:
        unit.execute(update(core).where(_itself(before)).values(new))
        if history.of(before) != history.of(after):
            _note(unit, [after], at)
        changed(unit)


def remove(unit: Unit, value: Value, *, at: datetime) -> None:
    """One row that never came to count."""
    core, _ = _core(type(value))
    unit.execute(delete(core).where(_itself(value)))
    if kept := history.of(value):
        history.note_gone(unit, *kept, at)
    changed(unit)


def _itself(value: Value) -> Any:
    core, key = _core(type(value))
    own = ((core.c[n], getattr(value, n)) for n in key)
    return and_(*(column.is_(None) if given is None else column == given for column, given in own))


def _note(unit: Unit, values: Sequence[Value], at: datetime) -> None:
    """All of one kind."""
    kept = [one for value in values if (one := history.of(value))]
    if kept:
        history.note(unit, kept[0][0], [body for _, body in kept], at)


def changed(unit: Unit) -> None:
    """Says that places, units, areas, people, appointments or leave may answer otherwise now."""
    edition.changed(unit, VERSION)


def _row(core: Table, value: Value) -> dict[str, Any]:
    row = {name: v for name, v in asdict(value).items() if name in core.c}
    for name in _LISTS:
        if name in row:
            row[name] = list(row[name]) or None
    # columns that the value does not know: none
    return {c.name: row.get(c.name) for c in core.columns if not (c.primary_key and c.name not in row)}
