"""What several kinds of charts say alike."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.analytics.chart.heading import Heading
from engine.analytics.chart.model import Axis, Tick
from engine.analytics.chart.scale import span, ticks

MOST = 12  # groups on one chart: more cannot be told apart
Group = Mapping[str, Any]


def name(group: Group, head: Heading) -> str:
    """The group's ``title``, else the values of its key."""
    if group.get("title"):
        return str(group["title"])
    said = [head.word("none") if value is None else str(value) for value in group["key"].values()]
    return ", ".join(said) or head.word("all_cases")


def drawable(group: Group) -> bool:
    """Whether there are cases in it, and not too few or too private to be told of."""
    return bool(group.get("n")) and not group.get("few") and not group.get("hidden")


def unsaid(groups: Sequence[Group], head: Heading) -> list[str]:
    """Names of the groups that are too small."""
    return [name(group, head) for group in groups if group.get("few") or group.get("hidden")]


def too_small(head: Heading, names: Sequence[str]) -> list[str]:
    said = ("、" if head.lang == "zh" else ", ").join(names[:MOST])
    if len(names) > MOST:
        said = head.word("and_more", names=said, n=len(names) - MOST)
    return [head.word("too_small", names=said)] if names else []


def largest(groups: Sequence[Group]) -> tuple[list[Group], int]:
    """At most :data:`MOST` of them in their own order, those with most cases, and how many are left out."""
    order = sorted(range(len(groups)), key=lambda i: (-groups[i]["n"], i))[:MOST]
    return [groups[i] for i in sorted(order)], max(0, len(groups) - MOST)


def left_out(head: Heading, many: int) -> list[str]:
    return [head.word("left_out", n=many)] if many else []


def ranks(titles: Sequence[str], title: str = "") -> Axis:
    """Things one beside the other, each half a step from its neighbours' border."""
    return Axis(
        title,
        "rank",
        -0.5,
        max(0.5, len(titles) - 0.5),
        tuple(Tick(n, said) for n, said in enumerate(titles)),
    )


def counts(title: str, most: float) -> Axis:
    """From 0 to a round number of cases that is no less than ``most``."""
    drawn = ticks(0, max(1, most), 5, least=1)
    by = drawn[1].at
    high = by * -(-max(1, most) // by)
    return Axis(title, "cases", 0, high, ticks(0, high, 6, least=1))


def age(band: Group, head: Heading) -> str:
    """``0 to 7 d``, ``over 90 d``; its ``title`` where it has one."""
    if band.get("title"):
        return str(band["title"])
    low, high = band["from_s"], band.get("to_s")
    if high is None:
        return head.word("age_over", low=span(low, head.lang))
    if not low:
        return head.word("age_under", high=span(high, head.lang))
    return head.word("age_between", low=span(low, head.lang), high=span(high, head.lang))
