"""`folkmoot event`: what happened, as a file for other programs."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import filter as filtering
from cli.call import Call
from cli.command import noun, plain
from cli.output.page import Page
from cli.output.progress import Progress
from engine.domain.period import stretch

app = noun("event")


@plain(
    app,
    "export",
    example="folkmoot event export events.xes --type dispute_mediation --filed 2026-01..",
)
@filtering.filtered
def export(
    call: Call,
    file: Annotated[Path, typer.Argument(help="FILE: .csv, .parquet, .xes, .json or .sqlite (OCEL 2.0)")],
    typed: filtering.Typed,
    happened: Annotated[
        str | None, typer.Option(help="FROM..TO: only events of these months or days")
    ] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="TIME: as it was known then")] = None,
    as_written: Annotated[
        bool, typer.Option("--as-written", help="also what was taken back, at the times first entered")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="replace the file if it is there")] = False,
) -> None:
    """Events of the cases that case list finds by the same options; no names and nothing of what was told."""
    from engine import exporting

    zone = call.settings.zone
    asked = filtering.asked(call, typed)
    instant = call.instant(as_of) if as_of else None
    shown: list[Progress] = []

    def begun(total: int) -> Callable[[int], None]:
        shown.append(Progress(total, lang=call.lang))
        return (lambda done: None) if call.for_program else shown[-1]

    answer = exporting.export(
        call.engine,
        call.caller,
        file=file,
        filter=asked,
        happened=stretch(happened, at=instant or call.caller.now, zone=zone),
        as_of=instant,
        as_written=as_written,
        zone=zone,
        force=force,
        begun=begun,
    )
    for progress in shown:
        progress.close()
    call.page(answer, lambda page: _told(call, page, answer))


def _told(call: Call, page: Page, answer: dict[str, Any]) -> None:
    page.line(call.word("export_done", **{name: answer[name] for name in ("file", "cases", "events")}))
    if answer["objects"] is not None:
        page.line(call.word("export_objects", objects=answer["objects"], relations=answer["relations"]))
    page.line(call.word("export_as_of", at=call.dated(answer["as_of"])))
    if answer["as_written"]:
        page.line(call.word("export_as_written"))
