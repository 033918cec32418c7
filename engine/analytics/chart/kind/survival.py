"""The share resolved by each time since the report, with how many are still watched below it."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from engine.analytics.chart.heading import Heading
from engine.analytics.chart.kind.common import Group, drawable, largest, left_out, name, too_small, unsaid
from engine.analytics.chart.model import Axis, Chart, Line, Row, Series, Table
from engine.analytics.chart.scale import DAY, shares, span, ticks, unit

BANDS = 4  # of confidence that can be seen through each other
MARKS = 60  # of censoring on one curve; more would be a second line


def survival_chart(
    groups: Sequence[Group], head: Heading, *, title: str = "", lines: Sequence[tuple[int, str]] = ()
) -> Chart:
    """``groups[]``: ``key`` and ``n``; ``curve`` [[s, share resolved], ..] by rising seconds, [] where nobody came so
    far, absent or null where there is none; if known ``band`` [[s, low, high], ..], ``censored`` [s, ..] of those
    who left unresolved, ``at_risk`` [[s, n], ..]: n lasted s seconds or longer, at rising seconds, ``until_s``: how long
    the last one was watched, where its curve ends. ``title`` is said instead of the key. Groups marked ``few`` or
    ``hidden``, and those with cases but no curve, are named and not drawn.

    ``lines``: (seconds, text) of moments to be marked, as a deadline. Of more than twelve groups the largest are drawn.
    """
    shown = [group for group in groups if group.get("curve") is not None and drawable(group)]
    small = unsaid(
        [
            group if group.get("curve") is not None else {**group, "hidden": bool(group["n"])}
            for group in groups
        ],
        head,
    )
    drawn, missing = largest(shown)
    if len(drawn) > BANDS:
        drawn = [{**group, "band": None} for group in drawn]
    horizon, longest = _horizon(drawn)
    size_name, size = unit(horizon)
    places = ticks(0, horizon, 8, size, least=1)
    note = _note(head, drawn, small, missing, horizon, longest)
    return Chart(
        "survival",
        head.lang,
        title or head.word("survival"),
        head.subtitle,
        Axis(head.word("survival_x", unit=head.word(size_name)), "seconds", 0, horizon, places),
        Axis(head.word("survival_y"), "share", 0, 1, shares()),
        tuple(_series(f"s{n}", group, head, horizon) for n, group in enumerate(drawn)),
        _table(drawn, head, [tick.at for tick in places]),
        tuple(Line("x", at, said) for at, said in lines if at <= horizon),
        tuple(note),
        empty="" if drawn else head.word("too_few" if small else "empty"),
    )


def _horizon(groups: Sequence[Group]) -> tuple[int, int]:
    """How far to draw, and how far there is something: a few very long cases would squeeze all others to the left."""
    last = max((_last(group) for group in groups), default=DAY) or DAY
    come = max((_mostly(group["curve"]) for group in groups), default=0)
    return (last if last <= 3 * come or not come else int(1.5 * come)), last


def _last(group: Group) -> int:
    """Until when anybody of the group was watched."""
    if group.get("until_s") is not None:
        return int(group["until_s"])
    ends = [group[part][-1][0] for part in ("curve", "at_risk") if group.get(part)]
    return int(max([*ends, *(group.get("censored") or [])[-1:]], default=0))


def _mostly(curve: Sequence[Sequence[float]]) -> float:
    """When 95 of 100 of those who come at all have come."""
    return next((at for at, share in curve if share >= 0.95 * curve[-1][1]), 0)


def _series(ident: str, group: Group, head: Heading, horizon: int) -> Series:
    horizon = min(horizon, _last(group))  # behind that nothing is known
    within = [(at, share) for at, share in group["curve"] if at <= horizon]
    points = [(0, 0.0), *(point for point in within if point[0] > 0)]
    if within and within[0][0] == 0:
        points[0] = (0, within[0][1])
    points.append((horizon, points[-1][1]))
    band = [(at, low, high) for at, low, high in group.get("band") or () if at <= horizon]
    if band:
        # limits that are known no longer, as where nobody is left, are not drawn on
        until = min(horizon, next((at for at, _ in group["curve"] if at > band[-1][0]), horizon))
        band = [*([(0, 0.0, 0.0)] if band[0][0] else []), *band, (until, *band[-1][1:])]
    left = [at for at in group.get("censored") or () if at <= horizon]
    every = max(1, -(-len(left) // MARKS))
    marks = tuple((at, _share(points, at)) for at in left[::every])
    said = head.word("named", name=name(group, head), n=group["n"])
    return Series(ident, said, "step", tuple(points), band=tuple(band), marks=marks)


def _share(points: Sequence[tuple[float, float]], at: float) -> float:
    share = 0.0
    for x, y in points:
        if x > at:
            break
        share = y
    return share


def _table(groups: Sequence[Group], head: Heading, at: Sequence[float]) -> Table | None:
    if not groups or not all(group.get("at_risk") for group in groups):
        return None
    rows = [
        Row(f"s{n}", name(group, head), tuple(str(_watched(group["at_risk"], place)) for place in at))
        for n, group in enumerate(groups)
    ]
    return Table(head.word("at_risk"), tuple(at), tuple(rows))


def _watched(at_risk: Sequence[Sequence[int]], at: float) -> int:
    found = bisect_left(at_risk, at, key=lambda point: point[0])
    return at_risk[found][1] if found < len(at_risk) else 0


def _note(
    head: Heading, drawn: Sequence[Any], small: Sequence[str], missing: int, horizon: int, longest: int
) -> list[str]:
    note = []
    if any(group.get("band") for group in drawn):
        note.append(head.word("band"))
    elif len(drawn) > BANDS:
        note.append(head.word("no_band", n=BANDS))
    if any(group.get("censored") for group in drawn):
        note.append(head.word("censored"))
    if horizon < longest:
        note.append(head.word("tail", drawn=span(horizon, head.lang), longest=span(longest, head.lang)))
    return [*note, *too_small(head, small), *left_out(head, missing)]
