"""An answer for people that is no list: lines, items and small tables, folded to the window or whole when piped."""

from collections.abc import Callable, Sequence

from cli.output.colour import paint
from cli.output.table import Column, Row, lines, tabbed
from cli.output.width import fold, pad


class Page:
    """Lines of an answer for people; ``talk`` is said after them. ``narrow``: how to say that columns found no place."""

    def __init__(self, cells: int | None, narrow: Callable[[str], str]) -> None:
        self._lines: list[str] = []
        self.talk: list[str] = []
        self._cells, self._narrow = cells, narrow

    def line(self, said: str = "", style: str | None = None) -> None:
        self._lines += [paint(part, style) for part in self._folded(said)]

    def raw(self, said: str) -> None:
        """Text that is laid out already."""
        self._lines += said.split("\n")

    def item(self, name: str, said: str, wide: int = 10, style: str | None = None) -> None:
        """A name and what is said of it, folded beside it."""
        indent = " " * (wide + 3)
        made = fold(said, self._cells, indent) if self._cells else [indent + said]
        made[0] = f" {paint(pad(name, wide), style)}  {made[0].lstrip()}"
        self._lines += [line.rstrip() for line in made]

    def table(self, columns: Sequence[Column], rows: Sequence[Row], heads: Sequence[str] = ()) -> None:
        """A table inside a page; without heads a bare one. What finds no place is named below it."""
        if self._cells:
            made, missing = lines(columns, rows, heads or [""] * len(columns), self._cells)
            self._lines += made if heads else made[1:]
            if missing:
                names = [
                    head or column.key for head, column in zip(missing, columns[-len(missing) :], strict=True)
                ]
                self.line(self._narrow(", ".join(names)))
        else:
            self._lines += tabbed(columns, rows)

    def _folded(self, said: str) -> list[str]:
        lead = said[: len(said) - len(said.lstrip())]
        return fold(said.lstrip(), self._cells, lead) if self._cells and said.strip() else [said.rstrip()]

    def __str__(self) -> str:
        return "\n".join(self._lines)
