"""Units by how many cases they have, against a rate, with the limits of chance (Spiegelhalter, Statistics in
Medicine 24, 2005)."""

from collections.abc import Sequence

from engine.analytics.chart.heading import Heading
from engine.analytics.chart.kind.common import Group, drawable, name, too_small, unsaid
from engine.analytics.chart.model import Axis, Chart, Line, Series
from engine.analytics.chart.scale import percent, shares, ticks

Limits = Sequence[Sequence[float]]
NAMED = 12


def funnel_chart(
    groups: Sequence[Group],
    head: Heading,
    *,
    centre: float,
    limits: Limits = (),
    title: str = "",
    axis: str = "",
) -> Chart:
    """``groups[]``: ``key``, ``n``, ``share`` (null: left out). ``centre``: the rate of all. ``limits``: [n, low 95,
    high 95, low 99.8, high 99.8] by rising n, from the smallest to the largest group; without them those of the
    binomial distribution. ``axis``: what the rate is."""
    shown = sorted((g for g in groups if g.get("share") is not None and drawable(g)), key=lambda g: g["n"])
    high = max((group["n"] for group in shown), default=1) * 1.06
    limits = limits or _binomial(centre, high)
    outside = [group for group in shown if _outside(group, limits)]
    inside = [group for group in shown if not _outside(group, limits)]
    return Chart(
        "funnel",
        head.lang,
        title or head.word("funnel"),
        head.subtitle,
        Axis(head.word("funnel_x"), "cases", 0, high, ticks(0, high, 8, least=1)),
        Axis(axis or head.word("funnel_y"), "share", 0, 1, shares()),
        (
            *_limits(limits, head, high),
            Series("inside", head.word("inside"), "dot", _points(inside)),
            Series(
                "outside",
                head.word("outside"),
                "dot",
                _points(outside),
                said=tuple(name(group, head) for group in outside),
            ),
        ),
        lines=(Line("y", centre, head.word("funnel_mean", share=percent(centre))),) if shown else (),
        note=(
            *([head.word("funnel_note", names=_listed(outside, head))] if shown else []),
            *too_small(head, unsaid(groups, head)),
        ),
        empty="" if shown else head.word("too_few" if unsaid(groups, head) else "empty"),
    )


def _listed(groups: Sequence[Group], head: Heading) -> str:
    said = ", ".join(name(group, head) for group in groups[:NAMED]) or head.word("nobody")
    more = len(groups) - NAMED
    return head.word("and_more", names=said, n=more) if more > 0 else said


def _binomial(centre: float, high: float) -> list[list[float]]:
    import numpy as np

    from engine.analytics.estimate.funnel import limits

    sizes = np.unique(np.maximum(1, np.rint(high * (np.arange(1, 61) / 60) ** 2))).astype(np.int64)
    found = limits(sizes, centre).reshape(sizes.size, 4).tolist()
    return [[n, *row] for n, row in zip(sizes.tolist(), found, strict=True)]


def _points(groups: Sequence[Group]) -> tuple[tuple[float, float], ...]:
    return tuple((group["n"], group["share"]) for group in groups)


def _limits(limits: Limits, head: Heading, high: float) -> list[Series]:
    within = [row for row in limits if row[0] <= high]
    made = []
    for number, (ident, side) in enumerate(
        (("95", "low"), ("95", "high"), ("998", "low"), ("998", "high")), 1
    ):
        share = head.word("limit", share="95 %" if ident == "95" else "99.8 %")
        points = tuple((row[0], row[number]) for row in within)
        made.append(Series(f"limit_{ident}_{side}", share, "limit", points))
    return made


def _outside(group: Group, limits: Limits) -> bool:
    """Beyond the outer limits, read between their points in a straight line."""
    row = _at(limits, group["n"])
    return bool(group["share"] < row[3] - 1e-12 or group["share"] > row[4] + 1e-12)


def _at(limits: Limits, n: float) -> Sequence[float]:
    after = next((k for k, row in enumerate(limits) if row[0] >= n), len(limits) - 1)
    if after == 0 or limits[after][0] <= n:
        return limits[after]
    a, b = limits[after - 1], limits[after]
    part = (n - a[0]) / (b[0] - a[0])
    return [x + part * (y - x) for x, y in zip(a, b, strict=True)]
