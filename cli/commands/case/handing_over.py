"""`case reassign`: all of somebody's open work to others, in one act."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

import typer

from cli import exit_codes
from cli.call import Call
from cli.command import writes
from cli.commands.case.app import app
from cli.output.page import Page
from cli.output.progress import Progress
from cli.output.table import Column

IN_LINE = 2  # what was not moved stands behind the sum, more than that on lines of their own
BAR_FROM = 20  # fewer are done before anybody wonders


@writes(
    app, "reassign", example="folkmoot case reassign --from off-03,aux-11 --dry-run", without="ask at done_by"
)
def reassign(
    call: Call,
    from_: Annotated[
        list[str], typer.Option("--from", help="CODE[,CODE]: whose open work; may be given again")
    ],
    refs: Annotated[
        list[str] | None, typer.Argument(help="these cases alone, as a preview listed them; - reads stdin")
    ] = None,
    to: Annotated[str | None, typer.Option(help="CODE: who takes it; the rules pick without it")] = None,
    unit: Annotated[str | None, typer.Option(help="CODE: cases of this unit and those below it")] = None,
    seat: Annotated[str | None, typer.Option(help="SEAT: this seat alone")] = None,
) -> None:
    """Move all of an officer's open work. Each case is saved by itself."""
    from engine import handover

    answer = call.by_portions(
        handover.reassign,
        persons=[code.strip() for given in from_ for code in given.split(",") if code.strip()],
        to=to,
        seat=seat,
        unit_code=unit,
        cases=call.references(refs) if refs else (),
        begun=_bar(call),
    )
    call.page(answer, lambda page: _handed_over(call, page, answer))
    if answer["failed"]:
        call.end(exit_codes.IN_PART if answer["moved"] else exit_codes.OF_LETTER["R"])


def _bar(call: Call) -> Callable[[int], Callable[[int], None]]:
    def begun(total: int) -> Callable[[int], None]:
        if call.for_program or total < BAR_FROM:
            return lambda done: None
        shown = Progress(total, lang=call.lang)

        def told(done: int) -> None:
            shown(done)
            if done == total:
                shown.close()

        return told

    return begun


def _handed_over(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    if not answer["count"]:
        page.line(call.word("reassign_none", persons=", ".join(answer["persons"])))
        return
    moved = [one for one in answer["results"] if one["result"] == "moved"]
    if moved and (call.dry_run or answer["failed"] == 0):
        page.table(_columns(call), moved)
    word = "reassign_sum_dry" if call.dry_run else "reassign_sum"
    summed = call.word(word, moved=answer["moved"], count=answer["count"])
    rest = _rest(call, answer["results"])
    if len(rest) <= IN_LINE:
        page.line(" ".join([summed, ". ".join(rest)]).rstrip())
        return
    page.line(summed)
    for said in rest:
        page.line(f"  {said}")


def _rest(call: Call, results: Sequence[Mapping[str, Any]]) -> list[str]:
    return [_said(call, one).rstrip(".") for one in results if one["result"] != "moved"]


def _said(call: Call, one: Mapping[str, Any]) -> str:
    """`26-04058-6: taken by off-01 at 08:16`."""
    if one["result"] == "taken" and one["at"]:
        return call.word("reassign_taken", ref=one["ref"], by=one["by"], at=call.clock(one["at"]))
    return call.humane(one["text"])


def _columns(call: Call) -> tuple[Column, ...]:
    return (
        Column("ref"),
        Column("seat"),
        Column("from", cell=lambda row: f"{row['from']} -> {row['to']}"),
        Column("terms", cell=lambda row: _load(call, row), flex=True),
    )


def _load(call: Call, row: Mapping[str, Any]) -> str:
    """What the one who takes it carried before: `load 9 of 15`."""
    terms: Mapping[str, Any] = next((c["terms"] for c in row["candidates"] if c["person"] == row["to"]), {})
    return call.word("load_of", load=terms["load"], cap=terms["cap"]) if terms.get("cap") else ""
