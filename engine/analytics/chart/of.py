"""Which chart an answer of the statistics is drawn as: both doors draw the same."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.analytics.chart.heading import Heading, heading
from engine.analytics.chart.kind import months_chart, survival_chart, waiting_chart, why_chart
from engine.analytics.chart.model import Chart
from engine.domain.messages import text

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


def waiting_chart_of(answer: Mapping[str, Any], *, lang: str, zone: str) -> Chart:
    """Each group's time as one bar, the part that is longest over all first."""
    groups, whole = [], Counter[str]()
    titles: dict[str, str] = {}
    for group in answer["groups"]:
        waits = {str(part["key"]): part["total_s"] for part in group["parts"]}
        titles |= {str(part["key"]): part["title"] for part in group["parts"]}
        whole.update(waits)
        groups.append({**group, "waits": waits})
    head = _timed(answer, lang=lang, zone=zone)
    ordered = sorted(whole.items(), key=lambda one: (-one[1], one[0]))
    return waiting_chart(groups, head, titles={key: titles[key] for key, _ in ordered})


def why_chart_of(answer: Mapping[str, Any], *, lang: str, zone: str) -> Chart:
    """From the mean of those a unit is held against to its own."""
    head = heading(answer, lang=lang, zone=zone)
    if answer["few"]:
        return why_chart(
            [], head, base={"title": answer["other"], "s": 0}, total={"title": answer["unit"], "s": 0}
        )
    mix = {"title": text("word.why_mix", lang), "s": answer["case_mix"]["seconds"]}
    parts = [{"title": part["title"], "s": part["seconds"]} for part in answer["parts"] if part["seconds"]]
    base = {"title": answer["other"], "s": answer["other_mean_s"]}
    total = {"title": answer["unit"], "s": answer["other_mean_s"] + answer["difference_s"]}
    return why_chart([mix, *parts], head, base=base, total=total)


def _timed(answer: Mapping[str, Any], *, lang: str, zone: str) -> Heading:
    """A heading that also says what counts as time."""
    head = heading(answer, lang=lang, zone=zone)
    return replace(
        head,
        measure=f"{head.measure}, {answer['time']}" if lang != "zh" else f"{head.measure},{answer['time']}",
    )
