"""Tables: columns parted by spaces that fit the terminal, or tab-separated lines when piped."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cli.output.colour import paint
from cli.output.width import cut, fold, pad, width

GAP = "  "
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """``key`` names the JSON key and the word ``word.<key>`` of the head.

    ``cell`` makes the text of a row (else the value as it stands); ``flex`` columns give way first, down
    to ``least`` cells; ``style`` names the colour that doubles the word.
    """

    key: str
    cell: Callable[[Row], str] | None = None
    right: bool = False
    flex: bool = False
    least: int = 8
    style: Callable[[Row], str | None] | None = None
    head: str | None = None

    def text(self, row: Row) -> str:
        if self.cell:
            return self.cell(row)
        value = row.get(self.key)
        return "" if value is None else str(value)


def lines(
    columns: Sequence[Column], rows: Sequence[Row], heads: Sequence[str], cells: int
) -> tuple[list[str], list[str]]:
    """Lines for a terminal of so many cells, and the heads of the columns that found no place. The first is the head,
    in several lines where more columns find a place so."""
    grid = [[column.text(row) for column in columns] for row in rows]
    widest = [max((width(r[i]) for r in grid), default=0) for i in range(len(columns))]
    wide = _fit(
        columns, [max(width(head), most) for head, most in zip(heads, widest, strict=True)], cells - 1
    )
    if len(wide) < len(columns):
        folded = [max(_least(head), most) for head, most in zip(heads, widest, strict=True)]
        wide = max(wide, _fit(columns, folded, cells - 1), key=len)
    shown = range(len(wide))
    made = ["\n".join(_heads([heads[i] for i in shown], columns, wide))]
    for row, texts in zip(rows, grid, strict=True):
        made.append(_line([texts[i] for i in shown], columns, wide, _painter(columns, row)))
    return made, list(heads[len(wide) :])


def _least(head: str) -> int:
    """How narrow a column may be for its head: the longest word, of Chinese three characters."""
    return max(map(width, fold(head, 1))) if head.isascii() else min(width(head), 6)


def _heads(heads: Sequence[str], columns: Sequence[Column], wide: list[int]) -> list[str]:
    """Each folded into its width, all ending on the last line."""
    folded = [fold(head, cells) for head, cells in zip(heads, wide, strict=True)]
    high = max(map(len, folded))
    return [
        _line([([""] * (high - len(one)) + one)[n] for one in folded], columns, wide, lambda _i, text: text)
        for n in range(high)
    ]


def _fit(columns: Sequence[Column], natural: list[int], cells: int) -> list[int]:
    """Widths of as many columns, from the left, as find room; flexible ones give way before one goes."""
    for count in range(len(columns), 1, -1):
        wide = _narrowed(columns, natural[:count], cells - len(GAP) * (count - 1) - 1)
        if wide:
            return wide
    return natural[:1]


def _narrowed(columns: Sequence[Column], wide: list[int], room: int) -> list[int]:
    """The widest flexible column gives a cell, again and again; empty if all at their least are still too wide."""
    while sum(wide) > room:
        soft = [i for i, cells in enumerate(wide) if columns[i].flex and cells > columns[i].least]
        if not soft:
            return []
        wide[max(soft, key=lambda i: wide[i])] -= 1
    return wide


def _line(
    texts: list[str], columns: Sequence[Column], wide: list[int], dress: Callable[[int, str], str]
) -> str:
    parts = []
    for i, text in enumerate(texts):
        padded = pad(cut(text, wide[i]), wide[i], right=columns[i].right)
        parts.append(dress(i, padded))
    return (" " + GAP.join(parts)).rstrip()


def _painter(columns: Sequence[Column], row: Row) -> Callable[[int, str], str]:
    def dress(i: int, text: str) -> str:
        style = columns[i].style
        return paint(text, style(row)) if style else text

    return dress


def tabbed(columns: Sequence[Column], rows: Sequence[Row]) -> list[str]:
    """The same columns for a pipe: nothing cut, no head, so that `cut -f1` gives references."""
    return ["\t".join(_flat(column.text(row)) for column in columns) for row in rows]


def _flat(text: str) -> str:
    return text.replace("\t", " ").replace("\n", " ")
