"""A chart as SVG: no scripts, nothing fetched, a title and a description for those who do not see it."""

from collections.abc import Iterator, Sequence
from html import escape

from engine.analytics.chart.layout import scene
from engine.analytics.chart.model import Axis, Chart, Series
from engine.analytics.chart.scale import percent, span
from engine.analytics.chart.scene import Dot, Path, Point, Scene, Text

FONT = "system-ui, 'Noto Sans', 'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', sans-serif"
# the same in every drawing, so that several may stand in one page
_HATCH = (
    '<defs><pattern id="folkmoot-hatch" width="6" height="6" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(45)"><path d="M0 0V6" stroke="#ffffff" stroke-width="3.4" stroke-opacity="0.62"/>'
    "</pattern></defs>"
)


def svg(chart: Chart) -> str:
    """The same chart gives the same bytes."""
    if chart.flow is not None and not chart.empty:
        from engine.analytics.chart.flow import flow_page

        page, inner = flow_page(chart)
    else:
        page, inner = scene(chart), ""
    width, height = _n(page.width), _n(page.height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}" font-family="{escape(FONT)}" role="img" lang="{escape(chart.lang)}">'
        f"<title>{escape(chart.title)}</title><desc>{escape(described(chart))}</desc>"
        f'{_HATCH}<rect width="100%" height="100%" fill="#ffffff"/>{"".join(_strokes(page))}{inner}</svg>\n'
    )


def described(chart: Chart) -> str:
    """What the chart shows, in sentences."""
    if chart.empty:
        return f"{chart.subtitle}. {chart.empty}"
    said = [chart.subtitle, *(f"{axis.title}" for axis in (chart.y, chart.x) if axis.title)]
    said += [one for series in chart.series if (one := _ends(chart, series))]
    if chart.flow is not None:
        said += [f"{state.title}: {state.n_open}" for state in chart.flow.states]
    return ". ".join([*said, *(note.rstrip(".。") for note in chart.note)]) + "."


def _ends(chart: Chart, series: Series) -> str:
    if series.form in ("limit", "dot") or not series.points:
        return ""
    if series.said:
        names = chart.y.ticks if chart.across else chart.x.ticks
        ranks = [int((y if chart.across else x) or 0) for x, y in series.points]
        return "; ".join(f"{names[rank].text} {said}" for rank, said in zip(ranks, series.said, strict=True))
    x, y = series.points[-1]
    return f"{series.title}: {_told(y, chart.y, chart.lang)} ({_told(x, chart.x, chart.lang)})"


def _told(value: float | None, axis: Axis, lang: str) -> str:
    if value is None:
        return "-"
    if axis.unit == "share":
        return percent(value)
    if axis.unit == "seconds":
        return span(value, lang)
    if axis.unit == "rank":
        return axis.ticks[int(value)].text
    return axis.ticks[-1].text if axis.unit == "day" and axis.ticks else _n(value)


def _n(number: float) -> str:
    said = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if said == "-0" else said


def _strokes(page: Scene) -> Iterator[str]:
    yield from map(_path, page.paths)
    yield from map(_dot, page.dots)
    yield from map(_text, page.texts)


def _path(path: Path) -> str:
    d = "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in path.points)
    style = f' stroke="{path.colour}" stroke-width="{_n(path.width)}"' if path.colour else ""
    style += f' stroke-dasharray="{path.dash}"' if path.dash else ""
    if not path.fill:
        return f'<path d="{d}" fill="none"{style}{_closed(path.title, "path")}'
    style += f' fill-opacity="{_n(path.opacity)}"' if path.opacity != 1 else ""
    made = f'<path d="{d}Z" fill="{path.fill}"{style}{_closed(path.title, "path")}'
    return made + (f'<path d="{d}Z" fill="url(#folkmoot-hatch)"/>' if path.hatched else "")


def _closed(title: str, tag: str) -> str:
    return f"><title>{escape(title)}</title></{tag}>" if title else "/>"


def _dot(dot: Dot) -> str:
    style = f' fill="{dot.colour}" stroke="#ffffff" stroke-width="0.8"'
    if dot.shape == "circle":
        return f'<circle cx="{_n(dot.x)}" cy="{_n(dot.y)}" r="{_n(dot.size)}"{style}{_closed(dot.title, "circle")}'
    d = "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in _corners(dot)) + "Z"
    return f'<path d="{d}"{style}{_closed(dot.title, "path")}'


def _corners(dot: Dot) -> Sequence[Point]:
    x, y, s = dot.x, dot.y, dot.size
    if dot.shape == "square":
        return (
            (x - s * 0.9, y - s * 0.9),
            (x + s * 0.9, y - s * 0.9),
            (x + s * 0.9, y + s * 0.9),
            (x - s * 0.9, y + s * 0.9),
        )
    if dot.shape == "triangle":
        return (x, y - s * 1.2), (x + s * 1.1, y + s * 0.8), (x - s * 1.1, y + s * 0.8)
    if dot.shape == "diamond":
        return (x, y - s * 1.3), (x + s * 1.3, y), (x, y + s * 1.3), (x - s * 1.3, y)
    t = s * 0.45  # a cross
    return (
        (x - t, y - s), (x + t, y - s), (x + t, y - t), (x + s, y - t), (x + s, y + t), (x + t, y + t),
        (x + t, y + s), (x - t, y + s), (x - t, y + t), (x - s, y + t), (x - s, y - t), (x - t, y - t),
    )  # fmt: skip


def _text(text: Text) -> str:
    more = "" if text.anchor == "start" else f' text-anchor="{text.anchor}"'
    more += ' font-weight="600"' if text.bold else ""
    return (
        f'<text x="{_n(text.x)}" y="{_n(text.y)}" font-size="{_n(text.size)}" fill="{text.fill}"{more}>'
        f"{escape(text.said)}</text>"
    )
