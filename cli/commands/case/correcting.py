"""Say what an act should have been, or take it back."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cli import given, show
from cli.call import Call
from cli.command import reads, writes
from cli.commands.case.app import app
from cli.commands.case.reading import Ref
from cli.output.page import Page
from cli.output.table import Column
from cli.show import joined

WIDE = 10


@writes(
    app,
    "correct",
    example='folkmoot case correct 26-04127-2 4 --set category=land --reason "misheard"',
    without="ask",
    at="TIME: when the act happened, if that was told wrongly",
)
def correct(
    call: Call,
    ref: Ref,
    number: Annotated[int, typer.Argument(help="N: the act, as `case history` numbers them")],
    set_: Annotated[list[str] | None, typer.Option("--set", help="K=V: what it should have set")] = None,
    record: Annotated[
        list[str] | None,
        typer.Option(help="ITEM:K=V,..: what the item should say, consent-2:decision=refused"),
    ] = None,
    take_back: Annotated[
        bool, typer.Option("--take-back", help="undo the act, if nothing was built on it")
    ] = False,
) -> None:
    """Tell an act otherwise, or take it back. Both values stay in the history."""
    from engine.service import correcting

    sent = {
        "set": given.nested(given.pair(text, "--set") for text in set_ or ()),
        "records": given.records(record or ()),
    }
    answer = call.write(
        correcting.correct, ref=call.references([ref])[0], seq=number, take_back=take_back, **sent
    )
    call.page(answer, lambda page: _told(call, page, answer))


def _told(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    show.saved(call, page, answer)
    for change in answer["changes"]:
        was, now = (_plain(call, change[end]) for end in ("before_title", "after_title"))
        page.item(change["title"], f"{was} -> {now}", WIDE)
    for measure in answer["measures"]:
        times = {end: call.time(measure[end]) or call.word("none") for end in ("before", "after")}
        page.line(call.word("measure_moved", name=measure["name"].replace("_", " "), **times))
    told = [name for entry in answer["told_then"] for name in entry.get("to", ())]
    if told:
        page.line(call.word("correction_told", who=", ".join(dict.fromkeys(told))), "late")


def _plain(call: Call, value: Any) -> str:
    return call.word("none") if value is None else show.plain(call, value)


@reads(app, "corrections", example="folkmoot case corrections 26-04127-2", without="limit")
def corrections(call: Call, ref: Ref) -> None:
    """What was corrected in a case, with what had been said before."""
    from engine.service import correcting

    number = call.references([ref])[0]
    answer = call.read(correcting.list_corrections, ref=number)
    columns = (
        Column("seq", right=True, head="number"),
        Column("recorded_at", cell=lambda row: call.time(row["recorded_at"]), head="when"),
        Column("title", head="act"),
        Column("corrects", right=True, head="corrects"),
        Column("changes", cell=lambda row: _line(call, row["changes"]), flex=True, least=24),
        Column("actor", head="by"),
        Column("note", flex=True, least=14, head="reason"),
    )
    call.table(answer, columns, empty=call.word("no_corrections", ref=answer["ref"]))


def _line(call: Call, changes: list[dict[str, Any]]) -> str:
    return joined(*show.corrected(call, changes), by="; ")
