"""What the tables answer about one case: values without floats, fit for a hashed event body."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.domain.errors import Reason

NEAREST = "nearest-1"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one seat asks for. None and () where nothing is said.

    ``rule`` is the id of the rule, of several that were collected the ids joined by ``+``; a seat that no
    table decides has ``nearest-1``. ``inputs``: each column with what was read, None where it is unknown and
    made no difference; a fractional number as decimal text.
    """

    rule: str = NEAREST
    table: str = ""
    because: str = ""
    because_zh: str = ""
    function: str | None = None
    levels: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    prefer: tuple[str, ...] = ()  # persons whom the parties chose
    sex: str | None = None
    weight: int | None = None
    acknowledge: str | None = None
    grace: str | None = None  # so much longer for whoever is off duty when that is over
    inputs: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Only what is set."""
        given = {name: getattr(self, name) for name in self.__slots__}
        return {
            name: list(value) if isinstance(value, tuple) else dict(value) if name == "inputs" else value
            for name, value in given.items()
            if value not in (None, "", ()) and (name != "inputs" or value)
        }


@dataclass(frozen=True, slots=True)
class Proposal:
    """The value proposed for a field, as a case stores it; a person confirms it."""

    field: str
    value: Any
    rule: str
    because: str
    because_zh: str
    table: str
    inputs: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        return {
            "field": self.field,
            "value": self.value,
            "rule": self.rule,
            "table": self.table,
            "because": self.because,
            "because_zh": self.because_zh,
            "inputs": dict(self.inputs),
        }


@dataclass(frozen=True, slots=True)
class Unruled:
    """The table cannot answer, and says why: FM-R510 no rule, FM-R511 a fact is missing, FM-R512 two rules
    that contradict each other, FM-R513 a value that a rule worked out will not do."""

    reason: Reason
