"""Is it sound, and can a case get stuck."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import exit_codes
from cli.call import Call
from cli.command import plain
from cli.commands.workflow import given
from cli.commands.workflow.app import app
from cli.output import document
from cli.output.page import Page
from cli.output.table import Column

if TYPE_CHECKING:
    from engine.definitions.load import Loaded

UNSOUND = exit_codes.of_code("FM-D001")


@plain(app, "check", example="folkmoot workflow check mine/workflow.yaml --strict")
def check(
    call: Call,
    file: Annotated[str, typer.Argument(help="FILE: a workflow.yaml; NAME: one that is stored")],
    strict: Annotated[bool, typer.Option("--strict", help="warnings count as errors")] = False,
    sarif: Annotated[str | None, typer.Option("--sarif", help="FILE|-: write the findings as SARIF")] = None,
) -> None:
    """Everything that is wrong with a definition, with line and column. Exit 6 if it is unsound."""
    from engine.service.definition_check import answer_of, examine
    from workflows.shipped import vocabulary

    read = _read(call, file)
    others = given.others(read.definition.case_type if read.definition else "")
    found, _ = examine(read, vocabulary(), others=others, calendars=given.calendars(call))
    answer = answer_of(read, found, lang=call.lang, strict=strict)
    if sarif is not None:
        write_sarif(call, found, sarif)
    if sarif != "-":
        call.page(answer, lambda page: _told(call, page, answer))
    if not answer["sound"]:
        call.end(UNSOUND)


def _read(call: Call, file: str) -> "Loaded":
    """A file, or the text of a stored version under its name."""
    if given.is_path(file) or Path(file).is_file():
        return given.loaded(file)
    from engine.definitions.load import Loaded
    from engine.definitions.position import Positions

    return Loaded(given.definition(call, file), [], Positions())


def write_sarif(call: Call, found: Any, target: str) -> None:
    from importlib.metadata import version

    from engine.definitions.sarif import sarif

    text = document.to_json(sarif(found, version=version("folkmoot"), lang=call.lang))
    if target == "-":
        document.write(text)
    else:
        Path(target).write_text(text + "\n", "utf-8")


def _told(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    said = findings(call, page, answer)
    if answer["definition"] is not None:
        said += call.word("wf_size", **{key: answer[key] for key in ("states", "acts", "clocks")})
    page.line(said)


def findings(call: Call, page: Page, answer: Mapping[str, Any]) -> str:
    """Every finding on a line of its own; gives how many there are, in words."""
    for found in answer["findings"]:
        place = found["file"] or found["path"]
        if found["line"]:
            place = f"{found['file']}:{found['line']}:{found['column']}"
        severity = call.word("wf_let_stand" if found["waived"] is not None else f"wf_{found['severity']}")
        page.raw(f"{place} {severity} {found['code']} {found['text']}")
    counts = answer["counts"]
    return ", ".join(_counted(call, key, counts[key]) for key in ("error", "warning"))


def _counted(call: Call, key: str, count: int) -> str:
    return call.word(f"wf_one_{key}" if count == 1 else f"wf_{key}s", count=count)


@plain(app, "prove", example="folkmoot workflow prove dispute_mediation")
def prove(call: Call, file: Annotated[str, typer.Argument(help="FILE|NAME: a definition")]) -> None:
    """The certain way on from each open state; what is proved, and what is not. Exit 6 if a case can get stuck."""
    from engine.service.definition_check import proof
    from workflows.shipped import vocabulary

    made = given.definition(call, file)
    answer = proof(made, vocabulary(), lang=call.lang, others=given.others(made.case_type))
    call.page(answer, lambda page: _proof(call, page, answer))
    if not answer["sound"]:
        call.end(UNSOUND)


def _proof(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    for title in answer["stuck"]:
        page.line(call.word("wf_stuck", state=title), "late")
    columns = (
        Column("title", head="wf_state"),
        Column("act_title", head="wf_certain", flex=True),
        Column("by_title", head="wf_by", flex=True),
        Column(
            "leads_to_titles", head="wf_leads", cell=lambda row: ", ".join(row["leads_to_titles"]), flex=True
        ),
    )
    page.table(columns, answer["items"], [call.word(column.head or column.key) for column in columns])
    for word, sentences in (("wf_proved", answer["proved"]), ("wf_not_proved", answer["not_proved"])):
        if sentences:
            page.line()
            page.line(call.word(word), "strong")
        for sentence in sentences:
            page.line(f"  {sentence}")
