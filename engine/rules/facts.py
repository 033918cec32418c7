"""The facts of one case at one moment, as expressions read them.

Nothing is made before an expression names it, and what was made is kept: a decision usually reads a few
names of dozens. Absent means that the key is left out; an empty list of items stays a list.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from engine.domain.case import CaseState, ClockRun, RecordItem
from engine.domain.clock import plan
from engine.domain.instant import to_text
from engine.rules import around, standing
from engine.rules.around import Extra
from engine.rules.function import chance
from engine.rules.kind import from_stored, stamp, stamped
from engine.rules.schema import FactSchema, FactType, RecordShape

__all__ = ["Extra", "Facts", "build"]

Item = tuple[str, str]  # ("party" or a record's name, the number or id bound to that name)
Map = dict[str, Any]


def build(
    state: CaseState,
    schema: FactSchema,
    *,
    item: Item | None = None,
    extra: Extra,
    names: frozenset[str] | None = None,
) -> "Facts":
    """The facts of a case. ``item`` binds one party or record item to its name, for clocks ``per`` item.

    ``names``: the members that any expression names (their ``members`` together); parties and items are
    made without the others, which halves the time. None leaves nothing out.
    """
    return Facts(state, schema, item, extra, names)


class Facts(Mapping[str, Any]):
    """A mapping that makes each name when it is first asked for. The state may not change meanwhile."""

    def __init__(
        self,
        state: CaseState,
        schema: FactSchema,
        item: Item | None,
        extra: Extra,
        names: frozenset[str] | None = None,
    ) -> None:
        self.state = state
        self.schema = schema
        self.item = item
        self.extra = extra
        self.names = names
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
        other = Facts(self.state, self.schema, self.item, self.extra, self.names)
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

    def wanted(self, names: Iterable[str]) -> list[str]:
        """Those of the names that any expression names."""
        return [name for name in names if self._wants(name)]

    def _wants(self, name: str) -> bool:
        return self.names is None or name in self.names

    def _values(self, types: Mapping[str, FactType], stored: Mapping[str, Any]) -> Map:
        made = {}
        for name, fact in types.items():
            if self.names is None or name in self.names:
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
            made["id"] = record["id"]
            self._written(made, record, shape)
            self._owner(made, record)
            self._kept(made, shape.name, lambda other: other.get("of") == record["id"])
            self._items[record["id"]] = made
        return made

    def _written(self, made: Map, record: RecordItem, shape: RecordShape) -> None:
        """By whom and when it was added and signed."""
        if self._wants("by"):
            made["by"] = record["by"]
        if self._wants("at"):
            made["at"] = stamp(record["at"])
        if shape.signed:
            made["signed"] = "signed_at" in record
            if made["signed"] and self._wants("signed_at"):
                made["signed_at"] = stamp(record["signed_at"])

    def _owner(self, made: Map, record: RecordItem) -> None:
        if "of" in record and self._wants("of"):
            made["of"] = record["of"]
        if "party" in record:
            made["party"] = record["party"]
            if self._wants("role"):
                for party in self.state["parties"]:
                    if party["no"] == record["party"]:
                        made["role"] = party["role"]

    def _kept(self, made: Map, owner: str, belongs: Callable[[RecordItem], bool]) -> None:
        """The records per owner: all of this one under the plural, the newest under the name."""
        for shape in self.schema.within.get(owner, ()):
            one, many = self._wants(shape.name), self._wants(shape.plural)
            records = [r for r in self._records.get(shape.name, ()) if belongs(r)] if one or many else []
            if many:
                made[shape.plural] = [self._item(r) for r in records]
            if one and records:
                made[shape.name] = self._item(records[-1])

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
    return standing.clock(facts.state, facts.wanted(facts.schema.clocks), to_text(facts.extra.now), bound)


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
    "seat": lambda facts: standing.seat(facts.state, facts.wanted(facts.schema.seats)),
    "clock": _clock,
    "inside": lambda facts: standing.inside(
        facts.state, facts.schema.paths, facts.wanted(facts.schema.states)
    ),
    "been": lambda facts: standing.been(facts.state),
    "last": lambda facts: standing.last(facts.state),
    "links": lambda facts: around.links(facts.extra),
    "actor": lambda facts: around.actor(facts.extra),
    "act": lambda facts: around.act(facts.extra),
    "param": lambda facts: facts._values(facts.schema.params, facts.extra.params),
    "now": lambda facts: stamped(facts.extra.now),
    "today": lambda facts: around.today(facts.extra),
}
