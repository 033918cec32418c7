"""A statement as the driver takes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
    converted: tuple[tuple[int, Convert], ...] = field(init=False)

    def __post_init__(self) -> None:
        converted = (
            (index, convert) for index, (_, convert) in enumerate(self.places) if convert is not None
        )
        object.__setattr__(self, "converted", tuple(converted))

    def bind(self, given: Mapping[str, Any]) -> list[Any]:
        values = {**self.fixed, **given} if self.fixed else given
        bound = [values[name] for name, _ in self.places]
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
