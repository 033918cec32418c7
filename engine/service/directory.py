"""Who serves a place and what a person is towards a case there: asked on every act.

Each answer takes one or two indexed statements, whatever the size of the organisation. Answers are kept for the
life of the process under the store's own number and the organisation's, which every change to places, units, areas
and appointments raises; of a store without a number, and by a unit that changed them itself, nothing is kept.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from engine.domain import organisation as org
from engine.persistence import edition
from engine.persistence.kept import Kept
from engine.persistence.late import (
    Appointment,
    ClauseElement,
    Place,
    ServiceArea,
    Unit,
    and_,
    columns_of,
    literal,
    or_,
    select,
)
from engine.persistence.statement import statement
from engine.persistence.unit import Unit as Work
from engine.service.stand_in import stood_in_for

_unit, _place, _area = columns_of(Unit).c, columns_of(Place).c, columns_of(ServiceArea).c
_held = columns_of(Appointment).c


@dataclass(frozen=True)
class Around:
    """What surrounds a place on a day: the units that serve it, nearest first, and whose case it would be.

    ``kept_as``: what answers that rest on it may be kept under; None where nothing may be kept.
    """

    serving: tuple[org.Serving, ...]
    home: org.Unit | None
    on: date
    kept_as: tuple[Any, ...] | None = None

    @cached_property
    def ranks(self) -> dict[str, org.Serving]:
        return {s.unit.code: s for s in self.serving}

    def above(self, code: str) -> str | None:
        """The serving unit directly above one; None for the topmost."""
        found = self.ranks.get(code)
        parent = found.unit.parent if found else None
        return parent if parent in self.ranks else None

    def at_or_above(self, code: str) -> tuple[str, ...]:
        """The unit and those above it, upwards."""
        found, at = [], code if code in self.ranks else None
        while at is not None and at not in found:
            found.append(at)
            at = self.above(at)
        return tuple(found)


class _Reached(NamedTuple):
    origin: str
    distance: int
    code: str
    name: str
    level: str
    parent: str | None
    desk: bool
    volunteers: int
    since: date | None
    until: date | None


def valid(columns: Any, on: Any) -> Any:
    """The condition that a dated row holds on a day."""
    return and_(
        or_(columns.since.is_(None), columns.since <= on),
        or_(columns.until.is_(None), columns.until >= on),
    )


@statement(_Reached._make)
def _reached(*, place: str, function: str, on: date) -> ClauseElement:
    """Units with an area over the place or over what it lies in, each with the units above it."""
    around = (
        select(_place.code, _place.parent, literal(0).label("distance"))
        .where(_place.code == place, valid(_place, on))
        .cte("around", recursive=True)
    )
    around = around.union_all(
        select(_place.code, _place.parent, around.c.distance + 1)
        .where(_place.code == around.c.parent, valid(_place, on))
        .where(around.c.distance < 20)  # a cycle must not hang
    )
    above = (
        select(
            _area.unit.label("origin"), around.c.distance, _area.unit.label("code"), literal(0).label("up")
        )
        .where(
            _area.place == around.c.code,
            or_(_area.function == function, _area.function == org.ALL_FUNCTIONS),
            valid(_area, on),
        )
        .cte("above", recursive=True)
    )
    above = above.union_all(
        select(above.c.origin, above.c.distance, _unit.parent, above.c.up + 1)
        .where(_unit.code == above.c.code, _unit.parent.is_not(None), valid(_unit, on))
        .where(above.c.up < 20)
    )
    columns = (_unit.code, _unit.name, _unit.level, _unit.parent, _unit.desk, _unit.volunteers)
    return (
        select(above.c.origin, above.c.distance, *columns, _unit.since, _unit.until)
        .where(_unit.code == above.c.code)
        .order_by(above.c.distance, above.c.origin, above.c.up)
    )


@statement(lambda cells: org.Appointment(*cells))
def _appointments(*, person: str, on: date) -> ClauseElement:
    """His own, and those of whom he stands in for."""
    whose = stood_in_for(person, on)
    return select(_held.person, _held.role, _held.unit, _held.since, _held.until).where(
        _held.person == whose.c.person, valid(_held, on)
    )


_around: Kept[tuple[Any, ...], Around] = Kept(4096)
_roles: Kept[tuple[Any, ...], frozenset[str]] = Kept(8192)
_appointed: Kept[tuple[Any, ...], Sequence[org.Appointment]] = Kept(8192)


def around(unit: Work, place: str, *, function: str, on: date) -> Around:
    """The units that serve the place for the function on that day."""
    store, _, organisation = unit.edition or edition.edition(unit)
    if not store:
        return _ask(unit, place, function, on, None)
    key = (store, organisation, place, function, on)
    return _around.find(key) or _around.keep(key, _ask(unit, place, function, on, key))


def _ask(unit: Work, place: str, function: str, on: date, kept_as: tuple[Any, ...] | None) -> Around:
    rows = unit.run(_reached, place=place, function=function, on=on)
    units = {
        r.code: org.Unit(r.code, r.name, r.level, r.parent, bool(r.desk), r.volunteers, r.since, r.until)
        for r in rows
    }
    areas = {(r.origin, r.distance) for r in rows}
    found = org.serving(
        ((org.ServiceArea(origin, place), distance) for origin, distance in areas),
        units,
        function=function,
        on=on,
    )
    return Around(found, org.home(found), on, kept_as)


def who(unit: Work, person: str, near: Around) -> frozenset[str]:
    """What the person is towards a case there: ``officer``, ``officer@station``, ``superior``."""
    if not _may_keep(unit, near):
        return _who(unit, person, near)
    key = (person, near.kept_as)
    found = _roles.find(key)
    return _roles.keep(key, _who(unit, person, near)) if found is None else found


def _may_keep(unit: Work, near: Around) -> bool:
    """Not if the unit has changed the organisation since it asked what is around."""
    return near.kept_as is not None and unit.edition is not edition.NOTHING_KEPT


def _who(unit: Work, person: str, near: Around) -> frozenset[str]:
    return org.roles(_held_by(unit, person, near), near.serving, home_unit=near.home, on=near.on)


def appointments(unit: Work, person: str, on: date) -> Sequence[org.Appointment]:
    """What counts for a person on a day: his own appointments, and those of whom he stands in for (``person``)."""
    return unit.run(_appointments, person=person, on=on)


def acting_for(unit: Work, person: str, near: Around) -> dict[str, str]:
    """Roles that a person has towards a case there only because he stands in for somebody, each with for whom."""
    held = _held_by(unit, person, near)
    lent = [a for a in held if a.person != person]
    if not lent:
        return {}
    mine = [a for a in held if a.person == person]
    own = org.roles(mine, near.serving, home_unit=near.home, on=near.on)
    return {
        role: a.person
        for a in reversed(lent)
        for role in org.roles([a], near.serving, home_unit=near.home, on=near.on) - own
    }


def _held_by(unit: Work, person: str, near: Around) -> Sequence[org.Appointment]:
    """What a person is appointed to on the day."""
    if near.kept_as is None or not _may_keep(unit, near):
        return unit.run(_appointments, person=person, on=near.on)
    key = (*near.kept_as[:2], person, near.on)
    found = _appointed.find(key)
    if found is None:
        found = _appointed.keep(key, unit.run(_appointments, person=person, on=near.on))
    return found


def appointed_over(unit: Work, person: str, near: Around) -> frozenset[str]:
    """The serving units over which a person holds any appointment on the day."""
    return frozenset(a.unit for a in _held_by(unit, person, near) if a.unit in near.ranks)


def held_over(unit: Work, posts: set[tuple[str, str | None]], units: Sequence[str], on: date) -> bool:
    """Whether anybody holds one of the posts, (role, level or None), over one of the units on that day."""
    rows = unit.execute(
        select(_held.role, _unit.level)
        .where(_held.unit == _unit.code, _held.unit.in_(list(units)), valid(_held, on))
        .distinct()
    )
    return any((row["role"], None) in posts or (row["role"], row["level"]) in posts for row in rows)


def persons(unit: Work, codes: Iterable[str], near: Around) -> dict[str, dict[str, Any]]:
    """Facts on people named in a case: their roles there and the unit nearest to the place."""
    told: dict[str, dict[str, Any]] = {}
    for code in sorted(set(codes)):
        held = _held_by(unit, code, near)
        mine = [near.ranks[a.unit] for a in held if a.unit in near.ranks]
        nearest = min(mine, key=lambda s: (s.rank, s.unit.code), default=None)
        told[code] = {
            "id": code,
            "roles": sorted(org.roles(held, near.serving, home_unit=near.home, on=near.on)),
            "unit": nearest.unit.code if nearest else (held[0].unit if held else ""),
        }
    return told
