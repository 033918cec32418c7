"""Where everything of a chart stands: heading, legend, plot, axes, the numbers below it, notes."""

from dataclasses import dataclass

from engine.analytics.chart import look
from engine.analytics.chart.model import Axis, Chart, Row, Series, Table
from engine.analytics.chart.plot import Plot
from engine.analytics.chart.scene import FAINT, GRID, INK, Dot, Path, Scene, Text
from engine.domain.lettering import cut, ems, folded

WIDTH, HEIGHT = 800.0, 450.0
PAD = 20.0
LEAST = 190.0  # height of a plot
BAR = 26.0  # height of a lying bar with its gap
SMALL, LEGEND, HEAD = 11.0, 12.0, 17.0
LINE = 15.0
ROW = 16.0
SWATCH = 26.0


def scene(chart: Chart) -> Scene:
    """800 wide, 450 high, or higher where there is more to be said."""
    return _Layout(chart).made()


def headed(chart: Chart, width: float) -> tuple[Scene, float]:
    """Title and subtitle on a page of that width, and where they end."""
    page, y = Scene(width), PAD + 14
    for said in folded(chart.title, (width - 2 * PAD) / HEAD, 2):
        page.texts.append(Text(PAD, y, said, HEAD, bold=True))
        y += 21
    for said in folded(chart.subtitle, (width - 2 * PAD) / LEGEND, 3):
        page.texts.append(Text(PAD, y, said, LEGEND, fill=FAINT))
        y += LINE + 1
    return page, y


@dataclass(slots=True)
class _Below:
    """What stands below the plot, measured before the plot's height is known."""

    ticks: float
    title: float
    table: float
    notes: list[str]

    @property
    def height(self) -> float:
        return self.ticks + self.title + self.table + 15 * len(self.notes) + PAD * 0.8


class _Layout:
    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self.page, self.y = headed(chart, WIDTH)
        self.left = self._margin()
        self.right = WIDTH - PAD - 6

    def made(self) -> Scene:
        if self.chart.empty:
            return self._empty()
        if self.chart.kind not in ("why", "ageing"):
            self._legend()
        self.y += 24 if self.chart.y.title else 6
        below = self._below()
        height = max(LEAST, HEIGHT - self.y - below.height)
        if self.chart.across:
            height = max(height, BAR * len(self.chart.y.ticks))
        self.page.frame = (self.left, self.y, self.right, self.y + height)
        self._axes(below)
        Plot(self.chart, self.page).draw()
        self._foot(below, self.y + height)
        self.page.height = max(HEIGHT, self.y + height + below.height)
        return self.page

    def _empty(self) -> Scene:
        page = self.page
        page.frame = (PAD, self.y + 8, WIDTH - PAD, HEIGHT - PAD)
        left, top, right, bottom = page.frame
        corners = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
        page.paths.append(Path(corners, GRID, dash="4 4"))
        page.texts.append(Text(WIDTH / 2, (top + bottom) / 2, self.chart.empty, 14, "middle", fill=FAINT))
        page.height = HEIGHT
        return page

    def _margin(self) -> float:
        """Room at the left for the ticks of y and the names of the rows below."""
        ticks = [ems(tick.text) * SMALL for tick in self.chart.y.ticks]
        rows = [ems(row.title) * SMALL + (SWATCH + 18 if row.series else 12) for row in self._rows()]
        widest = max([*ticks, *rows], default=0) + 10
        return PAD + min(max(widest, 34), 250.0 if self.chart.across else 170.0)

    def _rows(self) -> tuple[Row, ...]:
        return self.chart.table.rows if self.chart.table else ()

    # ---- legend ------------------------------------------------------------------------------

    def _legend(self) -> None:
        x, self.y = PAD, self.y + 4
        for series in self._told_apart():
            said = cut(series.title, (WIDTH - 2 * PAD - SWATCH - 6) / LEGEND)
            width = SWATCH + 6 + ems(said) * LEGEND
            if x > PAD and x + width > WIDTH - PAD:
                x, self.y = PAD, self.y + ROW + 2
            self._swatch(series, x, self.y - 4)
            self.page.texts.append(Text(x + SWATCH + 6, self.y, said, LEGEND))
            x += width + 20
        self.y += ROW - 6

    def _told_apart(self) -> list[Series]:
        """One of each title; what is stacked in the order in which it is seen, from above."""
        found = {series.title: series for series in self.chart.series if series.points}
        return list(found.values())[::-1] if self.chart.kind == "backlog" else list(found.values())

    def _swatch(self, series: Series, x: float, y: float) -> None:
        colour = look.colour(self.chart, series)
        if series.form in ("area", "bar"):
            corners = ((x, y - 6), (x + SWATCH, y - 6), (x + SWATCH, y + 5), (x, y + 5))
            hatched = look.hatched(self.chart, series)
            self.page.paths.append(Path(corners, FAINT, 0.6, fill=colour, hatched=hatched))
            return
        if series.form != "dot":
            width = 1.2 if series.form == "limit" else 2.2
            self.page.paths.append(
                Path(((x, y), (x + SWATCH, y)), colour, width, look.dash(self.chart, series))
            )
        if series.form in ("dot", "line"):
            self.page.dots.append(Dot(x + SWATCH / 2, y, look.shape(self.chart, series), colour))

    # ---- axes --------------------------------------------------------------------------------

    def _below(self) -> _Below:
        table = self.chart.table
        rows = 0.0 if table is None else ROW * (len(table.rows) + bool(table.title)) + 8
        notes = [said for note in self.chart.note for said in folded(note, (WIDTH - 2 * PAD) / SMALL, 3)]
        most = max((len(lines) for lines in self._x_labels().values()), default=1)
        return _Below(10 + 13.0 * most, 20.0 if self.chart.x.title else 0.0, rows, notes)

    def _x_labels(self) -> dict[float, list[str]]:
        """Ticks of x with their lines: each in its own room; where that is too little, every second, third .."""
        axis, room = self.chart.x, self.right - self.left
        if not axis.ticks:
            return {}
        if axis.unit == "rank" and any(series.form == "bar" for series in self.chart.series):
            slot = room / len(axis.ticks) - 4
            return {tick.at: folded(tick.text, slot / SMALL, 3) for tick in axis.ticks}
        every = self.every(axis, room)
        return {tick.at: [tick.text] for tick in axis.ticks[::every]}

    def every(self, axis: Axis, room: float) -> int:
        widest = max(ems(tick.text) for tick in axis.ticks) * SMALL + 10
        apart = min(
            (b.at - a.at for a, b in zip(axis.ticks, axis.ticks[1:], strict=False)),
            default=axis.high - axis.low,
        )
        step = room * apart / ((axis.high - axis.low) or 1)
        return max(1, -(-int(widest) // max(1, int(step))))

    def _axes(self, below: _Below) -> None:
        page, plot = self.page, Plot(self.chart, self.page)
        left, top, right, bottom = page.frame
        if self.chart.y.title:
            page.texts.append(Text(PAD, top - 13, self.chart.y.title, SMALL, fill=FAINT))
        for tick in self.chart.y.ticks:
            y = plot.y(tick.at)
            if self.chart.across:
                self._lying(tick.text, y)
                continue
            page.paths.append(Path(((left, y), (right, y)), GRID))
            page.texts.append(Text(left - 7, y + 4, tick.text, SMALL, "end", fill=FAINT))
        lying = self.chart.across
        for at, said in self._x_labels().items():
            x = plot.x(at)
            if self.chart.x.unit != "rank":
                page.paths.append(Path(((x, top if lying else bottom), (x, bottom + 4)), GRID))
            self._under(x, bottom, said)
        page.paths.append(Path(((left, bottom), (right, bottom)), FAINT))
        if self.chart.x.title:
            page.texts.append(
                Text(
                    (left + right) / 2,
                    bottom + below.ticks + 12,
                    self.chart.x.title,
                    SMALL,
                    "middle",
                    fill=FAINT,
                )
            )

    def _lying(self, said: str, y: float) -> None:
        """The name of a bar, in two lines where it is long."""
        lines = folded(said, (self.left - PAD - 10) / SMALL, 2)
        for number, line in enumerate(lines):
            down = y + 4 + (number - (len(lines) - 1) / 2) * 12
            self.page.texts.append(Text(self.left - 8, down, line, SMALL, "end"))

    def _under(self, x: float, bottom: float, said: list[str]) -> None:
        """A tick's lines below the axis, moved inwards at the edge of the page."""
        half = max(ems(line) for line in said) * SMALL / 2
        x = min(x, WIDTH - 4 - half)
        for number, line in enumerate(said):
            self.page.texts.append(Text(x, bottom + 16 + 13 * number, line, SMALL, "middle", fill=FAINT))

    # ---- below -------------------------------------------------------------------------------

    def _every(self, table: Table) -> int:
        """Every which number of a row there is room for."""
        widest = max((ems(value) for row in table.rows for value in row.values), default=0) * SMALL + 8
        room = (self.right - self.left) / ((self.chart.x.high - self.chart.x.low) or 1)
        apart = min((b - a for a, b in zip(table.at, table.at[1:], strict=False)), default=1) * room
        return max(1, -(-int(widest) // max(1, int(apart))))

    def _foot(self, below: _Below, bottom: float) -> None:
        y = bottom + below.ticks + below.title
        if self.chart.table is not None:
            self._table(y + 8)
            y += below.table
        for said in below.notes:
            self.page.texts.append(Text(PAD, y + 14, said, SMALL, fill=FAINT))
            y += 15

    def _table(self, y: float) -> None:
        table = self.chart.table
        assert table is not None  # noqa: S101 - asked by the caller
        if table.title:
            self.page.texts.append(Text(PAD, y + 12, table.title, SMALL, bold=True))
            y += ROW
        plot = Plot(self.chart, self.page)
        every = self._every(table)
        owners = {series.id: series for series in self.chart.series}
        for row in table.rows:
            x = PAD
            if row.series in owners:
                self._swatch(owners[row.series], x, y + 8)
                x += SWATCH + 6
            said = cut(row.title, (self.left - x - 20) / SMALL)
            self.page.texts.append(Text(x, y + 12, said, SMALL, fill=INK))
            for at, value in list(zip(table.at, row.values, strict=True))[::every]:
                if self.chart.x.low <= at <= self.chart.x.high:
                    self.page.text(Text(min(plot.x(at), WIDTH - 24), y + 12, value, SMALL, "middle"))
            y += ROW
