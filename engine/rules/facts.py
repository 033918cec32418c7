"""The facts of one case at one moment, as expressions read them.

Nothing is made before an expression names it, and no more of it than the expression reads (see
``engine.rules.want``). What was made is kept until the part of the case it was made from is another. Absent
means that the key is left out; an empty list of items stays a list.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.domain.case import CaseState, ClockRun, PartyState, RecordItem
from engine.domain.clock import plan
from engine.domain.instant import to_text
from engine.rules import around, standing
from engine.rules.around import Extra
from engine.rules.function import chance
from engine.rules.kind import from_stored, stamp, stamped
from engine.rules.schema import FactSchema, FactType
from engine.rules.want import ACT, RECORDS, WHOLE, Needs, Want

__all__ = ["Extra", "Facts", "build"]

Item = tuple[str, str]  # ("party" or a record's name, the number or id bound to that name)
Map = dict[str, Any]
_SECTIONS = ("fields", "records", "parties", "cycle", "seats", "clocks", "states", "been", "last")


def build(state: CaseState, schema: FactSchema, *, item: Item | None = None, extra: Extra) -> "Facts":
    """The facts of a case. ``item`` binds one party or record item to its name, for clocks ``per`` item."""
    return Facts(state, schema, item, extra)


class Facts(Mapping[str, Any]):
    """A mapping that makes each name when it is first asked for; expressions take what they need by
    :meth:`given`. When the state has moved on or another act has begun, call :meth:`renew`."""

    def __init__(self, state: CaseState, schema: FactSchema, item: Item | None, extra: Extra) -> None:
        self.state = state
        self.schema = schema
        self.item = item
        self.extra = extra
        self.kept: dict[Needs, Any] = {}  # what expressions keep, by what they were given
        self._seen = self._sections()
        self._fixed: Map = {}
        self._made: Map = {}
        self._sorted: dict[str, list[RecordItem]] | None = None
        self._items: dict[tuple[str, Want], Map] = {}

    def renew(self, extra: Extra) -> None:
        """Forget what was made of sections of the state that are other objects now, or of another act."""
        seen = self._sections()
        stale = {name for name, old, new in zip(_SECTIONS, self._seen, seen, strict=True) if old is not new}
        if extra is not self.extra:
            stale.add(ACT)
        self.extra, self._seen, self._made = extra, seen, {}
        if stale:
            self.kept = {needs: held for needs, held in self.kept.items() if stale.isdisjoint(needs.sections)}
        if not stale.isdisjoint(RECORDS):
            self._sorted, self._items = None, {}

    def _sections(self) -> list[Any]:
        return [*map(self.state.get, _SECTIONS)]

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
        names = (*schema.fields, *schema.records, *schema.plurals, *_SHARED)
        return iter([name for name in dict.fromkeys(names) if name in self])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _lookup(self, name: str) -> Any:
        try:
            return self._made[name]
        except KeyError:
            self._made[name] = found = self.part(name, WHOLE)
            return found

    def given(self, needs: Needs) -> Map:
        """The variables that an evaluation needs, as far as they are known."""
        made = {name: self.part(name, want) for name, want in needs.variables}
        return {name: value for name, value in made.items() if value is not None}

    def part(self, name: str, want: Want) -> Any:
        """As much of a name as is wanted; None if it is absent."""
        if name in self._fixed:
            return self._fixed[name]
        shared = _SHARED.get(name)
        if shared is not None:
            return shared(self, want)
        fact = self.schema.fields.get(name)
        if fact is not None:
            return self._value(fact, self.state["fields"].get(name), want)
        if name in self.schema.records:
            return self._newest(name, want)
        kind = self.schema.plurals.get(name)
        return None if kind is None else [self._item(r, want) for r in self._records.get(kind, ())]

    def replaced(self, **made: Any) -> "Facts":
        """The same facts with some names given other values."""
        other = Facts(self.state, self.schema, self.item, self.extra)
        other._fixed = made
        return other

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

    def _value(self, fact: FactType, stored: Any, want: Want) -> Any:
        if stored is None:
            if fact.default is None:
                return None
            stored = list(fact.default) if isinstance(fact.default, tuple) else fact.default
        if fact.kind == "person" and want.members is not None and want.members.keys() <= {"id"}:
            return {"id": stored}  # nobody has to be looked up
        return from_stored(fact.kind, stored, self.extra.zone, self.extra.persons)

    def typed(self, types: Mapping[str, FactType], stored: Mapping[str, Any], want: Want) -> Map:
        made = {}
        for name in want.among(types):
            value = self._value(types[name], stored.get(name), want.of(name) or WHOLE)
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

    def _newest(self, kind: str, want: Want) -> Map | None:
        items = self._records.get(kind, ())
        if self.item is not None and self.item[0] == kind:
            items = [record for record in items if record["id"] == self.item[1]]
        return self._item(items[-1], want) if items else None

    def _item(self, record: RecordItem, want: Want) -> Map:
        made = self._items.get((record["id"], want))
        if made is None:
            shape = self.schema.records[record["kind"]]
            made = self.typed(shape.fields, record["fields"], want)
            made.update((name, _OWN[name](record)) for name in want.among(_OWN) if name in record)
            if shape.signed and want.of("signed"):
                made["signed"] = "signed_at" in record
            if "party" in record and want.of("role"):
                made.update(("role", p["role"]) for p in self.state["parties"] if p["no"] == record["party"])
            self._kept(made, shape.name, "of", record["id"], want)
            self._items[record["id"], want] = made
        return made

    def _kept(self, made: Map, owner: str, link: str, name: str, want: Want) -> None:
        """The records per owner: all of this one under the plural, the newest under the name."""
        for shape in self.schema.within.get(owner, ()):
            one, many = want.of(shape.name), want.of(shape.plural)
            if one is None and many is None:
                continue
            records = [r for r in self._records.get(shape.name, ()) if r.get(link) == name]
            if many is not None:
                made[shape.plural] = [self._item(r, many) for r in records]
            if one is not None and records:
                made[shape.name] = self._item(records[-1], one)

    def party(self, party: PartyState, want: Want) -> Map:
        made = self.typed(self.schema.party_fields, party["fields"], want)
        own = {"id": party["no"], "role": party["role"], "active": party["active"]}
        made.update((name, own[name]) for name in want.among(own))
        self._kept(made, "party", "party", party["no"], want)
        return made


# by whom and when an item was added and signed, and what it belongs to
_OWN: Mapping[str, Callable[[Any], Any]] = {
    "id": lambda record: record["id"],
    "by": lambda record: record["by"],
    "at": lambda record: stamp(record["at"]),
    "signed_at": lambda record: stamp(record["signed_at"]),
    "of": lambda record: record["of"],
    "party": lambda record: record["party"],
}


# ---- names that every definition has -------------------------------------------------------------


def _parties(facts: Facts, want: Want) -> list[Map]:
    return [facts.party(party, want) for party in facts.state["parties"] if party["active"]]


def _bound_party(facts: Facts, want: Want) -> Map | None:
    if facts.item is None or facts.item[0] != "party":
        return None
    no = facts.item[1]
    return next((facts.party(party, want) for party in facts.state["parties"] if party["no"] == no), None)


def _clock(facts: Facts, want: Want) -> Map:
    bound = facts.item[1] if facts.item is not None else None
    names = want.among(facts.schema.clocks)
    return standing.clock(facts.state, names, to_text(facts.extra.now), bound)


def _case(facts: Facts, want: Want) -> Map:
    """Its own members, and the facts of the case again."""
    schema, state = facts.schema, facts.state
    known = {**schema.fields, **schema.records, **schema.plurals} if want.members is None else want.members
    made = {name: facts.part(name, want.of(name) or WHOLE) for name in known if name not in _OF_CASE}
    made.update((name, state.get(name)) for name in want.among(_OF_CASE))
    if want.of("filed") and "filed_at" in state:
        made["filed"] = stamp(state["filed_at"])
    return {name: value for name, value in made.items() if value is not None}


_OF_CASE = ("ref", "channel", "cycle", "filed")


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


_SHARED: Mapping[str, Callable[[Facts, Want], Any]] = {
    "parties": _parties,
    "party": _bound_party,
    "case": _case,
    "seat": lambda facts, want: standing.seat(facts.state, want.among(facts.schema.seats)),
    "clock": _clock,
    "inside": lambda facts, want: standing.inside(
        facts.state, facts.schema.paths, want.among(facts.schema.states)
    ),
    "been": lambda facts, want: standing.been(facts.state, want.among(facts.state["been"])),
    "last": lambda facts, want: standing.last(facts.state, want.among(facts.state["last"])),
    "links": lambda facts, want: around.links(facts.extra),
    "actor": lambda facts, want: around.actor(facts.extra),
    "act": lambda facts, want: around.act(facts.extra),
    "param": lambda facts, want: facts.typed(facts.schema.params, facts.extra.params, want),
    "now": lambda facts, want: stamped(facts.extra.now),
    "today": lambda facts, want: around.today(facts.extra),
}
