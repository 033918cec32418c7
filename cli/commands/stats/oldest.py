"""`folkmoot stats oldest`, `stats deciding`: open cases by name, for whoever acts on them."""

from collections.abc import Mapping
from typing import Any

from cli import show
from cli.call import Call
from cli.commands.stats import shown
from cli.commands.stats.app import Asked, measures
from cli.output.moment import span
from cli.output.page import Page
from cli.output.table import Column


@measures("oldest", example="folkmoot stats oldest --unit S-012 --limit 20", without="")
def oldest(call: Call, asked: Asked) -> None:
    """Open cases, the oldest first, and what is wrong with each: late, in nobody's hands, waiting for a leader."""
    from engine.analytics import oldest as measure

    answer = call.read(measure.oldest, **asked)
    call.figures(answer, lambda page: show_open(call, page, answer), none="open_none")


@measures("deciding", example="folkmoot stats deciding --type dispute_mediation", without="")
def deciding(call: Call, asked: Asked) -> None:
    """Open cases that need a decision: late, waiting for a leader, or red or orange and in nobody's hands."""
    from engine.analytics import oldest as measure

    answer = call.read(measure.deciding, **asked)
    call.figures(answer, lambda page: show_open(call, page, answer), none="open_none")


def show_open(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    if not shown.head(call, page, answer, none="open_none"):
        return
    if answer.get("public"):
        page.line(call.word("open_public", n=shown.count(call, answer["n"])))
        return
    columns = (
        Column("ref"),
        Column("state", flex=True, cell=lambda row: show.title(row, "state")),
        Column("risk", style=show.risk_style),
        Column("unit"),
        Column("holder", cell=lambda row: row["holder"] or "-"),
        Column("age_s", head="column.age_s", right=True, cell=lambda row: span(row["age_s"], call.lang)),
        Column("type", flex=True, cell=lambda row: show.title(row, "type")),
        Column("why", head="column.why", flex=True, least=12, cell=lambda row: _why(call, row)),
    )
    page.table(columns, answer["items"], [call.word(column.head or column.key) for column in columns])
    if answer["n_more"]:
        page.line(call.word("open_more", n=answer["n_more"]))


def _why(call: Call, row: Mapping[str, Any]) -> str:
    return ", ".join(call.word(f"look.{name}") for name in row["why"])
