"""`folkmoot stats funnel`: which units stand out by more than chance."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cli.call import Call
from cli.charting import ChartHere, ChartTo, Drawing
from cli.commands.stats import shown
from cli.commands.stats.app import Asked, measures
from cli.output.page import Page
from cli.output.table import Column

SHORTER = (180, 90, 30, 14, 7)  # days that are offered where nothing was watched so long


@measures("funnel", example="folkmoot stats funnel --of missed --by unit --filed 2026")
def funnel(
    call: Call,
    asked: Asked,
    of: Annotated[str, typer.Option(help="WHAT: missed (limits), reopened, or slow (no first resolution yet)")] = "slow",
    days: Annotated[int | None, typer.Option(help="N: reopened within so many days (90), or slow after so many (30)")] = None,
    cases: Annotated[str | None, typer.Option(help="WHICH: the cases behind a number: bad, or known (all that are counted)")] = None,
    chart: ChartHere = False,
    chart_to: ChartTo = None,
) -> None:  # fmt: skip
    """Units (or other groups) against the rate of all, with the limits that chance sets to their size."""
    from engine.analytics import funnel as measure

    drawing = Drawing(call, chart, chart_to)
    answer = call.read(measure.funnel, **asked, of=of, days=days, cases=cases)

    drawing.make("funnel", answer)
    call.figures(answer, lambda page: show_funnel(call, page, answer, drawing))


def show_funnel(call: Call, page: Page, answer: Mapping[str, Any], drawing: Drawing) -> None:
    if shown.head(call, page, answer, why=_none(call, answer)):
        _told(call, page, answer)
    drawing.show(page)


def _none(call: Call, answer: Mapping[str, Any]) -> str:
    """Why nothing is known of any case that was selected."""
    if not answer["n_selected"]:
        return call.word("stats_none")
    why = {"reopened": "stats_none_watched", "slow": "stats_none_old", "missed": "stats_none_judged"}[
        answer["of"]
    ]
    days = answer["days"]
    shorter = next((fewer for fewer in SHORTER if days and fewer < days), 1)
    return call.word(why, n=answer["n_selected"], days=days, shorter=shorter)


def _told(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    if answer["groups"]:
        shown.groups(call, page, answer, _columns(call))
    told = {name: shown.count(call, answer[name]) for name in ("n", "n_bad")}
    page.line(call.word("stats_funnel_total", share=shown.percent(answer["share"]), **told))
    page.line(call.word("stats_funnel_said"))
    bad = Column("bad", head="stats_n_bad", cell=lambda row: call.word("yes") if row["bad"] else "")
    shown.cases(call, page, answer, [bad])


def _columns(call: Call) -> list[Column]:
    def stands(row: Mapping[str, Any]) -> str:
        return call.word(f"stands.{row['stands']}") if row.get("stands") else "-"

    def between(row: Mapping[str, Any]) -> str:
        ends = row.get("limits95")
        return " - ".join(shown.percent(end) for end in ends) if ends else "-"

    return [
        Column("n_bad", right=True, head=call.word("stats_n_bad"), cell=lambda row: shown.count(call, row["n_bad"])),
        Column("share", right=True, head=call.word("stats_share"), cell=lambda row: shown.percent(row["share"])),
        Column("limits95", right=True, head=call.word("stats_limits95"), cell=between),
        Column("stands", head=call.word("stats_stands"), cell=stands),
    ]  # fmt: skip
