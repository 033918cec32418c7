"""Where each part of a definition stands in its files."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple


class Position(NamedTuple):
    """``line`` and ``column`` count from 1; a scalar's column is that of its first character inside quotes.

    ``quote`` is the quoting of a scalar (``'``, ``"``, ``|``, ``>`` or nothing), ``text`` its text.
    """

    file: str
    line: int
    column: int
    quote: str = ""
    text: str = ""
    lines: int = 1

    def inside(self, column: int) -> "Position":
        """The place of the n-th character (from 1) of this scalar; its beginning where lines were folded."""
        if self.lines > 1 or self.quote in ("|", ">"):
            return self
        before = self.text[: max(column - 1, 0)]
        doubled = before.count("'") if self.quote == "'" else 0
        escaped = before.count("\\") + before.count('"') if self.quote == '"' else 0
        return Position(self.file, self.line, self.column + len(before) + doubled + escaped)


@dataclass(slots=True)
class Positions:
    """Path of a part (``clocks.consent.at``) to its position.

    A path runs through names and, in lists, numbers from 0, in the *normal* form: what was written as
    ``guard: sworn`` is found as ``guard.0`` as well.
    """

    file: str = ""
    known: dict[str, Position] = field(default_factory=dict)

    def put(self, path: str, position: Position) -> None:
        self.known[path] = position

    def find(self, path: str) -> Position:
        """Where the part stands, else the nearest part around it, else the file's beginning."""
        while path:
            if path in self.known:
                return self.known[path]
            path = path.rpartition(".")[0]
        return Position(self.file, 1, 1)

    def at(self, path: str, column: int) -> Position:
        """The place of the n-th character (from 1) of the text or expression at a path."""
        return self.find(path).inside(column)

    def __contains__(self, path: str) -> bool:
        return path in self.known

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)
