"""Substitutes: who stands in for somebody who is away, day by day.

A substitute has the absent one's roles over the same units as long as the leave lasts; if he goes on leave himself, it
passes to his own substitute. What was entered in a circle is nobody's, and hangs nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from engine.domain.errors import Reason, refused
from engine.persistence.late import Absence, ClauseElement, Person, columns_of, or_, select
from engine.persistence.statement import statement
from engine.persistence.unit import Unit

_absence, _person = columns_of(Absence).c, columns_of(Person).c
_FOR_EVER = date(9999, 12, 31)


class Leave(NamedTuple):
    since: date
    until: date | None
    substitute: str | None

    def overlap(self, since: date, until: date | None) -> tuple[date, date] | None:
        """The days, both ends included, on which this leave and those days coincide."""
        first, last = max(self.since, since), min(self.until or _FOR_EVER, until or _FOR_EVER)
        return (first, last) if first <= last else None


def covers(columns: Any, on: Any) -> Any:
    """The condition that a leave covers the day."""
    return (columns.since <= on) & or_(columns.until.is_(None), columns.until >= on)


def stood_in_for(person: Any, on: Any) -> Any:
    """The person, and everybody for whom he stands in on the day, as a table of codes (column ``person``)."""
    found = (
        select(_person.code.label("person")).where(_person.code == person).cte("stood_in_for", recursive=True)
    )
    return found.union(  # each code once: a circle ends by itself
        select(_absence.person).where(_absence.substitute == found.c.person, covers(_absence, on))
    )


@statement(Leave._make)
def _leave(*, person: str, on: date) -> ClauseElement:
    return select(_absence.since, _absence.until, _absence.substitute).where(
        _absence.person == person, covers(_absence, on)
    )


def present(unit: Unit, absent: Collection[str], on: date) -> Mapping[str, str]:
    """For each of them who is away the one who stands in for him and is there; nobody where no such one is named."""
    named: dict[str, str | None] = {}  # whom everybody who is away names
    found: dict[str, str] = {}
    for person in sorted(absent):
        at: str | None = person
        way: list[str] = []
        while at is not None and at not in way:
            way.append(at)
            leave = unit.run(_leave, person=at, on=on) if at not in named else None
            if leave:
                named[at] = next((one.substitute for one in leave if one.substitute), None)
            elif leave is not None:  # there
                if at != person:
                    found[person] = at
                break
            at = named[at]
    return found


def whom(unit: Unit, person: str, on: date) -> list[str]:
    """For whom a person stands in on the day, by code."""
    table = stood_in_for(person, on)
    rows = unit.execute(select(table.c.person).where(table.c.person != person).order_by(table.c.person))
    return [row["person"] for row in rows]


def check(unit: Unit, persons: Sequence[str], substitute: str, since: date, until: date | None) -> None:
    """FM-R520 where the way from one to the next would come back to who goes away, on any of the days."""
    if substitute in persons:
        raise refused(
            [Reason("FM-R520", {"person": substitute, "way": f"{substitute} > {substitute}"}, "input")]
        )
    way = _back(unit, frozenset(persons), [substitute], since, until)
    if way is not None:
        told = " > ".join([way[-1], *way])
        raise refused([Reason("FM-R520", {"person": way[-1], "way": told}, "input")])


def _back(
    unit: Unit, persons: frozenset[str], way: list[str], since: date, until: date | None
) -> list[str] | None:
    """The way that leads back, over leaves that overlap one another."""
    rows = unit.execute(
        select(_absence.since, _absence.until, _absence.substitute).where(
            _absence.person == way[-1], _absence.substitute.is_not(None)
        )
    )
    for row in rows:
        leave = Leave(**row)
        both = leave.overlap(since, until)
        if both is None or leave.substitute is None or leave.substitute in way:
            continue
        if leave.substitute in persons:
            return [*way, leave.substitute]
        found = _back(unit, persons, [*way, leave.substitute], *both)
        if found is not None:
            return found
    return None
