"""Numbers that the store keeps by name."""

from engine.persistence.late import ClauseElement, Counter, columns_of, select
from engine.persistence.statement import statement
from engine.persistence.unit import Unit


@statement(lambda cells: int(cells[0]))
def _value(*, name: str) -> ClauseElement:
    counter = columns_of(Counter).c
    return select(counter.value).where(counter.name == name)


def find_number(unit: Unit, name: str) -> int | None:
    return unit.find(_value, name=name)
