"""A definition as a picture."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.call import Call
from cli.command import plain
from cli.commands.workflow import given
from cli.commands.workflow.app import app
from cli.output import document


class Format(StrEnum):
    SVG = "svg"
    MERMAID = "mermaid"


@plain(app, "draw", example="folkmoot workflow draw dispute_mediation -o mediation.svg --lang zh")
def draw(
    call: Call,
    file: Annotated[str, typer.Argument(help="FILE|NAME: a definition")],
    format_: Annotated[Format, typer.Option("--format", help="svg or mermaid")] = Format.SVG,
    output: Annotated[str | None, typer.Option("-o", "--output", help="FILE: where to put it")] = None,
    version: Annotated[str | None, typer.Option("--version", help="VERSION: label or hash")] = None,
) -> None:
    """States, acts and clocks as a drawing, titles in your language."""
    from engine.definitions import drawing
    from engine.definitions.outline import Outline
    from engine.definitions.wording import Wording
    from workflows.shipped import vocabulary

    made = given.definition(call, file, version)
    words = Wording(Outline(made), lang=call.lang, vocabulary=vocabulary())
    text = drawing.svg(words) if format_ is Format.SVG else drawing.mermaid(words)
    answer = {"case_type": made.case_type, "format": format_.value, "drawing": text, "path": output}
    if output is not None:
        Path(output).write_text(text, "utf-8")
        call.page(answer, lambda page: page.line(output))
    elif call.common.json:
        call.page(answer, lambda page: None)
    else:
        document.write(text.rstrip("\n"))
