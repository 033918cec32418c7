"""Which chart an answer of the statistics is drawn as: both doors draw the same."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.analytics.chart.heading import Heading, heading
from engine.analytics.chart.kind import (
    backlog_chart,
    flow_chart,
    funnel_chart,
    months_chart,
    survival_chart,
    waiting_chart,
    why_chart,
)
from engine.analytics.chart.model import Axis, Chart
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
    head = replace(head, measure=time, n_short=_short(answer))
    if groups and set(groups[0]["key"]) in MONTHS:
        part = "closed" if answer["closed_only"] else "km"
        return months_chart([{**group, "km": group[part]} for group in groups], head)
    return survival_chart(groups, head)


def _short(answer: Mapping[str, Any]) -> int | None:
    """How many have not come to the moment, where these are not just the open ones."""
    n, n_open, n_reached = (answer.get(name) for name in ("n", "n_open", "n_reached"))
    if n is None or n_open is None or n_reached is None or n - n_reached == n_open:
        return None
    return int(n - n_reached)


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
    base = {"title": head.word("why_base", other=answer["other"]), "s": answer["other_mean_s"]}
    total = {"title": answer["unit"], "s": answer["other_mean_s"] + answer["difference_s"]}
    title = head.word("why_over", days=answer["days"])
    return why_chart([mix, *parts], head, base=base, total=total, title=title)


def backlog_chart_of(answer: Mapping[str, Any], *, lang: str, zone: str) -> Chart:
    """All cases that were selected, groups added up: in each the steps are the same. A step of which a group does not
    tell the ages is left out, which the chart says."""
    head = heading(answer, lang=lang, zone=zone)
    told = [group["steps"] for group in answer["groups"]]
    whole = all(told)  # else a group may not be told of, and the others are no sum
    steps = list(zip(*told, strict=True)) if whole else []
    shown = [parts for parts in steps if not any(part.get("hidden") for part in parts)]
    ages = list(shown[0][0]["ages"]) if shown else []
    days = [
        {
            "date": parts[0]["to"],
            "by_age": [sum(part["ages"][age] for part in parts) for age in ages],
        }
        for parts in shown
    ]
    bands = [{"title": text("word.stats_age", lang, days=age)} for age in ages]
    chart = backlog_chart(days, bands, head, title=head.word(f"backlog_{answer['every']}"))
    note = [head.word("backlog_added")] if len(answer["groups"]) > 1 else []
    if len(shown) < len(steps):
        note.append(head.word("backlog_hidden", n=len(steps) - len(shown), of=len(steps)))
    silent = chart.empty and (not whole or len(shown) < len(steps))
    return replace(chart, note=tuple(note), empty=head.word("too_few") if silent else chart.empty)


def funnel_chart_of(answer: Mapping[str, Any], *, lang: str, zone: str) -> Chart:
    """Rates against sizes, with the answer's own limits: those of each group's size among them, so that nobody stands
    outside who is told as within."""
    head = heading(answer, lang=lang, zone=zone)
    groups = answer["groups"]
    if answer["share"] is None:  # the rate of all may not be told, or there is none
        groups = [{**group, "share": None} for group in groups]
    rows = [*answer["curve"], *(group for group in groups if group.get("limits95"))]
    limits = {row["n"]: [row["n"], *row["limits95"], *row["limits998"]] for row in rows}
    return funnel_chart(
        groups, head, centre=answer["share"] or 0.0, limits=[limits[n] for n in sorted(limits)]
    )


def flow_chart_of(answer: Mapping[str, Any], *, lang: str, zone: str) -> Chart:
    """The workflow of the one case type in it. The answer was asked with ``drawn``, which chose the text that is drawn;
    what cases did under another text and this one does not know is named, and so is what may not be told."""
    from engine.analytics.traces.law import remembered
    from engine.definitions.outline import Outline
    from engine.definitions.wording import Wording

    head = heading(answer, lang=lang, zone=zone)
    [group] = answer["groups"] or [{}]
    definition = remembered(answer["definition"])
    if definition is None or not group.get("states"):
        few = group.get("few") or group.get("hidden")
        nowhere = Axis("", "rank", 0, 1, ())
        empty = head.word("too_few" if few else "empty")
        return Chart("flow", lang, head.word("flow_any"), head.subtitle, nowhere, nowhere, (), empty=empty)
    wording = Wording(Outline(definition), lang=lang)
    known = wording.outline.leaves
    told = [state for state in group["states"] if state["state"] in known and not state.get("hidden")]
    measure = head.measure
    for word, lines in (
        ("flow_unknown", [state for state in group["states"] if state["state"] not in known]),
        ("flow_hidden", [state for state in group["states"] if state.get("hidden")]),
    ):
        if lines:
            measure = head.word(word, measure=measure, states=_listed([one["title"] for one in lines], lang))
    if any(move.get("hidden") for move in group["transitions"]):
        measure = head.word("flow_moves_hidden", measure=measure)
    return flow_chart(
        wording,
        [{"state": one["state"], "n_open": one["n_now"], "spent_s": one["p50_s"]} for one in told],
        [
            {"trigger": _trigger(move["act"]), "from": move["from"], "to": move["to"], "n": move["n"]}
            for move in group["transitions"]
            if not move.get("hidden")
        ],
        replace(head, measure=measure),
    )


def _trigger(act: str) -> str:
    """As the drawing names it: what happens by itself and has no name there has none."""
    return "" if act.startswith("@") else act


def _listed(names: Sequence[str], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(dict.fromkeys(names))


def _timed(answer: Mapping[str, Any], *, lang: str, zone: str) -> Heading:
    """A heading that also says what counts as time."""
    head = heading(answer, lang=lang, zone=zone)
    return replace(
        head,
        measure=f"{head.measure}, {answer['time']}" if lang != "zh" else f"{head.measure},{answer['time']}",
    )
