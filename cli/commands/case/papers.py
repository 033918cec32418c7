"""Papers of a case: what was served and written up, as a page or as PDF."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cli.call import Call
from cli.command import reads
from cli.commands.case.app import app
from cli.commands.case.reading import Ref
from cli.output.file import put
from cli.output.table import Column


@reads(app, "papers", example="folkmoot case papers 26-04127-2", without="limit")
def papers(call: Call, ref: Ref) -> None:
    """Every notice served and document written up, with its digest."""
    from engine.service import papers as service

    answer = call.read(service.list_papers, ref=call.references([ref])[0])
    columns = (
        Column("no", right=True, head="number"),
        Column("at", cell=lambda row: call.time(row["at"]), head="when"),
        Column("title", head="form", flex=True, least=24),
        Column("act_title", head="act", flex=True, least=16),
        Column("to", cell=lambda row: ", ".join(row["to"]), flex=True, least=10),
        Column("sha256", cell=lambda row: next(iter(row["sha256"].values()))[:12]),
    )
    call.table(answer, columns, empty=call.word("no_papers", ref=answer["ref"]))


@reads(
    app,
    "paper",
    example="folkmoot case paper 26-04127-2 3 --format pdf -o notice.pdf",
    without="csv jsonl limit",
)
def paper(
    call: Call,
    ref: Ref,
    number: Annotated[int, typer.Argument(help="N: as `case papers` numbers them")],
    format_: Annotated[str, typer.Option("--format", help="html|pdf")] = "html",
    output: Annotated[
        str | None, typer.Option("-o", "--output", help="FILE: where to write it; - is stdout")
    ] = None,
) -> None:
    """One paper as it was served, verified against its digest. In the language of --lang."""
    from engine.service import papers as service

    call.no_rows()
    answer = call.read(
        service.show, ref=call.references([ref])[0], no=number, kind=format_, language=call.lang
    )
    file = output or f"{answer['ref']}-{number}-{answer['form']}.{answer['lang']}.{format_}"
    put(file, answer["content"], option="-o")
    told: Mapping[str, Any] = {**{k: v for k, v in answer.items() if k != "content"}, "file": file}
    if file != "-":
        said = call.word(
            "paper_written", form=answer["title"], ref=answer["ref"], lang=answer["lang"], file=file
        )
        call.page(told, lambda page: page.line(said))
