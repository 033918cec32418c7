"""Typed links between cases."""

from typing import Annotated

import typer

from cli import show
from cli.call import Call
from cli.command import writes
from cli.commands.case.app import app
from cli.commands.case.reading import Ref


@writes(
    app, "link", example="folkmoot case link 26-04102-0 26-04089-2 --kind duplicate_of", without="ask key"
)
def link(
    call: Call,
    ref: Ref,
    other: Annotated[str, typer.Argument(help="the other case")],
    kind: Annotated[str, typer.Option(help="KIND: as the vocabulary names them")],
) -> None:
    """Link two cases, seen from both."""
    from engine.service import link as service

    answer = call.write(service.link, ref=call.references([ref])[0], kind=kind, other=other)
    call.page(answer, lambda page: show.saved(call, page, answer))
