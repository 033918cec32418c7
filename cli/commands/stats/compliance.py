"""`folkmoot stats compliance`: were the limits kept."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cli.call import Call
from cli.commands.stats import shown
from cli.commands.stats.app import Asked, measures
from cli.output.page import Page
from cli.output.table import Column
from cli.show import due

COUNTS = ("n", "n_met", "n_met_extended", "n_missed", "n_running", "n_overdue", "n_paused")


@measures("compliance", example="folkmoot stats compliance --type service_request --closed 2026-11")
def compliance(
    call: Call,
    asked: Asked,
    cases: Annotated[str | None, typer.Option(help="NUMBER: the runs behind it, each with its case: missed, overdue, .., CLOCK/missed")] = None,
) -> None:  # fmt: skip
    """Limits met, met with a lawful extension, missed, and running past due, as each was judged when it ended."""
    from engine.analytics import compliance as measure

    answer = call.read(measure.compliance, **asked, cases=cases)
    call.figures(answer, lambda page: show_compliance(call, page, answer))


def show_compliance(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    if not shown.head(call, page, answer):
        return
    if len(answer["groups"]) > 1 or answer["groups"][0]["key"]:
        shown.groups(call, page, answer, _columns(call, lambda row: row["all"]))
    else:
        [group] = answer["groups"]
        title = Column(
            "title",
            flex=True,
            least=shown.NAME,
            cell=lambda row: row.get("title") or call.word("stats_all_limits"),
        )
        columns = [title, *_columns(call, lambda row: row)]
        rows = [*group["clocks"], group["all"]] if group["clocks"] else []
        if rows:
            page.table(columns, rows, [call.word("clock"), *(column.head or "" for column in columns[1:])])
        else:
            page.line(call.word("stats_too_few" if group.get("hidden") else "stats_no_limits"))
        shown.public(call, page, answer)
    page.line(call.word("stats_limits_said"))
    shown.cases(call, page, answer, _of_case(call))


def _of_case(call: Call) -> list[Column]:
    return [
        Column("title", head="clock", flex=True, least=shown.NAME),
        Column("due_at", head="due", cell=lambda row: due(call, row) or "-"),
        Column("state", head="stats_verdict", cell=lambda row: call.word(f"stats_n_{row['state']}")),
    ]


def _columns(call: Call, of: Any) -> list[Column]:
    def count(name: str) -> Column:
        head = call.word("stats_runs" if name == "n" else f"stats_{name}")
        return Column(
            f"runs_{name}", right=True, head=head, cell=lambda row: shown.count(call, of(row).get(name))
        )

    def share(name: str) -> Column:
        return Column(
            name,
            right=True,
            head=call.word(f"stats_{name}"),
            cell=lambda row: shown.percent(of(row).get(name)),
        )

    return [*(count(name) for name in COUNTS), share("share_in_time"), share("share_extended")]
