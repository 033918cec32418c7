"""`folkmoot stats backlog`: how many were open, day by day."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cli.call import Call
from cli.charting import ChartHere, ChartTo, Drawing
from cli.commands.stats import shown
from cli.commands.stats.app import Asked, measures
from cli.output.page import Page
from cli.output.table import Column

FLOWS = ("filed", "reopened", "closed", "open")


@measures("backlog", example="folkmoot stats backlog --unit S-012 --every month --from 2026-01-01")
def backlog(
    call: Call,
    asked: Asked,
    every: Annotated[str, typer.Option(help="STEP: day, week or month")] = "week",
    since: Annotated[str | None, typer.Option("--from", help="DATE: the step of this day is the first; 30 days, 26 weeks or a year back")] = None,
    until: Annotated[str | None, typer.Option(help="DATE: the step of this day is the last; the present one")] = None,
    chart: ChartHere = False,
    chart_to: ChartTo = None,
) -> None:  # fmt: skip
    """Open cases at the end of each day, week or month by age, with what came and what was closed."""
    from engine.analytics import backlog as measure

    drawing = Drawing(call, chart, chart_to)
    answer = call.read(measure.backlog, **asked, every=every, since=call.day(since), until=call.day(until))

    drawing.make("backlog", answer)
    call.figures(answer, lambda page: show_backlog(call, page, answer, drawing))


def show_backlog(call: Call, page: Page, answer: Mapping[str, Any], drawing: Drawing) -> None:
    if shown.head(call, page, answer):
        _told(call, page, answer)
    drawing.show(page)


def _told(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    if len(answer["groups"]) > 1 or answer["groups"][0]["key"]:
        _groups(call, page, answer)
        return
    [group] = answer["groups"]
    columns = [
        Column("to", head=call.word("stats_until"), cell=lambda row: call.on_day(row["to"])),
        *(_count(call, name) for name in FLOWS),
        *(shown.age(call, band) for band in _bands(answer)),
    ]
    page.table(columns, group["steps"], [column.head or "" for column in columns])
    page.line(call.word("stats_before", n=shown.count(call, group["before"])))
    shown.public(call, page, answer)


def _groups(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    """Each group from the first step to the last one as a whole."""
    groups = [
        {"key": group["key"], "n": group["n"], "before": group["before"]}
        | {name: _sum(group["steps"], name) for name in FLOWS[:3]}
        | ({"open": group["steps"][-1]["open"], "ages": group["steps"][-1]["ages"]} if group["steps"] else {"open": None, "ages": {}})
        for group in answer["groups"]
    ]  # fmt: skip
    columns = [_count(call, name) for name in ("before", *FLOWS)]
    shown.groups(
        call,
        page,
        {**answer, "groups": groups},
        [*columns, *(shown.age(call, band) for band in _bands(answer))],
    )


def _bands(answer: Mapping[str, Any]) -> list[str]:
    return next((list(group["steps"][0]["ages"]) for group in answer["groups"] if group["steps"]), [])


def _sum(steps: Any, name: str) -> int | None:
    found = [step[name] for step in steps]
    return None if not found or None in found else sum(found)


def _count(call: Call, name: str) -> Column:
    return Column(
        name, right=True, head=call.word(f"stats_step_{name}"), cell=lambda row: shown.count(call, row[name])
    )
