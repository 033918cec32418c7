"""The numbers under which a process may keep what it read: raised in the commit that changes what they stand for.

``store`` is the number of the store itself; what is kept of one store is never taken for another's. ``law``
stands for definitions, calendars and closures, ``organisation`` for units, places, areas, people, their
appointments and leave.
"""

import secrets
from collections.abc import Sequence
from typing import Any

from engine.persistence.late import ClauseElement, Counter, columns_of, literal_column, select
from engine.persistence.statement import Element, Statement, Upsert, statement
from engine.persistence.stored import Edition
from engine.persistence.unit import Unit

NOTHING_KEPT = Edition(0, 0, 0)
_counter = columns_of(Counter)


def numbers() -> list[Any]:
    """Columns for whoever reads something else in the same statement; :func:`made` makes of them the edition."""
    c = _counter.c
    return [
        select(c.value).where(c.name == literal_column(f"'{name}'")).scalar_subquery().label(name)
        for name in Edition._fields
    ]


def made(cells: Sequence[Any]) -> Edition:
    store, law, organisation = cells
    return Edition(store or 0, law or 0, organisation or 0)


@statement(made)
def _edition() -> ClauseElement:
    return select(*numbers())


def edition(unit: Unit) -> Edition:
    """The edition that this unit sees; ``store`` 0: nothing may be kept, of this store or of this unit."""
    if unit.edition is None:
        unit.edition = unit.find(_edition) or NOTHING_KEPT
    return unit.edition


def _raise(*, name: str, ahead: int) -> Element:
    change = {"value": _counter.c.value + ahead}
    return Upsert(_counter, {"name": name, "value": 1}, key=("name",), change=lambda _: change)


_raised: Statement[..., Any] = Statement(_raise, ("name", "ahead"), tuple, name=f"{__name__}:_raised")


def changed(unit: Unit, name: str) -> None:
    """Say that what ``law`` or ``organisation`` stands for has changed.

    Never by one: the next number might be that of an attempt that was rolled back, and what it read be kept.
    From here on the unit itself keeps nothing, since it too may be rolled back.
    """
    unit.change(_raised, name=name, ahead=1 + secrets.randbelow(1 << 20))
    unit.edition = NOTHING_KEPT
