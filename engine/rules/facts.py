"""The facts of one case at one moment, as expressions read them: what each needs, and a mapping of all.

Nothing is read before an expression names it, and no more than it names (see ``engine.rules.want``). What was
read holds as long as the parts of the state it was read from are the same objects, for a fold never alters
a part (see ``engine.machine.fold``), and, where the act itself is read, as long as its surroundings are.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from engine.domain.case import CaseState, ClockRun
from engine.domain.clock import plan
from engine.domain.instant import to_text
from engine.rules.function import chance
from engine.rules.needs import Needs
from engine.rules.schema import FactSchema
from engine.rules.source import Extra, Item, Source
from engine.rules.variable import Variables
from engine.rules.want import WHOLE

__all__ = ["Extra", "Facts", "build"]


def build(state: CaseState, schema: FactSchema, *, item: Item | None = None, extra: Extra) -> "Facts":
    """The facts of a case. ``item`` binds one party or record item to its name, for clocks ``per`` item."""
    return Facts(Source(state, schema, item, lambda: extra))


class Facts(Mapping[str, Any]):
    """A mapping in which absent facts have no key; a list of items without any is an empty list.

    Expressions do not go through the mapping: they take what they need by :meth:`given`.
    """

    def __init__(self, source: Source, fixed: Mapping[str, Any] | None = None) -> None:
        self.source = source
        self.fixed = fixed or {}  # names given other values, as they are made
        self.activations: dict[Needs, tuple[Any, Any]] = {}  # what was given, and what CEL made of it
        self._given: dict[Needs, tuple[Any, tuple[Any, ...]]] = {}

    def given(self, needs: Needs) -> tuple[Any, ...]:
        """What an expression needs, as it was read."""
        source = self.source
        parts = needs.parts(source)
        held = self._given.get(needs)
        if held is not None and held[0] == parts:
            return held[1]
        found: tuple[Any, ...] = needs.reader.read(source, source.state)
        self._given[needs] = (parts, found)
        return found

    def made(self, needs: Needs) -> dict[str, Any]:
        """What an expression needs, as CEL is given it."""
        return {
            **needs.reader.make(self.given(needs)),
            **{n: v for n, v in self.fixed.items() if n in needs.names},
        }

    def replaced(self, **made: Any) -> "Facts":
        """The same facts with some names given other values."""
        return Facts(self.source, {**self.fixed, **made})

    # ---- the mapping ---------------------------------------------------------------------------

    def __getitem__(self, name: str) -> Any:
        if name in self.fixed:
            return self.fixed[name]
        reader = self._variables.reader(name, WHOLE)
        found = reader.read(self.source, self.source.state)
        if found is None:
            raise KeyError(name)
        return reader.make(found)

    def __iter__(self) -> Iterator[str]:
        names = dict.fromkeys(self._variables.names())
        return iter([name for name in names if name in self])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @cached_property
    def _variables(self) -> Variables:
        return Variables(self.source.schema)

    # ---- what functions ask (see engine.rules.function) ------------------------------------------

    @property
    def zone(self) -> str:
        return self.source.extra.zone

    def local(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(self.zone))

    def plus(self, at: datetime, duration: str) -> datetime:
        """The end of a length of time that begins at an instant, by the calendar of the case."""
        calendar = self.source.extra.calendar
        if calendar is None:
            raise ValueError("no calendar")
        due = plan(calendar, _bare_run(at, duration)).due
        if due is None:
            raise ValueError(f"{duration} never ends")
        return due

    def recurrence(self, window: str) -> int:
        return self.source.extra.recurrence(window)

    def recurrence_of_pair(self, window: str) -> int:
        return self.source.extra.recurrence_of_pair(window)

    def chance(self, text: str) -> float:
        item = self.source.item
        return chance(self.source.extra.seed, f"{text}|{item[1] if item else ''}")


def _bare_run(at: datetime, duration: str) -> ClockRun:
    return {
        "name": "plus",
        "run": 1,
        "kind": "wait",
        "start": to_text(at),
        "within": duration,
        "pauses": [],
        "extensions": [],
        "rolls": False,
        "ends": "midnight",
        "status": "running",
        "fired": {},
        "marks": {},
    }
