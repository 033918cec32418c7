"""`folkmoot unit`: the tree of offices, and who serves a place."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cli.call import Call
from cli.command import noun, reads
from cli.output.page import Page
from cli.output.table import Column
from cli.show import joined

app = noun("unit")
On = Annotated[str | None, typer.Option(help="DATE: on that day (today)")]


@reads(app, "list", example="folkmoot unit list --level station")
def list_units(
    call: Call,
    under: Annotated[str | None, typer.Option(help="CODE: this unit and those below it")] = None,
    level: Annotated[str | None, typer.Option(help="LEVEL: village, office, station, county ..")] = None,
    q: Annotated[str | None, typer.Option("--q", help="TEXT: code or name begins so")] = None,
    on: On = None,
) -> None:
    """Units that are there on a day."""
    from engine.service import unit

    answer = call.read(unit.list_units, under=under, level=level, q=q, on=call.day(on))
    call.table(answer, COLUMNS, empty=call.word("unit_none"))


COLUMNS = (
    Column("code"),
    Column("name", flex=True, least=12, head="unit_name"),
    Column("level"),
    Column("parent"),
    Column("places", right=True),
    Column("volunteers", right=True, cell=lambda row: str(row["volunteers"] or "")),
)


@reads(app, "show", example="folkmoot unit show S-001", without="csv limit")
def show_unit(
    call: Call, code: Annotated[str, typer.Argument(help="code, or name if unique")], on: On = None
) -> None:
    """One unit: where it stands, whom it serves, who is appointed over it."""
    from engine.service import unit

    answer = call.read(unit.show_unit, code=code, on=call.day(on))
    call.page(answer, lambda page: _shown(call, page, answer))


def _shown(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    page.line(joined(answer["code"], answer["name"], answer["level"]), "strong")
    if answer["above"]:
        page.item(call.word("parent"), " < ".join(answer["above"]))
    areas = ", ".join(_area(area) for area in answer["areas"]) or call.word("nothing")
    page.item(call.word("serves"), areas)
    if answer["below"]:
        page.item(call.word("unit_below"), ", ".join(unit["code"] for unit in answer["below"]))
    people = ", ".join(f"{one['person']} {one['role']}" for one in answer["persons"])
    page.item(call.word("people"), people or call.word("nobody_here"))


def _area(area: Mapping[str, Any]) -> str:
    function = "" if area["function"] == "all" else f" ({area['function']})"
    return f"{area['name']} {area['place']}{function}"


@reads(app, "find", example="folkmoot unit find 230125100205", without="limit")
def find(
    call: Call,
    place: Annotated[str, typer.Argument(help="code or name of the place")],
    function: Annotated[str, typer.Option(help="NAME: case type or service that is asked for")] = "all",
    on: On = None,
) -> None:
    """Who serves a place, nearest first."""
    from engine.service import unit

    answer = call.read(unit.find_units, place=place, function=function, on=call.day(on))
    after = call.word("unit_home", unit=answer["home"]) if answer["home"] else ""
    call.table(answer, SERVING, empty=call.word("unit_unserved", place=place), after=after)


SERVING = (
    Column("rank", right=True),
    Column("code"),
    Column("name", flex=True, least=12, head="unit_name"),
    Column("level"),
    Column("parent"),
)
