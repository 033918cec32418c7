"""Who is there for a village: the people of the sample organisation by what they do."""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.domain.organisation import Organisation


@dataclass(frozen=True, slots=True)
class Local:
    """The people around one village. ``auxiliary`` is None where the post is vacant."""

    village: str
    station: str
    dispatcher: str
    head: str
    superior: str
    officer: str
    auxiliary: str | None
    director: str
    mediators: tuple[str, ...]

    @property
    def handler(self) -> str:
        """Who answers for a request from here."""
        return self.auxiliary or self.officer


class Cast:
    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self._parent = {unit.code: unit.parent for unit in organisation.units}
        self._level = {unit.code: unit.level for unit in organisation.units}
        self.villages = tuple(sorted(p.code for p in organisation.places if p.kind == "village"))
        self._locals = {village: self._find(village) for village in self.villages}
        self.stations = tuple(sorted({local.station for local in self._locals.values()}))
        self.persons = len(organisation.persons)
        self.offices = sum(1 for level in self._level.values() if level == "office")

    def local(self, village: str) -> Local:
        return self._locals[village]

    def at(self, station: str) -> list[Local]:
        """Every village of a station."""
        return [local for local in self._locals.values() if local.station == station]

    def _find(self, village: str) -> Local:
        township = next(p.parent for p in self._organisation.places if p.code == village)
        serving = {
            self._level[area.unit]: area.unit
            for area in self._organisation.areas
            if area.place in (village, township)
        }
        post = serving.get("village")
        office = str(serving.get("office") or self._parent[post or ""])
        station, committee = str(self._parent[office]), str(serving["township"])
        return Local(
            village,
            station,
            self._one("dispatcher", station),
            self._one("head", station),
            self._one("head", str(self._parent[station])),
            self._one("officer", office),
            next(iter(self._all("auxiliary", post)), None),
            self._one("director", committee),
            tuple(
                m for m in self._all("mediator_post", committee) if not self._all("director", committee, m)
            ),
        )

    def _one(self, role: str, unit: str) -> str:
        return next(iter(self._all(role, unit)))

    def _all(self, role: str, unit: str | None, person: str | None = None) -> list[str]:
        held: Iterable[str] = (
            a.person for a in self._organisation.appointments if a.role == role and a.unit == unit
        )
        return [code for code in held if person in (None, code)]
