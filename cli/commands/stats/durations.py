"""`folkmoot stats durations`, `stats clocks`, `stats measures`: how long from the report to a named moment."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from cli.call import Call
from cli.charting import ChartHere, ChartTo, Drawing
from cli.command import reads
from cli.commands.stats import shown
from cli.commands.stats.app import Asked, Pauses, Working, app, measures
from cli.output.page import Page
from cli.output.table import Column


@measures(
    "durations", example="folkmoot stats durations --clock first_resolution --by unit --filed 2026-10.."
)
def durations(
    call: Call,
    asked: Asked,
    clock: Annotated[str, typer.Option(help="CLOCK: see stats clocks")] = "first_resolution",
    closed_only: Annotated[
        bool, typer.Option("--closed-only", help="leave open cases out; biased short, and said so")
    ] = False,
    working: Working = False,
    pauses: Pauses = None,
    cases: Annotated[
        str | None,
        typer.Option(help="NUMBER: the cases behind it, the longest first: open, reached, not_reached, all"),
    ] = None,
    chart: ChartHere = False,
    chart_to: ChartTo = None,
) -> None:
    """How long from the report to a named moment; open cases count as open."""
    from engine.analytics import durations as measure

    drawing = Drawing(call, chart, chart_to)
    curves = drawing.wanted
    answer = call.read(
        measure.durations,
        **asked,
        clock=clock,
        closed_only=closed_only,
        curves=curves,
        working=working,
        pauses=pauses,
        cases=cases,
    )
    drawing.make("durations", answer)
    within = asked["filter"].get("unit")
    call.figures(answer, lambda page: show_durations(call, page, answer, drawing, within=within))


def show_durations(
    call: Call,
    page: Page,
    answer: Mapping[str, Any],
    drawing: Drawing | None = None,
    *,
    within: str | None = None,
) -> None:
    """``within``: the unit that was asked about; its groups are held against the rest of it."""
    none = "stats_none_ended" if answer["closed_only"] else "stats_none"
    if shown.head(call, page, answer, none=none):
        _show_groups(call, page, answer, within)
        came = Column(
            "reached", head="stats_came", cell=lambda row: call.word("yes") if row["reached"] else ""
        )
        shown.longest(call, page, answer, "stats_lasted", [came])
    if drawing is not None:
        drawing.show(page)


def _show_groups(call: Call, page: Page, answer: Mapping[str, Any], within: str | None) -> None:
    shown.groups(call, page, answer, _figures(call, answer, within))
    page.line(" ".join(_what_is_in(call, answer)))
    if _differs(answer):
        page.line(call.word("stats_not_reached"))
    if any((group.get("against") or {}).get("reason") == "few_in_common" for group in answer["groups"]):
        page.line(call.word("stats_few_in_common"))


def _short(group: Mapping[str, Any]) -> int | None:
    """How many have not come to the moment: open, or over without it."""
    return None if None in (group["n"], group["n_reached"]) else group["n"] - group["n_reached"]


def _differs(answer: Mapping[str, Any]) -> bool:
    """Whether anywhere others than the open ones have not come to the moment."""
    return any(
        _short(row) is not None and row["n_open"] is not None and _short(row) != row["n_open"]
        for row in (answer, *answer["groups"])
    )


def _what_is_in(call: Call, answer: Mapping[str, Any]) -> Iterator[str]:
    """Whether open cases, times after a reopening and pauses are in, with the way to the other figure."""
    yield call.word("stats_open_out" if answer["closed_only"] else "stats_open_in")
    if answer["clock"] == "first_resolution":
        yield call.word("stats_reopened")
    if answer["pauses"]:
        yield call.word("stats_pauses_in", option="--no-pauses" if answer["working"] else "--working")
    else:
        yield call.word("stats_pauses_out")


def _figures(call: Call, answer: Mapping[str, Any], within: str | None) -> list[Column]:
    part = "closed" if answer["closed_only"] else "km"

    def told(group: Mapping[str, Any], name: str) -> str:
        seconds = group[part][name]
        if seconds is not None:
            return shown.span(call, answer, seconds)
        return "-" if group.get("few") or group.get("hidden") else call.word("not_yet")

    def span(name: str) -> Column:
        return Column(name, right=True, cell=lambda row: told(row, name), head=call.word(f"share_{name}"))

    def between(group: Mapping[str, Any]) -> str:
        low, high = (group.get("between") or {}).get("p90_s") or (None, None)
        if low is None and high is None:
            return "-"
        return " - ".join(shown.span(call, answer, end) if end is not None else "?" for end in (low, high))

    columns = [
        Column(
            "n_open", right=True, head=call.word("open"), cell=lambda row: shown.count(call, row["n_open"])
        ),
    ]
    if _differs(answer):
        head = call.word("stats_short")
        columns.append(
            Column("short", right=True, head=head, cell=lambda row: shown.count(call, _short(row)))
        )
    columns += [span(name) for name in ("p50_s", "p80_s", "p90_s")]
    if any("between" in group for group in answer["groups"]):
        columns.append(Column("between", right=True, head=call.word("stats_between"), cell=between))
    if any("against" in group for group in answer["groups"]):
        head = call.word("stats_against_in", unit=within) if within else call.word("stats_against")
        columns.append(Column("against", head=head, cell=lambda row: _against(call, row)))
    if answer["closed_only"]:
        return columns
    alone = Column(
        "closed_p50", right=True, head=call.word("closed_half"),
        cell=lambda row: shown.span(call, answer, row["closed"]["p50_s"]) if row["closed"]["p50_s"] is not None else "-",
    )  # fmt: skip
    return [*columns, alone]


def _against(call: Call, group: Mapping[str, Any]) -> str:
    from engine.analytics.chart.scale import chance

    found = group.get("against") or {}
    if not found.get("which"):
        return call.word("stats_too_few") if group.get("few") else "-"
    return call.word(f"stats_{found['which']}", p=chance(found["p"]))


@reads(app, "clocks", example="folkmoot stats clocks", without="limit")
def clocks(call: Call) -> None:
    """The clocks there are and what each measures."""
    from engine.analytics import durations as measure

    answer = call.read(measure.list_clocks)
    columns = (Column("clock"), Column("which"), Column("text", flex=True))
    ends = dict.fromkeys(f"{item['which']}: {item['ends']}" for item in answer["items"])
    asked = [call.word("stats_clock_asked", **item) for item in answer["items"] if item["which"] == "each"]
    call.table(answer, columns, empty="", after="\n".join([*ends, *asked]))


@reads(app, "measures", example="folkmoot stats measures", without="limit")
def measures_(call: Call) -> None:
    """All figures: what each tells, and for whom it is."""
    from engine.analytics import registry

    answer = call.read(registry.list_measures)
    columns = (
        Column("measure"),
        Column("text", flex=True),
        Column("persons", cell=lambda row: ", ".join(row["persons"]), flex=True, least=16),
    )
    first = answer["items"][0]
    note = call.word("measures_note", for_=first["for"], persons_for=first["persons_for"])
    call.table(answer, columns, empty="", after=note)
