"""Charts: one value of plain data (:mod:`.model`), drawn as SVG, as PNG, as JSON and, by the command line, in text.

    chart = survival_chart(answer["groups"], heading(answer, lang="en", zone=zone))
    draw(chart, "svg")

What each builder takes stands in its docstring and in docs/charts.md.
"""

from engine.analytics.chart.draw import FORMATS, draw
from engine.analytics.chart.heading import Heading, heading
from engine.analytics.chart.model import SCHEMA, Chart

__all__ = ["FORMATS", "SCHEMA", "Chart", "Heading", "draw", "heading"]
