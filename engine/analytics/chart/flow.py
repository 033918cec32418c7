"""A workflow's drawing set in the page of a chart: heading, what the colours mean, the drawing."""

from engine.analytics.chart.layout import LEGEND, PAD, WIDTH, headed
from engine.analytics.chart.look import HEAT
from engine.analytics.chart.model import Chart
from engine.analytics.chart.scale import span
from engine.analytics.chart.scene import FAINT, Path, Scene, Text
from engine.domain.lettering import ems
from engine.domain.messages import text


def flow_page(chart: Chart) -> tuple[Scene, str]:
    """The strokes around the drawing, and the drawing at its place."""
    flow = chart.flow
    assert flow is not None  # noqa: S101 - asked by the caller
    body, width, height = flow.picture
    page, y = headed(chart, max(WIDTH, width))
    if flow.levels:
        _scale(page, chart, y + 6)
        y += 26
    page.height = y + height
    left = max(0.0, (page.width - width) / 2)
    return page, f'<g transform="translate({left:.1f} {y:.1f})">{body}</g>'


def _scale(page: Scene, chart: Chart, y: float) -> None:
    flow = chart.flow
    assert flow is not None  # noqa: S101 - asked by the caller
    said = text("chart.flow_scale", chart.lang, measure=flow.measure)
    page.texts.append(Text(PAD, y + 8, said, LEGEND, fill=FAINT))
    x = PAD + ems(said) * LEGEND + 14
    for number, fill in enumerate(HEAT):
        edge = flow.levels[max(0, number - 1)]
        said = text(
            "chart.flow_from" if number else "chart.flow_below", chart.lang, span=span(edge, chart.lang)
        )
        corners = ((x, y - 3), (x + 18, y - 3), (x + 18, y + 9), (x, y + 9), (x, y - 3))
        page.paths.append(Path(corners, FAINT, 0.7, fill=fill))
        page.texts.append(Text(x + 23, y + 8, said, 11, fill=FAINT))
        x += 23 + ems(said) * 11 + 14
