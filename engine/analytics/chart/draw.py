"""A chart as a file."""

from engine.analytics.chart.model import Chart, plain
from engine.domain.errors import UsageError

FORMATS = ("svg", "png", "json")


def draw(chart: Chart, form: str) -> bytes:
    """The chart as ``svg``, ``png`` or ``json``; the same chart gives the same bytes. Else FM-U382."""
    if form == "json":
        import json

        return (json.dumps(plain(chart), ensure_ascii=False, indent=1) + "\n").encode()
    if form not in FORMATS:
        raise UsageError("FM-U382", given=form, known=", ".join(FORMATS))
    from engine.analytics.chart.svg import svg

    drawn = svg(chart)
    if form == "svg":
        return drawn.encode()
    from engine.analytics.chart.png import png

    return png(drawn)
