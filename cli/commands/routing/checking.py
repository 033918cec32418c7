"""Decision tables as text: checked, shown."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import exit_codes
from cli.call import Call
from cli.command import plain
from cli.commands.routing.app import app
from cli.commands.workflow import given
from cli.commands.workflow.checking import findings, write_sarif
from cli.output.page import Page
from cli.output.table import Column

if TYPE_CHECKING:
    from engine.routing.table import Loaded

UNSOUND = exit_codes.of_code("FM-D405")


@plain(app, "check", example="folkmoot routing check mine/routing.yaml --strict")
def check(
    call: Call,
    file: Annotated[
        str, typer.Argument(help="FILE: a routing.yaml or its folder; TYPE: a case type that is shipped")
    ],
    strict: Annotated[bool, typer.Option("--strict", help="warnings count as errors")] = False,
    sarif: Annotated[str | None, typer.Option("--sarif", help="FILE|-: write the findings as SARIF")] = None,
) -> None:
    """Everything that is wrong with decision tables, with line and column. Exit 6 if they are unsound."""
    from engine.service.routing.shown import answer_of

    loaded = _loaded(call, file)
    answer = answer_of(loaded, lang=call.lang, strict=strict)
    if sarif is not None:
        write_sarif(call, loaded.findings, sarif)
    if sarif != "-":
        call.page(answer, lambda page: _checked(call, page, answer))
    if not answer["sound"]:
        call.end(UNSOUND)


def _loaded(call: Call, file: str) -> "Loaded":
    """The tables of a file with the workflow beside it (else the one of this store), or those of a shipped type."""
    from engine.definitions.written.node import decode
    from engine.domain.errors import NotFound
    from engine.routing.table import Loaded
    from engine.service.routing.shown import with_definition
    from workflows.shipped import CASE_TYPES, routing_text, vocabulary

    path = Path(file)
    if path.is_dir():
        path = path / "routing.yaml"
        file = path.as_posix() if path.parent != Path() else f"./{path.name}"
    if not (given.is_path(file) or path.is_file()):
        text = routing_text(file)
        if text is None:
            raise NotFound("FM-N070", name=file, known=", ".join(CASE_TYPES))
        return with_definition(
            text, lambda name: given.shipped(name).definition, vocabulary(), name=f"{file}/routing.yaml"
        )
    if not path.is_file():
        raise NotFound("FM-N010", file=file)
    text, wrong = decode(path.read_bytes(), path.as_posix())
    if wrong:
        return Loaded(None, wrong, "")
    beside = path.parent / "workflow.yaml"
    if beside.is_file():
        return with_definition(text, lambda _: given.sound(str(beside)), vocabulary(), name=path.as_posix())
    return with_definition(
        text, lambda name: given.definition(call, name), vocabulary(), name=path.as_posix()
    )


def _checked(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    said = findings(call, page, answer)
    if answer["routing"] is not None:
        said += call.word("rt_size", tables=answer["tables"], rules=answer["rules"])
    page.line(said)


@plain(app, "show", example="folkmoot routing show dispute_mediation")
def show(
    call: Call,
    file: Annotated[str, typer.Argument(help="FILE: a routing.yaml; TYPE: a case type that is shipped")],
) -> None:
    """The tables as people read them: each rule with what it asks for, what it gives and why."""
    from engine.service.routing.shown import shown

    answer = shown(_loaded(call, file), call.lang)
    call.page(answer, lambda page: _shown(call, page, answer))


def _shown(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    page.line(
        call.word("rt_head", **{key: answer[key] for key in ("title", "version")}, hash=answer["hash"][:6]),
        "strong",
    )
    if answer["scores"]:
        page.line(call.word("rt_scores", scores=", ".join(f"{k} {v}" for k, v in answer["scores"].items())))
    if answer["categories"]:
        page.line()
        columns = [Column(key, head=f"rt_{key}") for key in ("category", "owner", "levels", "acknowledge")]
        columns.insert(1, Column("options", head="rt_options", flex=True))
        rows = [row for top in answer["categories"] for row in _branches(top, "")]
        page.table(columns, rows, [call.word(column.head or "") for column in columns])
    for table in answer["tables"]:
        _table(call, page, table)


def _branches(branch: Mapping[str, Any], indent: str) -> Iterator[dict[str, Any]]:
    """A group with its options; an option of its own only where it says something."""
    yield {
        "category": indent + (branch["title"] or branch["name"]),
        "options": ", ".join(inner["name"] for inner in branch["under"] if not inner["under"]),
        "owner": branch["owner"],
        "levels": ", ".join(branch["levels"]),
        "acknowledge": branch["acknowledge"],
    }
    for inner in branch["under"]:
        if inner["under"] or inner["owner"] or inner["levels"] or inner["acknowledge"]:
            yield from _branches(inner, indent + "  ")


def _table(call: Call, page: Page, table: Mapping[str, Any]) -> None:
    page.line()
    word = "rt_gives" if table["gives"] else "rt_for"
    seats = ", ".join(table["seats"])
    page.line(
        call.word(word, title=table["title"], field=table["gives"], seats=seats, hit=table["hit"]), "strong"
    )
    columns = (
        Column("id", head="rt_rule"),
        Column("if_text", head="rt_if", flex=True, least=16),
        Column("then_text", head="rt_then", flex=True, least=16),
        Column("because", head="rt_because", flex=True, least=16),
    )
    page.table(columns, table["rules"], [call.word(column.head or "") for column in columns])


@plain(app, "table", example="folkmoot routing table dispute_mediation > routing.csv")
def table(
    call: Call,
    file: Annotated[str, typer.Argument(help="FILE|CASE_TYPE: a routing.yaml, or a case type")],
) -> None:
    """Every combination of what the tables read, with the rule it comes to and what that gives, as CSV."""
    answer = _truth(call, file)
    call.page(answer, lambda page: page.raw(answer["csv"].rstrip("\n")))


def _truth(call: Call, file: str) -> dict[str, Any]:
    """Of a file; of what this store holds; where it holds none, of what is shipped."""
    from engine.domain.errors import FolkmootError
    from engine.service.routing import truth
    from workflows.shipped import CASE_TYPES

    if not (given.is_path(file) or Path(file).is_file()):
        try:
            return call.read(truth.truth, name=file)
        except FolkmootError:
            if file not in CASE_TYPES:
                raise
    loaded = _loaded(call, file)
    case_type = loaded.sheet.case_type if loaded.sheet else file
    beside = Path(file).parent / "workflow.yaml"
    named = str(beside) if given.is_path(file) and beside.is_file() else case_type
    return truth.truth_of(loaded, given.definition(call, named))
