"""The share resolved by each day, as a curve of block characters: one line per eighth, as wide as the terminal; and
plain bars."""

from collections.abc import Mapping, Sequence
from typing import Any

from cli.output.width import pad, screen, width
from engine.domain.messages import text

ROWS = 8
DAY = 86_400
LEAD = 6  # room for the share at the left
MARKS = "●○▲△■□"


def curves(groups: Sequence[Mapping[str, Any]], lang: str) -> list[str]:
    """Lines of a chart with one mark per group; groups without a curve are left out, at most six are drawn."""
    drawn = [g for g in groups if g.get("curve")][: len(MARKS)]
    if not drawn:
        return []
    cells = max(24, min(screen() or 80, 100) - LEAD - 2)
    last = max(point[0] for g in drawn for point in g["curve"])
    # the tail of a few very long cases would squeeze everything else to the left
    horizon = min(last, max(_until(g["curve"], 0.95) for g in drawn)) or DAY
    grid = [[" "] * cells for _ in range(ROWS + 1)]
    for mark, group in zip(MARKS, drawn, strict=False):
        for x in range(cells):
            share = _share(group["curve"], horizon * (x + 1) / cells)
            y = ROWS - round(share * ROWS)
            if grid[y][x] == " ":
                grid[y][x] = mark
    made = [f"{100 * (ROWS - y) // ROWS:>4} %|" + "".join(row).rstrip() for y, row in enumerate(grid)]
    made.append(" " * LEAD + "+" + "-" * cells)
    made.append(_axis(horizon, cells, lang))
    made += [f"  {mark} {_name(group, lang)}" for mark, group in zip(MARKS, drawn, strict=False)]
    return made


def bars(rows: Sequence[tuple[str, int]], most: int = 20) -> list[str]:
    """A bar for each name, as long as its number beside the largest; at most so many, none where all are 0."""
    largest = max((number for _, number in rows), default=0)
    if not largest:
        return []
    shown = rows[:most]
    names = max(width(name) for name, _ in shown)
    cells = max(8, min(screen() or 80, 100) - names - len(str(largest)) - 4)
    return [
        f"  {pad(name, names)} {'█' * round(number * cells / largest)} {number}" for name, number in shown
    ]


def _share(curve: Sequence[Sequence[float]], seconds: float) -> float:
    share = 0.0
    for at, resolved in curve:
        if at > seconds:
            break
        share = resolved
    return share


def _until(curve: Sequence[Sequence[float]], share: float) -> int:
    return int(next((at for at, resolved in curve if resolved >= share), curve[-1][0]))


def _axis(horizon: float, cells: int, lang: str) -> str:
    days = horizon / DAY
    marks = [f"{days * part / 4:.0f}" if days >= 4 else f"{days * part / 4:.1f}" for part in range(5)]
    marks[-1] += " " + text("word.days", lang)
    line = ""
    for part, mark in enumerate(marks):
        line = pad(line, max(0, round(cells * part / 4) - (width(mark) if part == 4 else 0))) + mark
    return " " * (LEAD + 1) + line


def _name(group: Mapping[str, Any], lang: str) -> str:
    named = ", ".join(str(value) for value in group["key"].values() if value) or text("word.all_cases", lang)
    return f"{named} (n {group['n']})"
