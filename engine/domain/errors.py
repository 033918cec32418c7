"""The one tree of errors and refusals.

FolkmootError          something a person can mend; carries one or more reasons
├── UsageError         FM-U   what was typed or sent cannot be read
├── NotFound           FM-N   unknown here, or not yours to see
├── SignInNeeded       FM-A   nobody is named
├── Refused            FM-R   a rule says no (raised only at the doors' edge; inside, a refusal is a value)
├── Conflict           FM-C   somebody was first
├── Unsound            FM-D/I a definition or an input file does not hold
├── Unavailable        FM-S   the store cannot answer now
└── BrokenEvidence     FM-V   history was altered

A reason is a value: a stable code, parameters for the message catalogue, what it is about, and
what may be told to whom. Texts live in ``engine/domain/catalogue/*.yaml``, English and Chinese.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was refused or failed.

    ``code`` is like ``FM-R101``; ``kind`` one of who, state, guard, requires, input, time, seat, usage,
    conflict, store, finding; ``pointer`` is a JSON pointer into what was sent; ``way_out`` says what
    can be done instead, as acts or commands.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    kind: str = "usage"
    basis: str | None = None
    pointer: str | None = None
    way_out: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        given = {"code": self.code, "kind": self.kind, "params": dict(self.params)}
        if self.basis:
            given["basis"] = self.basis
        if self.pointer:
            given["pointer"] = self.pointer
        if self.way_out:
            given["way_out"] = list(self.way_out)
        return given


class FolkmootError(Exception):
    """Root of everything that a person can mend."""

    letter: ClassVar[str] = "X"

    def __init__(
        self, code: str, /, *, kind: str = "usage", reasons: Sequence[Reason] = (), **params: Any
    ) -> None:
        self.reasons: tuple[Reason, ...] = tuple(reasons) or (Reason(code, params, kind),)
        super().__init__(code, params)

    @property
    def first(self) -> Reason:
        return self.reasons[0]

    @property
    def code(self) -> str:
        return self.first.code


class UsageError(FolkmootError):
    letter = "U"


class NotFound(FolkmootError):
    letter = "N"


class SignInNeeded(FolkmootError):
    letter = "A"


class Refused(FolkmootError):
    letter = "R"


class Conflict(FolkmootError):
    letter = "C"


class Unsound(FolkmootError):
    letter = "D"


class Unavailable(FolkmootError):
    letter = "S"


class BrokenEvidence(FolkmootError):
    letter = "V"


def refused(reasons: Sequence[Reason]) -> Refused:
    """The refusal of a whole act, all its reasons told together."""
    return Refused(reasons[0].code, reasons=reasons)
