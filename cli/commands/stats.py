"""`folkmoot stats`: how long resolution takes."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cli.call import Call
from cli.command import noun, reads
from cli.output.moment import span as spoken_span
from cli.output.page import Page
from cli.output.table import Column
from cli.show import joined
from engine.domain.period import between

app = noun("stats")
Range = Annotated[str | None, typer.Option(help="FROM..TO: months or days, either end may be left out")]


@reads(
    app,
    "durations",
    example="folkmoot stats durations --clock first_resolution --by unit --filed 2026-10..",
    as_of=True,
)
def durations(
    call: Call,
    clock: Annotated[str, typer.Option(help="CLOCK: see stats clocks")] = "first_resolution",
    by: Annotated[
        str | None, typer.Option(help="NAME,..: type, unit, phase, risk, place, filed_month, closed_month ..")
    ] = None,
    type_: Annotated[str | None, typer.Option("--type", help="TYPE: only this case type")] = None,
    unit: Annotated[str | None, typer.Option(help="UNIT: this unit and all below it")] = None,
    phase: Annotated[str | None, typer.Option(help="PHASE,..: intake, waiting, work, review, done")] = None,
    filed: Range = None,
    closed: Range = None,
    closed_only: Annotated[
        bool, typer.Option("--closed-only", help="leave open cases out; biased short, and said so")
    ] = False,
    chart: Annotated[bool, typer.Option("--chart", help="the share resolved by each day, drawn")] = False,
) -> None:
    """How long from the report to a named moment; open cases count as open."""
    from engine.analytics import durations as measure

    answer = call.read(
        measure.durations,
        clock=clock,
        by=[name.strip().replace("-", "_") for name in by.split(",")] if by else [],
        filter={"type": type_, "unit": unit, "phase": phase},
        filed=between(filed, zone=call.settings.zone),
        closed=between(closed, zone=call.settings.zone),
        zone=call.settings.zone,
        closed_only=closed_only,
        curves=chart,
    )
    call.page(answer, lambda page: show_durations(call, page, answer, chart=chart))


def show_durations(call: Call, page: Page, answer: Mapping[str, Any], *, chart: bool) -> None:
    page.line(call.word("stats_head", text=answer["text"], at=call.time(answer["as_of"])), "strong")
    if not answer["n"]:
        page.line(call.word("stats_none"))
        return
    names = list(answer["groups"][0]["key"])
    columns = [*[_key(name) for name in names], *_figures(call, answer["closed_only"])]
    heads = [*[call.word(name) for name in names], *[column.head or "" for column in columns[len(names) :]]]
    page.table(columns, answer["groups"], heads)
    if len(answer["groups"]) > 1:
        page.line(call.word("stats_total", n=answer["n"], n_open=answer["n_open"]))
    page.line(call.word("stats_closed_only" if answer["closed_only"] else "stats_open_in"))
    if chart:
        from cli.output.chart import curves

        for line in curves(answer["groups"], call.lang):
            page.line(line)


def _key(name: str) -> Column:
    return Column(name, cell=lambda row: str(row["key"][name] or "-"), flex=True)


def _figures(call: Call, closed_only: bool) -> list[Column]:
    part = "closed" if closed_only else "km"

    def span(name: str) -> Column:
        return Column(
            name,
            right=True,
            cell=lambda row: (
                spoken_span(row[part][name], call.lang)
                if row[part][name] is not None
                else call.word("not_yet")
            ),
            head=call.word(f"share_{name}"),
        )

    return [
        Column("n", right=True, head="n"),
        Column("n_open", right=True, head=call.word("open")),
        *[span(name) for name in ("p50_s", "p80_s", "p90_s")],
        Column(
            "closed_p50", right=True, head=call.word("closed_half"),
            cell=lambda row: spoken_span(row["closed"]["p50_s"], call.lang) if row["closed"]["p50_s"] is not None else "-",
        ),
    ]  # fmt: skip


@reads(app, "durability", example="folkmoot stats durability --by unit --closed 2026-05..2026-07", as_of=True)
def durability(
    call: Call,
    by: Annotated[
        str | None,
        typer.Option(help="NAME,..: type, unit, risk, place, outcome, filed_month, closed_month .."),
    ] = None,
    type_: Annotated[str | None, typer.Option("--type", help="TYPE: only this case type")] = None,
    unit: Annotated[str | None, typer.Option(help="UNIT: this unit and all below it")] = None,
    filed: Range = None,
    closed: Range = None,
) -> None:
    """Of what was settled, how much was opened again within 30 to 365 days; not watched so long is counted apart."""
    from engine.analytics import durability as measure

    answer = call.read(
        measure.durability,
        by=[name.strip().replace("-", "_") for name in by.split(",")] if by else [],
        filter={"type": type_, "unit": unit},
        filed=between(filed, zone=call.settings.zone),
        closed=between(closed, zone=call.settings.zone),
        zone=call.settings.zone,
    )
    call.page(answer, lambda page: show_durability(call, page, answer))


def show_durability(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    page.line(call.word("stats_head", text=answer["text"], at=call.time(answer["as_of"])), "strong")
    if not answer["n"]:
        page.line(call.word("stats_none"))
        return
    names = list(answer["groups"][0]["key"])
    lengths = [one["days"] for one in answer["groups"][0]["within"]]
    columns = [
        *[_key(name) for name in names],
        Column("n", right=True),
        *[_within(call, number, days) for number, days in enumerate(lengths)],
    ]
    heads = [*[call.word(name) for name in names], "n", *[call.word("stats_days", days=d) for d in lengths]]
    page.table(columns, answer["groups"], heads)
    waiting = (
        joined(call.word("stats_days", days=days), str(_open(answer, number)), by=" ")
        for number, days in enumerate(lengths)
    )
    page.line(call.word("stats_watched", open=", ".join(waiting)))


def _within(call: Call, number: int, days: int) -> Column:
    def cell(row: Mapping[str, Any]) -> str:
        one = row["within"][number]
        return call.word("stats_failed", failed=one["n_failed"], watched=one["n_watched"])

    return Column(f"within_{days}", right=True, cell=cell)


def _open(answer: Mapping[str, Any], number: int) -> int:
    return sum(group["within"][number]["n_open"] for group in answer["groups"])


@reads(app, "fairness", example="folkmoot stats fairness --unit S-012 --since 2026-11-02")
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

    answer = call.read(
        measure.fairness,
        in_unit=unit,
        since=call.day(since),
        until=call.day(until),
        role=role,
        zone=call.settings.zone,
    )
    if call.shared.get("csv") or call.shared.get("jsonl"):
        call.table(answer, _fair_columns(call), empty=call.word("fair_none"))
    else:
        call.page(answer, lambda page: show_fairness(call, page, answer))


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
    page.line(call.word("fair_head", at=call.time(answer["as_of"]), **days), "strong")
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


@reads(app, "clocks", example="folkmoot stats clocks")
def clocks(call: Call) -> None:
    """The clocks there are and what each measures."""
    from engine.analytics import durations as measure

    columns = (Column("clock"), Column("which"), Column("text", flex=True))
    call.table(call.read(measure.list_clocks), columns, empty="")
