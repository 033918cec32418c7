"""`folkmoot stats activity`: what officers and volunteers have done."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cli.call import Call
from cli.commands.stats import shown
from cli.commands.stats.app import Asked, Range, key_column, measures, names
from cli.output.page import Page
from cli.output.table import Column
from engine.domain.period import stretch


@measures("activity", example="folkmoot stats activity --by unit --per month --counted 2026-10..")
def activity(
    call: Call,
    asked: Asked,
    per: Annotated[str | None, typer.Option(help="PERIOD: day, week, month")] = None,
    activity: Annotated[
        str | None, typer.Option(help="NAME,..: information, clue, dispute, help, traffic, education")
    ] = None,
    person: Annotated[str | None, typer.Option(help="PERSON: in which this person took part")] = None,
    counted: Range = None,
    cases: Annotated[bool, typer.Option("--cases", help="each deed with its case and who took part")] = False,
) -> None:
    """What officers and volunteers have done, each deed counted once; also --by person."""
    from engine.analytics import activity as measure

    given = {"per": per, "activities": names(activity), "person": person, "cases": cases}
    answer = call.read(
        measure.activity,
        **asked,
        **given,
        counted=stretch(counted, at=call.caller.now, zone=call.settings.zone),
    )
    call.figures(answer, lambda page: show_activity(call, page, answer), none="acts_none")


def show_activity(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    if not shown.head(call, page, answer, none="acts_none"):
        return
    wide = pivoted(answer)
    columns = [
        *map(key_column, wide[0]["key"]),
        *(Column(one["activity"], right=True, head=one["title"]) for one in answer["activities"]),
    ]  # fmt: skip
    if answer.get("public"):
        shown.groups(call, page, answer, [])
    elif wide[0]["key"]:
        page.table(columns, wide, [column.head or call.word(column.key) for column in columns])
    total = [Column("title", head="activity"), Column("n", right=True), Column("n_cases", right=True), Column("n_parts", right=True)]  # fmt: skip
    heads = [call.word("activity"), "n", call.word("acts_cases"), call.word("acts_parts")]
    if answer["activities"]:
        page.table(total, answer["activities"], heads)
    if "acts" in answer:
        _acts(call, page, answer)
    elif not answer.get("public"):
        page.line(call.word("acts_total", **{name: answer[name] for name in ("n", "n_cases", "n_parts")}))


def pivoted(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One row for each key, with a column for each activity."""
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for group in answer["groups"]:
        key = {name: value for name, value in group["key"].items() if name != "activity"}
        row = rows.setdefault(tuple(key.items()), {"key": key})
        row[group["key"]["activity"]] = group["n"]
    return list(rows.values())


def _acts(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    titles = {one["activity"]: one["title"] for one in answer["activities"]}
    columns = (
        Column("at", cell=lambda row: call.time(row["at"]), head="acts_when"),
        Column("ref"),
        Column("activity", cell=lambda row: str(titles.get(row["activity"], row["activity"]))),
        Column("people", cell=lambda row: ", ".join(row["people"]), head="acts_people", flex=True),
    )
    page.table(columns, answer["acts"], [call.word(column.head or column.key) for column in columns])
    if answer["n_more"]:
        page.line(call.word("acts_more", n=answer["n_more"]))
