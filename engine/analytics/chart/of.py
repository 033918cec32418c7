"""Which chart an answer of the statistics is drawn as: both doors draw the same."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.analytics.chart.heading import heading
from engine.analytics.chart.kind import months_chart, survival_chart
from engine.analytics.chart.model import Chart

MONTHS = ({"filed_month"}, {"closed_month"})


def durations_chart(answer: Mapping[str, Any], *, lang: str, zone: str) -> Chart:
    """The share resolved by each time; grouped by months alone, what lasted how long in each. The answer was asked
    with ``curves``."""
    head = heading(answer, lang=lang, zone=zone)
    groups = answer["groups"]
    time = head.word("working" if answer.get("working") else "wall", measure=head.measure)
    if answer["closed_only"]:
        time = head.word("closed_only", measure=time)
        groups = [{**group, "n": group["n_reached"]} for group in groups]
    head = replace(head, measure=time)
    if groups and set(groups[0]["key"]) in MONTHS:
        part = "closed" if answer["closed_only"] else "km"
        return months_chart([{**group, "km": group[part]} for group in groups], head)
    return survival_chart(groups, head)
