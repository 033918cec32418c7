"""`folkmoot stats durability`: does it stay settled."""

from collections.abc import Mapping
from typing import Any

from cli.call import Call
from cli.commands.stats import shown
from cli.commands.stats.app import Asked, measures
from cli.output.page import Page
from cli.output.table import Column
from cli.show import joined


@measures("durability", example="folkmoot stats durability --by unit --closed 2026-05..2026-07")
def durability(call: Call, asked: Asked) -> None:
    """Of what was settled, how much was opened again within 30 to 365 days; not watched so long is counted apart."""
    from engine.analytics import durability as measure

    answer = call.read(measure.durability, **asked)
    call.figures(answer, lambda page: show_durability(call, page, answer))


def show_durability(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    from engine.analytics import durability as measure

    if not shown.head(call, page, answer):
        return
    lengths = [one["days"] for one in answer["groups"][0]["within"]] or measure.DAYS
    shown.groups(call, page, answer, [_within(call, number, days) for number, days in enumerate(lengths)])
    waiting = (
        joined(call.word("stats_days", days=days), shown.count(call, _open(answer, number)), by=" ")
        for number, days in enumerate(lengths)
    )
    page.line(call.word("stats_watched", open=", ".join(waiting)))


def _within(call: Call, number: int, days: int) -> Column:
    def cell(row: Mapping[str, Any]) -> str:
        if not row["within"] or row["within"][number]["n_watched"] is None:
            return "-"
        one = row["within"][number]
        return call.word("stats_failed", failed=one["n_failed"], watched=one["n_watched"])

    return Column(f"within_{days}", right=True, cell=cell, head=call.word("stats_days", days=days))


def _open(answer: Mapping[str, Any], number: int) -> int | None:
    found = [group["within"][number]["n_open"] for group in answer["groups"] if group["within"]]
    return None if None in found else sum(found)
