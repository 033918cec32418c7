"""Who serves a place, what a person is towards a case, who could take a seat: asked on every act.

Each answer takes one to three indexed statements, whatever the size of the organisation.
"""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import ClauseElement, Date, and_, case, exists, func, literal, or_, select
from sqlalchemy.sql import Select

from engine.domain import organisation as org
from engine.domain.instant import to_text
from engine.persistence import organisation_store
from engine.persistence.statement import Statement, statement
from engine.persistence.table import (
    Absence,
    Appointment,
    Case,
    Counter,
    Duty,
    Place,
    Relation,
    SeatHolder,
    ServiceArea,
    Unit,
    columns_of,
)
from engine.persistence.unit import Unit as Work
from engine.routing.candidate import Candidate
from engine.routing.load import UNGRADED, WEIGHTS

OPEN_PHASES = ("intake", "waiting", "work", "review")
HANDLER = "handler"
_SLOTS = 8  # lists have no fixed text, so they are asked in portions of this size
_FOR_EVER = date(9999, 12, 31)

_unit, _place, _area = columns_of(Unit).c, columns_of(Place).c, columns_of(ServiceArea).c
_held, _absence, _duty = columns_of(Appointment).c, columns_of(Absence).c, columns_of(Duty).c
_counter = columns_of(Counter).c
_case, _seat, _relation = columns_of(Case).c, columns_of(SeatHolder).c, columns_of(Relation).c


@dataclass(frozen=True)
class Around:
    """What surrounds a place on a day: the units that serve it, nearest first, and whose case it would be."""

    serving: tuple[org.Serving, ...]
    home: org.Unit | None
    on: date

    @cached_property
    def ranks(self) -> dict[str, org.Serving]:
        return {s.unit.code: s for s in self.serving}


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
    return select(_held.person, _held.role, _held.unit, _held.since, _held.until).where(
        _held.person == person, valid(_held, on)
    )


@statement(tuple)
def _edition() -> ClauseElement:
    return select(_counter.name, _counter.value).where(
        or_(_counter.name == "store", _counter.name == organisation_store.VERSION)
    )


_kept: OrderedDict[tuple[Any, ...], Around] = OrderedDict()
_MOST_KEPT = 4096


def around(unit: Work, place: str, *, function: str, on: date) -> Around:
    """The units that serve the place for the function on that day.

    Kept for the life of the process under the store's own number and the organisation's, which every
    change to places, units and areas raises; a store without a number is asked each time.
    """
    edition = dict(unit.run(_edition))
    if not edition.get("store"):
        return _ask(unit, place, function, on)
    key = (edition["store"], edition.get(organisation_store.VERSION, 0), place, function, on)
    found = _kept.get(key)
    if found is None:
        found = _kept[key] = _ask(unit, place, function, on)
        if len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return found


def _ask(unit: Work, place: str, function: str, on: date) -> Around:
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
    return Around(found, org.home(found), on)


def who(unit: Work, person: str, near: Around) -> frozenset[str]:
    """What the person is towards a case there: ``officer``, ``officer@station``, ``superior``."""
    held = unit.run(_appointments, person=person, on=near.on)
    return org.roles(held, near.serving, home_unit=near.home, on=near.on)


def persons(unit: Work, codes: Iterable[str], near: Around) -> dict[str, dict[str, Any]]:
    """Facts on people named in a case: their roles there and the unit nearest to the place."""
    told: dict[str, dict[str, Any]] = {}
    for code in sorted(set(codes)):
        held = unit.run(_appointments, person=code, on=near.on)
        mine = [near.ranks[a.unit] for a in held if a.unit in near.ranks]
        nearest = min(mine, key=lambda s: (s.rank, s.unit.code), default=None)
        told[code] = {
            "id": code,
            "roles": sorted(org.roles(held, near.serving, home_unit=near.home, on=near.on)),
            "unit": nearest.unit.code if nearest else (held[0].unit if held else ""),
        }
    return told


# ---- candidates --------------------------------------------------------------------------------


class _Able(NamedTuple):
    person: str
    role: str
    unit: str
    level: str
    capacity: int | None
    skills: list[str] | None
    away_until: date | None
    roster: bool
    rostered: bool
    handles: int
    sits: int
    last_taken: datetime | None


def _weigh(risk: Any) -> Any:
    return case(*[(risk == grade, weight) for grade, weight in WEIGHTS.items()], else_=UNGRADED)


def _open(phase: Any) -> Any:
    return or_(*[phase == name for name in OPEN_PHASES])


def _handled() -> Any:
    """Weighted load of the open cases that the person handles."""
    return (
        select(func.coalesce(func.sum(_weigh(_case.risk)), 0))
        .where(_case.holder == _held.person, _open(_case.phase))
        .scalar_subquery()
    )


def _sat() -> Any:
    """Weighted load of the open cases where the person holds another seat only."""
    return (
        select(func.coalesce(func.sum(_weigh(_case.risk)), 0))
        .where(_seat.person == _held.person, _seat.seat != HANDLER, _case.id == _seat.case_id)
        .where(_open(_case.phase), or_(_case.holder.is_(None), _case.holder != _held.person))
        .scalar_subquery()
    )


def _facts_of(on: Any) -> Select[Any]:
    away = (
        select(func.max(func.coalesce(_absence.until, literal(_FOR_EVER, Date))))
        .where(_absence.person == _held.person, _absence.since <= on)
        .where(or_(_absence.until.is_(None), _absence.until >= on))
        .scalar_subquery()
    )
    roster = exists().where(_duty.unit == _held.unit, _duty.day == on)
    rostered = exists().where(_duty.unit == _held.unit, _duty.day == on, _duty.person == _held.person)
    last = select(func.max(_seat.since)).where(_seat.person == _held.person).scalar_subquery()
    return select(
        *(_held.person, _held.role, _held.unit, _unit.level, _held.capacity, _held.skills),
        *(away.label("away_until"), roster.label("roster"), rostered.label("rostered")),
        *(_handled().label("handles"), _sat().label("sits"), last.label("last_taken")),
    ).where(_unit.code == _held.unit, valid(_held, on))


def _slots(letter: str, values: Sequence[str]) -> dict[str, str | None]:
    return {f"{letter}{n}": values[n] if n < len(values) else None for n in range(_SLOTS)}


def _in(column: Any, letter: str, bound: Mapping[str, Any]) -> Any:
    return column.in_([bound[f"{letter}{n}"] for n in range(_SLOTS)])


_able: Statement[..., _Able] = Statement(
    lambda **b: _facts_of(b["on"]).where(_in(_held.unit, "u", b), _in(_held.role, "r", b)),
    ("on", *_slots("u", ()), *_slots("r", ())),
    _Able._make,
)
_conflicts: Statement[..., tuple[str, str]] = Statement(
    lambda **b: select(_relation.person, _relation.kind).where(
        _in(_relation.other, "o", b), valid(_relation, b["on"])
    ),
    ("on", *_slots("o", ())),
    tuple,
)


@statement(lambda cells: str(cells[0]))
def _beside(*, code: str, parent: str, level: str, on: date) -> ClauseElement:
    return select(_unit.code).where(
        _unit.parent == parent, _unit.level == level, _unit.code != code, valid(_unit, on)
    )


def standing(unit: Work, on: date, *conditions: Any) -> list[Candidate]:
    """How everyone appointed stands on a day, without regard to a place: for lists, not for acts."""
    rows = unit.execute(_facts_of(on).where(*conditions).order_by(_held.person, _held.role, _held.unit))
    return [_candidate(_Able(**row), 0, "") for row in rows]


def candidates(
    unit: Work, roles: Sequence[str], near: Around, *, parties: Collection[str] = ()
) -> list[Candidate]:
    """Everyone appointed in one of the roles (``officer``, ``officer@station``) over a unit that serves the place.

    ``parties``: keys of the parties (a person's code among them), for conflicts of interest. Where one
    bars somebody, the people of the units beside theirs are brought too, marked as neighbours.
    """
    related = dict(_related(unit, parties, near.on))
    found = _among(unit, roles, near, {s.unit.code: s.rank for s in near.serving}, related)
    for barred in [c for c in found if c.related]:
        own = near.ranks[barred.unit].unit
        if own.parent is None:
            continue
        codes = unit.run(_beside, code=own.code, parent=own.parent, level=own.level, on=near.on)
        beside = {code: barred.rank for code in codes if code not in near.ranks}
        found += [replace(c, neighbour=True) for c in _among(unit, roles, near, beside, related)]
    return found


def _related(unit: Work, parties: Collection[str], on: date) -> Iterator[tuple[str, str]]:
    keys = sorted(parties)
    yield from ((key, "party") for key in keys)
    for portion in _portions(keys):
        yield from unit.run(_conflicts, on=on, **_slots("o", portion))


def _among(
    unit: Work, roles: Sequence[str], near: Around, ranks: Mapping[str, int], related: Mapping[str, str]
) -> list[Candidate]:
    names = sorted({role.partition("@")[0] for role in roles})
    rows = [
        row
        for units in _portions(list(ranks))
        for held in _portions(names)
        for row in unit.run(_able, on=near.on, **_slots("u", units), **_slots("r", held))
    ]
    return [
        _candidate(row, ranks[row.unit], related.get(row.person, ""))
        for row in rows
        if row.role in roles or f"{row.role}@{row.level}" in roles
    ]


def _candidate(row: _Able, rank: int, related: str) -> Candidate:
    open_end = row.away_until is None or row.away_until >= _FOR_EVER
    return Candidate(
        person=row.person,
        role=row.role,
        unit=row.unit,
        level=row.level,
        rank=rank,
        load=int(row.handles + row.sits),
        capacity=row.capacity,
        idle_since=to_text(row.last_taken) if row.last_taken else "",
        away=row.away_until is not None,
        away_until=None if open_end else row.away_until,
        on_duty=bool(row.rostered) if row.roster else None,
        related=related,
        skills=frozenset(row.skills or ()),
    )


def _portions(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[n : n + _SLOTS] for n in range(0, len(values), _SLOTS))
