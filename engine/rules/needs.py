"""What one evaluation needs: how it is read from the case, and from which parts of it."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from engine.rules.reader import Reader, members
from engine.rules.reading import Path, Reading
from engine.rules.schema import FactSchema
from engine.rules.source import Source
from engine.rules.variable import Variables
from engine.rules.want import wants_of


@dataclass(frozen=True, eq=False)
class Needs:
    """One object for all expressions over the same definition that read the same paths.

    ``parts``: the parts of the state (and the surroundings of the act) that it is read from. ``lasting``: what
    is read comes again, unlike the instant of an act, so that what follows from it is worth keeping.
    """

    names: frozenset[str]
    reader: Reader
    parts: Callable[[Source], Any]
    lasting: bool


def needs_of(reading: Reading, variables: Variables) -> Needs:
    wants = wants_of(reading)
    sections = frozenset[str]().union(*(_sections(path, variables.schema) for path in reading.reads))
    return Needs(
        frozenset(wants),
        members((name, variables.reader(name, want)) for name, want in wants.items()),
        _parts(sections - {_ACT}, act=_ACT in sections),
        not any(path[0] == "now" or path in (("act",), ("act", "at")) for path in reading.reads),
    )


_ACT = "act"  # not of the state: who acts, when, and what is linked
_RECORDS = frozenset({"records", "cycle", "parties"})
_SECTIONS = {
    "parties": _RECORDS,
    "party": _RECORDS,
    "seat": frozenset({"seats"}),
    "clock": frozenset({"clocks", _ACT}),
    "inside": frozenset({"states"}),
    "been": frozenset({"been"}),
    "last": frozenset({"last"}),
    **dict.fromkeys(("links", "actor", "act", "now", "today", "param"), frozenset({_ACT})),
}


def _sections(path: Path, schema: FactSchema) -> frozenset[str]:
    name = path[0]
    if name in _SECTIONS:
        return _SECTIONS[name]
    if name == "case":
        inner = path[1] if len(path) > 1 else ""
        known = inner in schema.fields or inner in schema.records or inner in schema.plurals
        return _sections(path[1:], schema) if known else frozenset({"fields", *_RECORDS})
    return frozenset({"fields"}) if name in schema.fields else _RECORDS


def _parts(sections: frozenset[str], *, act: bool) -> Callable[[Source], Any]:
    """The parts themselves: compared with those of another time they are the same objects, or other ones."""
    take = itemgetter("ref", *sorted(sections))  # with the reference there are two at least, and so a tuple
    if act:
        return lambda source: (source.extra, take(source.state))
    return lambda source: take(source.state)
