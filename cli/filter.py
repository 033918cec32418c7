"""The filter of lists of cases as options, the same for whatever takes it."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from cli.call import Call

Phase = Annotated[str | None, typer.Option(help="PHASE: intake, waiting, work, review or done")]
State = Annotated[str | None, typer.Option(help="STATE: name or title")]
Type = Annotated[str | None, typer.Option("--type", help="TYPE: case type")]
Unit = Annotated[str | None, typer.Option(help="CODE: of this unit and those below it")]
Risk = Annotated[str | None, typer.Option(help="GRADE: red, orange, yellow or blue")]
Place = Annotated[str | None, typer.Option(help="CODE: of this place")]
Holder = Annotated[str | None, typer.Option(help="CODE: who holds a seat")]
ServedBy = Annotated[str | None, typer.Option(help="CODE: at places that this unit serves")]
Late = Annotated[bool, typer.Option("--late", help="past a deadline")]
Unassigned = Annotated[bool, typer.Option("--unassigned", help="open and held by nobody")]
HolderAway = Annotated[bool, typer.Option("--holder-away", help="open, and the handler is away")]
Open = Annotated[bool, typer.Option("--open", help="not done yet")]
Due = Annotated[str | None, typer.Option(help="DAY: due up to this day")]
Words = Annotated[str | None, typer.Option("--q", help="TEXT: words in the report")]
External = Annotated[str | None, typer.Option(help="SYSTEM:ID: by its number elsewhere")]


def asked(call: "Call", *, due: str | None, **given: Any) -> dict[str, Any]:
    """The parts of the filter that were typed; a flag that was not is none."""
    wanted = {**given, "due": call.instant(due, ahead=True) if due else None}
    return {name: value for name, value in wanted.items() if value is not None and value is not False}
