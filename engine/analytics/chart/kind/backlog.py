"""Open cases by day, stacked by how old they were that day."""

from collections.abc import Sequence
from datetime import date

from engine.analytics.chart.heading import Heading
from engine.analytics.chart.kind.common import Group, age, counts
from engine.analytics.chart.model import Axis, Chart, Series
from engine.analytics.chart.scale import days as dates

MOST = 400  # days that are drawn one by one


def backlog_chart(days: Sequence[Group], bands: Sequence[Group], head: Heading, *, title: str = "") -> Chart:
    """``days[]``: ``date`` "2026-11-01", rising, and ``by_age`` [n, ..], one number for each band. ``bands[]``: by
    rising age, ``from_s``, ``to_s`` (null: and older), if wanted ``title``."""
    every = max(1, -(-len(days) // MOST))
    shown = [*days[: len(days) - 1 : every], days[-1]] if days else []
    at = [date.fromisoformat(day["date"]).toordinal() for day in shown]
    below = [0] * len(shown)
    series = []
    # the oldest lie at the bottom: they are what a backlog is about
    for number in range(len(bands) - 1, -1, -1):
        top = [low + day["by_age"][number] for low, day in zip(below, shown, strict=True)]
        points = tuple(zip(at, top, strict=True))
        series.append(Series(f"a{number}", age(bands[number], head), "area", points, base=tuple(below)))
        below = top
    first, last = (at[0], max(at[-1], at[0] + 1)) if at else (1, 2)
    return Chart(
        "backlog",
        head.lang,
        title or head.word("backlog"),
        head.subtitle,
        Axis(
            head.word("backlog_x"), "day", first, last, dates(date.fromordinal(first), date.fromordinal(last))
        ),
        counts(head.word("backlog_y"), max(below, default=0)),
        tuple(series),
        empty="" if any(below) else head.word("empty"),
    )
