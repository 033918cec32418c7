"""People and places: units in a tree, the places they serve, persons, appointments, absences.

All validity is dated: ``since`` and ``until`` are days, both included; None is open. A village belongs
to several trees at once (police, mediation, traffic), so *who serves a place* is answered by service
areas per function and only then by the tree of units.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Protocol, TypeVar

ALL_FUNCTIONS = "all"
SUPERIOR = "superior"
HEAD = "head"


class Dated(Protocol):
    @property
    def since(self) -> date | None: ...
    @property
    def until(self) -> date | None: ...


def holds(dated: Dated, on: date) -> bool:
    """Whether it is valid on that day, both ends included."""
    return (dated.since is None or dated.since <= on) and (dated.until is None or on <= dated.until)


@dataclass(frozen=True, slots=True)
class Unit:
    """``desk``: cases of the places it serves are this unit's. ``volunteers`` are counted, not listed."""

    code: str
    name: str
    level: str
    parent: str | None = None
    desk: bool = False
    volunteers: int = 0
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """``kind``: city, county, township, village or community. ``became``: its successor after a merger."""

    code: str
    name: str
    kind: str
    parent: str | None = None
    became: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ServiceArea:
    """The unit gives the function in the place and in all that lies inside it."""

    unit: str
    place: str
    function: str = ALL_FUNCTIONS
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Staff are codes; a name is optional. ``sex``: female or male; ``languages``: those spoken, for seats that ask."""

    code: str
    name: str = ""
    phone: str = ""
    sex: str | None = None
    languages: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    """Authority: a role over a unit. ``capacity`` is the most weighted load; None is the usual cap."""

    person: str
    role: str
    unit: str
    since: date | None = None
    until: date | None = None
    capacity: int | None = None
    skills: tuple[str, ...] = ()
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Absence:
    """``substitute`` has the person's roles over the same units on these days."""

    person: str
    since: date
    until: date | None = None
    reason: str = ""
    substitute: str | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """One person on one day's roster of a unit; ``signed_on`` is what the desk shows."""

    person: str
    unit: str
    day: date
    signed_on: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """A conflict of interest: ``other`` is a person's code or the key of a party."""

    person: str
    other: str
    kind: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Serving:
    """A unit that serves a place. Rank 0 is the nearest; units equally near share a rank."""

    unit: Unit
    rank: int


@dataclass(frozen=True)
class Organisation:
    """One whole organisation as values: what a file holds and what a generator builds."""

    units: tuple[Unit, ...] = ()
    places: tuple[Place, ...] = ()
    areas: tuple[ServiceArea, ...] = ()
    persons: tuple[Person, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    absences: tuple[Absence, ...] = ()
    duty: tuple[Duty, ...] = ()
    relations: tuple[Relation, ...] = ()
    note: str = ""

    @cached_property
    def unit(self) -> dict[str, Unit]:
        return {unit.code: unit for unit in self.units}

    @cached_property
    def place(self) -> dict[str, Place]:
        return {place.code: place for place in self.places}

    @cached_property
    def areas_of(self) -> dict[str, tuple[ServiceArea, ...]]:
        """Service areas by the place they name."""
        found: dict[str, list[ServiceArea]] = {}
        for area in self.areas:
            found.setdefault(area.place, []).append(area)
        return {place: tuple(areas) for place, areas in found.items()}

    def serving(self, place: str, *, function: str, on: date) -> tuple[Serving, ...]:
        """Units that serve the place for the function on that day, nearest first."""
        around = place_chain(self.place, place, on=on)
        reached = [(area, n) for n, spot in enumerate(around) for area in self.areas_of.get(spot.code, ())]
        return serving(reached, self.unit, function=function, on=on)


def place_chain(places: Mapping[str, Place], code: str, *, on: date) -> tuple[Place, ...]:
    """The place and what it lies in, innermost first; ends at a place unknown or not valid on that day."""
    return _chain(places, code, on)


def unit_chain(units: Mapping[str, Unit], code: str, *, on: date) -> tuple[Unit, ...]:
    """The unit and those above it, nearest first; ends at a unit unknown or not valid on that day."""
    return _chain(units, code, on)


class _Node(Dated, Protocol):
    @property
    def code(self) -> str: ...
    @property
    def parent(self) -> str | None: ...


N = TypeVar("N", bound=_Node)


def _chain(nodes: Mapping[str, N], code: str, on: date) -> tuple[N, ...]:
    found: dict[str, N] = {}
    at: str | None = code
    while at is not None and at not in found and (node := nodes.get(at)) is not None and holds(node, on):
        found[at] = node
        at = node.parent
    return tuple(found.values())


def serving(
    reached: Iterable[tuple[ServiceArea, int]], units: Mapping[str, Unit], *, function: str, on: date
) -> tuple[Serving, ...]:
    """Nearest first, from service areas with the distance of the place they name.

    A smaller area is nearer; of two units with the same area the deeper in the tree is nearer. Units
    above a serving one serve too, after those with an area of their own that is as small.
    """
    nearest: dict[str, tuple[int, int]] = {}
    for area, distance in reached:
        if area.function not in (function, ALL_FUNCTIONS) or not holds(area, on):
            continue
        chain = unit_chain(units, area.unit, on=on)
        for above, unit in enumerate(chain):
            key = (distance + above, -(len(chain) - above))
            nearest[unit.code] = min(key, nearest.get(unit.code, key))
    ranks = {key: rank for rank, key in enumerate(sorted(set(nearest.values())))}
    found = [Serving(units[code], ranks[key]) for code, key in nearest.items()]
    return tuple(sorted(found, key=lambda s: (s.rank, s.unit.code)))


def home(serving_units: Sequence[Serving]) -> Unit | None:
    """The unit whose case it is: the nearest with a desk, else the nearest of all."""
    with_desk = (s.unit for s in serving_units if s.unit.desk)
    return next(with_desk, serving_units[0].unit if serving_units else None)


def roles(
    appointments: Iterable[Appointment], serving_units: Iterable[Serving], *, home_unit: Unit | None, on: date
) -> frozenset[str]:
    """What one person is towards a case: ``officer``, ``officer@station``, and ``superior``.

    Only appointments valid on that day over a unit that serves the case's place count. ``superior`` is
    a head of the unit directly above the case's unit.
    """
    serves = {s.unit.code: s.unit for s in serving_units}
    above = home_unit.parent if home_unit else None
    found: set[str] = set()
    for held in appointments:
        if not holds(held, on):
            continue
        if held.unit in serves:
            found |= {held.role, f"{held.role}@{serves[held.unit].level}"}
        if held.role == HEAD and above is not None and held.unit == above:
            found.add(SUPERIOR)
    return frozenset(found)
