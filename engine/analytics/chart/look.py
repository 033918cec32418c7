"""How series are told apart: by colour (Okabe and Ito's, safe for the colour-blind), by dashes, by marks, by hatching."""

from engine.analytics.chart.model import Chart, Series

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#9a4d86", "#1d2430", "#b37700", "#3a9bd9")
DASHES = ("", "7 3", "2 3", "10 3 2 3", "15 4")  # 5 and 7 have no common factor: 35 looks
SHAPES = ("circle", "square", "triangle", "diamond", "cross")
FILLS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#8a8f98")
RAMP = ("#0b2a5b", "#1f4e94", "#3a76b8", "#669fd0", "#98c2e2", "#bcd7ec", "#d6e7f5")  # dark is old
HEAT = ("#fffaf0", "#fdeac6", "#fbcf93", "#f6a765", "#e5813f")  # of time spent, from little to much
WHY = {"whole": "#8a8f98", "longer": "#d55e00", "shorter": "#0072b2"}


def colour(chart: Chart, series: Series) -> str:
    number = chart.series.index(series)
    if chart.kind == "why":
        return WHY[series.id]
    if chart.kind == "backlog":
        last = max(1, len(chart.series) - 1)
        return RAMP[round(number * (len(RAMP) - 1) / last)]
    if series.form == "limit":
        return "#59616d"
    if chart.kind == "funnel":
        return COLOURS[0] if series.id == "inside" else COLOURS[1]
    return FILLS[number % len(FILLS)] if series.form in ("bar", "area") else COLOURS[number % len(COLOURS)]


def dash(chart: Chart, series: Series) -> str:
    if series.form == "limit":
        return "5 4" if "998" in series.id else "2 3"
    return DASHES[chart.series.index(series) % len(DASHES)]


def shape(chart: Chart, series: Series) -> str:
    if chart.kind == "funnel":
        return "circle" if series.id == "inside" else "diamond"
    return SHAPES[chart.series.index(series) % len(SHAPES)]


def hatched(chart: Chart, series: Series) -> bool:
    return chart.kind == "waiting" and chart.series.index(series) % 2 == 1


def ink_on(fill: str) -> str:
    """Black or white, whichever is read more easily on the colour."""
    red, green, blue = (int(fill[n : n + 2], 16) / 255 for n in (1, 3, 5))
    return "#ffffff" if 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2 < 0.22 else "#1d2430"
