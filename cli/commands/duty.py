"""`folkmoot duty`: who is on, by unit and day."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import exit_codes
from cli import show as show_duty
from cli.call import Call
from cli.command import noun, reads, writes
from cli.commands.org import MOST, SHEETS
from cli.output.page import Page
from cli.output.table import Column
from engine.domain.errors import NotFound

app = noun("duty")


@reads(app, "show", example="folkmoot duty show --unit S-012 --week", without="limit")
def show(
    call: Call,
    unit: Annotated[str | None, typer.Option(help="CODE: of this unit and those below it")] = None,
    on: Annotated[str | None, typer.Option(help="DATE: on that day (today)")] = None,
    week: Annotated[bool, typer.Option("--week", help="seven days from then on")] = False,
) -> None:
    """Who is on the roster, and who has signed on."""
    from engine.service import duty

    days = duty.WEEK if week else 1
    answer = call.read(duty.list_duty, unit_code=unit, on=call.day(on, ahead=True), days=days)
    columns = (
        Column("day", head="duty_day", cell=lambda row: call.on_day(row["day"])),
        Column("unit"),
        Column("person"),
        Column("name", head="person_name"),
        Column("away", cell=lambda row: call.word("yes") if row["away"] else ""),
        Column(
            "signed_on",
            head="duty_signed_on",
            cell=lambda row: call.word("yes" if row["signed_on"] else "no"),
        ),
    )
    after = show_duty.on_duty(call, answer) if answer["rostered"] else ""
    if call.limit is not None:
        answer = {**answer, "items": answer["items"][: call.limit]}
    call.table(answer, columns, empty=call.word("duty_none", day=call.on_day(answer["on"])), after=after)


Person = Annotated[str | None, typer.Argument(help="code of another; yourself without it")]


@writes(app, "sign-on", example="folkmoot duty sign-on --as off-05", without="ask at done_by reason")
def sign_on(
    call: Call,
    person: Person = None,
    unit: Annotated[str | None, typer.Option(help="CODE: whose roster; puts one on it who is not")] = None,
) -> None:
    """Come on duty today; the desk may sign another on."""
    from engine.service import duty

    _signed(call, call.write(duty.sign_on, person=person, unit_code=unit))


@writes(app, "sign-off", example="folkmoot duty sign-off --as off-05", without="ask at done_by reason")
def sign_off(
    call: Call,
    person: Person = None,
    unit: Annotated[str | None, typer.Option(help="CODE: whose roster; all without it")] = None,
) -> None:
    """Go off duty: you stand on the roster as one who is not there."""
    from engine.service import duty

    _signed(call, call.write(duty.sign_off, person=person, unit_code=unit))


def _signed(call: Call, answer: Mapping[str, Any]) -> None:
    word = "duty_signed" if answer["signed_on"] else "duty_unsigned"
    said = {
        "person": answer["person"],
        "day": call.on_day(answer["day"]),
        "units": ", ".join(answer["units"]),
    }
    call.page(answer, lambda page: page.line(call.word(word, **said)))


@writes(
    app, "import", example="folkmoot duty import roster.csv --dry-run", without="ask at done_by key reason"
)
def import_(
    call: Call,
    file: Annotated[Path, typer.Argument(help="FILE: CSV, .xlsx or .yaml with unit, day, person, signed_on")],
) -> None:
    """Take a roster in; lines that do not hold are left out and named."""
    from engine.service import duty

    if not file.is_file():
        raise NotFound("FM-N010", file=str(file))
    answer = call.write(duty.import_duty, files={file.name: file.read_bytes()})
    call.page(answer, lambda page: _taken(call, page, answer))
    if answer["rejected"]:
        call.end(exit_codes.IN_PART)


def _taken(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    page.table(SHEETS, answer["sheets"], [call.word(column.key) for column in SHEETS])
    for rejection in answer["rejected"][:MOST]:
        page.line(f" {rejection['text']} ({rejection['code']})")
    if len(answer["rejected"]) > MOST:
        page.line(" " + call.word("more_left_out", n=len(answer["rejected"]) - MOST))
