"""A chart in text: plots of one mark for each series, areas and bars of one filling for each, the numbers below.

It fits the width that is asked for, needs no colour, and does without anything but ASCII where that is all there is.
"""

import locale
from collections.abc import Sequence
from dataclasses import dataclass

from cli.output.grid import Grid, placed
from cli.output.width import cut, fold, pad, screen, width
from engine.analytics.chart.model import Chart, Series

ROWS = 14
LEAST, MOST = 40, 100
NAMES = 26  # cells for names beside a plot


@dataclass(frozen=True, slots=True)
class Signs:
    marks: str
    fills: str
    levels: str
    band: str
    gone: str
    limit: str
    upright: str
    level: str
    corner: str
    arrow: str
    more: str


UNICODE = Signs("●○▲△■□◆◇★☆▼▽", "█▓▒░╳╱·", " ░▒▓█", "░", "┼", "·", "│", "─", "└", "→", "…")
ASCII = Signs("ox+*#@%&ABCD", "#%*+=-:", " .:*#", ":", "|", ".", "|", "-", "+", "->", "~")


_PLAIN = str.maketrans({"·": "-", "×": "x", "→": ">", "…": "~", "–": "-"})


def signs() -> Signs:
    """Those that the terminal can show."""
    return UNICODE if "utf" in locale.getencoding().lower() else ASCII


def room() -> int:
    return max(LEAST, min(screen() or 80, MOST))


def drawn(chart: Chart, cells: int | None = None, with_: Signs | None = None) -> list[str]:
    """Lines of at most so many cells (the terminal's where nothing is said); colour only where it is wanted."""
    using = with_ or signs()
    made = _Drawing(chart, cells or room(), using).lines()
    return [line.translate(_PLAIN) for line in made] if using is ASCII else made


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


class _Drawing:
    def __init__(self, chart: Chart, cells: int, signs: Signs) -> None:
        self.chart, self.cells, self.signs = chart, cells, signs

    def lines(self) -> list[str]:
        made = [*self._fold(self.chart.title), *self._fold(self.chart.subtitle)]
        if self.chart.empty:
            return [*made, *self._fold(self.chart.empty)]
        if self.chart.flow is not None:
            return [*made, *self._flow()]
        if self.chart.across or self.chart.kind == "ageing":
            made += self._lying()
        else:
            made += self._plot()
        return [*made, *(line for note in self._notes() for line in self._fold(note))]

    def _notes(self) -> list[str]:
        """Less what is said of bands and ticks where several curves leave no room for them."""
        from engine.domain.messages import text

        hidden = {text(f"chart.{name}", self.chart.lang) for name in ("band", "censored")}
        alone = len(self.chart.series) == 1
        return [note for note in self.chart.note if alone or note not in hidden]

    def _fold(self, said: str) -> list[str]:
        return [self._cut(line, self.cells) for line in fold(said, self.cells)]

    def _cut(self, said: str, cells: int) -> str:
        made = cut(said, cells)
        return made if self.signs.more == "…" or made == said else made[:-1] + self.signs.more

    # ---- plots -------------------------------------------------------------------------------

    def _plot(self) -> list[str]:
        lead = self._lead()
        grid = Grid(self.cells - lead - 1, ROWS, self.chart.x, self.chart.y)
        self._across(grid)
        for number, series in enumerate(self.chart.series):
            if series.form == "area":
                self._area(grid, series, self.signs.fills[number % len(self.signs.fills)], number)
            elif series.form == "limit":
                grid.points(series.points, self.signs.limit)
        for number, series in enumerate(self.chart.series):
            self._series(grid, series, number)
        labels = {grid.row(tick.at): tick.text for tick in reversed(self.chart.y.ticks)}
        made = [f"  {self.chart.y.title}"] if self.chart.y.title else []
        for row, line in enumerate(grid.painted()):
            made.append((pad(labels.get(row, ""), lead, right=True) + self.signs.upright + line).rstrip())
        made.append(" " * lead + self.signs.corner + self.signs.level * grid.cells)
        made += self._below(grid, lead)
        return [*made, *self._legend()]

    def _lead(self) -> int:
        ticks = max(width(tick.text) for tick in self.chart.y.ticks)
        rows = self.chart.table.rows if self.chart.table else ()
        names = max((width(row.title) + (4 if row.series else 2) for row in rows), default=0)
        return max(ticks + 1, min(names + 3, 21))

    def _across(self, grid: Grid) -> None:
        for line in self.chart.lines:
            if line.axis == "x":
                grid.column(line.at, self.signs.upright if self.signs is ASCII else "┊")
            else:
                grid.level(line.at, self.signs.level)

    def _series(self, grid: Grid, series: Series, number: int) -> None:
        mark = self.signs.marks[number % len(self.signs.marks)]
        if series.form == "step":
            if len(self.chart.series) == 1:
                grid.band(series.band, self.signs.band)
            grid.steps(series.points, mark, number)
            if len(self.chart.series) == 1:
                grid.points(series.marks, self.signs.gone, number, over=True)
        elif series.form in ("line", "dot"):
            grid.points(series.points, mark, number, over=series.form == "dot")

    def _area(self, grid: Grid, series: Series, fill: str, number: int) -> None:
        points = [(x, y) for x, y in series.points if y is not None]
        for column in range(grid.cells):
            at = grid.at(column)
            near = min(range(len(points)), key=lambda k: abs(points[k][0] - at))
            grid.pillar(column, series.base[near], points[near][1], fill, number)

    def _below(self, grid: Grid, lead: int) -> list[str]:
        """Ticks and title of x, and the numbers written under it."""
        start = lead + 1
        ticks = [(start + grid.place(tick.at), tick.text) for tick in self.chart.x.ticks]
        made = [placed(ticks, self.cells)]
        if self.chart.x.title:
            made.append(pad("", start) + self._cut(self.chart.x.title, self.cells - start))
        table = self.chart.table
        if table is None:
            return made
        if table.title:
            made.append(self._cut(table.title, self.cells))
        owners = {series.id: number for number, series in enumerate(self.chart.series)}
        for row in table.rows:
            mark = self.signs.marks[owners[row.series] % len(self.signs.marks)] + " " if row.series else ""
            name = pad(" " + mark + self._cut(row.title, lead - 4 - len(mark)), lead - 3)
            numbers = [
                (start + grid.place(at), value)
                for at, value in zip(table.at, row.values, strict=True)
                if self.chart.x.low <= at <= self.chart.x.high
            ]
            made.append(placed(numbers, self.cells, name))
        return made

    def _legend(self) -> list[str]:
        """Marks with what they mean, as many on a line as there is room for."""
        found: dict[str, str] = {}
        for number, series in enumerate(self.chart.series):
            if not series.points:
                continue
            sort = self.signs.fills if series.form in ("area", "bar") else self.signs.marks
            found[series.title] = self.signs.limit if series.form == "limit" else sort[number % len(sort)]
        if self.chart.kind == "funnel":  # both limits are drawn by the same sign
            limits = [title for title, sign in found.items() if sign == self.signs.limit]
            found = {
                ", ".join(limits): self.signs.limit,
                **{t: s for t, s in found.items() if t not in limits},
            }
        order = list(found.items())[::-1] if self.chart.kind == "backlog" else list(found.items())
        made = [""]
        for title, sign in order:
            said = f"  {sign} {self._cut(title, self.cells - 4)}"
            if made[-1] and width(made[-1]) + width(said) > self.cells:
                made.append("")
            made[-1] += said
        return made

    # ---- bars --------------------------------------------------------------------------------

    def _lying(self) -> list[str]:
        """Bars that lie, with their names before them; those that stand on a page lie here as well."""
        across = self.chart.across
        names, values = (self.chart.y, self.chart.x) if across else (self.chart.x, self.chart.y)
        lead = min(NAMES, max(width(tick.text) for tick in names.ticks))
        told = (
            0
            if self.chart.kind == "waiting"
            else max(width(s) for x in self.chart.series for s in x.said) + 1
        )
        grid = Grid(self.cells - lead - 2 - told, len(names.ticks), values, names)
        said = [""] * len(names.ticks)
        ends = [0] * len(names.ticks)
        for number, series in enumerate(self.chart.series):
            fill = self.signs.fills[number % len(self.signs.fills)]
            for k, ((x, y), base) in enumerate(zip(series.points, series.base, strict=True)):
                rank, value = (y, x) if across else (x, y)
                if rank is None or value is None:
                    continue
                end = grid.bar(int(rank), base, value, fill, number)
                if told:
                    said[int(rank)], ends[int(rank)] = series.said[k], end
                elif series.said:
                    grid.label(int(rank), base, value, series.said[k])
        made = [f"  {values.title}"] if values.title else []
        for rank, line in enumerate(grid.painted(ends)):
            name = pad(self._cut(names.ticks[rank].text, lead), lead, right=across)
            made.append(f"{name} {self.signs.upright}{line}{' ' + said[rank] if told else ''}".rstrip())
        return [*made, *self._legend()] if self.chart.kind == "waiting" else made

    # ---- workflows ---------------------------------------------------------------------------

    def _flow(self) -> list[str]:
        """States with their numbers, below each the acts that led on from it, the most frequent first."""
        from engine.analytics.chart.scale import span
        from engine.domain.messages import text

        flow = self.chart.flow
        assert flow is not None  # noqa: S101 - asked by the caller
        lang = self.chart.lang
        titles = {state.id: state.title for state in flow.states}
        made = []
        for state in flow.states:
            sign = self.signs.levels[state.level] if state.level is not None else " "
            told = [text("chart.flow_open", lang, n=state.n_open)] if state.n_open else []
            if state.spent_s is not None:
                told.append(
                    text("chart.flow_spent", lang, measure=flow.measure, span=span(state.spent_s, lang))
                )
            moves = sorted((m for m in flow.moves if m.source == state.id and m.n), key=lambda m: -m.n)
            if not told and not moves:
                continue
            made.append(
                self._cut(f"{sign} {state.title}" + (f": {', '.join(told)}" if told else ""), self.cells)
            )
            for move in moves:
                to = titles.get(move.target, move.target)
                made.append(self._cut(f"    {move.n:>5} {self.signs.arrow} {to}: {move.title}", self.cells))
        return made
