"""A case at one moment, and what surrounds the act on it, as readers go through it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.domain.calendar import Calendar
from engine.domain.case import RecordItem
from engine.rules.kind import Persons
from engine.rules.schema import FactSchema

Item = tuple[str, str]  # ("party" or a record's name, the number or id bound to that name)


def _nobody(_code: str) -> None:
    return None


def _never(_window: str) -> int:
    return 0


@dataclass(frozen=True)
class Extra:
    """What the facts of an act are made of besides the case: plain values and pure look-ups.

    ``actor`` {id, roles, party?} · ``act`` {trigger, at, item?, note?}, ``at`` an aware instant · ``now``
    the time of occurrence · ``zone`` of the calendar · ``params`` in stored form · ``links`` of
    {kind, case_type, outcome?, closed} · ``recurrence(window)`` earlier cases of the same type at the same
    place · ``recurrence_of_pair(window)`` earlier cases of any type between two of the parties.
    """

    now: datetime
    zone: str
    actor: Mapping[str, Any] = field(default_factory=dict)
    act: Mapping[str, Any] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    persons: Persons = _nobody
    links: Sequence[Mapping[str, Any]] = ()
    calendar: Calendar | None = None
    recurrence: Callable[[str], int] = _never
    recurrence_of_pair: Callable[[str], int] = _never
    seed: int | str = 0


class Source:
    """``item`` binds one party or record item to its name, for clocks ``per`` item; ``around`` gives the
    surroundings of the act, the same object as long as they are the same."""

    __slots__ = ("_around", "_index", "_indexed", "item", "schema", "state")

    def __init__(
        self, state: Mapping[str, Any], schema: FactSchema, item: Item | None, around: Callable[[], Extra]
    ) -> None:
        self.state = state
        self.schema = schema
        self.item = item
        self._around = around
        self._index: dict[tuple[str, str | None], list[RecordItem]] = {}
        self._indexed: tuple[list[RecordItem], int] | None = None

    @property
    def extra(self) -> Extra:
        return self._around()

    def items(self, kind: str, owner: str | None = None) -> Sequence[RecordItem]:
        """The items of a kind that count now: of this cycle, unless the kind lasts for the case. Of all
        owners, or of one party or item."""
        records, cycle = self.state["records"], self.state["cycle"]
        if self._indexed is None or self._indexed[0] is not records or self._indexed[1] != cycle:
            self._indexed, self._index = (records, cycle), self._sorted(records, cycle)
        return self._index.get((kind, owner), ())

    def _sorted(
        self, records: list[RecordItem], cycle: int
    ) -> dict[tuple[str, str | None], list[RecordItem]]:
        found: dict[tuple[str, str | None], list[RecordItem]] = {}
        for record in records:
            kind = record["kind"]
            shape = self.schema.records.get(kind)
            if shape is not None and (record["cycle"] == cycle or shape.lasts == "case"):
                found.setdefault((kind, None), []).append(record)
                owner = record.get("party") or record.get("of")
                if owner is not None:
                    found.setdefault((kind, owner), []).append(record)
        return found
