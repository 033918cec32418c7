"""Where nobody is appointed to what a state waits for: places below a unit, on a day, and since when.

A place is served in a role by whoever is appointed so over a unit that has an area over the place, or over what it lies
in, or over a unit above such a one: as seats are filled. Appointments, areas, units and places are dated, so a past day
is told by its dates, and what they are by what was known at the instant asked for. Leave is no matter of appointment and
is not asked.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from engine.analytics.reasons import program_of
from engine.analytics.traces.frame import Frame
from engine.definitions.outline import Leaf
from engine.domain import organisation as org
from engine.machine.judge import who_title
from engine.machine.program import Program
from engine.persistence.as_known import Known
from engine.persistence.unit import Unit


class Post(NamedTuple):
    """``who``: a seat or a role that is waited for; ``of``: roles, one of which it takes (``officer@station``)."""

    who: str
    of: tuple[str, ...]


class Unserved(NamedTuple):
    """Of ``of`` places those in which nobody is appointed, each with the first day of that (None: never was)."""

    of: int
    kind: str | None  # what all places are: village ..
    places: tuple[tuple[str, date | None], ...]

    @property
    def since(self) -> date | None:
        """Since when it has been all of them."""
        return max((day for _, day in self.places if day is not None), default=None)

    def to_json(self) -> dict[str, Any]:
        places = [{"place": place, "since": day and day.isoformat()} for place, day in self.places]
        since = self.since and self.since.isoformat()
        return {"n": len(self.places), "of": self.of, "kind": self.kind, "since": since, "places": places}


def posts(program: Program, leaf: Leaf) -> list[Post]:
    """What a state waits for that somebody is appointed to; none where parties or others outside are waited for too.

    Seats and roles that the state names, and seats that those whom it names are to fill from there.
    """
    outline, roles = program.outline, program.vocabulary.roles if program.vocabulary else {}
    seats = dict.fromkeys(who for who in leaf.waits_for if who in outline.seats)
    plain = [who for who in leaf.waits_for if who not in seats]
    known = [roles.get(who.partition("@")[0]) for who in plain]
    if any(one is None or one.outside for one in known) or leaf.final:
        return []
    for edge in outline.moves_from.get(leaf.name, {}).values():
        if set(edge.transition.allow) & set(leaf.waits_for):
            seats |= dict.fromkeys(ask.name for ask in edge.transition.asks if ask.name in outline.seats)
    return [*(Post(who, outline.seats[who].of) for who in seats), *(Post(who, (who,)) for who in plain)]


def unserved_in(frame: Frame, roster: "Roster", state: str, lang: str) -> list[dict[str, Any]]:
    """Of each post that a state waits for, once for each case type that these cases have of such a state:
    {type, who, title, roles[], n, of, kind, since, places[{place, since}]}; of types with no place there, nothing."""
    texts = frame.texts("definition")
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for code in frame.codes("definition"):
        program = program_of(roster.store, texts[code], roster.known.vocabulary())
        if program is None or state not in program.outline.leaves:
            continue
        case_type = program.definition.case_type
        for post in posts(program, program.outline.leaves[state]):
            told = roster.unserved(case_type, post.of)
            if told.of:
                found[case_type, post.who] = {
                    "type": case_type, "who": post.who, "title": who_title(program, post.who, lang),
                    "roles": list(post.of), **told.to_json(),
                }  # fmt: skip
    return list(found.values())


@dataclass(frozen=True)
class Roster:
    """The organisation below and around one unit, read once; ``on``: the day asked about, ``known``: what was known then."""

    store: Unit
    unit: str
    on: date
    known: Known
    _kept: dict[tuple[str, tuple[str, ...]], Unserved] = field(default_factory=dict)

    def unserved(self, function: str, of: Iterable[str]) -> Unserved:
        """Places that are the unit's for a kind of case, or one's below it, with nobody in one of the roles."""
        key = function, tuple(sorted(set(of)))
        if key not in self._kept:
            self._kept[key] = self._ask(*key)
        return self._kept[key]

    def _ask(self, function: str, of: Collection[str]) -> Unserved:
        places = self._of_unit(function)
        spans = self._appointments(of)
        told = ((place, self._nobody_since(place, function, spans)) for place in places)
        kinds = {self._places[place].kind for place in places}
        found = tuple((place, since) for place, (gone, since) in told if gone)
        return Unserved(len(places), kinds.pop() if len(kinds) == 1 else None, found)

    def _of_unit(self, function: str) -> list[str]:
        """Innermost places whose home is the unit or one below it."""
        below, found = set(self.known.below(self.unit)), []
        for code in sorted(self._near(below)):
            serving = self._organisation.serving(code, function=function, on=self.on)
            home = org.home(serving)
            if home is not None and home.code in below:
                found.append(code)
        return found

    def _near(self, below: Collection[str]) -> set[str]:
        """Innermost places in the areas of these units: only of them it can be the home."""
        inside: dict[str | None, list[str]] = defaultdict(list)
        for place in self._places.values():
            if org.holds(place, self.on):
                inside[place.parent].append(place.code)
        left = [area.place for area in self._organisation.areas if area.unit in below]
        seen: set[str] = set()
        while left:
            code = left.pop()
            if code not in seen:
                seen.add(code)
                left += inside[code]
        return {
            code
            for code in seen
            if not inside[code] and code in self._places and org.holds(self._places[code], self.on)
        }

    def _nobody_since(self, place: str, function: str, held: "_Held") -> tuple[bool, date | None]:
        """Whether nobody serves it on the day, and the first day of that; None where nobody did before."""
        last: date | None = None
        for since, until in self._served(place, function, held):
            if since <= self.on <= until:
                return False, None
            if until < self.on:
                last = max(last or until, until)
        return True, last and last + timedelta(days=1)

    def _served(self, place: str, function: str, held: "_Held") -> Iterator[tuple[date, date]]:
        """Every span of days in which somebody was appointed over a unit that served the place then."""
        around: list[org.Dated] = []
        for spot in _upwards(self._places, place):
            around.append(spot)
            for area in self._organisation.areas_of.get(spot.code, ()):
                if area.function not in (function, org.ALL_FUNCTIONS):
                    continue
                chain: list[org.Dated] = [*around, area]
                for unit in _upwards(self._units, area.unit):
                    chain.append(unit)
                    for appointment in held.get(unit.code, ()):
                        span = _both([*chain, appointment])
                        if span[0] <= span[1]:
                            yield span

    # ---- what is read ------------------------------------------------------------------------------

    @cached_property
    def _organisation(self) -> org.Organisation:
        units, places = self._units.values(), self._places.values()
        return org.Organisation(tuple(units), tuple(places), tuple(self.known.areas()))

    @cached_property
    def _units(self) -> Mapping[str, org.Unit]:
        return self.known.units()

    @cached_property
    def _places(self) -> Mapping[str, org.Place]:
        return self.known.places()

    def _appointments(self, of: Collection[str]) -> "_Held":
        """By unit, those in one of the roles; a role of a level only over units of that level."""
        found: _Held = defaultdict(list)
        for one in self.known.appointments({role.partition("@")[0] for role in of}):
            unit = self._units.get(one.unit)
            if unit is not None and not {one.role, f"{one.role}@{unit.level}"}.isdisjoint(of):
                found[one.unit].append(one)
        return found


_Held = dict[str, list[org.Appointment]]


def _upwards(nodes: Any, code: str) -> Iterator[Any]:
    """It and what it lies in or under, whenever; a circle ends."""
    seen: set[str] = set()
    at: str | None = code
    while at is not None and at not in seen and at in nodes:
        seen.add(at)
        yield nodes[at]
        at = nodes[at].parent


def _both(dated: Iterable[org.Dated]) -> tuple[date, date]:
    """The days on which all of them hold; the first after the last where there is none."""
    first, last = date.min, date.max
    for one in dated:
        first, last = max(first, one.since or first), min(last, one.until or last)
    return first, last
