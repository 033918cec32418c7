"""What the histories of random quarrels say when they are read one by one, event by event: what figures have to be.

Nothing here knows the columns that figures are made from, nor how a measure counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from engine.domain.instant import from_text, to_text
from engine.domain.likeness import party_keys
from engine.machine.believed import believed
from engine.machine.fold import fold
from engine.persistence.case_store import history
from engine.persistence.raw import rows
from tests.support.quarrels import Quarrels

ASKS = "chf-01"  # who asks for all figures of these tests
Told = list[tuple[int, Any]]  # when it occurred, what it says from there on


@dataclass
class Life:
    """One case as it was believed at an instant; times are seconds."""

    id: int
    ref: str
    filed: int
    type: str
    place: str
    unit: str
    risk: str
    names: dict[str, set[str]]  # number of a party to the keys it is known by
    stays: list[tuple[str, str, int]] = field(
        default_factory=list
    )  # state, the act that led there, since when
    closings: list[tuple[bool, str, int]] = field(
        default_factory=list
    )  # closed or opened, with which outcome
    limits: dict[tuple[Any, ...], Mapping[str, Any]] = field(default_factory=dict)
    handlers: list[str] = field(default_factory=list)
    seats: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    reporter: str = ""
    goes_on: bool = False  # in another case
    acts: dict[str, int] = field(default_factory=dict)  # act to its first time
    entered: dict[str, int] = field(default_factory=dict)  # state to its first time
    named: list[int] = field(default_factory=list)  # when somebody was made handler
    visits: list[tuple[int, str]] = field(default_factory=list)  # when, recorded by whom
    where: Told = field(default_factory=list)  # the state
    owner: Told = field(default_factory=list)  # the handler, None for nobody
    still: Told = field(default_factory=list)  # whether the law's limits stand still
    sat: dict[tuple[str, str], Told] = field(default_factory=dict)  # seat and person: whether he has it

    @property
    def closed(self) -> int | None:
        return self.closings[-1][2] if self.closings and self.closings[-1][0] else None

    @property
    def outcome(self) -> str:
        return self.closings[-1][1]

    def reached(self, *states: str) -> int | None:
        return min((self.entered[one] for one in states if one in self.entered), default=None)

    def watched(self, at: int) -> int:
        """Up to when it is looked at."""
        return max(self.filed, at if self.closed is None else self.closed)


def second(text: str) -> int:
    return int(from_text(text).timestamp())


def lives(town: Quarrels, at: datetime) -> list[Life]:
    """Every case that was on file and is not hidden today from who asks, from its events alone, put together anew
    after each of them."""
    found = []
    for case_id, ref, events in _histories(town):
        known = [event for event in events if event["recorded"] <= to_text(at)]
        if known and ASKS not in hidden_from(events):
            found.append(_life(case_id, ref, believed(known)))
    return found


def _histories(town: Quarrels) -> list[tuple[int, str, list[Any]]]:
    def read(unit: Any) -> list[tuple[int, str, list[Any]]]:
        cases = rows(unit, "SELECT id, ref FROM case_file ORDER BY id")
        return [(n, ref, [one.event for one in history(unit, n)]) for n, ref in cases]

    return town.store.read(read)


def hidden_from(events: Sequence[Any]) -> set[str]:
    """Whom it names, until another is named: what is only taken back stays hidden."""
    found: set[str] = set()
    was = None
    for n in range(len(events)):
        now = fold(events[: n + 1])["fields"].get("about")
        if now and was and now != was:
            found.discard(was)
        found |= {now} if now else set()
        was = now
    return found


def _life(case_id: int, ref: str, events: list[Any]) -> Life:
    state = fold(events)
    told = state.get("reporter", {})
    life = Life(
        case_id, ref, second(state["filed_at"]), state["case_type"], state["place"], state["unit"],
        str(state["fields"].get("risk") or ""), {}, seats={name: list(held) for name, held in state["seats"].items()},
        reporter="" if told.get("confidential") else told.get("person") or "",
        goes_on=any(one["kind"] in ("merged_into", "duplicate_of") for one in state["links"]),
    )  # fmt: skip
    for run in state["clocks"]:
        if run["kind"] == "limit":
            life.limits[run["name"], run["run"]] = run
    shut = False
    for n, event in enumerate(events):
        now, at = fold(events[: n + 1]), second(event["at"])
        _sequel(life, event, now, at)
        for party in now["parties"]:
            life.names.setdefault(party["no"], set()).update(party_keys(party))
        leaf = now["states"]["main"]
        if not life.stays or life.stays[-1][0] != leaf:
            life.stays.append((leaf, event["act"], at))
        if (leaf == "shut") != shut:
            shut = not shut
            life.closings.append((shut, str(now.get("outcome") or ""), at))
        holder = [held["person"] for held in now["seats"].get("handler", ())]
        if holder and life.handlers[-1:] != holder:
            life.handlers += holder
    return life


def _sequel(life: Life, event: Any, now: Any, at: int) -> None:
    """What one event adds to the parts that are read from the first to the last."""
    life.acts[event["act"]] = min(at, life.acts.get(event["act"], at))
    limits = [run["status"] for run in now["clocks"] if run["kind"] == "limit"]
    _say(life.where, at, now["states"]["main"])
    _say(life.owner, at, next((one["person"] for one in now["seats"].get("handler", ())), None))
    _say(life.still, at, "paused" in limits and "running" not in limits)
    sits = {(seat, one["person"]) for seat, held in now["seats"].items() for one in held}
    for key in sits | life.sat.keys():
        _say(life.sat.setdefault(key, [(life.filed, False)]), at, key in sits)
    for change in event["changes"]:
        match change["do"]:
            case "record":
                life.visits.append((at, change["item"]["by"]))
            case "seat" if change["seat"] == "handler":
                life.named.append(at)
            case "move":
                for state in change["entered"]:
                    life.entered[state] = min(at, life.entered.get(state, at))


def _say(told: Told, at: int, what: Any) -> None:
    """Only what changes says something: an act that is entered late and moves nothing does not."""
    if not told or told[-1][1] != what:
        told.append((at, what))


def spans(told: Told, begin: int, end: int, first: Any = None) -> Iterator[tuple[Any, int, int]]:
    """What holds from when until when: at every second what the last says that had occurred by then."""
    cuts = sorted({begin, end, *(at for at, _ in told if begin < at < end)})
    for one, two in pairwise(cuts):
        past = [what for at, what in told if at <= one]
        yield (past[-1] if past else first), one, two


def at_second(told: Told, at: int) -> Any:
    """The last that is told of what had occurred by then."""
    return next((what for since, what in reversed(told) if since <= at), None)


def forward(times: list[int]) -> list[int]:
    """Times that never go back."""
    return [max(times[: n + 1]) for n in range(len(times))]
