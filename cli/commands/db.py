"""`folkmoot db`: make the database, look at it, bring it up to date, back it up, restore beside it."""

import shlex
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import exit_codes
from cli.call import Call
from cli.command import noun, plain
from cli.output.page import Page

app = noun("db")


@plain(app, "init", example="folkmoot --db folkmoot.db db init")
def init(call: Call) -> None:
    """Make a new database with the shipped workflows and calendars; never touches an old one."""
    from engine.service import store

    answer = store.init(call.settings.database_url, seed=_seed(call))
    call.page(answer, lambda page: _made(call, page, answer))


def _made(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    page.line(
        call.word("db_made", path=answer["path"], schema=answer["schema"], active=_named(answer["active"]))
    )
    for calendar in answer["calendars"]:
        if calendar["last"]:
            page.line(call.word("db_calendar", id=calendar["id"], last=calendar["last"]))
    page.line(call.word("db_next"))


@plain(app, "status", example="folkmoot db status")
def status(call: Call) -> None:
    """Schema, size, cases, and when it was last backed up."""
    from engine.service import store

    answer = store.status(call.settings.database_url)
    call.page(answer, lambda page: _status(call, page, answer))
    if not answer["current"]:
        call.end(exit_codes.of_code("FM-S002"))


def _status(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    page.line(answer["path"], "strong")
    needs = "" if answer["current"] else call.word("db_needs", needs=answer["needs"])
    page.item(call.word("db_schema"), f"{answer['schema']}{needs}")
    if answer["size_bytes"] is not None:
        page.item(call.word("db_size"), _size(answer["size_bytes"]))
    if answer["cases"] is not None:
        page.item(
            call.word("db_cases"), call.word("db_counts", cases=answer["cases"], events=answer["events"])
        )
    if answer["database"] == "sqlite":
        last = answer["last_backup"]
        page.item(call.word("db_last_backup"), _when(call, last) if last else call.word("db_never"))


@plain(app, "upgrade", example="folkmoot db upgrade")
def upgrade(call: Call) -> None:
    """Bring an older database to this program; keeps a copy first. New texts are not active by that."""
    from engine.service import store

    began = time.monotonic()
    answer = store.upgrade(call.settings.database_url, now=_now(call), seed=_seed(call))
    took = round(time.monotonic() - began)
    call.page(answer, lambda page: _upgraded(call, page, answer, took))
    if answer["findings"]:
        call.end(exit_codes.of_code("FM-V001"))


def _upgraded(call: Call, page: Page, answer: Mapping[str, Any], took: int) -> None:
    if answer["before"] == answer["schema"]:
        page.line(call.word("db_current", schema=answer["schema"]))
    else:
        copy = call.word("db_copy", path=answer["copy"]) if answer["copy"] else ""
        page.line(
            call.word(
                "db_upgraded", before=answer["before"], schema=answer["schema"], copy=copy, seconds=took
            )
        )
    _findings(call, page, answer)
    if answer["doctor"]:
        told = answer["doctor"]
        word = "db_doctor_broken" if told["broken"] else "db_doctor"
        page.line(call.word(word, **{**told, "broken": ", ".join(told["broken"])}))
    if answer["available"]:
        page.line(call.word("db_available", texts=_named(answer["available"])))


@plain(app, "backup", example="folkmoot db backup --to /media/usb")
def backup(
    call: Call,
    to: Annotated[Path | None, typer.Option(help="FILE|FOLDER: where (backups/ beside it)")] = None,
) -> None:
    """Copy the database while others work, then read the copy back.

    A file copied with cp is no backup: what was saved last may still lie in the -wal file beside it.
    """
    from engine.service import store

    answer = store.backup(call.settings.database_url, now=_now(call), to=to)
    call.page(answer, lambda page: _copied(call, page, answer))
    if not answer["verified"]:
        call.end(exit_codes.of_code("FM-V001"))


@plain(app, "restore", example="folkmoot db restore backups/folkmoot-20261123-0914.db")
def restore(
    call: Call,
    file: Annotated[Path, typer.Argument(help="the backup")],
    to: Annotated[Path | None, typer.Option(help="FILE: a new file (beside the live one)")] = None,
) -> None:
    """Put a backup beside the live database, read it back and say how to switch. Never overwrites."""
    from engine.service import store

    answer = store.restore(file, call.settings.database_url, now=_now(call), to=to)
    call.page(answer, lambda page: _restored(call, page, answer))
    if not answer["verified"]:
        call.end(exit_codes.of_code("FM-V001"))


def _restored(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    _copied(call, page, answer)
    page.line(call.word("db_switch", path=shlex.quote(answer["path"]), live=shlex.quote(answer["live"])))


def _copied(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    word = "db_verified" if answer["verified"] else "db_unsound"
    page.line(call.word(word, **{**answer, "size": _size(answer["size_bytes"])}))
    _findings(call, page, answer)


def _findings(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    for finding in answer["findings"]:
        page.line(call.word(f"db_finding_{finding['kind']}", what=finding["what"]), "late")


def _seed(call: Call) -> Callable[[Any, bool], dict[str, Any]]:
    """Puts in the definitions, the vocabulary and the calendars that come with the program."""
    from engine.bootstrap import wall_clock
    from engine.service.caller import Caller
    from engine.service.seed import seed
    from workflows import calendar, shipped

    caller = Caller(call.person, wall_clock(), call.lang)
    calendars = [calendar.load_calendar(name) for name in calendar.calendar_ids()]

    def put(unit: Any, activate: bool) -> dict[str, Any]:
        return seed(
            unit,
            caller,
            definitions=shipped.texts(),
            tables=shipped.tables(),
            vocabulary=shipped.vocabulary(),
            calendars=calendars,
            activate=activate,
        )

    return put


def _now(call: Call) -> datetime:
    """In the reader's zone, as the names of copies carry it."""
    from engine.bootstrap import wall_clock

    return wall_clock().astimezone(call.zone)


def _when(call: Call, last: Mapping[str, Any]) -> str:
    at = call.local(last["at"])
    return f"{at:%Y-%m-%d %H:%M}  {last['path']}"


def _named(texts: list[dict[str, Any]]) -> str:
    return ", ".join(f"{text['case_type']} {text['version']}" for text in texts)


def _size(count: int) -> str:
    """`640 KB`, `12.4 MB`."""
    return f"{count / 1e6:.1f} MB" if count >= 1_000_000 else f"{-(-count // 1000)} KB"
