"""How long it takes by month of filing: half, 80 and 90 of 100, with how many cases there were."""

from collections.abc import Iterator, Sequence

from engine.analytics.chart.heading import Heading
from engine.analytics.chart.kind.common import Group, drawable, ranks, too_small, unsaid
from engine.analytics.chart.model import Axis, Chart, Row, Series, Table
from engine.analytics.chart.scale import DAY, percent, ticks, unit

SHARES = (("p90_s", 0.9), ("p80_s", 0.8), ("p50_s", 0.5))


def months_chart(groups: Sequence[Group], head: Heading, *, title: str = "") -> Chart:
    """``groups[]``: ``key`` {"filed_month": "2026-10"} or another key of one name, in order; ``n``; ``p50_s``,
    ``p80_s``, ``p90_s``, beside them or under ``km``: null where so many have not come so far yet. Months between them
    that nobody is of stand empty, so that the axis is true in time."""
    groups, empty = _whole(groups)
    months = [str(next(iter(group["key"].values()), "")) for group in groups]
    closed = bool(groups) and "closed_month" in groups[0]["key"]
    small = unsaid(groups, head)
    figures = [group.get("km", group) for group in groups]
    found = [one[part] for one in figures for part, _ in SHARES if one.get(part) is not None]
    most = max(found, default=DAY) or 1
    size_name, size = unit(most)
    places = ticks(0, most * 1.04, 5, size)
    gaps = any(
        one.get(part) is None
        for one, group in zip(figures, groups, strict=True)
        if drawable(group)
        for part, _ in SHARES
    )
    return Chart(
        "months",
        head.lang,
        title or head.word("months_closed" if closed else "months"),
        head.subtitle,
        ranks(months, head.word("months_x_closed" if closed else "months_x")),
        Axis(head.word("months_y", unit=head.word(size_name)), "seconds", 0, most * 1.04, places),
        tuple(
            Series(part, _by(head, share), "line", tuple((n, one.get(part)) for n, one in enumerate(figures)))
            for part, share in SHARES
        ),
        Table(
            "",
            tuple(range(len(months))),
            (Row("", head.word("n"), tuple("-" if g["n"] is None else str(g["n"]) for g in groups)),),
        )
        if groups
        else None,
        note=(
            *([head.word("months_empty")] if empty and found else []),
            *([head.word("not_yet")] if gaps and found else []),
            *too_small(head, small),
        ),
        empty=""
        if found
        else head.word(
            "too_few" if small else "none_yet" if any(group["n"] for group in groups) else "empty"
        ),
    )


def _whole(groups: Sequence[Group]) -> tuple[list[Group], bool]:
    """With the months between the first and the last, and whether any had to be added."""
    made: list[Group] = []
    for group in groups:
        name, month = next(iter(group["key"].items()), ("", None))
        before = made[-1]["key"].get(name) if made else None
        if before and month:
            made += [{"key": {name: one}, "n": 0, "km": {}} for one in _between(str(before), str(month))]
        made.append(group)
    return made, len(made) > len(groups)


def _between(first: str, last: str) -> Iterator[str]:
    """``2026-11``, ``2026-12`` of 2026-10 and 2027-01."""
    low, high = (int(year) * 12 + int(month) - 1 for year, month in (one.split("-") for one in (first, last)))
    for number in range(low + 1, high):
        yield f"{number // 12:04d}-{number % 12 + 1:02d}"


def _by(head: Heading, share: float) -> str:
    return head.word("half") if share == 0.5 else head.word("by_share", share=percent(share))
