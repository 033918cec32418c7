"""What an expression may name: the facts of one case type, with their types. No dependency on definitions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True)
class FactType:
    """``kind`` as in the language (bool, int, number, money, text, choice, ...); options of a choice.

    ``default`` holds, as the definition writes it, where a case says nothing; None: the fact is absent then.
    """

    kind: str
    options: tuple[str, ...] = ()
    default: Any = field(default=None, hash=False)


@dataclass(frozen=True, slots=True)
class RecordShape:
    """``name`` is the newest item, ``plural`` all items. ``per`` is None, "party" or a record's name."""

    name: str
    plural: str
    fields: Mapping[str, FactType]
    per: str | None = None
    lasts: str = "cycle"
    signed: bool = False


@dataclass(frozen=True)
class FactSchema:
    """``paths``: each leaf to its parents and itself, so that ``inside.parent`` holds in its leaves.

    ``roles``: the party roles, so that a misspelt ``p.role == "..."`` is found; empty checks nothing.
    """

    fields: Mapping[str, FactType] = field(default_factory=dict)
    records: Mapping[str, RecordShape] = field(default_factory=dict)
    party_fields: Mapping[str, FactType] = field(default_factory=dict)
    seats: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()
    states: tuple[str, ...] = ()  # leaves, parents and tracks' states
    triggers: tuple[str, ...] = ()  # written and generated
    params: Mapping[str, FactType] = field(default_factory=dict)
    paths: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    roles: tuple[str, ...] = ()

    @cached_property
    def plurals(self) -> dict[str, str]:
        """The name of all items to the name of the record."""
        return {shape.plural: name for name, shape in self.records.items()}

    @cached_property
    def within(self) -> dict[str, tuple[RecordShape, ...]]:
        """The owner of items (``party`` or a record) to the records kept per owner."""
        owners = {shape.per for shape in self.records.values() if shape.per is not None}
        return {
            owner: tuple(shape for shape in self.records.values() if shape.per == owner)
            for owner in sorted(owners)
        }
