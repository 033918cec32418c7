"""A plot of character cells: places of numbers, marks in cells, and lines of text with colour where it is wanted."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import groupby

from cli.output.colour import paint
from cli.output.width import width
from engine.analytics.chart.model import Axis

Points = Sequence[tuple[float, float | None]]


class Grid:
    """``cells`` wide and ``rows`` high; the first row is the top. A cell that is taken keeps its mark."""

    def __init__(self, cells: int, rows: int, x: Axis, y: Axis) -> None:
        self.cells, self.rows, self.x, self.y = cells, rows, x, y
        self._signs = [[" "] * cells for _ in range(rows)]
        self._styles: list[list[str | None]] = [[None] * cells for _ in range(rows)]

    def place(self, at: float) -> int:
        """The column of a number of x."""
        part = (at - self.x.low) / ((self.x.high - self.x.low) or 1)
        return min(self.cells - 1, max(0, int(part * self.cells)))

    def at(self, column: int) -> float:
        """The number in the middle of a column."""
        return self.x.low + (self.x.high - self.x.low) * (column + 0.5) / self.cells

    def row(self, at: float) -> int:
        part = (at - self.y.low) / ((self.y.high - self.y.low) or 1)
        return min(self.rows - 1, max(0, round((1 - part) * (self.rows - 1))))

    def put(self, row: int, column: int, sign: str, number: int | None = None, *, over: bool = False) -> None:
        if over or self._signs[row][column] == " ":
            self._signs[row][column] = sign
            self._styles[row][column] = None if number is None else f"series{number % 6}"

    # ---- what is drawn -----------------------------------------------------------------------

    def points(self, points: Points, sign: str, number: int | None = None, *, over: bool = False) -> None:
        for x, y in points:
            if y is not None:
                self.put(self.row(y), self.place(x), sign, number, over=over)

    def steps(self, points: Points, sign: str, number: int) -> None:
        """In each column the value that holds at its end."""
        places = [x for x, _ in points]
        taken = self.marked()
        for column in range(self.cells):
            found = (
                bisect_right(places, self.x.low + (self.x.high - self.x.low) * (column + 1) / self.cells) - 1
            )
            y = points[found][1] if found >= 0 else None
            if y is not None and (self.row(y), column) not in taken:
                self.put(self.row(y), column, sign, number, over=True)

    def marked(self) -> set[tuple[int, int]]:
        """Cells that belong to a series."""
        return {(r, c) for r, row in enumerate(self._styles) for c, style in enumerate(row) if style}

    def band(self, band: Sequence[tuple[float, float, float]], sign: str) -> None:
        places = [x for x, _, _ in band]
        for column in range(self.cells if band else 0):
            found = (
                bisect_right(places, self.x.low + (self.x.high - self.x.low) * (column + 1) / self.cells) - 1
            )
            if found >= 0:
                _, low, high = band[found]
                for row in range(self.row(high), self.row(low) + 1):
                    self.put(row, column, sign)

    def column(self, at: float, sign: str) -> None:
        for row in range(self.rows):
            self.put(row, self.place(at), sign)

    def level(self, at: float, sign: str) -> None:
        for column in range(self.cells):
            self.put(self.row(at), column, sign)

    def pillar(self, column: int, low: float, high: float, fill: str, number: int) -> None:
        """Cells of a column whose middle lies between two numbers of y."""
        for row in range(self.rows):
            middle = self.y.low + (self.y.high - self.y.low) * (self.rows - row - 0.5) / self.rows
            if low <= middle < high:
                self.put(row, column, fill, number, over=True)

    def bar(self, row: int, start: float, end: float, fill: str, number: int) -> int:
        """Fills a row between two numbers of x, one cell at least unless they are equal; gives where it ends."""
        a, b = sorted((self._edge(start), self._edge(end)))
        if a == b and start != end:
            a, b = (a, a + 1) if a < self.cells else (a - 1, a)
        for column in range(a, b):
            self.put(row, column, fill, number, over=True)
        return b

    def label(self, row: int, start: float, end: float, said: str) -> None:
        """Writes into a bar, if it is long enough to be seen on both sides of it."""
        a, b = sorted((self._edge(start), self._edge(end)))
        said = f" {said} "
        if b - a >= width(said) + 2:
            first = a + (b - a - width(said)) // 2
            for step, sign in enumerate(said):
                self._signs[row][first + step], self._styles[row][first + step] = sign, None

    def _edge(self, at: float) -> int:
        part = (at - self.x.low) / ((self.x.high - self.x.low) or 1)
        return min(self.cells, max(0, round(part * self.cells)))

    # ---- what comes of it --------------------------------------------------------------------

    def painted(self, ends: Sequence[int] = ()) -> list[str]:
        """The rows as text, each up to its end where one is told."""
        made = []
        for row in range(self.rows):
            until = ends[row] if ends and any(ends) else self.cells
            cells = list(zip(self._signs[row], self._styles[row], strict=True))[:until]
            runs = groupby(cells, key=lambda cell: cell[1])
            made.append("".join(paint("".join(sign for sign, _ in run), style) for style, run in runs))
        return made


def placed(texts: Sequence[tuple[int, str]], cells: int, lead: str = "") -> str:
    """Texts under their columns, in the middle as far as there is room; what would touch its neighbour is left out."""
    line = lead
    for column, said in texts:
        start = min(column - width(said) // 2, cells - width(said))
        used = width(line)
        if start >= used + (1 if line.strip() else 0) and start >= 0:
            line += " " * (start - used) + said
    return line
