"""How much of a case an expression reads, so that no more of it is made.

``parties.all(p, p.consent.decision == "given")`` wants of each party the consent, and of that the decision.
What is compared, returned or handed on as it is, is wanted whole.
"""

from collections.abc import Collection
from dataclasses import dataclass

from engine.rules.schema import FactSchema
from engine.rules.tree import Path, Reading


class Want:
    """The members wanted of something, each with what is wanted of it; None: all of it."""

    __slots__ = ("members",)

    def __init__(self, members: "dict[str, Want] | None") -> None:
        self.members = members

    def of(self, name: str) -> "Want | None":
        """What is wanted of a member; None if it is not wanted."""
        return self if self.members is None else self.members.get(name)

    def among(self, names: Collection[str]) -> Collection[str]:
        """Those of the names that are wanted."""
        return names if self.members is None else [name for name in self.members if name in names]


WHOLE = Want(None)


@dataclass(frozen=True, eq=False)
class Needs:
    """What an evaluation is given: each variable with how much of it. ``sections``: the parts of a case's
    state that this is made from. One object for all expressions that read the same."""

    variables: tuple[tuple[str, Want], ...]
    sections: frozenset[str]


def needs_of(reading: Reading, schema: FactSchema) -> Needs:
    root = Want({})
    for path in sorted(reading.reads):  # what is wanted whole comes before its members
        _put(root, path, whole=path in reading.whole)
    sections = frozenset[str]().union(*(_sections(path, schema) for path in reading.reads))
    return Needs(tuple((root.members or {}).items()), sections)


def _put(want: Want, path: Path, *, whole: bool) -> None:
    for depth, name in enumerate(path, 1):
        if want.members is None:
            return
        if whole and depth == len(path):
            want.members[name] = WHOLE
        want = want.members.setdefault(name, Want({}))


ACT = "act"  # not of the state: who acts, when, and what is linked
RECORDS = frozenset({"records", "cycle", "parties"})
_SECTIONS = {
    "parties": RECORDS,
    "party": RECORDS,
    "seat": frozenset({"seats"}),
    "clock": frozenset({"clocks", ACT}),
    "inside": frozenset({"states"}),
    "been": frozenset({"been"}),
    "last": frozenset({"last"}),
    "param": frozenset[str](),
    **dict.fromkeys(("links", "actor", "act", "now", "today"), frozenset({ACT})),
}


def _sections(path: Path, schema: FactSchema) -> frozenset[str]:
    name = path[0]
    if name in _SECTIONS:
        return _SECTIONS[name]
    if name == "case":
        inner = path[1] if len(path) > 1 else ""
        known = inner in schema.fields or inner in schema.records or inner in schema.plurals
        return _sections(path[1:], schema) if known else frozenset({"fields", *RECORDS})
    return frozenset({"fields"}) if name in schema.fields else RECORDS
