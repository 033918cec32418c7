"""Selected cases as traces, each as far as the caller may know it: for files that leave the house.

Names, what was told and what fields say are not in a trace at all. A case that is not there for the caller has none;
parties and records that are sealed for him are left out; who is covered as a party or as the reporter is not named by
what he did as such. Cases are read by portions, so that it costs no more memory however many there are.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from engine.definitions.outline import MAIN, Leaf
from engine.domain import organisation as org
from engine.domain.case import CaseState, Event
from engine.domain.instant import from_text, to_text
from engine.domain.trace import CASE, OFFICER, PARTY, Relation, Trace, TracedEvent, TracedObject, values_of
from engine.machine.believed import believed, corrected
from engine.machine.command import SYSTEM
from engine.machine.fold import apply
from engine.machine.program import Program
from engine.persistence import chain, table
from engine.persistence.as_known import as_known
from engine.persistence.unit import Unit
from engine.service import law
from engine.service.caller import VISITOR, Caller
from engine.service.cover import cover
from engine.service.covered import Cover
from engine.service.query import condition
from engine.service.view import event_title
from engine.service.words import words_of

PORTION = 200  # cases in one statement
COMPLETE = "complete"  # every event tells that something was done
Range = tuple[datetime | None, datetime | None]

_case, _event = (table.columns_of(model) for model in (table.Case, table.Event))


@dataclass(frozen=True, slots=True)
class Wanted:
    """``happened``: only events that occurred then. ``as_of``: what was recorded until then, as it was believed then.
    ``as_written``: also what was taken back, each event at the time that it was entered with."""

    filter: Mapping[str, Any] = field(default_factory=dict)
    happened: Range = (None, None)
    as_of: datetime | None = None
    as_written: bool = False
    zone: str = "Asia/Shanghai"


def count(unit: Unit, caller: Caller, wanted: Wanted, ids: Sequence[int] | None = None) -> int:
    """How many cases will be looked at: those of the list, or those that are given."""
    if ids is not None:
        return len(ids)
    where = condition(unit, caller, wanted.filter)
    return int(unit.execute(select(func.count().label("n")).select_from(_case).where(where))[0]["n"])


def traces(
    unit: Unit, caller: Caller, wanted: Wanted, ids: Sequence[int] | None = None
) -> Iterator[Trace | None]:
    """One for each case that is looked at, in the order of filing; None for one that is not in the answer. ``ids``:
    those that a filter selected at a past moment, ascending."""
    reader = _Reader(unit, caller, wanted)
    for where in _portions(unit, caller, wanted, ids):
        for state, events in _histories(unit, where):
            yield reader.trace(state, events)


def _portions(unit: Unit, caller: Caller, wanted: Wanted, ids: Sequence[int] | None) -> Iterator[Any]:
    if ids is None:
        yield condition(unit, caller, wanted.filter)
        return
    for first in range(0, len(ids), PORTION):
        yield _case.c.id.in_(ids[first : first + PORTION])


def _histories(unit: Unit, where: Any) -> Iterator[tuple[CaseState, list[Event]]]:
    c, last = _event.c, 0
    while True:
        cases = select(_case.c.id, _case.c.body).where(where, _case.c.id > last).order_by(_case.c.id)
        rows = unit.execute(cases.limit(PORTION))
        if not rows:
            return
        ids = [row["id"] for row in rows]
        told = unit.execute(select(c.case_id, c.body).where(c.case_id.in_(ids)).order_by(c.case_id, c.seq))
        by_case = {i: list(group) for i, group in groupby(told, key=lambda row: row["case_id"])}
        for row in rows:
            yield chain.read(row["body"]), [chain.read(one["body"]) for one in by_case[row["id"]]]
        last = ids[-1]


class _Reader:
    """What all traces of one answer share."""

    def __init__(self, unit: Unit, caller: Caller, wanted: Wanted) -> None:
        self.unit, self.caller, self.wanted = unit, caller, wanted
        self.zone = ZoneInfo(wanted.zone)
        self.until = to_text(wanted.as_of) if wanted.as_of else None
        self.at = wanted.as_of or caller.at
        self.roster = _roster(unit, self.at)
        self.first, self.last = (to_text(end) if end else None for end in wanted.happened)

    def trace(self, now: CaseState, events: list[Event]) -> Trace | None:
        """None where the case was not there yet, or nothing of it happened in the time asked."""
        if self.until is not None:
            events = [event for event in events if event["recorded"] <= self.until]
            if not events:
                return None
        believing = believed(events) if corrected(events) else events
        kept = events if self.wanted.as_written else believing
        tracing = _Tracing(self, now, kept)
        steps, state = tracing.lived(events)
        counting = {event["seq"] for event in believing}
        told = [
            tracing.event(event, steps[event["seq"]], taken_back=event["seq"] not in counting)
            for event in kept
            if (self.first is None or event["at"] >= self.first)
            and (self.last is None or event["at"] < self.last)
        ]
        if not told:
            return None
        told.sort(key=lambda one: (one.occurred_at, one.seq))
        return Trace(state["ref"], told, tracing.objects(state, told))

    def program(self, content_hash: str) -> Program:
        return law.program(self.unit, content_hash)

    def leaf(self, state: CaseState) -> Leaf:
        return self.program(state["definition"]).outline.leaves[state["states"][MAIN]]

    def posts(self, person: str, at: str) -> list[org.Appointment]:
        """The appointments of a person on the day."""
        held = self.roster.get(person)
        if not held:
            return []
        day = from_text(at).astimezone(self.zone).date()
        return [one for one in held if org.holds(one, day)]


def _roster(unit: Unit, at: datetime) -> dict[str, list[org.Appointment]]:
    """By person, as known at an instant, the longest standing first."""
    found: dict[str, list[org.Appointment]] = {}
    held = as_known(unit, at).appointments()
    for one in sorted(held, key=lambda one: (one.since or date.min, one.role, one.unit)):
        found.setdefault(one.person, []).append(one)
    return found


@dataclass(frozen=True, slots=True)
class _Step:
    """Where a case stood before and after an event."""

    leaf: Leaf
    outcome: str | None
    place: str
    unit: str
    role: str | None  # what the actor was in the case when he acted


class _Tracing:
    """One case. ``kept``: the events that count, whose parties and records are its objects."""

    def __init__(self, reader: _Reader, now: CaseState, kept: Sequence[Event]) -> None:
        self.reader, self.now = reader, now
        self.cover = cover(reader.unit, reader.caller, now) if _may_cover(now) else None
        self.covered = frozenset(_covered(self.cover, now)) if self.cover else frozenset()
        self.known = {one.id: one for event in kept for one in self._brought(event)}

    def lived(self, events: Sequence[Event]) -> tuple[dict[int, _Step], CaseState]:
        """Every event's step, and the state after the last: as the events were written one after another."""
        state: Any = {}
        steps = {}
        for event in events:
            role = _role(state, event["actor"]) if state else None
            for change in event["changes"]:
                apply(state, change, event["at"], event["actor"])
            leaf = self.reader.leaf(state)
            if role is None:
                role = _role(state, event["actor"])
            steps[event["seq"]] = _Step(leaf, state.get("outcome"), state["place"], state["unit"], role)
        return steps, state

    def event(self, event: Event, step: _Step, *, taken_back: bool) -> TracedEvent:
        program = self.reader.program(event["definition"])
        moves = [c for c in event["changes"] if c["do"] == "move"]
        moves = [move for move in moves if move["region"] == MAIN] or moves
        resource, role, unit = self._who(event["actor"], step.role, event["at"])
        return TracedEvent(
            case_id=self.now["ref"],
            seq=event["seq"],
            activity=event_title(words_of(program, self.reader.caller.lang), event),
            act=event["act"],
            kind=event["kind"],
            occurred_at=event["at"],
            recorded_at=event["recorded"],
            resource=resource,
            role=role,
            resource_unit=unit,
            entered_by=self._code(event["entered_by"], step.role),
            acting_for=self._code(event.get("acting_for"), None),
            from_state=_state(moves[0]["from"]) if moves else None,
            to_state=_state(moves[-1]["to"]) if moves else None,
            phase=step.leaf.phase,
            waits_for=" ".join(step.leaf.waits_for),
            outcome=step.outcome,
            case_type=self.now["case_type"],
            place=step.place,
            unit=step.unit,
            definition_version=str(program.definition.version),
            definition=event["definition"],
            lifecycle=COMPLETE,
            taken_back=taken_back,
            objects=self._touched(event, step),
        )

    # ---- who ---------------------------------------------------------------------------------------

    def _who(self, actor: str, role: str | None, at: str) -> tuple[str | None, str | None, str | None]:
        """Code, role and unit of who acted. Whoever sits on the case acts from there, others by appointment."""
        if actor in (SYSTEM, VISITOR):
            return actor if actor == SYSTEM else None, role, None
        posts = self.reader.posts(actor, at)
        if self._hides(actor, role):
            return None, role, None
        named = role or " ".join(dict.fromkeys(post.role for post in posts)) or None
        return actor, named, posts[0].unit if posts else None

    def _code(self, person: str | None, role: str | None) -> str | None:
        return None if person is None or person == VISITOR or self._hides(person, role) else person

    def _hides(self, person: str, role: str | None) -> bool:
        """Who is covered is named only for what he did on a seat."""
        return person in self.covered and (role is None or role not in self.now["seats"])

    # ---- objects -----------------------------------------------------------------------------------

    def objects(self, state: CaseState, told: Sequence[TracedEvent]) -> list[TracedObject]:
        """What these events are about: the case with its relations, also to other cases; its parties and records;
        people."""
        touched = dict.fromkeys(target for event in told for target, _ in event.objects)
        ref, version = state["ref"], self.reader.program(state["definition"]).definition.version
        leaf = self.reader.leaf(state)
        values = {
            "case_type": state["case_type"], "place": state["place"], "unit": state["unit"],
            "channel": state["channel"], "filed_at": state["filed_at"], "state": leaf.name, "phase": leaf.phase,
            "outcome": state.get("outcome"), "cycle": state["cycle"], "definition_version": str(version),
            "definition": state["definition"],
        }  # fmt: skip
        own = [one for one in self.known.values() if one.id in touched]
        within = [(one.id, one.values.get("role") or one.type) for one in own]
        holders = [(h["person"], seat) for seat, held in state["seats"].items() for h in held]
        holders = [(person, seat) for person, seat in holders if person in touched]
        linked = [(link["ref"], link["kind"]) for link in state["links"]]
        people = [
            TracedObject(name, OFFICER, {}) for name in touched if name != ref and name not in self.known
        ]
        return [
            TracedObject(ref, CASE, values, tuple(_once([*within, *holders, *linked]))),
            *(one._replace(relations=tuple(r for r in one.relations if r[0] in touched)) for one in own),
            *people,
        ]

    def _brought(self, event: Event) -> Iterator[TracedObject]:
        """Parties and records that an event brings, as far as they are shown."""
        for change in event["changes"]:
            match change["do"]:
                case "file":
                    yield from map(self._party, change["case"].get("parties", ()))
                    yield from self._records(change["case"].get("records", ()))
                case "party" if self._open:
                    yield self._party(change["party"])
                case "record":
                    yield from self._records([change["item"]])

    @property
    def _open(self) -> bool:
        return self.cover is None or not self.cover.whole

    def _party(self, party: Mapping[str, Any]) -> TracedObject:
        return TracedObject(self._id(party["no"]), PARTY, {"role": party["role"]})

    def _records(self, items: Iterable[Mapping[str, Any]]) -> Iterator[TracedObject]:
        for item in items:
            if self._open and (self.cover is None or item["kind"] not in self.cover.shut):
                about = [(self._id(item[name]), name) for name in ("party", "of") if item.get(name)]
                values = {"cycle": item["cycle"], "recorded_for": item["at"]}
                yield TracedObject(self._id(item["id"]), _kind(item["kind"]), values, tuple(about))

    def _touched(self, event: Event, step: _Step) -> tuple[Relation, ...]:
        """What an event is about: each object once, by the first thing it is to it."""
        people = [
            (self._code(event["actor"], step.role), "by"),
            (self._code(event["entered_by"], step.role), "entered_by"),
            (self._code(event.get("acting_for"), None), "acting_for"),
        ]
        found: list[Relation] = [(self.now["ref"], CASE)]
        found += [self._of_person(who, how) for who, how in people if who not in (None, SYSTEM)]
        for change in event["changes"]:
            if change["do"] in ("seat", "unseat", "accept"):
                found.append((change["person"], change["do"]))
            found += [(self._id(name), what) for name, what in _named(change) if self._id(name) in self.known]
        return tuple(_once(found))

    def _of_person(self, who: str | None, how: str) -> Relation:
        """A party acts under its number."""
        own = self._id(str(who))
        return (own if own in self.known else str(who), how)

    def _id(self, name: str) -> str:
        return f"{self.now['ref']}/{name}"


def _named(change: Mapping[str, Any]) -> Iterator[Relation]:
    """Parties and records by their numbers, as a change names them."""
    match change["do"]:
        case "file":
            yield from ((party["no"], PARTY) for party in change["case"].get("parties", ()))
        case "party":
            yield change["party"]["no"], PARTY
        case "party_change" | "party_leave":
            yield change["no"], PARTY
        case "record":
            yield change["item"]["id"], "record"
            yield from ((change["item"][n], PARTY) for n in ("party",) if change["item"].get(n))
        case "sign" | "signed" | "amend":
            yield change["record"], change["do"]


def _may_cover(state: CaseState) -> bool:
    """Whether anything that a trace tells may be closed to somebody: looked at first, since of most cases nothing is."""
    reporter = state.get("reporter") or {}
    return "sealed" in state or "person" in reporter or any("person" in p for p in state["parties"])


def _covered(shown: Cover, state: CaseState) -> Iterator[str]:
    """People of the house who are not shown as what they are in this case: a party, or who reported it."""
    for party in state["parties"]:
        if "person" in party and not shown.reads("party", role=party["role"]):
            yield party["person"]
    reporter = state.get("reporter") or {}
    if "person" in reporter and not shown.reads("reporter"):
        yield reporter["person"]


def _role(state: CaseState, actor: str) -> str | None:
    """A seat, the role of a party, or the reporter."""
    for seat, held in state["seats"].items():
        if any(holder["person"] == actor for holder in held):
            return seat
    for party in state["parties"]:
        if actor in (party["no"], party.get("person")):
            return party["role"]
    return "reporter" if (state.get("reporter") or {}).get("person") == actor else None


def _state(leaf: str) -> str | None:
    return None if leaf.startswith("@") else leaf


def _kind(record: str) -> str:
    """The type of a record's object; nothing may be taken for a case, a party or an officer."""
    return f"record_{record}" if values_of(record) is not values_of("") else record


def _once(found: Iterable[Relation]) -> list[Relation]:
    kept: dict[str, str] = {}
    for target, what in found:
        kept.setdefault(target, what)
    return list(kept.items())
