"""`folkmoot stats recurrence`: does the same come again."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cli.call import Call
from cli.commands.stats import shown
from cli.commands.stats.app import Asked, measures
from cli.output.page import Page
from cli.output.table import Column
from cli.show import joined


@measures("recurrence", example="folkmoot stats recurrence --by unit --closed 2026-05..2026-07")
def recurrence(
    call: Call,
    asked: Asked,
    of: Annotated[str, typer.Option(help="WHAT: parties (the same, at the same place), or place (whoever they are)")] = "parties",
    after: Annotated[str, typer.Option(help="MOMENT: closed or filed: from when on days are counted")] = "closed",
    cases: Annotated[str | None, typer.Option(help="NUMBER: the cases behind it: again, again/30, watched/180, open/365, unnamed")] = None,
) -> None:  # fmt: skip
    """How many cases came again within 30 to 365 days; not watched so long is counted apart."""
    from engine.analytics import recurrence as measure

    answer = call.read(measure.recurrence, **asked, of=of, after=after, cases=cases)
    call.figures(answer, lambda page: show_recurrence(call, page, answer))


def show_recurrence(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    if shown.head(call, page, answer):
        lengths = [one["days"] for one in answer["groups"][0]["within"]]
        shown.groups(call, page, answer, [_within(call, number, days) for number, days in enumerate(lengths)])
        waiting = (
            joined(call.word("stats_days", days=days), shown.count(call, _open(answer, number)), by=" ")
            for number, days in enumerate(lengths)
        )
        page.line(call.word("stats_again", open=", ".join(waiting)))
    if answer["n_unnamed"]:
        page.line(call.word("stats_unnamed", n=answer["n_unnamed"]))
    shown.cases(call, page, answer, _of_case(call, answer))


def _of_case(call: Call, answer: Mapping[str, Any]) -> list[Column]:
    """When its days begin and what it came again as; who names nobody has none."""
    if "again" not in next(iter(answer.get("cases") or ()), {}):
        return []
    again = Column("again", head="stats_again_as", cell=lambda row: row["again"] or "-")
    return [
        shown.day(call, "since", f"stats_after_{answer['after']}"),
        again,
        shown.day(call, "again_at", "stats_again_at"),
    ]


def _within(call: Call, number: int, days: int) -> Column:
    def cell(row: Mapping[str, Any]) -> str:
        if not row["within"] or row["within"][number]["n_watched"] is None:
            return "-"
        one = row["within"][number]
        return call.word("stats_failed", failed=one["n_again"], watched=one["n_watched"])

    return Column(f"within_{days}", right=True, cell=cell, head=call.word("stats_days", days=days))


def _open(answer: Mapping[str, Any], number: int) -> int | None:
    found = [group["within"][number]["n_open"] for group in answer["groups"] if group["within"]]
    return None if None in found else sum(found)
