"""What an expression may name: the facts of one case type, with their types. No dependency on definitions."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FactType:
    """``kind`` as in the language (bool, int, number, money, text, choice, ...); options of a choice."""

    kind: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordShape:
    """``name`` is the newest item, ``plural`` all items. ``per`` is None, "party" or a record's name."""

    name: str
    plural: str
    fields: Mapping[str, FactType]
    per: str | None = None
    lasts: str = "cycle"
    signed: bool = False


@dataclass(frozen=True, slots=True)
class FactSchema:
    fields: Mapping[str, FactType] = field(default_factory=dict)
    records: Mapping[str, RecordShape] = field(default_factory=dict)
    party_fields: Mapping[str, FactType] = field(default_factory=dict)
    seats: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()
    states: tuple[str, ...] = ()  # leaves, parents and tracks' states
    triggers: tuple[str, ...] = ()  # written and generated
    params: Mapping[str, FactType] = field(default_factory=dict)
