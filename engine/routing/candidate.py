"""What routing decides on and what it says: a request, candidates, a pick with its explanation.

All JSON-able without floats, so that a decision can stand in a hashed event body, and made again from there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from engine.domain.errors import Reason
from engine.domain.messages import LANGUAGES, text

USUAL_CAP = 15  # weighted load; an appointment's capacity overrides it
NEAREST = "nearest-1"
USUAL_SCORES: Mapping[str, int] = {"load": 1}


class Step(NamedTuple):
    """A unit that serves the place; rank 0 is the nearest."""

    rank: int
    unit: str
    level: str


@dataclass(frozen=True, slots=True)
class Request:
    """One seat to fill. ``rule``: id of the rule that named what is wanted.

    ``barred``: persons who may not hold it on this case (recused, declined, an objection, named by the case), with
    the why. ``added``: weighted load handed out earlier in the same batch, by person. ``roles`` are the seat's by
    law, ``wanted`` those of them that the rule asks for. ``skills`` must be there; who has one of ``topics`` (the
    case type, its category) is the fitter. ``chosen``: whom parties named. ``scores``: what load, skill, continuity
    and an earlier conflict weigh beside each other. ``steps``: the units that serve the place.
    """

    seat: str
    roles: tuple[str, ...]
    on: date
    rule: str = NEAREST
    skills: frozenset[str] = frozenset()
    holders: frozenset[str] = frozenset()
    barred: Mapping[str, str] = field(default_factory=dict)
    added: Mapping[str, int] = field(default_factory=dict)
    wanted: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    languages: frozenset[str] = frozenset()
    sex: str | None = None
    topics: frozenset[str] = frozenset()
    chosen: frozenset[str] = frozenset()
    scores: Mapping[str, int] = field(default_factory=lambda: USUAL_SCORES)
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """The facts about one person in one appointment, as they stand on the request's day.

    ``rank``: nearness of the unit (0 is nearest). ``neighbour``: a unit that does not serve the place
    but lies beside the nearest that does; asked only when a conflict of interest empties that one.
    ``on_duty`` is None where no roster was kept. ``idle_since``: instant text of the last case taken,
    empty if never. ``related``: kind of relation to a party. ``continues``: handled an earlier case of these
    parties. ``conflict``: fell out with one of them there (objected, recused). ``instead_of``: the absent person
    whose appointment it is.
    """

    person: str
    role: str
    unit: str
    level: str
    rank: int
    load: int = 0
    capacity: int | None = None
    idle_since: str = ""
    away: bool = False
    away_until: date | None = None
    on_duty: bool | None = None
    related: str = ""
    continues: bool = False
    conflict: str = ""
    neighbour: bool = False
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    sex: str | None = None
    instead_of: str = ""

    @property
    def cap(self) -> int:
        return USUAL_CAP if self.capacity is None else self.capacity


@dataclass(frozen=True, slots=True)
class Considered:
    """One who could have taken it. ``terms`` are the facts about the person and, in ``points``, what the score is
    made of: whole thousandths that add up to what the person is worth among those equally near."""

    person: str
    score: str  # decimal text between 0 and 1
    terms: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        return {"person": self.person, "score": self.score, "terms": dict(self.terms)}


@dataclass(frozen=True, slots=True)
class Excluded:
    """One who could not. ``because``: away, off_duty, over_cap, related, barred, holds, lacks_skill, far, ...

    ``terms``: the facts about the person, so that the decision can be made again.
    """

    person: str
    because: str
    params: Mapping[str, Any] = field(default_factory=dict)
    terms: Mapping[str, Any] = field(default_factory=dict)

    def tell(self, lang: str) -> str:
        return text(f"word.out.{self.because}", lang, **self.params)

    def to_json(self) -> dict[str, Any]:
        told = {"person": self.person, "because": self.because, "params": dict(self.params)}
        return told | ({"terms": dict(self.terms)} if self.terms else {})


@dataclass(frozen=True, slots=True)
class Fallen:
    """A unit nearer than the one that was picked from, and why nobody there: ``nobody`` or the exclusions."""

    unit: str
    level: str
    because: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {"unit": self.unit, "level": self.level, "because": list(self.because)}


@dataclass(frozen=True, slots=True)
class Pick:
    """The answer. ``considered`` stands best first; without a person ``refusal`` says why."""

    seat: str
    person: str | None
    unit: str | None
    score: str | None
    considered: tuple[Considered, ...]
    excluded: tuple[Excluded, ...]
    rule: str
    on: date
    reason: str  # a word of the catalogue: word.pick.<reason>
    fallen: tuple[Fallen, ...] = ()

    @property
    def refusal(self) -> Reason | None:
        """FM-R502 when the pool was empty."""
        if self.person is not None:
            return None
        params: dict[str, Any] = {"considered": len(self.considered) + len(self.excluded)}
        for lang, name in zip(LANGUAGES, ("summary", "summary_zh"), strict=True):
            params[name] = counted((out.because for out in self.excluded), lang)
        return Reason("FM-R502", params, "seat")

    def to_json(self) -> dict[str, Any]:
        """As stored in the event and shown by ``routing explain``."""
        return {
            "seat": self.seat,
            "person": self.person,
            "unit": self.unit,
            "score": self.score,
            "candidates": [c.to_json() for c in self.considered],
            "excluded": [e.to_json() for e in self.excluded],
            "rule": self.rule,
            "on": self.on.isoformat(),
            "reason": self.reason,
            **({"fallen": [f.to_json() for f in self.fallen]} if self.fallen else {}),
        }


def counted(because: Iterable[str], lang: str) -> str:
    """`2 away, 1 at the cap`, from the reason of each who was left out."""
    counts: dict[str, int] = {}
    for why in because:
        counts[why] = counts.get(why, 0) + 1
    if not counts:
        return text("word.out.nobody", lang)
    parts = [text(f"word.out.count.{why}", lang, n=n) for why, n in counts.items()]
    return text("word.out.joint", lang).join(parts)
