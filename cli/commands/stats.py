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


@reads(app, "clocks", example="folkmoot stats clocks")
def clocks(call: Call) -> None:
    """The clocks there are and what each measures."""
    from engine.analytics import durations as measure

    columns = (Column("clock"), Column("which"), Column("text", flex=True))
    call.table(call.read(measure.list_clocks), columns, empty="")
