"""Who could take a seat: the people of the units that serve a place, with load, leave, roster and conflicts.

Two indexed statements for a usual place, more only where a conflict of interest asks for neighbours.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

from engine.domain.instant import to_text
from engine.persistence.late import (
    Absence,
    Appointment,
    Case,
    ClauseElement,
    Date,
    Duty,
    Person,
    Relation,
    SeatHolder,
    Select,
    Unit,
    and_,
    case,
    columns_of,
    exists,
    func,
    literal,
    or_,
    real,
    select,
)
from engine.persistence.statement import Statement, statement
from engine.persistence.unit import Unit as Work
from engine.routing.candidate import Candidate
from engine.routing.load import UNGRADED, WEIGHTS
from engine.service import stand_in
from engine.service.directory import Around, valid

OPEN_PHASES = ("intake", "waiting", "work", "review")
HANDLER = "handler"
_SLOTS = 8  # lists have no fixed text, so they are asked in portions of this size
_FOR_EVER = date(9999, 12, 31)

_unit, _held, _absence = columns_of(Unit).c, columns_of(Appointment).c, columns_of(Absence).c
_duty, _case = columns_of(Duty).c, columns_of(Case).c
_seat, _relation, _person = columns_of(SeatHolder).c, columns_of(Relation).c, columns_of(Person).c


class _Able(NamedTuple):
    person: str
    role: str
    unit: str
    level: str
    capacity: int | None
    skills: list[str] | None
    sex: str | None
    languages: list[str] | None
    away_until: date | None
    roster: bool
    rostered: bool
    handles: int
    sits: int
    last_taken: datetime | None


def _weigh(said: Any, risk: Any) -> Any:
    """What a rule said when the seat was filled, else by the grade as it is now."""
    by_grade = case(*[(risk == grade, weight) for grade, weight in WEIGHTS.items()], else_=UNGRADED)
    return func.coalesce(said, by_grade)


def _open(phase: Any) -> Any:
    return or_(*[phase == name for name in OPEN_PHASES])


def _handled() -> Any:
    """Weighted load of the open cases that the person handles."""
    sits = and_(_seat.case_id == _case.id, _seat.seat == HANDLER, _seat.person == _case.holder)
    cases = columns_of(Case).outerjoin(real(columns_of(SeatHolder)), sits)
    return (
        select(func.coalesce(func.sum(_weigh(_seat.weight, _case.risk)), 0))
        .select_from(cases)
        .where(_case.holder == _held.person, _open(_case.phase))
        .scalar_subquery()
    )


def _sat() -> Any:
    """Weighted load of the open cases where the person holds another seat only."""
    return (
        select(func.coalesce(func.sum(_weigh(_seat.weight, _case.risk)), 0))
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
        *(_person.sex, _person.languages),
        *(away.label("away_until"), roster.label("roster"), rostered.label("rostered")),
        *(_handled().label("handles"), _sat().label("sits"), last.label("last_taken")),
    ).where(_unit.code == _held.unit, _person.code == _held.person, valid(_held, on))


def _slots(letter: str, values: Sequence[str]) -> dict[str, str | None]:
    return {f"{letter}{n}": values[n] if n < len(values) else None for n in range(_SLOTS)}


def _in(column: Any, letter: str, bound: Mapping[str, Any]) -> Any:
    return column.in_([bound[f"{letter}{n}"] for n in range(_SLOTS)])


_able: Statement[..., _Able] = Statement(
    lambda **b: _facts_of(b["on"]).where(_in(_held.unit, "u", b), _in(_held.role, "r", b)),
    ("on", *_slots("u", ()), *_slots("r", ())),
    _Able._make,
    name="engine.service.routing.pool:_able",
)
_conflicts: Statement[..., tuple[str, str]] = Statement(
    lambda **b: select(_relation.person, _relation.kind).where(
        _in(_relation.other, "o", b), valid(_relation, b["on"])
    ),
    ("on", *_slots("o", ())),
    tuple,
    name="engine.service.routing.pool:_conflicts",
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


def standing_of(unit: Work, person: str, on: date) -> list[Candidate]:
    """How one person stands on a day, once for each appointment."""
    return standing(unit, on, _held.person == person)


def candidates(
    unit: Work,
    roles: Sequence[str],
    near: Around,
    *,
    parties: Collection[str] = (),
    barred: Collection[str] = (),
) -> list[Candidate]:
    """Everyone appointed in one of the roles (``officer``, ``officer@station``) over a unit that serves the place.

    ``parties``: keys of the parties (a person's code among them), for conflicts of interest; ``barred``: persons
    whom this very case shuts out. Where one is met, the people of the units beside theirs are brought too, marked
    as neighbours.
    """
    related = dict(_related(unit, parties, near.on))
    found = _among(unit, roles, near, {s.unit.code: s.rank for s in near.serving}, related)
    for conflicted in [c for c in found if c.related or c.person in barred]:
        own = near.ranks[conflicted.unit].unit
        if own.parent is None:
            continue
        codes = unit.run(_beside, code=own.code, parent=own.parent, level=own.level, on=near.on)
        beside = {code: conflicted.rank for code in codes if code not in near.ranks}
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
    found = [
        _candidate(row, ranks[row.unit], related.get(row.person, ""))
        for row in rows
        if row.role in roles or f"{row.role}@{row.level}" in roles
    ]
    return [*found, *_in_place(unit, found, near.on, related)]


def _in_place(
    unit: Work, found: Sequence[Candidate], on: date, related: Mapping[str, str]
) -> Iterator[Candidate]:
    """Who stands in for those who are away: in their appointment, with load, duty and skills of his own."""
    taking = stand_in.present(unit, {c.person for c in found if c.away}, on)
    own = {person: standing(unit, on, _held.person == person) for person in sorted(set(taking.values()))}
    for absent in found:
        mine = own.get(taking.get(absent.person, ""), [])
        if mine:
            person = mine[0].person
            yield replace(
                absent,
                person=person,
                instead_of=absent.person,
                load=mine[0].load,
                capacity=min(c.cap for c in mine),
                idle_since=mine[0].idle_since,
                away=False,
                away_until=None,
                on_duty=next((c.on_duty for c in mine if c.on_duty is not None), None),
                related=related.get(person, ""),
                skills=frozenset().union(*(c.skills for c in mine)),
            )


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
        languages=frozenset(row.languages or ()),
        sex=row.sex,
    )


def _portions(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[n : n + _SLOTS] for n in range(0, len(values), _SLOTS))
