"""What there is and what stands in it; a copy to work on."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.call import Call
from cli.command import plain, reads
from cli.commands.workflow import given
from cli.commands.workflow.app import app
from cli.output.page import Page
from cli.output.table import Column
from cli.show import joined
from engine.domain.errors import Conflict, UsageError

Version = Annotated[
    str | None, typer.Option("--version", help="VERSION: label or hash, not the one in force")
]


@reads(app, "list", example="folkmoot workflow list", without="limit")
def list_workflows(
    call: Call,
    available: Annotated[bool, typer.Option("--available", help="only what is not in force yet")] = False,
    type_: Annotated[str | None, typer.Option("--type", help="TYPE: only this case type")] = None,
) -> None:
    """Every version there is: in force, coming, available, retired."""
    from engine.service import definition

    columns = (
        Column("case_type", head="wf_type"),
        Column("title", head="wf_title", flex=True),
        Column("version", head="wf_version"),
        Column("status", head="wf_status", cell=lambda row: call.word(f"wf_{row['status']}")),
        Column("effective_from", head="wf_from", cell=lambda row: call.on_day(row["effective_from"])),
        Column("cases", head="wf_cases", right=True),
        Column("hash", head="wf_hash", cell=lambda row: row["hash"][:6]),
    )
    answer = call.read(definition.list_definitions, case_type=type_)
    if available:
        items = [item for item in answer["items"] if item["status"] == "available"]
        answer = {**answer, "items": items, "count": len(items)}
    if call.limit is not None:
        answer = {**answer, "items": answer["items"][: call.limit]}
    call.table(
        answer, columns, empty=call.word("wf_none_available" if available else "wf_none"), after=call.word("wf_after")
    )  # fmt: skip


@plain(app, "show", example="folkmoot workflow show dispute_mediation")
def show(
    call: Call,
    name: Annotated[str, typer.Argument(help="NAME|FILE: case type, its title, or a file")],
    version: Version = None,
    page: Annotated[bool, typer.Option("--page", help="its whole page, as Markdown")] = False,
) -> None:
    """States, acts and clocks of a workflow in words."""
    if page:
        _page(call, name, version)
        return
    if given.is_path(name):
        raise UsageError("FM-U090", file=name)
    from engine.service import definition

    answer = call.read(definition.show, name=name, version=version)
    call.page(answer, lambda page: _shown(call, page, answer))


def _page(call: Call, name: str, version: str | None) -> None:
    from engine.definitions.analysis import analyse
    from engine.definitions.outline import Outline
    from engine.definitions.page import page
    from workflows.shipped import vocabulary

    made = given.definition(call, name, version)
    words = vocabulary()
    analysis = analyse(Outline(made), vocabulary=words, others=given.others(made.case_type))
    text = page(made, analysis, vocabulary=words)
    call.page({"case_type": made.case_type, "page": text}, lambda out: out.raw(text.rstrip("\n")))


def _shown(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    page.line(joined(answer["title"], answer["version"], answer["hash"][:6]), "strong")
    page.line(answer["basis"])
    page.line(
        call.word(
            "wf_in_force", day=call.on_day(answer["effective_from"]), calendar=answer["calendar"], cases=answer["cases"]
        )
    )  # fmt: skip
    page.line()
    columns = (
        Column("title", head="wf_state"),
        Column("phase", head="wf_phase", cell=lambda row: call.word(f"wf_phase_{row['phase']}")),
        Column("waits_for", head="wf_turn", cell=lambda row: _listed(call, row["waits_for"]), flex=True),
    )
    page.table(columns, answer["states"], [call.word(c.head or c.key) for c in columns])
    page.line()
    columns = (
        Column("title", head="wf_act", flex=True, least=16),
        Column("to", head="wf_way", cell=lambda row: _way(call, row), flex=True, least=20),
        Column("allow", head="wf_who", cell=lambda row: _listed(call, row["allow"]), flex=True, least=16),
    )
    page.table(columns, answer["acts"], [call.word(c.head or c.key) for c in columns])
    page.line()
    columns = (
        Column("title", head="wf_clock", flex=True, least=16),
        Column("length", head="wf_length", flex=True, least=16),
        Column("runs_in", head="wf_runs", flex=True, least=16),
    )
    page.table(columns, answer["clocks"], [call.word(c.head or c.key) for c in columns])


def _listed(call: Call, words: list[str]) -> str:
    return ("、" if call.lang == "zh" else ", ").join(words)


def _way(call: Call, row: Mapping[str, Any]) -> str:
    source, target = _listed(call, row["from"]), _listed(call, row["to"])
    return f"{source} -> {target}" if source else target


@plain(app, "copy", example="folkmoot workflow copy dispute_mediation -o mine/")
def copy(
    call: Call,
    name: Annotated[str, typer.Argument(help="NAME: case type or its title")],
    output: Annotated[str, typer.Option("-o", "--output", help="FOLDER: where to put it")] = ".",
    version: Version = None,
) -> None:
    """The text with its comments, and its texts in other languages, to work on."""
    folder = Path(output)
    files = _files(call, name, version)
    taken = [str(folder / file) for file in files if (folder / file).exists()]
    if taken:
        raise Conflict("FM-C020", file=taken[0])
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, "utf-8")
    written = [str(folder / file) for file in files]
    call.page({"written": written}, lambda page: page.raw("\n".join(written)))
    if not call.common.json:
        call.say(call.word("wf_copied", file=written[0]))


def _files(call: Call, name: str, version: str | None) -> dict[str, str]:
    """File name to text: what the package ships, word for word, or what the store holds."""
    from engine.definitions.canonical import content_hash
    from engine.definitions.emit import emit_texts
    from engine.service import definition
    from workflows import shipped

    stored = given.stored_body(call, name, version)
    case_type = stored["case_type"] if stored else given.shipped(name).definition.case_type
    if case_type in shipped.CASE_TYPES:
        own = given.shipped(case_type)
        if stored is None or content_hash(own.definition) == stored["hash"]:
            return shipped.files_of(case_type)
    answer = call.read(definition.text, name=name, version=version)
    texts = {f"{lang}.yaml": emit_texts(by_path) for lang, by_path in answer["translations"].items()}
    return {"workflow.yaml": answer["workflow"], **texts, **answer["forms"]}
