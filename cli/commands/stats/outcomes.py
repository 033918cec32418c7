"""`folkmoot stats outcomes`: how cases end, and how soon."""

from collections.abc import Mapping
from typing import Any

from cli.call import Call
from cli.commands.stats import shown
from cli.commands.stats.app import Asked, measures
from cli.output.page import Page
from cli.output.table import Column
from engine.domain.messages import text


@measures("outcomes", example="folkmoot stats outcomes --type dispute_mediation --filed 2026")
def outcomes(call: Call, asked: Asked) -> None:
    """How cases end and how soon, open ones counting as open; and what share is resolved, of which cases."""
    from engine.analytics import outcomes as measure

    answer = call.read(measure.outcomes, **asked)
    call.figures(answer, lambda page: show_outcomes(call, page, answer))


def show_outcomes(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    if not shown.head(call, page, answer):
        return
    if len(answer["groups"]) > 1 or answer["groups"][0]["key"]:
        shown.groups(call, page, answer, [_count(call, "n_open"), _count(call, "n_closed"), *_rates(call)])
        page.line(call.word("stats_rates_said"))
        return
    [group] = answer["groups"]
    days = [one["days"] for one in group["open"]]
    columns = [
        Column("title", head="stats_outcome", flex=True, least=shown.NAME),
        Column("grade", head="stats_grade", cell=lambda row: _grade(call, row["grade"])),
        Column("n", right=True, head="stats_n", cell=lambda row: shown.count(call, row["n"])),
        *(_by_day(call, number, day) for number, day in enumerate(days)),
    ]
    still = {
        "title": call.word("stats_still_open"),
        "grade": None,
        "n": group["n_open"],
        "by": group["open"],
    }
    heads = [
        call.word(column.head or "") if column.head in _WORDS else column.head or "" for column in columns
    ]
    rows = [*group["outcomes"], still]
    page.table(columns, _rounded(rows, len(days)), heads)
    page.line(call.word("stats_competing"))
    for rate in group["rates"]:
        if rate["n"] is None:
            continue
        page.line(call.word("stats_rate", **rate | {"share": shown.percent(rate["share"])}))
    shown.public(call, page, answer)


def _rounded(rows: list[dict[str, Any]], days: int) -> list[dict[str, Any]]:
    """Rows with the whole ``percent`` of each day; those of one day make 100 where all of them are told."""
    from fractions import Fraction

    from engine.analytics.estimate.rounding import add_up

    told: list[list[int]] = [[] for _ in rows]
    for number in range(days):
        there = [(n, row["by"][number]["share"]) for n, row in enumerate(rows) if row["by"]]
        shares = [100 * share for _, share in there]
        if len(there) == len(rows):
            whole = [int(part) for part in add_up([Fraction(share) for share in shares], 0)[0]]
        else:
            whole = [round(share) for share in shares]
        for (n, _), part in zip(there, whole, strict=True):
            told[n].append(part)
    return [{**row, "percent": percent} for row, percent in zip(rows, told, strict=True)]


def _grade(call: Call, grade: str | None) -> str:
    """None: of cases that have not ended."""
    if grade is None:
        return ""
    return text(f"grade.{grade}", call.lang) if grade else call.word("stats_no_outcome")


_WORDS = ("stats_outcome", "stats_grade", "stats_n")


def _count(call: Call, name: str) -> Column:
    return Column(
        name, right=True, head=call.word(f"stats_{name}"), cell=lambda row: shown.count(call, row[name])
    )


def _by_day(call: Call, number: int, days: int) -> Column:
    def cell(row: Mapping[str, Any]) -> str:
        return f"{row['percent'][number]} %" if row["percent"] else "-"

    return Column(f"by_{days}", right=True, head=call.word("stats_days", days=days), cell=cell)


def _rates(call: Call) -> list[Column]:
    def rate(number: int, name: str) -> Column:
        def cell(row: Mapping[str, Any]) -> str:
            return shown.percent(row["rates"][number]["share"]) if row["rates"] else "-"

        return Column(name, right=True, head=call.word(f"stats_per_{name}"), cell=cell)

    return [rate(number, name) for number, name in enumerate(("referred", "accepted", "mediated"))]
