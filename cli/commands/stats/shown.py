"""How figures look: a head that names clock and instant, a table of groups, what is said of what is left out."""

from collections.abc import Mapping, Sequence
from typing import Any

from cli.call import Call
from cli.commands.stats.app import key_column
from cli.output import moment
from cli.output.page import Page
from cli.output.table import Column

NAME = 18  # cells that what tells rows apart keeps: columns behind go before it is cut shorter


def head(
    call: Call, page: Page, answer: Mapping[str, Any], *, none: str = "stats_none", why: str = ""
) -> bool:
    """What is measured and as of when; whether there is anything to show below. ``why``: there is nothing."""
    said = [answer[name] for name in ("text", "time") if name in answer]
    measured = ", ".join([*said, *([call.word("stats_closed_only")] if answer.get("closed_only") else [])])
    page.line(call.word("stats_head", text=measured, at=call.dated(answer["as_of"])), "strong")
    if answer["n"] == 0:
        page.line(nothing_on_file(call, answer) or why or call.word(none))
    if "only" not in answer:
        return bool(answer["n"] != 0)
    page.line(call.word("stats_only", only=answer["only"]))
    return bool(answer["n"] != 0 and answer["groups"])


def nothing_on_file(call: Call, answer: Mapping[str, Any]) -> str:
    """What to say where no case at all was on file as of the instant; nothing where some were and none fits."""
    from engine.analytics.selecting import said_of_nothing

    reason = call.engine.read(said_of_nothing, call.caller, as_of=call.local(answer["as_of"]))
    if reason is None:
        return ""
    return call.word(reason.code.removeprefix("word."), first=call.dated(reason.params.get("first")))


def groups(call: Call, page: Page, answer: Mapping[str, Any], columns: Sequence[Column]) -> None:
    """One line for each group: its key, n, and the columns; the last is of all together where the answer has them."""
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
    page.table(every, [*answer["groups"], *_whole(call, answer)], heads)
    if any(group.get("few") for group in answer["groups"]):
        page.line(call.word("stats_few"))
    public(call, page, answer)


def _whole(call: Call, answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    if not answer.get("whole"):
        return []
    first, *others = answer["whole"]["key"]
    return [{**answer["whole"], "key": {first: call.word("stats_whole"), **dict.fromkeys(others)}}]


def count(call: Call, number: int | None) -> str:
    return "-" if number is None else f"{number}"


def span(call: Call, answer: Mapping[str, Any], seconds: int) -> str:
    """A length of time; office hours are told in hours, since their day is none of 24."""
    if not answer.get("working"):
        return moment.span(seconds, call.lang)
    hours, minutes = divmod(seconds // 60, 60)
    if not hours:
        return moment.span(seconds, call.lang)
    told = call.word("stats_hours", hours=hours)
    return f"{told} {moment.span(minutes * 60, call.lang)}" if minutes and hours < 10 else told


def cases(call: Call, page: Page, answer: Mapping[str, Any], columns: Sequence[Column]) -> None:
    """The single cases behind a number, where they were asked for (``--cases``)."""
    if "cases" not in answer:
        return
    if not answer["cases"]:
        page.line(call.word("cases_none"))
        return
    every = [
        Column("ref"),
        *map(key_column, answer["cases"][0].get("key", ())),
        *columns,
        Column("open", cell=lambda row: call.word("yes") if row["open"] else ""),
    ]
    page.line()
    page.line(call.word("cases_behind", n=len(answer["cases"])), "strong")
    page.table(every, answer["cases"], [call.word(column.head or column.key) for column in every])


def longest(call: Call, page: Page, answer: Mapping[str, Any], head: str, columns: Sequence[Column]) -> None:
    """The same of cases told by how long they took: ``head`` says what of."""
    grouped = any("unit" in one.get("key", ()) for one in answer.get("cases", ()))
    unit = Column("unit", cell=lambda row: row["unit"] or "-")
    took = Column("seconds", head=head, right=True, cell=lambda row: span(call, answer, row["seconds"]))
    cases(call, page, answer, [*([] if grouped else [unit]), took, *columns])


def day(call: Call, name: str, head: str) -> Column:
    """An instant of a case, or nothing."""
    return Column(name, head=head, cell=lambda row: call.dated(row[name]) if row[name] else "-")


def public(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    if answer.get("public"):
        page.line(call.word("stats_public"))


def percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.0f} %"


def age(call: Call, band: str) -> Column:
    """How many are that old: ``band`` is one of the ages of a row, in days."""

    def cell(row: Mapping[str, Any]) -> str:
        return count(call, row["ages"].get(band)) if row["ages"] else "-"

    return Column(f"age_{band}", right=True, head=call.word("stats_age", days=band), cell=cell)
