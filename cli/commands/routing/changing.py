"""The tables that the store holds: which there are, their text, put in force, taken back."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.call import Call
from cli.command import plain, reads, writes
from cli.commands.routing.app import Version, app
from cli.commands.workflow import given
from cli.output.page import Page
from cli.output.table import Column

Type = Annotated[str, typer.Argument(help="CASE_TYPE: case type or its title")]


@reads(app, "list", example="folkmoot routing list dispute_mediation")
def list_tables(
    call: Call,
    case_type: Annotated[str | None, typer.Argument(help="CASE_TYPE: only these")] = None,
) -> None:
    """The tables of every case type: in force, coming, available, retired."""
    from engine.service.routing import tables

    columns = (
        Column("case_type", head="wf_type"),
        Column("version", head="wf_version"),
        Column("status", head="wf_status", cell=lambda row: call.word(f"wf_{row['status']}")),
        Column("since", head="wf_from", cell=lambda row: call.on_day(row["since"])),
        Column("until", head="rt_until", cell=lambda row: call.on_day(row["until"])),
        Column("hash", head="wf_hash", cell=lambda row: row["hash"][:6]),
    )
    answer = call.read(tables.list_tables, case_type=case_type, limit=call.limit)
    call.table(answer, columns, empty=call.word("rt_none"))


@plain(app, "text", example="folkmoot routing text dispute_mediation > routing.yaml")
def text(call: Call, case_type: Type, version: Version = None) -> None:
    """The text of stored tables with its comments, to work on."""
    from engine.service.routing import tables

    answer = call.read(tables.source, name=case_type, version=version)
    call.page(answer, lambda page: page.raw(answer["text"].rstrip("\n")))


@writes(
    app,
    "activate",
    example="folkmoot routing activate mine/routing.yaml --from mon",
    without="ask at done_by key reason",
)
def activate(
    call: Call,
    name: Annotated[str, typer.Argument(help="FILE|CASE_TYPE: a file, or the case type of stored tables")],
    from_: Annotated[str | None, typer.Option("--from", help="DAY: decisions from then on (today)")] = None,
    version: Annotated[
        str | None, typer.Option("--version", help="VERSION: label or hash of stored ones")
    ] = None,
) -> None:
    """Seats are filled by these tables from a day on, on every case of the type. Only sound ones are taken."""
    from engine.service.routing import tables

    start = call.day(from_, ahead=True)
    if given.is_path(name) or Path(name).is_file():
        told: dict[str, Any] = {"text": read_tables(name), "file": Path(name).as_posix()}
    else:
        told = {"name": name, "version": version}
    answer = call.write(tables.activate, **told, start=start)
    call.page(answer, lambda page: _activated(call, page, answer))


def read_tables(file: str) -> str:
    """The text of a file; FM-N010 where there is none, FM-D010 where it is no text."""
    from engine.definitions.written.node import decode
    from engine.domain.errors import NotFound
    from engine.service.definition_check import refuse_unsound

    path = Path(file)
    if not path.is_file():
        raise NotFound("FM-N010", file=file)
    content, wrong = decode(path.read_bytes(), path.as_posix())
    refuse_unsound(wrong)
    return content


def _activated(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    warnings = sum(f["waived"] is None and f["severity"] == "warning" for f in answer["findings"])
    if warnings:
        counted = call.word("wf_one_warning" if warnings == 1 else "wf_warnings", count=warnings)
        page.line(call.word("rt_warned", counted=counted))
    since = call.on_day(answer["since"]) or call.word("rt_always")
    page.line(call.word("rt_follow", day=since, version=answer["version"], hash=answer["hash"][:6]))
    if answer["replaces"]:
        page.line(call.word("rt_replaces", version=answer["replaces"]["version"]))
    for one in answer["displaced"]:
        page.line(call.word("rt_displaced", version=one["version"], day=call.on_day(one["since"])))


@writes(
    app,
    "deactivate",
    example="folkmoot routing deactivate dispute_mediation",
    without="ask at done_by key reason",
)
def deactivate(call: Call, case_type: Type, version: Version = None) -> None:
    """Take back tables whose day has not come."""
    from engine.service.routing import tables

    answer = call.write(tables.deactivate, name=case_type, version=version)
    call.page(
        answer, lambda page: page.line(call.word("rt_taken_back", case_type=answer["case_type"], version=answer["version"]))
    )  # fmt: skip
