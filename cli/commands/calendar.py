"""`folkmoot calendar`: published years and the closures of single offices, which every deadline is counted on."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import given
from cli.call import Call
from cli.command import noun, reads, writes
from cli.output.page import Page
from cli.output.table import Column
from cli.show import joined
from engine.domain import display
from engine.domain.errors import NotFound

app = noun("calendar")
WIDE = 13
Name = Annotated[str | None, typer.Argument(help="ID: CN, PH; the first one if left out")]


@reads(app, "list", example="folkmoot calendar list", without="limit")
def list_calendars(call: Call) -> None:
    """Every calendar and the years that are published in it."""
    from engine.service import calendar

    columns = (
        Column("id"),
        Column("zone", head="cal_zone"),
        Column("published", head="cal_published", cell=lambda row: joined(row["first"], row["last"], by="-")),
        Column("rolls", head="cal_rolls", cell=lambda row: call.word("yes" if row["rolls"] else "no")),
        Column("closures", head="cal_closures", right=True),
    )
    answer = call.read(calendar.list_calendars)
    call.table(answer, columns, empty=call.word("no_calendars"), after=call.word("calendars_after"))


@reads(app, "show", example="folkmoot calendar show CN --year 2026", without="limit")
def show(
    call: Call,
    name: Name = None,
    year: Annotated[int | None, typer.Option(help="YEAR: only this one")] = None,
) -> None:
    """The days off and make-up days of its years, with their source."""
    from engine.service import calendar

    columns = (
        Column("year", head="cal_year"),
        Column(
            "days_off",
            head="cal_days_off",
            cell=lambda row: _runs(call, row["days_off"]),
            flex=True,
            least=24,
        ),
        Column(
            "make_up_days",
            head="cal_make_up_days",
            cell=lambda row: _runs(call, row["make_up_days"]),
            flex=True,
            least=16,
        ),
        Column("source", head="cal_source", flex=True),
    )
    answer = call.read(calendar.show, calendar_id=name, year=year)
    if year is not None and answer["years"] and not call.for_program:
        call.page(answer, lambda page: _one_year(call, page, answer))
        return
    none = "no_years" if year is None else "no_such_year"
    empty = call.word(none, calendar=answer["id"], year=year)
    call.table(answer, columns, items="years", empty=empty, after=_about(call, answer))


def _one_year(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    (year,) = answer["years"]
    page.line(joined(answer["id"], year["year"]), "strong")
    for key in ("days_off", "make_up_days"):
        page.item(call.word(f"cal_{key}"), _runs(call, year[key]) or "-", WIDE)
    page.item(call.word("cal_source"), year["source"], WIDE)
    for line in _about(call, answer).splitlines():
        page.line(line)


def _about(call: Call, answer: Mapping[str, Any]) -> str:
    """How the calendar counts, and which offices are closed when, below its years."""
    lines = [
        call.word(
            "calendar_counts",
            zone=answer["zone"],
            weekend=", ".join(call.word(f"day_{day}") for day in answer["weekend"]),
            office=", ".join(answer["office"]) or "-",
            rolls=call.word("it_rolls" if answer["rolls"] else "it_rolls_not"),
        )
    ]
    for shut in answer["closures"]:
        where = shut["unit"] or call.word("all_offices")
        lines.append(
            call.word("closed_on", unit=where, day=call.on_day(shut["day"]), reason=shut["reason"]).rstrip(
                " :"
            )
        )
    return "\n".join(lines)


def _runs(call: Call, days: Iterable[str]) -> str:
    """`1-7 Oct, 10 Oct`: days in a row told as one."""
    return ", ".join(
        display.days(first, last, call.lang) for first, last in _in_a_row(map(date.fromisoformat, days))
    )


def _in_a_row(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    first = last = None
    for day in sorted(days):
        if first is None or last is None:
            first = day
        elif day != last + timedelta(days=1):
            yield first, last
            first = day
        last = day
    if first is not None and last is not None:
        yield first, last


@writes(
    app, "import", example="folkmoot calendar import 2027.yaml --dry-run", without="ask at done_by key reason"
)
def import_(
    call: Call,
    file: Annotated[
        str,
        typer.Argument(help="FILE|-: id, years and closures in YAML, as calendar show --json writes them"),
    ],
) -> None:
    """Take in a published year or closures; running clocks that move are counted anew. --dry-run lists them."""
    from engine.service import calendar_import as service

    document = _document(file)
    if not call.dry_run and call.person:
        ahead = call.engine.call(service.import_, call.caller, dry_run=True, document=document)
        if ahead["moved"]:
            call.agree(count=len({moved["ref"] for moved in ahead["changed"]}))
    answer = call.write(service.import_, document=document)
    call.page(answer, lambda page: _imported(call, page, answer))


def _document(file: str) -> Mapping[str, Any]:
    from engine.service.calendar_import import read_document

    if file != "-" and not Path(file).is_file():
        raise NotFound("FM-N010", file=file)
    text = sys.stdin.read() if file == "-" else given.text_of(Path(file))
    return read_document(text, file)


def _imported(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    years = [f"{item['year']} {call.word('year_' + item['change'])}" for item in answer["years"]]
    closures = answer["closures"]
    told = call.word("closures_told", added=closures["added"], removed=closures["removed"])
    page.line(joined(answer["calendar"], ", ".join(years), told if any(closures.values()) else ""), "strong")
    if not answer["changed"]:
        page.line(call.word("no_clock_moves"))
        return
    page.line(call.word("clocks_move", count=answer["moved"]))
    columns = (
        Column("ref"),
        Column("clock", cell=lambda row: joined(row["title"], row["item"], by=" "), flex=True),
        Column("unit", head="cal_unit"),
        Column("before", head="cal_before", cell=lambda row: _due(call, row["before"])),
        Column("after", head="cal_after", cell=lambda row: _due(call, row["after"])),
    )
    page.table(columns, answer["changed"], [call.word(c.head or c.key) for c in columns])


def _due(call: Call, due: Mapping[str, Any]) -> str:
    return joined(call.on_day(due["due_date"]), "~" if due["provisional"] else "", by=" ")
