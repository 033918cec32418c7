"""A statement as the driver takes it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from engine.persistence.convert import Convert


@dataclass(frozen=True, slots=True)
class Compiled:
    """Driver text, what goes into its places in order, and what is done to the columns it gives."""

    sql: str
    places: tuple[tuple[str, Convert | None], ...]
    fixed: Mapping[str, Any]
    read: tuple[tuple[int, Convert], ...]
    columns: tuple[str, ...]
    writes: bool
    taken: Callable[[Mapping[str, Any]], tuple[Any, ...]] = field(init=False, compare=False)
    converted: tuple[tuple[int, Convert], ...] = field(init=False)

    def __post_init__(self) -> None:
        converted = (
            (index, convert) for index, (_, convert) in enumerate(self.places) if convert is not None
        )
        object.__setattr__(self, "converted", tuple(converted))
        object.__setattr__(self, "taken", _taker([name for name, _ in self.places]))

    def bind(self, given: Mapping[str, Any]) -> Sequence[Any]:
        values = self.taken({**self.fixed, **given} if self.fixed else given)
        if not self.converted:
            return values
        bound = list(values)
        for index, convert in self.converted:
            bound[index] = convert(bound[index])
        return bound

    def convert(self, row: Sequence[Any]) -> Sequence[Any]:
        if not self.read:
            return row
        cells = list(row)
        for index, convert in self.read:
            cells[index] = convert(cells[index])
        return cells


def _taker(names: Sequence[str]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """The values of these names, in their order."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda given: tuple([given[name] for name in names])
