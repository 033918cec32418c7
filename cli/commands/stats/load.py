"""`folkmoot stats load`: who has how much open work."""

from collections.abc import Mapping
from typing import Any

from cli.call import Call
from cli.commands.stats import shown
from cli.commands.stats.app import Asked, measures
from cli.output.moment import span
from cli.output.page import Page
from cli.output.table import Column


@measures("load", example="folkmoot stats load --unit S-012")
def load(call: Call, asked: Asked) -> None:
    """Open cases of each person with their weight and age, what changed hands, and which units have nobody."""
    from engine.analytics import load as measure

    answer = call.read(measure.load, **asked)
    call.figures(answer, lambda page: show_load(call, page, answer))


def show_load(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    if not shown.head(call, page, answer):
        return
    if answer["groups"]:
        shown.groups(call, page, answer, _columns(call, answer))
    told = {
        name: shown.count(call, answer[name]) for name in ("n_open", "n_unassigned", "weight", "n_reassigned")
    }
    page.line(call.word("stats_load_total", **told))
    if answer["uncovered"]:
        page.line(call.word("stats_uncovered", units=", ".join(answer["uncovered_title"])))


def _columns(call: Call, answer: Mapping[str, Any]) -> list[Column]:
    def count(name: str) -> Column:
        head = call.word(f"stats_{name}")
        return Column(name, right=True, head=head, cell=lambda row: shown.count(call, row[name]))

    def lasted(name: str) -> Column:
        def cell(row: Mapping[str, Any]) -> str:
            return "-" if row[name] is None else span(row[name], call.lang)

        return Column(name, right=True, head=call.word(f"stats_{name}"), cell=cell)

    bands = list(answer["groups"][0]["ages"])
    return [
        count("weight"), count("n_handled"), *(shown.age(call, band) for band in bands),
        lasted("oldest_s"), lasted("p50_s"), count("n_given"), count("n_taken"),
    ]  # fmt: skip
