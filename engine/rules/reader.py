"""How a case is read for expressions, in two steps.

``read`` takes from the case what an expression wants, as a tuple of plain values: cheap, and the same tuple
whenever the expression must have the same value. ``make`` turns that into what CEL is given. None is absent.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from engine.rules.kind import midnight, stamp
from engine.rules.schema import FactType
from engine.rules.source import Source
from engine.rules.want import Want


class Reader(NamedTuple):
    """``read(source, thing)`` of a party, a record item, a row of stored values ...; ``make(what was read)``."""

    read: Callable[[Source, Any], Any]
    make: Callable[[Any], Any]


def _same(read: Any) -> Any:
    return read


def plain(take: Callable[[Any], Any], make: Callable[[Any], Any] = _same) -> Reader:
    """Something of the thing itself."""
    return Reader(lambda _source, thing: take(thing), make)


def member(name: str, make: Callable[[Any], Any] = _same) -> Reader:
    """What the thing has under a name."""
    return Reader(lambda _source, thing: thing.get(name), make)


def members(parts: Iterable[tuple[str, Reader]]) -> Reader:
    """Named members of one thing; absent ones are left out."""
    named = list(parts)
    reads = [part.read for _, part in named]
    makes = [(name, part.make) for name, part in named]

    def read(source: Source, thing: Any) -> tuple[Any, ...]:
        return tuple([take(source, thing) for take in reads])

    def make(given: tuple[Any, ...]) -> dict[str, Any]:
        each = zip(makes, given, strict=True)
        return {name: made(value) for (name, made), value in each if value is not None}

    return Reader(read, make)


Things = Callable[[Source, Any], Sequence[Any]]


def each(things: Things, one: Reader) -> Reader:
    """A list of things, every one read the same way."""
    take, made = one

    def read(source: Source, thing: Any) -> tuple[Any, ...]:
        return tuple([take(source, element) for element in things(source, thing)])

    return Reader(read, lambda given: [made(element) for element in given])


def newest(things: Things, one: Reader) -> Reader:
    """The last of some things; absent if there are none."""

    def read(source: Source, thing: Any) -> Any:
        found = things(source, thing)
        return one.read(source, found[-1]) if found else None

    return Reader(read, one.make)


PLAIN = frozenset(
    {"bool", "int", "number", "money", "text", "choice", "timestamp"}
)  # read as they are stored

# ---- stored values -----------------------------------------------------------------------------


def value(fact: FactType, want: Want, stored: Callable[[Any], Any]) -> Reader:
    """A value of a kind: what is stored, or the definition's default."""
    take, make = reader_of(fact.kind, want)
    default = fact.default

    def read(source: Source, thing: Any) -> Any:
        found = stored(thing)
        if found is None:
            found = default
        return None if found is None else take(source, found)

    return Reader(read, make)


def field(fact: FactType, want: Want, name: str) -> Reader:
    """What is among a thing's fields. Plain ones are most of what is ever read: they are read by one function."""
    if fact.kind not in PLAIN:
        return value(fact, want, lambda thing: thing["fields"].get(name))
    default = fact.default

    def read(_source: Source, thing: Any) -> Any:
        found = thing["fields"].get(name)
        return default if found is None else found

    return Reader(read, reader_of(fact.kind, want).make)


def fields(types: Mapping[str, FactType], want: Want) -> list[tuple[str, Reader]]:
    """The wanted fields of a party or an item."""
    return [(name, field(types[name], want.of(name) or want, name)) for name in want.among(types)]


def reader_of(kind: str, want: Want) -> Reader:
    """How stored values of a kind are read."""
    match kind:
        case "int":
            return plain(_same, int)
        case "number" | "money":
            return plain(_same, float)
        case "timestamp":
            return plain(_same, stamp)
        case "date":
            return Reader(lambda source, text: (text, source.extra.zone), lambda given: midnight(*given))
        case "choices" | "parties":
            return plain(tuple, list)
        case "person":
            return _person(want)
        case "persons":
            return each(lambda _source, codes: codes, _person(want))
        case _:
            return plain(_same)


def _person(want: Want) -> Reader:
    """A person's code with roles and unit; an unknown person has no roles. The code alone asks nobody."""
    if want.members is not None and want.members.keys() <= {"id"}:
        return plain(_same, lambda code: {"id": code})

    def read(source: Source, code: str) -> tuple[Any, ...]:
        known = source.extra.persons(code)
        return (code, None, None) if known is None else (code, tuple(sorted(known.roles)), known.unit)

    def make(given: tuple[Any, ...]) -> dict[str, Any]:
        code, roles, unit = given
        return {"id": code, "roles": []} if unit is None else {"id": code, "roles": list(roles), "unit": unit}

    return Reader(read, make)
