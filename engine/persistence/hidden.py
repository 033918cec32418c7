"""From whom a case is hidden: a person it names, and the house of that person.

A house is the nearest unit with a desk at or above one of his appointments, with everybody appointed in it or below
it; where none has a desk, the unit itself. It is set down when the case names him, so a later transfer opens nothing.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from engine.persistence.late import (
    Appointment,
    CaseHidden,
    ClauseElement,
    Unit,
    and_,
    columns_of,
    exists,
    literal,
    or_,
    select,
)
from engine.persistence.statement import statement
from engine.persistence.unit import Unit as Work

NOBODY = ""  # the house of one who alone is not to see it
_hidden, _unit, _held = columns_of(CaseHidden), columns_of(Unit).c, columns_of(Appointment).c


class _From(NamedTuple):
    person: str
    house: str


class _Above(NamedTuple):
    origin: str
    up: int
    code: str
    desk: bool


@statement(_From._make)
def _from(*, case_id: int) -> ClauseElement:
    return select(_hidden.c.person, _hidden.c.house).where(_hidden.c.case_id == case_id)


@statement(tuple)
def _any() -> ClauseElement:
    return select(_hidden.c.case_id).limit(1)


def _valid(columns: Any, on: Any, latest: Any) -> Any:
    since, until = columns.since, columns.until
    return and_(or_(since.is_(None), since <= latest), or_(until.is_(None), until >= on))


@statement(_Above._make)
def _above(*, person: str, on: date, latest: date) -> ClauseElement:
    above = (
        select(_held.unit.label("origin"), literal(0).label("up"), _held.unit.label("code"))
        .where(_held.person == person, _valid(_held, on, latest))
        .cte("above", recursive=True)
    )
    above = above.union_all(
        select(above.c.origin, above.c.up + 1, _unit.parent)
        .where(_unit.code == above.c.code, _unit.parent.is_not(None), _valid(_unit, on, latest))
        .where(above.c.up < 20)  # a cycle must not hang
    )
    return (
        select(above.c.origin, above.c.up, above.c.code, _unit.desk)
        .where(_unit.code == above.c.code)
        .order_by(above.c.origin, above.c.up)
    )


def _latest(on: date) -> date:
    """Instants are UTC and days are local: who is appointed from today in the east is not yet so by UTC. A day too
    early hides nothing from anybody who had to see it for long; a day too late would tell."""
    return on + timedelta(days=1)


def houses(unit: Work, person: str, on: date) -> list[str]:
    """The houses of a person, by his appointments of the day."""
    found: dict[str, str] = {}
    for row in unit.run(_above, person=person, on=on, latest=_latest(on)):
        if row.desk and (row.origin not in found or found[row.origin] == row.origin):
            found[row.origin] = row.code
        found.setdefault(row.origin, row.origin)
    return sorted(set(found.values()))


def is_hidden(unit: Work, case_id: int, person: str | None, on: date) -> bool:
    """Whether the case is hidden from this person; from who gives no name it is as soon as it is from anybody."""
    found = unit.run(_from, case_id=case_id)
    if not found or person is None:
        return bool(found)
    shut = {row.house for row in found if row.house != NOBODY}
    return any(row.person == person for row in found) or not shut.isdisjoint(_around(unit, person, on))


def _around(unit: Work, person: str, on: date) -> Iterable[str]:
    return {row.code for row in unit.run(_above, person=person, on=on, latest=_latest(on))}


def shown(unit: Work, case_id: Any, person: str | None, on: date) -> Any:
    """The condition that the case in this column is not hidden from the person; None where none is from anybody."""
    if not unit.run(_any):
        return None
    named = _hidden.c.case_id == case_id
    if person is not None:
        units = sorted(_around(unit, person, on))
        named = and_(named, or_(_hidden.c.person == person, _hidden.c.house.in_(units)))
    return ~exists(select(_hidden.c.case_id).where(named))
