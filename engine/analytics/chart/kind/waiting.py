"""Whom was waited for: the time of each group as one bar of 100 %."""

from collections.abc import Mapping, Sequence

from engine.analytics.chart.heading import Heading
from engine.analytics.chart.kind.common import (
    Group,
    drawable,
    largest,
    left_out,
    name,
    ranks,
    too_small,
    unsaid,
)
from engine.analytics.chart.model import Axis, Chart, Series
from engine.analytics.chart.scale import percent, shares


def waiting_chart(
    groups: Sequence[Group], head: Heading, *, titles: Mapping[str, str], title: str = ""
) -> Chart:
    """``groups[]``: ``key``, ``n`` and ``waits`` {who: seconds}. ``titles``: who in words, in the order of the bar."""
    shown, missing = largest(
        [group for group in groups if drawable(group) and sum(group["waits"].values()) > 0]
    )
    below = [0.0] * len(shown)
    series = []
    for who, said in titles.items():
        parts = [group["waits"].get(who, 0) / sum(group["waits"].values()) for group in shown]
        top = [low + part for low, part in zip(below, parts, strict=True)]
        points = tuple((min(1.0, edge), rank) for rank, edge in enumerate(top))
        labels = tuple(percent(round(part, 2)) for part in parts)
        series.append(Series(who, said, "bar", points, base=tuple(below), said=labels))
        below = top
    names = [head.word("named", name=name(group, head), n=group["n"]) for group in shown]
    return Chart(
        "waiting",
        head.lang,
        title or head.word("waiting"),
        head.subtitle,
        Axis(head.word("waiting_x"), "share", 0, 1, shares()),
        ranks(names),
        tuple(series),
        note=(*too_small(head, unsaid(groups, head)), *left_out(head, missing)),
        across=True,
        empty="" if shown else head.word("empty"),
    )
