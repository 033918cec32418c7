"""`folkmoot stats flow`: from state to state."""

from collections.abc import Mapping
from typing import Any

from cli.call import Call
from cli.charting import ChartHere, ChartTo, Drawing
from cli.commands.stats import shown
from cli.commands.stats.app import Asked, measures
from cli.output.moment import span
from cli.output.page import Page
from cli.output.table import Column


@measures("flow", example="folkmoot stats flow --type dispute_mediation --filed 2026-10..")
def flow(call: Call, asked: Asked, chart: ChartHere = False, chart_to: ChartTo = None) -> None:
    """Which state leads where, how long cases stay in each, where they come back, and the bottleneck."""
    from engine.analytics import flow as measure

    drawing = Drawing(call, chart, chart_to)
    answer = call.read(measure.flow, **asked, drawn=drawing.wanted)

    drawing.make("flow", answer)
    call.figures(answer, lambda page: show_flow(call, page, answer, drawing))


def show_flow(call: Call, page: Page, answer: Mapping[str, Any], drawing: Drawing) -> None:
    if shown.head(call, page, answer):
        _told(call, page, answer)
    drawing.show(page)


def _told(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    if len(answer["groups"]) > 1 or answer["groups"][0]["key"]:
        shown.groups(call, page, answer, _summary(call))
        return
    [group] = answer["groups"]
    many = len({line["type"] for line in group["states"]}) > 1
    kind = [Column("type", head=call.word("type"))] if many else []
    _table(page, [*kind, *_states(call)], group["states"])
    page.line()
    _table(page, [*kind, *_moves(call, group)], group["transitions"])
    if any(line.get("few") for line in (*group["states"], *group["transitions"])):
        page.line(call.word("stats_few_stays"))
    slow = group["bottleneck"]
    if slow and slow["share"] is not None:
        page.line(call.word("stats_bottleneck", state=slow["title"], share=shown.percent(slow["share"])))
    page.line(
        call.word("stats_rework", **{name: shown.count(call, n) for name, n in group["rework"].items()})
    )
    shown.public(call, page, answer)


def _table(page: Page, columns: list[Column], rows: Any) -> None:
    page.table(columns, rows, [column.head or "" for column in columns])


def _count(call: Call, name: str, word: str) -> Column:
    return Column(name, right=True, head=call.word(word), cell=lambda row: shown.count(call, row[name]))


def _lasted(call: Call, name: str) -> Column:
    def cell(row: Mapping[str, Any]) -> str:
        return "-" if row[name] is None else span(row[name], call.lang)

    return Column(name, right=True, head=call.word(f"stats_flow_{name}"), cell=cell)


def _states(call: Call) -> list[Column]:
    return [
        Column("title", head=call.word("state"), flex=True, least=shown.NAME),
        _count(call, "n_now", "stats_n_now"),
        _count(call, "n", "stats_entered"),
        _count(call, "n_returns", "stats_n_returns"),
        _lasted(call, "p50_s"),
        Column("share", right=True, head=call.word("stats_share_of_time"), cell=lambda row: shown.percent(row["share"])),
    ]  # fmt: skip


def _moves(call: Call, group: Mapping[str, Any]) -> list[Column]:
    titles = {(line["type"], line["state"]): line["title"] for line in group["states"]}

    def end(name: str) -> Column:
        def cell(row: Mapping[str, Any]) -> str:
            return str(titles.get((row["type"], row[name]), row[name]))

        return Column(name, head=call.word(name), flex=True, cell=cell)

    return [
        end("from"), end("to"), Column("title", head=call.word("act"), flex=True), _count(call, "n", "stats_n"),
        _lasted(call, "p50_s"),
    ]  # fmt: skip


def _summary(call: Call) -> list[Column]:
    def slow(row: Mapping[str, Any]) -> str:
        found = row["bottleneck"]
        return f"{found['title']} {shown.percent(found['share'])}" if found and found["title"] else "-"

    def rework(name: str) -> Column:
        return Column(
            name,
            right=True,
            head=call.word(f"stats_{name}"),
            cell=lambda row: shown.count(call, row["rework"][name]),
        )

    return [
        _count(call, "n_open", "open"),
        Column("bottleneck", head=call.word("stats_slowest"), flex=True, cell=slow),
        rework("n_returns"),
        rework("n_reopened"),
    ]
