"""What another text would change; putting it in force, taking it back, bringing one in from elsewhere."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import exit_codes
from cli.call import Call
from cli.command import plain, reads, writes
from cli.commands.workflow import given
from cli.commands.workflow.app import app
from cli.output import document
from cli.output.page import Page
from cli.output.table import Column
from engine.domain.errors import Conflict, NotFound, UsageError

Version = Annotated[str | None, typer.Option("--version", help="VERSION: label or hash of a stored one")]


@reads(app, "diff", example="folkmoot workflow diff dispute_mediation mine/workflow.yaml")
def diff(
    call: Call,
    old: Annotated[str, typer.Argument(help="FILE|NAME: the text it starts from")],
    new: Annotated[str, typer.Argument(help="FILE|NAME: the other text")],
) -> None:
    """What differs between two texts, property by property."""
    from engine.definitions.difference import differences

    found = differences(given.definition(call, old), given.definition(call, new))
    items = [one.to_json() for one in found]
    columns = (
        Column("what", head="wf_what"),
        Column("key", head="wf_key"),
        Column("after", head="wf_change", cell=lambda row: _change(call, row), flex=True, least=24),
    )
    answer = {"items": items[: call.limit] if call.limit else items, "count": len(items)}
    call.table(answer, columns, empty=call.word("wf_same"))


def _change(call: Call, row: Mapping[str, Any]) -> str:
    if (
        row["key"] is None
        and "there" in (row["before"], row["after"])
        and None in (row["before"], row["after"])
    ):
        return call.word("wf_new" if row["before"] is None else "wf_gone")
    return f"{row['before'] or '-'} -> {row['after'] or '-'}"


@writes(
    app,
    "activate",
    example="folkmoot workflow activate mine/workflow.yaml --from 2027-01-01",
    without="ask at done_by key reason",
)
def activate(
    call: Call,
    name: Annotated[str, typer.Argument(help="FILE|NAME: a file, or the case type of a stored version")],
    from_: Annotated[str | None, typer.Option("--from", help="DAY: cases filed from then on (today)")] = None,
    version: Version = None,
) -> None:
    """Cases filed from a day on follow this text; running cases keep theirs. Only a sound one is taken."""
    from engine.service import definition

    start = call.day(from_, ahead=True)
    read = given.loaded(name) if given.is_path(name) else None
    answer = call.write(
        definition.activate, loaded=read, name=None if read else name, version=version, start=start
    )
    call.page(answer, lambda page: _activated(call, page, answer))


def _activated(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    warnings = sum(f["waived"] is None and f["severity"] == "warning" for f in answer["findings"])
    if warnings:
        counted = call.word("wf_one_warning" if warnings == 1 else "wf_warnings", count=warnings)
        page.line(call.word("wf_warned", counted=counted))
    day = call.on_day(answer["effective_from"])
    page.line(call.word("wf_follow", day=day, version=answer["version"], hash=answer["hash"][:6]))
    if answer["keep"]:
        page.line(call.word("wf_keep", count=answer["keep"]))
    for table in answer["unfit_tables"]:
        page.line(call.word("wf_unfit", version=table["version"], hash=table["hash"][:6]), "strong")
        for found in table["findings"]:
            place = f"{found['file']}:{found['line']}:{found['column']}"
            page.line(f"  {place} {found['code']} {found['text']}")


@writes(
    app,
    "deactivate",
    example="folkmoot workflow deactivate dispute_mediation",
    without="ask at done_by key reason",
)
def deactivate(
    call: Call, name: Annotated[str, typer.Argument(help="NAME: case type")], version: Version = None
) -> None:
    """Take back a version whose day has not come."""
    from engine.service import definition

    answer = call.write(definition.deactivate, name=name, version=version)
    call.page(
        answer, lambda page: page.line(call.word("wf_taken_back", title=answer["title"], version=answer["version"]))
    )  # fmt: skip


@plain(app, "schema", example="folkmoot workflow schema > workflow.schema.json")
def schema(call: Call) -> None:
    """The JSON Schema of workflow files, for editors and other programs."""
    from engine.definitions.schema import definition_schema

    document.write(document.to_json(definition_schema()))


@plain(app, "import", example="folkmoot workflow import digit pgr.json -o mine/")
def import_(
    call: Call,
    system: Annotated[str, typer.Argument(help="SYSTEM: whose workflow it is; digit")],
    file: Annotated[str, typer.Argument(help="FILE: a DIGIT BusinessService, JSON")],
    output: Annotated[
        str | None, typer.Option("-o", "--output", help="FOLDER: where to write the YAML")
    ] = None,
) -> None:
    """Read a workflow of another system, and say what is wrong with it. Exit 6 if it cannot be taken as it is."""
    from engine.definitions.digit import read_digit
    from engine.definitions.emit import emit

    if system != "digit":
        raise UsageError("FM-U091", given=system)
    path = Path(file)
    if not path.is_file():
        raise NotFound("FM-N010", file=file)
    services = read_digit(path.read_bytes(), path.as_posix())
    items = [one.to_json(call.lang) for one in services]
    written = []
    for one in services:
        if output is not None and one.definition is not None:
            target = Path(output) / f"{one.definition.case_type}.yaml"
            if target.exists():
                raise Conflict("FM-C020", file=str(target))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(emit(one.definition), "utf-8")
            written.append(str(target))
    answer = {"items": items, "count": len(items), "written": written}
    call.page(answer, lambda page: _imported(call, page, answer))
    if not all(item["sound"] for item in items):
        call.end(exit_codes.of_code("FM-D001"))


def _imported(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    for item in answer["items"]:
        for found in item["findings"]:
            page.raw(
                f"{found['file']} {found['path']} {call.word('wf_' + found['severity'])} {found['code']} {found['text']}"
            )
        page.line(
            call.word(
                "wf_digit",
                **{k: v if v is not None else "-" for k, v in item["counts"].items()},
                name=item["service"],
            )
        )
    for path in answer["written"]:
        page.line(path)
