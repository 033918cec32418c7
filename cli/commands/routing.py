"""`folkmoot routing`: why this person."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cli.call import Call
from cli.command import noun, reads
from cli.commands.case.reading import Ref
from cli.output.page import Page
from cli.output.table import Column
from cli.show import joined

app = noun("routing")


@reads(app, "explain", example="folkmoot routing explain 26-04127-2")
def explain(
    call: Call,
    ref: Ref,
    seat: Annotated[str | None, typer.Option(help="SEAT: which seat; the newest decision without it")] = None,
) -> None:
    """Who was considered, who was left out and why, as it was stored."""
    from engine.service import routing

    answer = call.read(routing.explain, ref=call.references([ref])[0], seat=seat)
    call.page(answer, lambda page: _explained(call, page, answer))


COLUMNS = (
    Column("person"),
    Column("score", right=True),
    Column("unit"),
    Column("load", right=True, cell=lambda row: f"{row['load']}/{row['cap']}" if "load" in row else ""),
    Column("out", cell=lambda row: row["out"] or "", flex=True, least=16),
)


def _explained(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    person = answer["person"] or call.word("nobody_chosen")
    page.line(joined(answer["ref"], answer["seat"], person, call.time(answer["at"])), "strong")
    if answer["items"]:
        heads = [call.word(column.key) for column in COLUMNS]
        page.table(COLUMNS, answer["items"], heads)
    page.line(
        call.word("chosen_because", why=answer["reason_text"], rule=answer["rule"], actor=answer["actor"])
    )
    if len(answer["decisions"]) > 1:
        page.line(call.word("earlier_decisions", n=len(answer["decisions"]) - 1))
