"""Parties join, change and leave."""

from enum import StrEnum
from typing import Annotated, Any

import typer

from cli import given, show
from cli.call import Call
from cli.command import writes
from cli.commands.case.app import app
from cli.commands.case.reading import Ref
from cli.option import From
from engine.domain.errors import UsageError

EXAMPLE = "folkmoot case party 26-04102-0 add --role respondent --from -"


class Do(StrEnum):
    ADD = "add"
    CHANGE = "change"
    LEAVE = "leave"


@writes(app, "party", example=EXAMPLE, without="ask")
def change_party(
    call: Call,
    ref: Ref,
    do: Annotated[Do, typer.Argument(help="add, change or leave")],
    no: Annotated[str | None, typer.Argument(help="P1, P2 .. for change and leave")] = None,
    role: Annotated[str | None, typer.Option(help="ROLE: for add")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="K=V: name, age and the like")] = None,
    from_: From = None,
) -> None:
    """A party joins, changes or leaves. Names come through --from or a prompt."""
    from engine.service import party

    fields = given.nested(given.pair(text, "--set") for text in set_ or ())
    if from_:
        fields |= given.document(from_)
    arguments: dict[str, Any] = {"ref": call.references([ref])[0]}
    if do is Do.ADD:
        answer = call.write(party.add, role=role or _lacks("--role"), fields=fields, **arguments)
    elif do is Do.CHANGE:
        answer = call.write(party.change, no=no or _lacks("NO"), fields=fields, **arguments)
    else:
        answer = call.write(party.leave, no=no or _lacks("NO"), **arguments)
    call.page(answer, lambda page: show.saved(call, page, answer))


def _lacks(option: str) -> str:
    raise UsageError("FM-U002", command="case party", option=option, example=EXAMPLE)
