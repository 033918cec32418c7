"""A sample organisation over Harbin's real divisions. Everything but the divisions is an illustration.

The totals are the published ones; who serves which village is made up, the same for the same seed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from hashlib import sha256
from itertools import combinations
from typing import Literal

from engine.domain.organisation import (
    Appointment,
    Organisation,
    Person,
    Place,
    ServiceArea,
    Unit,
)
from workflows.harbin.apportion import by_largest_remainder, one_each_then_largest, split
from workflows.harbin.divisions import CITY, divisions

Scale = Literal["county", "full"]

STATIONS = 208
OFFICES = 332
VOLUNTEERS = 12_195
UNCOVERED = (56, 1000)  # share of villages without an auxiliary

SAMPLE_COUNTY = "230125"
SAMPLE_STATIONS = 3
SAMPLE_OFFICES = 6
SAMPLE_VILLAGES = 41

MEDIATION = "dispute_mediation"
MEDIATORS_PER_COMMITTEE = 4
SINCE = date(2020, 1, 1)
MEDIATOR_SINCE = date(2026, 1, 1)

NOTE = (
    "Illustration 示例: the divisions are real (National Bureau of Statistics, 2023-06-30, WTFPL 2); units, "
    "staff and who serves where are made up by a generator. 行政区划为真实数据,机构、人员和管辖均为生成的示例。"
)
MARK = "(示例)"


def build(seed: int = 1, scale: Scale = "county") -> Organisation:
    """``county``: a few stations of one county. ``full``: the whole city with the published totals."""
    townships = _rural_townships()
    if scale == "county":
        chosen = _sample(seed, [t for t in townships if t.place.parent == SAMPLE_COUNTY])
        places = _inside({t.place.code for t in chosen})
        return _Build(seed, chosen, SAMPLE_OFFICES, None, width=2).organisation(places)
    merged = _merge_smallest(townships, STATIONS)
    return _Build(seed, merged, OFFICES, VOLUNTEERS, width=4).organisation(divisions())


@dataclass(frozen=True, slots=True)
class Township:
    """A township-level division with its villages; ``more``: further divisions that its station serves."""

    place: Place
    villages: tuple[str, ...]
    more: tuple[Place, ...] = ()


def _rural_townships() -> list[Township]:
    villages: dict[str, list[str]] = {}
    for place in divisions():
        if place.kind == "village" and place.parent is not None:
            villages.setdefault(place.parent, []).append(place.code)
    return [Township(p, tuple(villages[p.code])) for p in divisions() if p.code in villages]


def _merge_smallest(townships: Sequence[Township], count: int) -> list[Township]:
    """As many as there are stations: the smallest joins the next smallest of its county."""
    left = list(townships)
    while len(left) > count:
        small = min(left, key=lambda t: (len(t.villages), t.place.code))
        left.remove(small)
        beside = [t for t in left if t.place.parent == small.place.parent]
        host = min(beside, key=lambda t: (len(t.villages), t.place.code))
        joined = replace(
            host,
            villages=tuple(sorted(host.villages + small.villages)),
            more=(*host.more, small.place, *small.more),
        )
        left[left.index(host)] = joined
    return left


def _sample(seed: int, townships: Sequence[Township]) -> list[Township]:
    """The few townships whose villages come nearest to the wanted number; the seed decides among equals."""

    def distance(group: Iterable[Township]) -> tuple[int, str]:
        some = list(group)
        missing = abs(sum(len(t.villages) for t in some) - SAMPLE_VILLAGES)
        return missing, _drawn(seed, ",".join(t.place.code for t in some))

    return list(min(combinations(townships, SAMPLE_STATIONS), key=distance))


def _inside(townships: set[str]) -> tuple[Place, ...]:
    wanted = {CITY, SAMPLE_COUNTY} | townships
    return tuple(p for p in divisions() if p.code in wanted or p.parent in townships)


def _drawn(seed: int, code: str) -> str:
    """A lot that stays the same on every machine and version."""
    return sha256(f"{seed}:{code}".encode()).hexdigest()


@dataclass
class _Build:
    """Collects units, areas and people; numbers are given in the order of the division codes."""

    seed: int
    townships: Sequence[Township]
    offices: int
    volunteers: int | None
    width: int  # digits of person codes
    units: list[Unit] = field(default_factory=list)
    areas: list[ServiceArea] = field(default_factory=list)
    persons: dict[str, Person] = field(default_factory=dict)
    appointments: list[Appointment] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)

    def organisation(self, places: Sequence[Place]) -> Organisation:
        names = {p.code: p.name for p in places}
        self._add_unit("city-01", f"{names[CITY]}公安局", "city", None, (CITY,))
        counties = [p for p in places if p.kind == "county"]
        for county in counties:
            self._county(county)
        for township, offices, volunteers in self._shares():
            self._station(township, offices, volunteers, names)
        for county in counties:
            self._county_staff(f"county-{county.code[-2:]}")
        return Organisation(
            units=tuple(self.units),
            places=tuple(places),
            areas=tuple(self.areas),
            persons=tuple(self.persons.values()),
            appointments=tuple(self.appointments),
            note=NOTE,
        )

    def _shares(self) -> Iterable[tuple[Township, int, list[int]]]:
        """Each township with its number of offices and the volunteers of each of them."""
        counts = one_each_then_largest(self.offices, [len(t.villages) for t in self.townships])
        sizes = [
            len(part) for t, n in zip(self.townships, counts, strict=True) for part in split(t.villages, n)
        ]
        total = self.volunteers
        if total is None:  # a part of the city has its share
            total = round(VOLUNTEERS * sum(sizes) / sum(p.kind == "village" for p in divisions()))
        people = iter(by_largest_remainder(total, sizes))
        for township, n in zip(self.townships, counts, strict=True):
            yield township, n, [next(people) for _ in range(n)]

    def _county(self, county: Place) -> None:
        bureau = f"county-{county.code[-2:]}"
        self._add_unit(bureau, f"{county.name}公安局", "county", "city-01", (county.code,), desk=True)
        justice = f"justice-{county.code[-2:]}"
        self._add_unit(justice, f"{county.name}司法局", "county", None, (county.code,), function=MEDIATION)

    def _county_staff(self, bureau: str) -> None:
        self._appoint("chf", [("head", bureau), ("officer", bureau)])
        self._appoint("leg", [("legal", bureau)])
        self._appoint("sup", [("inspector", bureau)])

    def _station(
        self, township: Township, offices: int, volunteers: Sequence[int], names: dict[str, str]
    ) -> None:
        code = self._number("S", 3)
        served = (township.place.code, *(p.code for p in township.more))
        county = f"county-{(township.place.parent or '')[-2:]}"
        name = _short(township.place.name)
        self._add_unit(code, f"{name}派出所", "station", county, served, desk=True)
        self._appoint("chf", [("head", code), ("officer", code)])
        self._appoint("leg", [("legal", code), ("officer", code)])
        self._appoint("dsp", [("dispatcher", code)])
        self._committee(township, served)
        for villages, count in zip(split(township.villages, offices), volunteers, strict=True):
            self._office(code, villages, count, names)

    def _committee(self, township: Township, served: tuple[str, ...]) -> None:
        code = self._number("M", max(2, self.width - 1))
        justice = f"justice-{(township.place.parent or '')[-2:]}"
        name = f"{township.place.name}人民调解委员会"
        self._add_unit(code, name, "township", justice, served, function=MEDIATION)
        self._appoint("dir", [("director", code), ("mediator_post", code)])
        for _ in range(MEDIATORS_PER_COMMITTEE):
            self._appoint("med", [("mediator_post", code)])

    def _office(self, station: str, villages: Sequence[str], volunteers: int, names: dict[str, str]) -> None:
        code = self._number("office", 3)
        name = f"{_short(names[villages[0]])}中心村警务室"
        self._add_unit(code, name, "office", station, villages, volunteers=volunteers)
        self._appoint("off", [("officer", code)])
        for village in villages:
            post = self._number("V", max(3, self.width))
            self._add_unit(post, f"{_short(names[village])}驻村岗", "village", code, (village,))
            if village in self._uncovered:
                continue
            held = [("auxiliary", post)]
            if self.numbers.get("aux", 0) % 3 == 1:  # every third is a people's mediator of the village too
                held.append(("mediator_post", post))
            self._appoint("aux", held)

    @cached_property
    def _uncovered(self) -> frozenset[str]:
        villages = sorted((v for t in self.townships for v in t.villages), key=lambda v: _drawn(self.seed, v))
        part, whole = UNCOVERED
        return frozenset(villages[: round(len(villages) * part / whole)])

    def _number(self, letters: str, width: int) -> str:
        self.numbers[letters] = n = self.numbers.get(letters, 0) + 1
        return f"{letters}-{n:0{width}}"

    def _add_unit(
        self,
        code: str,
        name: str,
        level: str,
        parent: str | None,
        served: Sequence[str],
        *,
        function: str = "all",
        desk: bool = False,
        volunteers: int = 0,
    ) -> None:
        self.units.append(Unit(code, name + MARK, level, parent, desk, volunteers, SINCE))
        self.areas += [ServiceArea(code, place, function, SINCE) for place in served]

    def _appoint(self, letters: str, held: Sequence[tuple[str, str]]) -> None:
        code = self._number(letters, self.width)
        self.persons[code] = Person(code, since=SINCE)
        for role, unit in held:
            since = MEDIATOR_SINCE if letters == "aux" and role == "mediator_post" else SINCE
            self.appointments.append(Appointment(code, role, unit, since))


def _short(name: str) -> str:
    """A division's own name without what kind of division it is."""
    for tail in ("村村委会", "村委会", "居委会", "街道", "镇", "乡"):
        if name.endswith(tail) and len(name) > len(tail):
            return name.removesuffix(tail)
    return name
