"""How figures look: a head that names clock and instant, a table of groups, what is said of what is left out."""

from collections.abc import Mapping, Sequence
from typing import Any

from cli.call import Call
from cli.commands.stats.app import key_column
from cli.output.page import Page
from cli.output.table import Column


def head(call: Call, page: Page, answer: Mapping[str, Any]) -> bool:
    """What is measured and as of when; whether there is anything to show below."""
    page.line(call.word("stats_head", text=answer["text"], at=call.time(answer["as_of"])), "strong")
    if answer["n"] == 0:
        page.line(call.word("stats_none"))
    return bool(answer["n"] != 0)


def groups(call: Call, page: Page, answer: Mapping[str, Any], columns: Sequence[Column]) -> None:
    """One line for each group: its key, n, and the columns."""
    names = list(answer["groups"][0]["key"])
    every = [
        *map(key_column, names),
        Column("n", right=True, cell=lambda row: count(call, row["n"])),
        *columns,
    ]
    heads = [
        *(call.word(name) for name in names),
        "n",
        *(column.head or call.word(column.key) for column in columns),
    ]
    page.table(every, answer["groups"], heads)
    if any(group.get("few") for group in answer["groups"]):
        page.line(call.word("stats_few"))
    if answer.get("public"):
        page.line(call.word("stats_public"))


def count(call: Call, number: int | None) -> str:
    return "-" if number is None else f"{number}"
