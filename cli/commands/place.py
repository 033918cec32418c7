"""`folkmoot place`: villages, townships, counties, and whose they are."""

from typing import Annotated

import typer

from cli.call import Call
from cli.command import noun, reads
from cli.output.table import Column

app = noun("place")


@reads(app, "find", example="folkmoot place find 胜利村")
def find(
    call: Call,
    text: Annotated[str, typer.Argument(help="code, name or its beginning; before it what it lies in")],
    on: Annotated[str | None, typer.Option(help="DATE: on that day (today)")] = None,
    function: Annotated[str, typer.Option(help="NAME: case type or service that is asked for")] = "all",
) -> None:
    """Places by code or name, what they lie in and whose cases they are."""
    from engine.service import place

    answer = call.read(place.find, q=text, on=call.day(on), function=function)
    after = "" if answer["exact"] or not answer["items"] else call.word("place_near", text=text)
    call.table(answer, COLUMNS, empty=call.word("place_none", text=text), after=after)


COLUMNS = (
    Column("code"),
    Column("name", flex=True, least=10, head="place_name"),
    Column("kind", head="place_kind"),
    Column("unit"),
    Column("within", cell=lambda row: " < ".join(row["within"]), flex=True, least=12, head="place_within"),
    Column("serving", cell=lambda row: " ".join(s["code"] for s in row["serving"]), flex=True, head="serves"),
)
