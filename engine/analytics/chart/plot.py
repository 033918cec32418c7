"""The inside of a chart: its series, the lines across it, and names beside points."""

from collections.abc import Iterator
from itertools import pairwise

from engine.analytics.chart import look
from engine.analytics.chart.model import Axis, Chart, Series
from engine.analytics.chart.scene import FAINT, Dot, Path, Point, Scene, Text, overlap
from engine.domain.lettering import ems

LABEL = 11.0


class Plot:
    def __init__(self, chart: Chart, page: Scene) -> None:
        self.chart, self.page = chart, page
        self._named: list[tuple[Dot, str]] = []

    def x(self, at: float) -> float:
        left, _, right, _ = self.page.frame
        return left + (right - left) * _part(at, self.chart.x)

    def y(self, at: float) -> float:
        """Upwards; where bars lie, the first is at the top."""
        _, top, _, bottom = self.page.frame
        part = _part(at, self.chart.y)
        return top + (bottom - top) * (part if self.chart.across else 1 - part)

    def draw(self) -> None:
        self._lines()
        for series in self.chart.series:
            if series.form == "bar":
                self._bars(series)
            elif series.form == "area":
                self._area(series)
            elif series.form == "dot":
                self._dots(series)
            else:
                self._line(series)
        for dot, said in self._named:
            self._name(said, dot)

    def _lines(self) -> None:
        left, top, right, bottom = self.page.frame
        for line in self.chart.lines:
            if line.axis == "x":
                x = self.x(line.at)
                self.page.paths.append(Path(((x, top), (x, bottom)), FAINT, 1.2, "3 3"))
                self.page.text(Text(x, top - 6, line.text, LABEL, "middle", fill=FAINT))
            else:
                y = self.y(line.at)
                self.page.paths.append(Path(((left, y), (right, y)), FAINT, 1.2))
                self._along(line.text, y)

    def _along(self, said: str, y: float) -> None:
        """A line's meaning where it lies on nothing that is drawn: at its right end, else at its left, above or below."""
        left, _, right, _ = self.page.frame
        places = [(x, up, side) for x, side in ((right - 4, "end"), (left + 4, "start")) for up in (-5, 14)]
        for x, up, side in places:
            made = Text(x, y + up, said, LABEL, side, fill=FAINT)
            if self._free(made.box) and self.page.text(made):
                return
        self._beside(said, right, y - 5, 4) or self._beside(said, right, y + 14, 4)

    def _free(self, box: tuple[float, float, float, float]) -> bool:
        """Whether no line and no dot of a series passes through it."""
        for series in self.chart.series:
            points = [(self.x(x), self.y(y)) for x, y in series.points if y is not None]
            if series.form != "dot":
                points = [
                    (a[0] + (b[0] - a[0]) * part / 16, a[1] + (b[1] - a[1]) * part / 16)
                    for a, b in pairwise(points)
                    for part in range(17)
                ]
            if any(overlap(box, (x - 5, y - 5, x + 5, y + 5)) for x, y in points):
                return False
        return True

    def _beside(self, said: str, x: float, y: float, gap: float) -> bool:
        """Right of a place, else left of it, else not at all."""
        fits = x + gap + ems(said) * LABEL <= self.page.frame[2]
        sides = [(x + gap, "start"), (x - gap, "end")][0 if fits else 1 :]
        return any(self.page.text(Text(at, y, said, LABEL, anchor, fill=FAINT)) for at, anchor in sides)

    # ---- bars and areas ----------------------------------------------------------------------

    def _bars(self, series: Series) -> None:
        fill = look.colour(self.chart, series)
        for number, ((x, y), base) in enumerate(zip(series.points, series.base, strict=True)):
            if y is None:
                continue
            half = 0.36
            if self.chart.across:
                edges = [self.x(base), self.x(x)]
                a, b = self.y(y - half), self.y(y + half)
                left, top, right, bottom = min(edges), a, max(edges), b
            else:
                left, right = self.x(x - half), self.x(x + half)
                top, bottom = self.y(y), self.y(base)
            said = series.said[number] if series.said else ""
            if right - left > 0 and bottom - top > 0:
                corners = ((left, top), (right, top), (right, bottom), (left, bottom))
                self.page.paths.append(
                    Path(
                        corners, "#ffffff", 0.8, fill=fill, hatched=look.hatched(self.chart, series),
                        series=series.id, title=f"{series.title}: {said}",
                    )
                )  # fmt: skip
            if said:
                self._said(said, (left, top, right, bottom), fill, hatched=look.hatched(self.chart, series))

    def _said(self, said: str, bar: tuple[float, float, float, float], fill: str, *, hatched: bool) -> None:
        left, top, right, bottom = bar
        middle = (left + right) / 2
        if self.chart.kind == "waiting":
            if ems(said) * LABEL + 8 <= right - left:
                ink = "#1d2430" if hatched else look.ink_on(fill)
                self.page.text(Text(middle, (top + bottom) / 2 + 4, said, LABEL, "middle", fill=ink))
        elif self.chart.across:
            self.page.text(Text(right + 5, (top + bottom) / 2 + 4, said, LABEL))
        else:
            self.page.text(Text(middle, top - 5, said, LABEL, "middle"))

    def _area(self, series: Series) -> None:
        upper = [(self.x(x), self.y(y)) for x, y in series.points if y is not None]
        lower = [(self.x(x), self.y(y)) for (x, _), y in zip(series.points, series.base, strict=True)]
        if len(upper) == 1:  # one day is drawn as a day
            width = self.x(series.points[0][0] + 1)
            upper, lower = [*upper, (width, upper[0][1])], [*lower, (width, lower[0][1])]
        fill = look.colour(self.chart, series)
        self.page.paths.append(
            Path((*upper, *lower[::-1]), "#ffffff", 0.6, fill=fill, series=series.id, title=series.title)
        )

    # ---- lines and dots ----------------------------------------------------------------------

    def _line(self, series: Series) -> None:
        colour = look.colour(self.chart, series)
        if series.band:
            self._band(series, colour)
        for run in _runs(series):
            points = self._stepped(run) if series.form == "step" else [(self.x(x), self.y(y)) for x, y in run]
            width = 1.2 if series.form == "limit" else 2.2
            self.page.paths.append(
                Path(
                    tuple(points),
                    colour,
                    width,
                    look.dash(self.chart, series),
                    series=series.id,
                    title=series.title,
                )
            )
            if series.form == "line":
                shape = look.shape(self.chart, series)
                self.page.dots += [Dot(x, y, shape, colour, series.id, series.title) for x, y in points]
        for x, share in series.marks:
            at = (self.x(x), self.y(share))
            top, low = self.page.frame[1], self.page.frame[3]
            self.page.paths.append(
                Path(
                    ((at[0], max(top, at[1] - 4)), (at[0], min(low, at[1] + 4))),
                    colour,
                    1.1,
                    series=series.id,
                )
            )

    def _band(self, series: Series, colour: str) -> None:
        upper = self._stepped([(x, high) for x, _, high in series.band])
        lower = self._stepped([(x, low) for x, low, _ in series.band])
        opacity = 0.16 if len(self.chart.series) <= 3 else 0.08
        self.page.paths.append(
            Path((*upper, *lower[::-1]), fill=colour, opacity=opacity, width=0, series=series.id)
        )

    def _stepped(self, points: list[tuple[float, float]]) -> list[Point]:
        made: list[Point] = []
        for x, y in points:
            here = (self.x(x), self.y(y))
            if made and made[-1][1] != here[1]:
                made.append((here[0], made[-1][1]))
            made.append(here)
        return made

    def _dots(self, series: Series) -> None:
        colour, shape = look.colour(self.chart, series), look.shape(self.chart, series)
        named = bool(series.said)
        for number, (x, y) in enumerate(series.points):
            if y is None:
                continue
            said = series.said[number] if named else ""
            place = Dot(
                self.x(x), self.y(y), shape, colour, series.id, said or series.title, 5 if named else 3.5
            )
            self.page.dots.append(place)
            if said:
                self._named.append((place, said))

    def _name(self, said: str, dot: Dot) -> None:
        """Beside a point wherever there is room; its tool tip has the name in any case."""
        left, top, right, bottom = self.page.frame
        for x, y, anchor in (
            (dot.x + 8, dot.y + 4, "start"),
            (dot.x - 8, dot.y + 4, "end"),
            (dot.x, dot.y - 9, "middle"),
            (dot.x, dot.y + 17, "middle"),
        ):
            made = Text(x, y, said, LABEL, anchor)
            box = made.box
            inside = left <= box[0] and box[2] <= right and top <= box[1] and box[3] <= bottom
            free = all(
                one is dot or not overlap(box, (one.x - 5, one.y - 5, one.x + 5, one.y + 5))
                for one in self.page.dots
            )
            if inside and free and self.page.text(made):
                return


def _part(at: float, axis: Axis) -> float:
    return (at - axis.low) / ((axis.high - axis.low) or 1)


def _runs(series: Series) -> Iterator[list[tuple[float, float]]]:
    """Pieces between the gaps."""
    run: list[tuple[float, float]] = []
    for x, y in series.points:
        if y is not None:
            run.append((x, y))
        elif run:
            yield run
            run = []
    if run:
        yield run
