"""Cases out of rows: one row each, or all rows with the same key, as an event log has them.

Nothing of a case is taken from a part of its rows: where one row does not hold, the whole case is left out.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from operator import attrgetter
from typing import Any

from engine.service.importing.mapping import Mapping, Source
from engine.service.organisation.sheet import Row

Read = Callable[[str, str], datetime]  # the text of a cell and its column
Said = tuple[str, int]  # a value and the row in which it stands


class Rejected(Exception):
    """One case does not hold. ``column``, ``number`` of the row and parameters go into the rejects file and the message."""

    def __init__(self, code: str, column: str, number: int | None = None, /, **params: Any) -> None:
        super().__init__(code)
        self.code, self.column, self.number, self.params = code, column, number, params


@dataclass(frozen=True, slots=True)
class Time:
    at: datetime
    text: str  # as the register has it
    row: int


_at = attrgetter("at")


@dataclass(frozen=True, slots=True)
class Note:
    """What was seen and mended: how many cases, and the first of them."""

    code: str
    count: int
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bundle:
    """The rows of one case in the order of time, or of the file where the map names no time of a row."""

    key: str
    rows: tuple[Row, ...]
    fault: Rejected | None = None  # found while the rows were put in order

    @property
    def number(self) -> int:
        return min(row.number for row in self.rows)

    def text(self, source: Source) -> tuple[str, int]:
        """What the case says there, "" for nothing, and the row that says it; FM-I090 where rows disagree."""
        found = self._values(source)
        if not found:
            return "", self.number
        if not source.take:
            self._agreed(source, found, [text for text, _ in found])
        return found[-1 if source.take == "last" else 0]

    def moment(self, source: Source, read: Read) -> Time | None:
        """The earliest or the latest time there, by the clock and not by the order of the rows."""
        found = self._values(source)
        if not found:
            return None
        times = [Time(_read(text, source.column, row, read), text, row) for text, row in found]
        if not source.take:
            self._agreed(source, found, [time.at for time in times])
        return max(times, key=_at) if source.take == "last" else min(times, key=_at)

    def _values(self, source: Source) -> list[Said]:
        return [
            (text, row.number)
            for row in self.rows
            if (text := row.cells.get(source.column, "").strip())
            and all(_is(row.cells.get(column, ""), wanted) for column, wanted in source.where.items())
        ]

    def _agreed(self, source: Source, found: Sequence[Said], values: Sequence[Any]) -> None:
        (first, begun), *_ = found
        for (other, row), value in zip(found, values, strict=True):
            if value != values[0]:
                raise Rejected(
                    "FM-I090", source.column, row,
                    key=self.key, column=source.column, first=first, begun=begun, other=other,
                )  # fmt: skip


def gather(mapping: Mapping, rows: Iterable[Row], read: Read) -> tuple[list[Bundle], list[Note]]:
    """The cases of a register in the order in which they begin, and what had to be put in order for that.

    A row without a key is a case of its own here, so that it is told as one that was left out.
    """
    if mapping.rows == "cases":
        return [Bundle(_key(mapping, row), (row,)) for row in rows], []
    held: dict[Any, list[tuple[int, Row]]] = {}
    for place, row in enumerate(rows):
        held.setdefault(_key(mapping, row) or place, []).append((place, row))
    bundles = [_bundle(mapping, [row for _, row in members], read) for members in held.values()]
    return bundles, [*_apart(mapping, held.values()), *_unordered(mapping, bundles)]


def _bundle(mapping: Mapping, rows: Sequence[Row], read: Read) -> Bundle:
    key = _key(mapping, rows[0])
    if not key:
        return Bundle(key, tuple(rows), Rejected("FM-I093", mapping.key, column=mapping.key))
    if mapping.at is None:
        return Bundle(key, tuple(rows))
    try:
        times = [_read(row.cells.get(mapping.at, ""), mapping.at, row.number, read) for row in rows]
    except Rejected as error:
        return Bundle(key, tuple(rows), error)
    order = sorted(range(len(rows)), key=times.__getitem__)
    return Bundle(key, tuple(rows[n] for n in order))


def _apart(mapping: Mapping, held: Iterable[Sequence[tuple[int, Row]]]) -> Iterator[Note]:
    """Cases between whose rows other cases stand."""
    apart = [members for members in held if members[-1][0] - members[0][0] >= len(members)]
    if apart:
        members = apart[0]
        gap = next(n for n in range(1, len(members)) if members[n][0] - members[n - 1][0] > 1)
        rows = [members[n][1] for n in (gap - 1, gap)]
        params = {"key": _key(mapping, rows[0]), "row": rows[0].number, "other": rows[1].number}
        yield Note("FM-I092", len(apart), params)


def _unordered(mapping: Mapping, bundles: Iterable[Bundle]) -> Iterator[Note]:
    """Cases whose rows do not stand in the order of time."""
    found = [bundle for bundle in bundles if (_backward(bundle) is not None)]
    if found:
        params = {"key": found[0].key, "row": _backward(found[0]), "column": mapping.at}
        yield Note("FM-I091", len(found), params)


def _backward(bundle: Bundle) -> int | None:
    """The first row that stands below a later one."""
    numbers = [row.number for row in bundle.rows]
    return next((b for a, b in pairwise(numbers) if b < a), None)


def _key(mapping: Mapping, row: Row) -> str:
    return row.cells.get(mapping.key, "").strip()


def _read(text: str, column: str, row: int, read: Read) -> datetime:
    try:
        return read(text.strip(), column)
    except Rejected as error:
        raise Rejected(error.code, error.column, row, **error.params) from error


def _is(value: str, wanted: str | tuple[str, ...]) -> bool:
    return value.strip() in ((wanted,) if isinstance(wanted, str) else wanted)
