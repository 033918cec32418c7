"""Who works on the case: fill a seat, take it, decline it, hand it back."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cli import show
from cli.call import Call
from cli.command import writes
from cli.commands.case.app import app
from cli.commands.case.reading import REF_HELP, Ref
from cli.option import IfVersion
from cli.output.page import Page
from cli.output.table import Column
from cli.show import joined
from engine.domain.errors import UsageError

Seat = Annotated[str, typer.Option(help="SEAT: which seat")]


@writes(app, "assign", example="folkmoot case assign 26-04127-2 --auto --dry-run")
def assign(
    call: Call,
    ref: Annotated[str | None, typer.Argument(help=REF_HELP)] = None,
    person: Annotated[str | None, typer.Argument(help="code of the person; or --auto")] = None,
    seat: Seat = "handler",
    auto: Annotated[bool, typer.Option("--auto", help="the one whom the rules pick")] = False,
    batch: Annotated[bool, typer.Option("--batch", help="all that wait for the seat, at once")] = False,
    only: Annotated[list[str] | None, typer.Option("--ref", help="REF: with --batch only these; -")] = None,
    unit: Annotated[str | None, typer.Option(help="CODE: with --batch those of this unit")] = None,
    type_: Annotated[str | None, typer.Option("--type", help="TYPE: with --batch of this case type")] = None,
    risk: Annotated[str | None, typer.Option(help="GRADE: with --batch red, orange, yellow, blue")] = None,
    state: Annotated[str | None, typer.Option(help="STATE: with --batch those in this state")] = None,
    place: Annotated[str | None, typer.Option(help="CODE: with --batch those of this place")] = None,
    if_version: IfVersion = None,
) -> None:
    """Fill a seat; says who was considered, who was left out and why. With --batch a whole waiting list."""
    from engine.service import seat as service

    narrowed = {"unit": unit, "type": type_, "risk": risk, "state": state, "place": place}
    if batch:
        if ref or person or auto or if_version is not None:
            raise UsageError("FM-U402")
        from cli.commands.case.batch import assign_batch

        assign_batch(call, seat, only or (), {name: value for name, value in narrowed.items() if value})
        return
    if only or any(narrowed.values()):
        raise UsageError("FM-U403")
    if not ref or (not person and not auto):
        raise UsageError(
            "FM-U002",
            command="case assign",
            option="PERSON" if ref else "REF",
            example="folkmoot case assign 26-04127-2 off-05",
        )

    def one(number: str) -> None:
        answer = call.write(
            service.assign, ref=number, seat=seat, person=person, auto=auto, if_version=if_version
        )
        call.page(answer, assigned(call, answer))

    call.each(ref, one)


def _columns(call: Call) -> tuple[Column, ...]:
    return (
        Column("person"),
        Column("score", cell=lambda row: f"{float(row['score']):.2f}", right=True),
        Column("terms", cell=lambda row: _terms(call, row["terms"]), flex=True, least=20),
    )


def _terms(call: Call, terms: Mapping[str, Any]) -> str:
    """`auxiliary, V-101, load 3 of 15`."""
    load = (
        call.word("load_of", load=terms["load"], cap=terms["cap"])
        if "load" in terms and terms.get("cap")
        else ""
    )
    lent = call.word("for_person", person=terms["instead_of"]) if terms.get("instead_of") else ""
    return joined(show.title(terms, "role"), terms.get("unit"), lent, load, by=", ")


def assigned(call: Call, answer: Mapping[str, Any]) -> Any:
    def write(page: Page) -> None:
        if answer.get("candidates"):
            page.table(_columns(call), answer["candidates"])
        out = "; ".join(joined(one["person"], _why(call, one), by=" ") for one in answer.get("excluded", ()))
        if out:
            page.item(call.word("out"), out)
        if answer.get("rule"):
            page.line(" " + call.word("by_rule", rule=show.name_of(answer["rule"])))
        against = _against(call, answer)
        if against:
            page.line(" " + against, "strong")
        show.saved(call, page, answer)

    return write


def _against(call: Call, answer: Mapping[str, Any]) -> str:
    """What the engine would have held against somebody who was named by hand."""
    person = (answer.get("assignment") or {}).get("person")
    out = next((one for one in answer.get("excluded", ()) if one["person"] == person), None)
    return "" if out is None else call.word("by_hand_against", person=person, why=_why(call, out))


def _why(call: Call, excluded: Mapping[str, Any]) -> str:
    said = excluded.get("text") or excluded.get("because") or excluded.get("why") or ""
    return call.humane(show.plain(call, said))


@writes(app, "take", example="folkmoot case take 26-04127-2 --as off-05")
def take(call: Call, ref: Ref, seat: Seat = "handler") -> None:
    """Take a seat yourself, or accept one that was offered to you."""
    from engine.service import seat as service

    _each(call, service.take, ref, seat)


@writes(app, "decline", example='folkmoot case decline 26-04127-2 --seat mediator --reason "related to P1"')
def decline(call: Call, ref: Ref, seat: Seat = "mediator") -> None:
    """Decline a seat that was offered to you; give the reason."""
    from engine.service import seat as service

    _each(call, service.decline, ref, seat)


@writes(app, "handback", example='folkmoot case handback 26-04127-2 --reason "on leave from Monday"')
def handback(call: Call, ref: Ref, seat: Seat = "handler") -> None:
    """Give a seat back; the case goes on somebody's list again."""
    from engine.service import seat as service

    _each(call, service.handback, ref, seat)


def _each(call: Call, function: Any, ref: str, seat: str) -> None:
    def one(number: str) -> None:
        answer = call.write(function, ref=number, seat=seat)
        call.page(answer, assigned(call, answer))

    call.each(ref, one)
