"""`folkmoot org`: the whole organisation as a workbook, CSV files or YAML."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import exit_codes
from cli.call import Call
from cli.command import noun, plain, reads, writes
from cli.output.page import Page
from cli.output.table import Column
from engine.domain.errors import NotFound, UsageError

app = noun("org")
Target = Annotated[Path, typer.Argument(help="FILE: .xlsx or .yaml; a folder gets CSV files")]


@plain(app, "template", example="folkmoot org template org.xlsx")
def template(
    call: Call,
    file: Target,
    sample: Annotated[
        str | None, typer.Option(help="county|full: filled with the sample organisation")
    ] = None,
) -> None:
    """Empty sheets to fill in, every column explained."""
    from engine.service import organisation

    form = _form(file)
    if sample is None:
        files = organisation.template(form)
    elif sample in ("county", "full"):
        from workflows.harbin import build

        files = organisation.to_files(build(scale="full" if sample == "full" else "county"), form)
    else:
        raise UsageError("FM-U054", given=sample)
    _save(call, file, files)


def _form(file: Path) -> str:
    suffix = file.suffix.lower()
    forms = {".xlsx": "xlsx", ".yaml": "yaml", ".yml": "yaml", "": "csv"}
    if suffix not in forms:
        raise UsageError("FM-U055", file=str(file))
    return forms[suffix]


def _save(call: Call, file: Path, files: Mapping[str, bytes]) -> None:
    """One file under the name given, or several in the folder; nothing that is there is written over."""
    if len(files) == 1 and file.suffix:
        targets = {file: next(iter(files.values()))}
    else:
        targets = {file / name: content for name, content in files.items()}
    there = next((path for path in targets if path.exists()), None)
    if there is not None:
        raise UsageError("FM-U053", file=str(there))
    for path, content in targets.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    answer = {"files": [str(path) for path in targets]}
    call.page(answer, lambda page: page.line(call.word("written", files=", ".join(answer["files"]))))


@writes(app, "import", example="folkmoot org import org.xlsx --dry-run", without="ask at done_by key reason")
def import_(
    call: Call,
    files: Annotated[list[Path], typer.Argument(help="FILE..: workbook, YAML, CSV files or their folder")],
    replace: Annotated[
        bool, typer.Option("--replace", help="end the appointments that the file lacks")
    ] = False,
) -> None:
    """Bring an organisation in; rows that do not hold are left out and named."""
    from engine.service import organisation

    content = _contents(files)
    if replace and not call.dry_run and call.person:
        ahead = call.engine.call(
            organisation.import_organisation, call.caller, dry_run=True, files=content, replace=True
        )
        if ahead["would_end"]:
            call.agree("FM-U085", count=ahead["would_end"])
    answer = call.write(organisation.import_organisation, files=content, replace=replace)
    call.page(answer, lambda page: _imported(call, page, answer))
    if answer["rejected"]:
        call.end(exit_codes.IN_PART)


def _contents(files: list[Path]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for file in files:
        if file.is_dir():
            found |= {path.name: path.read_bytes() for path in sorted(file.glob("*.csv"))}
        elif file.is_file():
            found[file.name] = file.read_bytes()
        else:
            raise NotFound("FM-N010", file=str(file))
    return found


@reads(app, "export", example="folkmoot org export org.xlsx", without="csv jsonl limit")
def export(call: Call, file: Target) -> None:
    """The organisation of this database, ready to be imported again."""
    from engine.service import organisation

    call.no_rows()
    _save(call, file, call.read(organisation.export, form=_form(file))["files"])


SHEETS = tuple(
    Column(name, right=name != "sheet") for name in ("sheet", "rows", "new", "changed", "same", "left_out")
)
MOST = 10


def _imported(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    for note in answer["notes"]:
        page.line(note["text"])
    page.table(SHEETS, answer["sheets"], [call.word(column.key) for column in SHEETS])
    for rejection in answer["rejected"][:MOST]:
        page.line(f" {rejection['text']} ({rejection['code']})")
    if len(answer["rejected"]) > MOST:
        page.line(" " + call.word("more_left_out", n=len(answer["rejected"]) - MOST))
    for change in answer["changes"][:MOST]:
        name = f"{change['sheet']} {change['key']} {change['column']}"
        page.line(f" {name}: {change['before']} -> {change['after']}")
    ended = sum(sheet["ended"] for sheet in answer["sheets"])
    page.line(call.word("ended_by_replace", n=ended) if ended else call.word("kept", n=answer["would_end"]))
