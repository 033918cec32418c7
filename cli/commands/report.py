"""`folkmoot report`: pages of figures by name."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.call import Call
from cli.command import noun, reads, writes
from cli.output.file import put
from cli.output.page import Page
from cli.output.table import Column
from engine.domain.errors import UsageError

app = noun("report")
Name = Annotated[str, typer.Argument(help="NAME: as report list names them")]


@reads(app, "list", example="folkmoot report list", without="limit")
def list_reports(call: Call) -> None:
    """Reports that come along, and those that were saved here."""
    from engine.analytics.report import listing

    columns = (
        Column("name", head="report"),
        Column("title", flex=True, least=16, head="report_title"),
        Column(
            "measures",
            head="report_measures",
            cell=lambda row: ", ".join(row["measures"]),
            flex=True,
            least=16,
        ),
        Column("saved_by", cell=lambda row: row["saved_by"] or call.word("report_shipped"), head="report_by"),
    )
    call.table(call.read(listing.list_reports), columns, empty=call.word("report_none"))


@reads(app, "show", example="folkmoot report show weekly > mine.yaml", without="csv limit")
def show(call: Call, name: Name) -> None:
    """A report as it is written: to be changed and saved under another name."""
    from engine.analytics.report import listing

    answer = call.read(listing.show_report, name=name)
    call.page(answer, lambda page: _written(page, answer))


def _written(page: Page, answer: Mapping[str, Any]) -> None:
    import yaml

    body = {key: answer[key] for key in ("title", "needs_unit", "parts") if key in answer}
    for line in yaml.safe_dump(body, allow_unicode=True, sort_keys=False).splitlines():
        page.line(line)


@writes(app, "save", example="folkmoot report save mine mine.yaml", without="ask at done_by reason")
def save(
    call: Call,
    name: Annotated[str, typer.Argument(help="NAME: small letters, digits and -")],
    file: Annotated[str, typer.Argument(help="FILE: YAML, as report show writes it; - is stdin")],
) -> None:
    """Save a report under a name, a new one or one's own."""
    from engine.analytics.report import listing
    from engine.service import report as service

    body = listing.checked(name, _read(file))
    answer = call.write(service.save, name=name, body=body)
    call.page(answer, lambda page: page.line(call.word("report_saved", name=name)))


def _read(file: str) -> Any:
    import sys

    import yaml

    from engine.service import plain_yaml

    try:
        return plain_yaml.load(sys.stdin.read() if file == "-" else Path(file).read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise UsageError("FM-U739", file=file, problem=" ".join(str(error).split())) from error


@reads(
    app, "run", example="folkmoot report run weekly --format pdf --to weekly.pdf", as_of=True,
    without="csv jsonl limit",
)  # fmt: skip
def run(
    call: Call,
    name: Name,
    form: Annotated[
        str | None,
        typer.Option("--format", help="FORMAT: html, pdf, csv; else as the file's name ends, else html"),
    ] = None,
    unit: Annotated[str | None, typer.Option(help="UNIT: this unit and all below it")] = None,
    to: Annotated[str | None, typer.Option("--to", help="FILE: where to write it; - is stdout")] = None,
) -> None:
    """Run a report and write it: a page with its charts, PDF, or all tables as CSV. With --json, its figures."""
    from engine.analytics.report import document, running
    from engine.service import query

    call.no_rows(csv="--format csv")
    call.known_as_of()
    found = call.engine.read(query.meant, call.caller, given={"unit": unit})
    given = {"name": name, "in_unit": found["unit"], "zone": call.settings.zone}
    if call.common.json and to is None:
        call.page(call.read(running.answered, **given), lambda page: None)
        return
    answer: Any = call.read(document.written, **given, form=_form(form, to))
    file = to or answer["file"]
    put(file, answer["content"], option="--to")
    told = {**{key: value for key, value in answer.items() if key != "content"}, "file": file}
    if file != "-":
        call.page(told, lambda page: page.line(call.word("report_written", title=answer["title"], file=file)))
    if answer["note"] and not call.for_program:
        call.say(call.humane(answer["note"]))


def _form(given: str | None, to: str | None) -> str:
    """As said, else as the name of the file ends; the two may not speak against each other."""
    from engine.analytics.report.document import FORMS

    if to in (None, "-"):
        return given or "html"
    ending = Path(str(to)).suffix.removeprefix(".").lower()
    if given is None and ending not in FORMS:
        raise UsageError("FM-U741", file=to, known=", ".join(FORMS))
    if given is not None and ending in FORMS and ending != given:
        raise UsageError("FM-U740", file=to, ending=ending, given=given)
    return given or ending


@writes(app, "delete", example="folkmoot report delete mine", without="ask at done_by reason")
def delete(call: Call, name: Name) -> None:
    """Delete a saved report: one's own, or any where one runs the house."""
    from engine.analytics.report import listing
    from engine.service import report as service

    listing.checked_to_delete(name)
    answer = call.write(service.remove, name=name)
    call.page(answer, lambda page: page.line(call.word("report_gone", name=name)))
