"""A statement as the driver takes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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

    def bind(self, given: Mapping[str, Any]) -> list[Any]:
        values = {**self.fixed, **given} if self.fixed else given
        return [values[name] if convert is None else convert(values[name]) for name, convert in self.places]

    def convert(self, row: Sequence[Any]) -> Sequence[Any]:
        if not self.read:
            return row
        cells = list(row)
        for index, convert in self.read:
            cells[index] = convert(cells[index])
        return cells
