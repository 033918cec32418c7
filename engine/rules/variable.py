"""The variables of expressions, each read from a case as far as it is wanted.

Fields, records and parties; where the case stands and what was done on it; the act itself.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from engine.domain.instant import to_text
from engine.rules.kind import midnight, stamp, stamped
from engine.rules.reader import Reader, each, field, fields, member, members, newest, plain
from engine.rules.schema import FactSchema
from engine.rules.source import Source
from engine.rules.want import WHOLE, Want

Parts = list[tuple[str, Reader]]


class Variables:
    """The readers of one schema. Those of variables are called with the state for their thing."""

    def __init__(self, schema: FactSchema) -> None:
        self.schema = schema
        self._whole: dict[str, Reader] = {}

    def names(self) -> Sequence[str]:
        return (*self.schema.fields, *self.schema.records, *self.schema.plurals, *_SHARED)

    def reader(self, name: str, want: Want) -> Reader:
        shared = _SHARED.get(name)
        if shared is not None:
            return shared(self, want)
        schema = self.schema
        if name in schema.fields:
            return field(schema.fields[name], want, name)
        if name in schema.records:
            return newest(lambda source, _: _bound(source, name), self.item(name, want))
        kind = schema.plurals.get(name)
        if kind is None:
            return plain(lambda _: None)
        return each(lambda source, _: source.items(kind), self.item(kind, want))

    def item(self, kind: str, want: Want) -> Reader:
        if want.members is not None:
            return self._item(kind, want)
        # records may be kept per record of their own kind: whole ones are looked up when they are read
        return Reader(
            lambda source, record: self._whole_item(kind).read(source, record),
            lambda given: self._whole_item(kind).make(given),
        )

    def _whole_item(self, kind: str) -> Reader:
        found = self._whole.get(kind)
        if found is None:
            found = self._whole[kind] = self._item(kind, WHOLE)
        return found

    def _item(self, kind: str, want: Want) -> Reader:
        shape = self.schema.records[kind]
        parts = fields(shape.fields, want)
        parts += [(name, _ITEM[name]) for name in want.among(_ITEM)]
        if shape.signed and want.of("signed"):
            parts.append(("signed", plain(lambda record: "signed_at" in record)))
        if shape.per == "party" and want.of("role"):
            parts.append(("role", Reader(_role, lambda role: role)))
        return members(parts + self._kept(kind, "id", want))

    def party(self, want: Want) -> Reader:
        parts = fields(self.schema.party_fields, want)
        parts += [(name, _PARTY[name]) for name in want.among(_PARTY)]
        return members(parts + self._kept("party", "no", want))

    def _kept(self, owner: str, key: str, want: Want) -> Parts:
        """The records per owner: all of this one under the plural, the newest under the name."""
        parts: Parts = []
        for shape in self.schema.within.get(owner, ()):
            things = _items_of(shape.name, key)
            one, many = want.of(shape.name), want.of(shape.plural)
            if many is not None:
                parts.append((shape.plural, each(things, self.item(shape.name, many))))
            if one is not None:
                parts.append((shape.name, newest(things, self.item(shape.name, one))))
        return parts


def _items_of(kind: str, key: str) -> Callable[[Source, Any], Sequence[Any]]:
    return lambda source, owner: source.items(kind, owner[key])


def _bound(source: Source, kind: str) -> Sequence[Any]:
    """The items of a kind, or the one that a clock per item binds."""
    items = source.items(kind)
    if source.item is None or source.item[0] != kind:
        return items
    return [record for record in items if record["id"] == source.item[1]]


def _role(source: Source, record: Any) -> str | None:
    parties = source.state["parties"]
    return next((party["role"] for party in parties if party["no"] == record.get("party")), None)


_PARTY: Mapping[str, Reader] = {
    "id": member("no"),
    "role": member("role"),
    "active": member("active"),
}
_ITEM: Mapping[str, Reader] = {
    "id": member("id"),
    "by": member("by"),
    "at": member("at", stamp),
    "signed_at": member("signed_at", stamp),
    "of": member("of"),
    "party": member("party"),
}


# ---- names that every definition has -------------------------------------------------------------


def _some(parts: Mapping[str, Reader], want: Want) -> Reader:
    return members((name, parts[name]) for name in want.among(parts))


def _inner(section: str, names: Sequence[str], want: Want, one: Callable[[Want], Reader]) -> Reader:
    """The wanted names of a section that maps each to one thing; those it does not have are absent."""

    def of(name: str) -> Reader:
        reader = one(want.of(name) or WHOLE)

        def read(source: Source, state: Any) -> Any:
            thing = state[section].get(name)
            return None if thing is None else reader.read(source, thing)

        return Reader(read, reader.make)

    return members((name, of(name)) for name in want.among(names))


def _parties(variables: Variables, want: Want) -> Reader:
    return each(lambda _, state: [p for p in state["parties"] if p["active"]], variables.party(want))


def _bound_party(variables: Variables, want: Want) -> Reader:
    def bound(source: Source, state: Any) -> Sequence[Any]:
        kind, no = source.item or ("", "")
        return [party for party in state["parties"] if kind == "party" and party["no"] == no]

    return newest(bound, variables.party(want))


_HOLDER: Mapping[str, Reader] = {
    "id": member("person"),
    "accepted": member("accepted"),
    "answered": Reader(lambda _, holder: holder.get("answered", holder["accepted"]), bool),
    "since": member("since", stamp),
}


def _seat(variables: Variables, want: Want) -> Reader:
    """The named seats with their holders; an empty one is an empty list."""

    def held(seat: str) -> Reader:
        holder = _some(_HOLDER, want.of(seat) or WHOLE)
        return each(lambda _, state: state["seats"].get(seat, ()), holder)

    return members((seat, held(seat)) for seat in want.among(variables.schema.seats))


_RUN: Mapping[str, Reader] = {
    "running": member("running"),
    "paused": member("paused"),
    "expired": member("expired"),
    "runs": member("runs"),
    "extensions": member("extensions"),
    "start": member("start", stamp),
    "due": member("due", stamp),
}


def _clock(variables: Variables, want: Want) -> Reader:
    """The named clocks at the time of the act. Of several runs the newest speaks, or that of the bound item."""

    def of(name: str) -> Reader:
        run = _some(_RUN, want.of(name) or WHOLE)
        return Reader(lambda source, state: run.read(source, _run(source, state, name)), run.make)

    return members((name, of(name)) for name in want.among(variables.schema.clocks))


def _run(source: Source, state: Any, name: str) -> Mapping[str, Any]:
    """A wait that is due runs no longer, an overdue limit does; a clock stopped before its due never expired."""
    bound = None if source.item is None else source.item[1]
    runs = [
        r for r in state["clocks"] if r["name"] == name and (bound is None or r.get("item", bound) == bound)
    ]
    if not runs:
        return {"running": False, "paused": False, "expired": False, "runs": 0, "extensions": 0}
    run = runs[-1]
    due = run.get("due")
    expired = due is not None and due <= run.get("stopped", to_text(source.extra.now))
    return {
        "running": run["status"] == "running" and not (expired and run["kind"] == "wait"),
        "paused": run["status"] == "paused",
        "expired": expired,
        "runs": len(runs),
        "extensions": len(run["extensions"]),
        "start": run["start"],
        "due": due,
    }


def _inside(variables: Variables, want: Want) -> Reader:
    """The named states of all regions: whether the case stands in one or in a leaf below it."""
    names, paths = tuple(want.among(variables.schema.states)), variables.schema.paths

    def read(_: Source, state: Any) -> tuple[bool, ...]:
        within = {name for leaf in state["states"].values() for name in paths.get(leaf, (leaf,))}
        return tuple([name in within for name in names])

    return Reader(read, lambda given: dict(zip(names, given, strict=True)))


def _been(variables: Variables, want: Want) -> Reader:
    """States entered in this cycle; those never entered are absent."""
    visit = {"at": member("at", stamp), "times": member("times")}
    return _inner("been", variables.schema.states, want, lambda inner: _some(visit, inner))


def _last(variables: Variables, want: Want) -> Reader:
    """Acts done in this cycle; those never done are absent."""
    doing = {"by": member("by"), "at": member("at", stamp), "times": member("times")}
    return _inner("last", variables.schema.triggers, want, lambda inner: _some(doing, inner))


def _links(variables: Variables, want: Want) -> Reader:
    link = members((name, member(name)) for name in ("kind", "case_type", "outcome", "closed"))
    return each(lambda source, _: source.extra.links, link)


def _actor(variables: Variables, want: Want) -> Reader:
    actor = _some(
        {"id": member("id"), "party": member("party"), "roles": plain(lambda a: tuple(a.get("roles") or ()), list)},
        want,
    )  # fmt: skip
    return Reader(lambda source, _: actor.read(source, source.extra.actor), actor.make)


def _act(variables: Variables, want: Want) -> Reader:
    act = _some({**{n: member(n) for n in ("trigger", "item", "note")}, "at": member("at", stamped)}, want)
    return Reader(lambda source, _: act.read(source, source.extra.act), act.make)


def _param(variables: Variables, want: Want) -> Reader:
    row = members(fields(variables.schema.params, want))
    return Reader(lambda source, _: row.read(source, {"fields": source.extra.params}), row.make)


def _today(variables: Variables, want: Want) -> Reader:
    """Midnight with which the day of the act begins where the calendar is kept."""

    def read(source: Source, _: Any) -> tuple[str, str]:
        zone = source.extra.zone
        return source.extra.now.astimezone(ZoneInfo(zone)).date().isoformat(), zone

    return Reader(read, lambda given: midnight(*given))


def _case(variables: Variables, want: Want) -> Reader:
    """Its own members, and the facts of the case again."""
    schema = variables.schema
    facts = {**schema.fields, **schema.records, **schema.plurals}
    own = {n: member(n) for n in ("ref", "channel", "cycle")} | {"filed": member("filed_at", stamp)}
    again = [(name, variables.reader(name, want.of(name) or WHOLE)) for name in want.among(facts)]
    return members([*again, *((name, own[name]) for name in want.among(own))])


_SHARED: Mapping[str, Callable[[Variables, Want], Reader]] = {
    "parties": _parties,
    "party": _bound_party,
    "case": _case,
    "seat": _seat,
    "clock": _clock,
    "inside": _inside,
    "been": _been,
    "last": _last,
    "links": _links,
    "actor": _actor,
    "act": _act,
    "param": _param,
    "now": lambda variables, want: Reader(lambda source, _: source.extra.now, stamped),
    "today": _today,
}
