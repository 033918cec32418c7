"""`folkmoot stats waiting`: where the time went."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cli.call import Call
from cli.charting import ChartHere, ChartTo, Drawing
from cli.commands.stats import shown
from cli.commands.stats.app import Asked, Pauses, Working, key_column, measures
from cli.output.page import Page
from cli.output.table import Column


@measures("waiting", example="folkmoot stats waiting --per side --by unit --filed 2026-10..")
def waiting(
    call: Call,
    asked: Asked,
    per: Annotated[
        str, typer.Option(help="state, waits (for whom), side (of those waited for), owner, phase")
    ] = "state",
    working: Working = False,
    pauses: Pauses = None,
    cases: Annotated[
        str | None,
        typer.Option(help="PART: the cases that were in it, the longest first; by its name or a word of it"),
    ] = None,
    chart: ChartHere = False,
    chart_to: ChartTo = None,
) -> None:
    """Where the time went, in parts that add up: by state, by whom was waited for, by who had the case."""
    from engine.analytics import waiting as measure

    drawing = Drawing(call, chart, chart_to)
    answer = call.read(measure.waiting, **asked, per=per, working=working, pauses=pauses, cases=cases)

    drawing.make("waiting", answer)
    call.figures(answer, lambda page: show_waiting(call, page, answer, drawing))


def show_waiting(call: Call, page: Page, answer: Mapping[str, Any], drawing: Drawing) -> None:
    if shown.head(call, page, answer):
        _told(call, page, answer)
        shown.longest(call, page, answer, "why_spent", _of_case(call))
    drawing.show(page)


def _told(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    rows = [
        {"key": group["key"], **({"part": part} if part else {}), "group": group}
        for group in answer["groups"]
        for part in (group["parts"] or [None])
    ]
    columns = [*map(key_column, answer["groups"][0]["key"]), *_columns(call, answer)]
    page.table(columns, rows, [column.head or call.word(column.key) for column in columns])
    if any(group.get("few") for group in answer["groups"]):
        page.line(call.word("stats_few"))
    if any(part.get("few") for group in answer["groups"] for part in group["parts"]):
        page.line(call.word("stats_few_stays"))
    if answer.get("public"):
        page.line(call.word("stats_public"))
    if answer["total_s"] is not None and answer["n"] is not None:
        total = shown.span(call, answer, answer["total_s"])
        page.line(
            call.word("wait_sum", total=total, n=answer["n"], n_open=shown.count(call, answer["n_open"]))
        )


def _of_case(call: Call) -> list[Column]:
    return [
        Column("n_stays", head="wait_stays", right=True),
        Column("now", head="wait_now", cell=lambda row: call.word("yes") if row["now"] else ""),
    ]


def _columns(call: Call, answer: Mapping[str, Any]) -> list[Column]:
    def part(row: Mapping[str, Any], name: str) -> Any:
        return row.get("part", {}).get(name)

    def length(row: Mapping[str, Any], name: str) -> str:
        seconds = part(row, name)
        return "-" if seconds is None else shown.span(call, answer, seconds)

    def share(row: Mapping[str, Any]) -> str:
        found = part(row, "share")
        return "-" if found is None else f"{100 * found:.1f} %"

    waits = [
        Column(
            "waits_for",
            head=call.word("wait_for"),
            flex=True,
            cell=lambda row: part(row, "waits_for_title") or "",
        )
    ]
    return [
        Column("part", head=call.word("wait_part"), flex=True, least=shown.NAME, cell=lambda row: part(row, "title") or call.word("stats_too_few")),
        *(waits if answer["per"] == "state" else []),
        Column("n", right=True, head=call.word("wait_cases"), cell=lambda row: shown.count(call, part(row, "n") if "part" in row else row["group"]["n"])),
        Column("total", right=True, head=call.word("wait_total"), cell=lambda row: length(row, "total_s")),
        Column("share", right=True, head=call.word("wait_share"), cell=share),
        Column("half", right=True, head=call.word("wait_half"), cell=lambda row: length(row, "p50_s")),
    ]  # fmt: skip
