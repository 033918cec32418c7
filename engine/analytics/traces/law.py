"""What figures need to know of a definition: its leaves, milestones, limits, choices and the grades of its outcomes."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from engine.definitions.canonical import from_json
from engine.definitions.model import Definition
from engine.definitions.outline import MAIN, Leaf, Outline
from engine.persistence.raw import rows
from engine.persistence.unit import Unit


@dataclass(frozen=True)
class Law:
    """One definition by its content hash. ``milestones``: name of an act, state, record or seat to those it reaches;
    ``choices``: fields with one of a few values; ``grades``: outcome to substantive, stage or procedural."""

    hash: str
    definition: Definition | None = None  # None: the store has lost the text, which doctor tells
    leaves: Mapping[str, Leaf] = field(default_factory=dict)
    milestones: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    choices: frozenset[str] = frozenset()
    grades: Mapping[str, str] = field(default_factory=dict)

    def is_final(self, leaf: str) -> bool:
        found = self.leaves.get(leaf)
        return found is not None and found.final


_LAWS: dict[str, Law] = {}  # a text never changes under its hash


def law(unit: Unit, content_hash: str) -> Law:
    """The definition of this hash; where the store has lost its text, one that knows nothing."""
    known = _LAWS.get(content_hash)
    if known is None:
        found = rows(unit, "SELECT body FROM definition WHERE hash = ?", content_hash)
        if not found:
            return Law(content_hash)
        known = _LAWS[content_hash] = read(content_hash, from_json(json.loads(found[0][0])))
    return known


def remembered(content_hash: str | None) -> Definition | None:
    """A definition that was read by :func:`law` before, wherever there is no store at hand."""
    known = _LAWS.get(content_hash or "")
    return known.definition if known else None


def by_age(unit: Unit, hashes: Collection[str]) -> list[str]:
    """Of these texts the one that came last into the store first; those that are lost are none."""
    order = rows(unit, "SELECT hash FROM definition ORDER BY added_at DESC, hash")
    return [found for (found,) in order if found in hashes]


def newest(unit: Unit, hashes: Collection[str]) -> str | None:
    return next(iter(by_age(unit, hashes)), None)


def read(content_hash: str, definition: Definition) -> Law:
    milestones: dict[str, tuple[str, ...]] = {}
    for milestone, names in definition.milestones.items():
        for name in names:
            milestones[name] = (*milestones.get(name, ()), milestone)
    return Law(
        content_hash,
        definition,
        {name: leaf for name, leaf in Outline(definition).leaves.items() if leaf.region == MAIN},
        milestones,
        frozenset(name for name, spec in definition.fields.items() if spec.kind == "choice"),
        {name: outcome.grade for name, outcome in definition.outcomes.items()},
    )
