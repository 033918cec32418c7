"""`folkmoot stats fairness`: who is given how much work."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cli.call import Call
from cli.command import reads
from cli.commands.stats.app import app
from cli.output.page import Page
from cli.output.table import Column


@reads(
    app,
    "fairness",
    example="folkmoot stats fairness --unit S-012 --since 2026-11-02",
    as_of=True,
    without="limit",
)
def fairness(
    call: Call,
    unit: Annotated[str | None, typer.Option(help="UNIT: people of this unit and all below it")] = None,
    since: Annotated[str | None, typer.Option(help="DATE: from this week on; three weeks back")] = None,
    until: Annotated[str | None, typer.Option(help="DATE: up to this week; this one")] = None,
    role: Annotated[
        str | None, typer.Option(help="ROLE: appointed so; all in which somebody was picked")
    ] = None,
) -> None:
    """Who was given how much work in each week, by whom and why, and who was left out."""
    from engine.analytics import fairness as measure
    from engine.service import query

    answer = call.read(
        measure.fairness,
        in_unit=call.engine.read(query.meant, call.caller, given={"unit": unit})["unit"],
        since=call.day(since),
        until=call.day(until),
        role=role,
        as_of=call.known_as_of(),
        zone=call.settings.zone,
    )
    call.figures(answer, lambda page: show_fairness(call, page, answer), none="fair_none")


def _fair_columns(call: Call) -> tuple[Column, ...]:
    def told(kind: str, counts: Mapping[str, int]) -> str:
        return ", ".join(call.word(f"{kind}.{name}", n=n) for name, n in counts.items())

    def why(one: Mapping[str, Any]) -> str:
        return ", ".join(f"{call.word(f'pick.{name}')} {n}" for name, n in one["why"].items())

    return (
        Column("week", head="fair_week_column"),
        Column("person"),
        Column("open", right=True, head="fair_open"),
        Column("taken", right=True, head="fair_taken"),
        Column("picks", right=True, head="fair_picks"),
        Column("share", right=True, head="fair_share", cell=lambda one: _percent(one["share"])),
        Column("by", right=True, head="fair_by", cell=lambda one: "/".join(map(str, one["by"].values()))),
        Column("why", head="fair_why", flex=True, least=12, cell=why),
        Column(
            "excluded",
            head="fair_out",
            flex=True,
            least=12,
            cell=lambda one: told("out.count", one["excluded"]),
        ),
    )


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.0f} %"


def show_fairness(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    days = {name: call.on_day(answer[name]) for name in ("since", "until")}
    page.line(call.word("fair_head", at=call.dated(answer["as_of"]), **days), "strong")
    if "only" in answer:
        page.line(call.word("stats_only", only=answer["only"]))
    if not answer["items"]:
        page.line(call.word("fair_none"))
        return
    columns = _fair_columns(call)
    page.table(columns, answer["items"], [call.word(column.head or column.key) for column in columns])
    for week in answer["weeks"]:
        told = {name: week[name] for name in ("week", "picks", "load", "n")}
        spread = "-" if week["gini"] is None else f"{week['gini']:.3f}"
        page.line(call.word("fair_week", gini=spread, **told))
        if week["idle"] and week["picks"]:
            page.line("  " + call.word("fair_idle", people=", ".join(week["idle"])))
    from cli.output.chart import bars

    last = [
        (one["person"], one["open"]) for one in answer["items"] if one["week"] == answer["weeks"][-1]["week"]
    ]
    for line in bars(last):
        page.line(line)
