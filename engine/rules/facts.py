"""The facts of one case at one moment, as expressions read them.

Nothing is made before an expression names it, and what was made is kept: a decision usually reads a few
names of dozens. Absent means that the key is left out; an empty list of items stays a list.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, cast
from zoneinfo import ZoneInfo

from google.protobuf.timestamp_pb2 import Timestamp

from engine.domain.calendar import Calendar
from engine.domain.case import CaseState, ClockRun, RecordItem
from engine.domain.clock import plan
from engine.domain.instant import to_text
from engine.rules import standing
from engine.rules.function import chance
from engine.rules.kind import Persons, from_stored, stamp, stamped
from engine.rules.schema import FactSchema, FactType, RecordShape

Item = tuple[str, str]  # ("party" or a record's name, the number or id bound to that name)
Map = dict[str, Any]


def _nobody(_code: str) -> None:
    return None


def _never(_window: str) -> int:
    return 0


@dataclass(frozen=True)
class Extra:
    """What the facts of an act are made of besides the case: plain values and pure look-ups.

    ``actor`` {id, roles, party?} · ``act`` {trigger, at, item?, note?}, ``at`` an aware instant · ``now``
    the time of occurrence · ``zone`` of the calendar · ``params`` in stored form · ``links`` of
    {kind, case_type, outcome?, closed} · ``recurrence(window)`` earlier cases of the same pair.
    """

    now: datetime
    zone: str
    actor: Mapping[str, Any] = field(default_factory=dict)
    act: Mapping[str, Any] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    persons: Persons = _nobody
    links: Sequence[Mapping[str, Any]] = ()
    calendar: Calendar | None = None
    recurrence: Callable[[str], int] = _never
    seed: int = 0


def build(state: CaseState, schema: FactSchema, *, item: Item | None = None, extra: Extra) -> "Facts":
    """The facts of a case; ``item`` binds one party or record item to its name, for clocks ``per`` item."""
    return Facts(state, schema, item, extra)


class Facts(Mapping[str, Any]):
    """A mapping that makes each name when it is first asked for. The state may not change meanwhile."""

    def __init__(self, state: CaseState, schema: FactSchema, item: Item | None, extra: Extra) -> None:
        self.state = state
        self.schema = schema
        self.item = item
        self.extra = extra
        self.activations: dict[Any, Any] = {}  # kept for expressions, by what they are given
        self._made: Map = {}
        self._cases: dict[tuple[str, ...], Map] = {}
        self._sorted: dict[str, list[RecordItem]] | None = None
        self._items: dict[str, Map] = {}

    # ---- the mapping ---------------------------------------------------------------------------

    def __getitem__(self, name: str) -> Any:
        found = self._lookup(name)
        if found is None:
            raise KeyError(name)
        return found

    def __contains__(self, name: object) -> bool:
        return self._lookup(str(name)) is not None

    def __iter__(self) -> Iterator[str]:
        schema = self.schema
        names = (*schema.fields, *schema.records, *schema.plurals, *_SHARED, "case")
        return iter([name for name in dict.fromkeys(names) if name in self])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _lookup(self, name: str) -> Any:
        try:
            return self._made[name]
        except KeyError:
            self._made[name] = found = self._make(name)
            return found

    def _make(self, name: str) -> Any:
        shared = _SHARED.get(name)
        if shared is not None:
            return shared(self)
        if name == "case":
            return self.case((*self.schema.fields, *self.schema.records, *self.schema.plurals))
        fact = self.schema.fields.get(name)
        if fact is not None:
            return self._value(fact, self.state["fields"].get(name))
        if name in self.schema.records:
            return self._newest(name)
        kind = self.schema.plurals.get(name)
        return None if kind is None else [self._item(r) for r in self._records.get(kind, ())]

    def replaced(self, **made: Any) -> "Facts":
        """The same facts with some names given other values."""
        other = Facts(self.state, self.schema, self.item, self.extra)
        other._made = {**self._made, **made}
        other._sorted, other._items = self._sorted, self._items
        return other

    def case(self, names: tuple[str, ...]) -> Map:
        """``case``: its own members and the named facts again."""
        found = self._cases.get(names)
        if found is None:
            state = self.state
            found = {name: value for name in names if (value := self._lookup(name)) is not None}
            own = {"ref": state.get("ref"), "channel": state.get("channel"), "cycle": state.get("cycle")}
            found.update((name, value) for name, value in own.items() if value is not None)
            if "filed_at" in state:
                found["filed"] = stamp(state["filed_at"])
            self._cases[names] = found
        return found

    # ---- what functions ask (see engine.rules.function) ------------------------------------------

    @property
    def zone(self) -> str:
        return self.extra.zone

    def local(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(self.extra.zone))

    def plus(self, at: datetime, duration: str) -> datetime:
        """The end of a length of time that begins at an instant, by the calendar of the case."""
        if self.extra.calendar is None:
            raise ValueError("no calendar")
        due = plan(self.extra.calendar, _bare_run(at, duration)).due
        if due is None:
            raise ValueError(f"{duration} never ends")
        return due

    def recurrence(self, window: str) -> int:
        return self.extra.recurrence(window)

    def chance(self, text: str) -> float:
        return chance(self.extra.seed, f"{text}|{self.item[1] if self.item else ''}")

    # ---- values, parties, records ----------------------------------------------------------------

    def _value(self, fact: FactType, stored: Any) -> Any:
        if stored is None:
            if fact.default is None:
                return None
            stored = list(fact.default) if isinstance(fact.default, tuple) else fact.default
        return from_stored(fact.kind, stored, self.extra.zone, self.extra.persons)

    def _values(self, types: Mapping[str, FactType], stored: Mapping[str, Any]) -> Map:
        made = {}
        for name, fact in types.items():
            value = self._value(fact, stored.get(name))
            if value is not None:
                made[name] = value
        return made

    @property
    def _records(self) -> dict[str, list[RecordItem]]:
        """The items that count now, by kind: of this cycle, unless the kind lasts for the case."""
        if self._sorted is None:
            cycle = self.state["cycle"]
            self._sorted = {}
            for record in self.state["records"]:
                shape = self.schema.records.get(record["kind"])
                if shape is not None and (shape.lasts == "case" or record["cycle"] == cycle):
                    self._sorted.setdefault(record["kind"], []).append(record)
        return self._sorted

    def _newest(self, kind: str) -> Map | None:
        items = self._records.get(kind, ())
        if self.item is not None and self.item[0] == kind:
            items = [record for record in items if record["id"] == self.item[1]]
        return self._item(items[-1]) if items else None

    def _item(self, record: RecordItem) -> Map:
        made = self._items.get(record["id"])
        if made is None:
            shape = self.schema.records[record["kind"]]
            made = self._values(shape.fields, record["fields"])
            made["id"], made["at"], made["by"] = record["id"], stamp(record["at"]), record["by"]
            self._signed(made, record, shape)
            self._owner(made, record)
            self._kept(made, shape.name, lambda other: other.get("of") == record["id"])
            self._items[record["id"]] = made
        return made

    def _signed(self, made: Map, record: RecordItem, shape: RecordShape) -> None:
        if shape.signed:
            made["signed"] = "signed_at" in record
            if "signed_at" in record:
                made["signed_at"] = stamp(record["signed_at"])

    def _owner(self, made: Map, record: RecordItem) -> None:
        if "of" in record:
            made["of"] = record["of"]
        if "party" in record:
            made["party"] = record["party"]
            for party in self.state["parties"]:
                if party["no"] == record["party"]:
                    made["role"] = party["role"]

    def _kept(self, made: Map, owner: str, belongs: Callable[[RecordItem], bool]) -> None:
        """The records per owner: all of this one under the plural, the newest under the name."""
        for shape in self.schema.within.get(owner, ()):
            items = [self._item(r) for r in self._records.get(shape.name, ()) if belongs(r)]
            made[shape.plural] = items
            if items:
                made[shape.name] = items[-1]

    def _party(self, no: str) -> Map | None:
        for party in self.state["parties"]:
            if party["no"] == no:
                made = self._values(self.schema.party_fields, party["fields"])
                made["id"], made["role"], made["active"] = no, party["role"], party["active"]
                self._kept(made, "party", lambda record: record.get("party") == no)
                return made
        return None


# ---- names that every definition has -------------------------------------------------------------


def _parties(facts: Facts) -> list[Map]:
    return [cast(Map, facts._party(p["no"])) for p in facts.state["parties"] if p["active"]]


def _bound_party(facts: Facts) -> Map | None:
    return facts._party(facts.item[1]) if facts.item is not None and facts.item[0] == "party" else None


def _clock(facts: Facts) -> Map:
    bound = facts.item[1] if facts.item is not None else None
    return standing.clock(facts.state, facts.schema, to_text(facts.extra.now), bound)


def _links(facts: Facts) -> list[Map]:
    names = ("kind", "case_type", "outcome", "closed")
    return [_present((name, link.get(name)) for name in names) for link in facts.extra.links]


def _actor(facts: Facts) -> Map:
    actor = _present(facts.extra.actor.items())
    return {**actor, "roles": list(actor.get("roles", ()))}


def _act(facts: Facts) -> Map:
    made = _present(facts.extra.act.items())
    if isinstance(made.get("at"), datetime):
        made["at"] = stamped(made["at"])
    return made


def _param(facts: Facts) -> Map:
    return facts._values(facts.schema.params, facts.extra.params)


def _now(facts: Facts) -> Timestamp:
    return stamped(facts.extra.now)


def _today(facts: Facts) -> Timestamp:
    local = facts.local(facts.extra.now)
    return stamped(datetime.combine(local.date(), time(), local.tzinfo))


def _present(pairs: Iterable[tuple[str, Any]]) -> Map:
    return {name: value for name, value in pairs if value is not None}


def _bare_run(at: datetime, duration: str) -> ClockRun:
    return {
        "name": "plus",
        "run": 1,
        "kind": "wait",
        "start": to_text(at),
        "within": duration,
        "pauses": [],
        "extensions": [],
        "rolls": False,
        "ends": "midnight",
        "status": "running",
        "fired": {},
        "marks": {},
    }


_SHARED: Mapping[str, Callable[[Facts], Any]] = {
    "parties": _parties,
    "party": _bound_party,
    "seat": lambda facts: standing.seat(facts.state, facts.schema),
    "clock": _clock,
    "inside": lambda facts: standing.inside(facts.state, facts.schema),
    "been": lambda facts: standing.been(facts.state),
    "last": lambda facts: standing.last(facts.state),
    "links": _links,
    "actor": _actor,
    "act": _act,
    "param": _param,
    "now": _now,
    "today": _today,
}
