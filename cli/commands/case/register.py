"""`folkmoot case import`: an old register through the engine, with its own times."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import exit_codes, given
from cli.call import Call
from cli.command import writes
from cli.commands.case.app import app
from cli.output.page import Page
from cli.output.progress import Progress
from engine.domain.errors import NotFound, UsageError

PORTION = 100  # cases in one commit: what landed stays, and nobody waits long for the database


@writes(app, "import", example="folkmoot case import register.xlsx --map map.yaml --dry-run")
def import_(
    call: Call,
    file: Annotated[Path, typer.Argument(help="FILE: .csv (UTF-8 or GB18030) or .xlsx")],
    map_: Annotated[
        Path | None, typer.Option("--map", help="FILE: what each column means; --sketch writes a first one")
    ] = None,
    sketch: Annotated[Path | None, typer.Option(help="FILE: guess a map and write it here")] = None,
    rejects: Annotated[
        Path | None, typer.Option(help="FILE: rows left out go here (REGISTER.rejected.csv)")
    ] = None,
    live: Annotated[bool, typer.Option("--live", help="let deadlines of open cases alarm")] = False,
    encoding: Annotated[str | None, typer.Option(help="NAME: when it is neither UTF-8 nor GB18030")] = None,
    sheet: Annotated[str | None, typer.Option(help="NAME: which sheet of a workbook")] = None,
) -> None:
    """Bring a register or a log of events in, cases with their own times; a second run adds nothing."""
    from engine.service import importing

    if not file.is_file():
        raise NotFound("FM-N010", file=str(file))
    if sketch is not None:
        _sketch(
            call,
            importing.read_register(file.name, file.read_bytes(), sheet=sheet, encoding=encoding),
            sketch,
        )
        return
    if map_ is None:
        raise UsageError("FM-U311", file=file.name)
    if not map_.is_file():
        raise NotFound("FM-N010", file=str(map_))
    mapping = importing.read_mapping(given.text_of(map_), map_.name)
    register = importing.read_register(
        file.name, file.read_bytes(), sheet=sheet or mapping.sheet, encoding=encoding
    )
    if register.encoding:
        call.say(call.word("read_as", file=file.name, encoding=register.encoding))
    call.agree("FM-U312", count=len(register.rows), database=call.settings.database_url)
    answer = _land(call, mapping, register, map_.name, live=live)
    if answer["rejected"]:
        answer["rejects_file"] = _rejected(call, register, answer.pop("_rejects"), rejects or _beside(file))
    answer.pop("_rejects", None)
    call.page(answer, lambda page: _imported(call, page, answer))
    if answer["rejected"]:
        call.end(exit_codes.IN_PART)


def _land(call: Call, mapping: Any, register: Any, name: str, *, live: bool) -> dict[str, Any]:
    from engine.service import importing

    caller, engine = call.caller, call.engine
    _ = caller.name  # a register needs somebody who brings it
    progress = Progress(len(register.rows), lang=call.lang)
    total = importing.Landed()
    batch = None
    if not call.dry_run:
        opened = engine.call(
            importing.open_batch,
            caller,
            name=name,
            mapping=mapping,
            header=register.header,
            register=register.name,
        )
        batch = opened["batch"]
    for cases in _portions(importing.cases_in(register, mapping)):
        if batch is None:
            made = engine.call(
                importing.rehearse,
                caller,
                dry_run=True,
                name=name,
                mapping=mapping,
                register=register,
                cases=cases,
            )
        else:
            made = engine.call(
                importing.land,
                caller,
                batch=batch,
                mapping=mapping,
                register=register,
                cases=cases,
                live=live,
            )
        register.seen |= made.keys
        total.add(made)
        progress(total.read)
    progress.close()
    if batch is not None and not total.landed and engine.call(importing.drop_empty, caller, batch=batch):
        batch = None
    return {**importing.report(total, batch, call.lang, register.notes), "_rejects": total.rejects}


def _portions(cases: Any) -> Iterator[Any]:
    return (cases[n : n + PORTION] for n in range(0, len(cases), PORTION))


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.stem}.rejected.csv")


def _rejected(call: Call, register: Any, rejects: Any, target: Path) -> str:
    from engine.service import importing

    target.write_text(importing.rejects_csv(register.header, rejects, call.lang), "utf-8-sig")
    return str(target)


def _imported(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    word = "register_would_land" if call.dry_run else "register_landed"
    counts = {k: answer[k] for k in ("landed", "closed", "open")}
    many = answer["cases"] != answer["read"]
    read = call.word("register_rows", rows=answer["read"], cases=answer["cases"]) if many else answer["read"]
    page.line(call.word(word, read=read, **counts), "strong")
    for note in answer["notes"]:
        page.line(f" {note['text']} ({note['code']})")
    if answer["unchanged"]:
        page.line(" " + call.word("register_same", n=answer["unchanged"]))
    for reason in answer["reasons"]:
        page.line(f" {reason['count']} {reason['text']} ({reason['code']})")
    if answer["rejected"]:
        page.line(" " + call.word("register_rejected", n=answer["rejected"], file=answer["rejects_file"]))
    if answer["overdue"]:
        page.line(" " + call.word("register_overdue", n=answer["overdue"]))
    if answer["batch"]:
        page.line(call.word("register_batch", batch=answer["batch"]))


def _sketch(call: Call, register: Any, target: Path) -> None:
    from engine.service import importing

    if target.exists():
        raise UsageError("FM-U053", file=str(target))
    made = importing.sketch(register)
    target.write_text(made, "utf-8")
    answer = {
        "file": str(target),
        "columns": len(register.header),
        "rows": len(register.rows),
        "asked": importing.asked(made),
    }
    call.page(answer, lambda page: page.line(call.word("register_sketched", **answer)))
