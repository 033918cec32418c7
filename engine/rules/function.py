"""The functions an expression may call. All are pure: what they need of the world comes with the facts.

CEL calls them back without the facts, so an evaluation puts its world where they find it. An error
raised here becomes a value that is not known, never an exception of the evaluation.
"""

import hashlib
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from cel_expr_python import cel


class Surroundings(Protocol):
    """What the functions ask: the calendar's arithmetic, earlier cases of the same pair, the recorded seed."""

    @property
    def zone(self) -> str: ...
    def plus(self, at: datetime, duration: str) -> datetime: ...
    def recurrence(self, window: str) -> int: ...
    def recurrence_of_pair(self, window: str) -> int: ...
    def chance(self, text: str) -> float: ...


world: ContextVar[Surroundings] = ContextVar("world")
text_now: ContextVar[str] = ContextVar("text_now", default="")

WORLDLY = frozenset({"plus", "distinct_days", "recurrence", "recurrence_of_pair", "draw"})
NAMES = frozenset({"latest_of", "days", "sum", *WORLDLY})


def chance(seed: int | str, text: str) -> float:
    """A number in [0, 1) that depends on nothing but the seed and the text it is drawn for."""
    digest = hashlib.sha256(f"{seed}|{text}".encode()).digest()
    return int.from_bytes(digest[:7], "big") / (1 << 56)


def _latest_of(instants: Sequence[datetime]) -> datetime:
    if not instants:
        raise ValueError("latest_of no instants")
    return max(instants)


def _distinct_days(instants: Sequence[datetime]) -> int:
    zone = ZoneInfo(world.get().zone)
    return len({at.astimezone(zone).date() for at in instants})


def declarations() -> "list[cel.FunctionDecl]":
    """Every function with its one typed form."""
    from cel_expr_python import cel

    kind = cel.Type

    def one(
        name: str, returns: cel.Type, parameters: Sequence[cel.Type], body: Callable[..., object]
    ) -> cel.FunctionDecl:
        form = cel.Overload(f"{name}_1", return_type=returns, parameters=list(parameters), impl=body)
        return cel.FunctionDecl(name, [form])

    instants, numbers = kind.List(kind.TIMESTAMP), kind.List(kind.DOUBLE)
    return [
        one("latest_of", kind.TIMESTAMP, [instants], _latest_of),
        one("distinct_days", kind.INT, [instants], _distinct_days),
        one("days", kind.DURATION, [kind.INT], lambda count: timedelta(days=count)),
        one("sum", kind.DOUBLE, [numbers], lambda values: float(sum(values))),
        one(
            "plus", kind.TIMESTAMP, [kind.TIMESTAMP, kind.STRING], lambda at, term: world.get().plus(at, term)
        ),
        one("recurrence", kind.INT, [kind.STRING], lambda window: world.get().recurrence(window)),
        one(
            "recurrence_of_pair",
            kind.INT,
            [kind.STRING],
            lambda window: world.get().recurrence_of_pair(window),
        ),
        one("draw", kind.BOOL, [kind.DOUBLE], lambda share: world.get().chance(text_now.get()) < share),
    ]
