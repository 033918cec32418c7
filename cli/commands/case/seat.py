"""Who works on the case: fill a seat, take it, decline it, hand it back."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cli import show
from cli.call import Call, Page
from cli.command import writes
from cli.commands.case.app import app
from cli.commands.case.reading import Ref
from cli.output.table import Column
from cli.show import joined
from engine.domain.errors import UsageError

Seat = Annotated[str, typer.Option(help="SEAT: which seat")]


@writes(app, "assign", example="folkmoot case assign 26-04127-2 --auto --dry-run")
def assign(
    call: Call,
    ref: Ref,
    person: Annotated[str | None, typer.Argument(help="code of the person; or --auto")] = None,
    seat: Seat = "handler",
    auto: Annotated[bool, typer.Option("--auto", help="the one whom the rules pick")] = False,
) -> None:
    """Fill a seat; says who was considered, who was left out and why."""
    from engine.service import seat as service

    if not person and not auto:
        raise UsageError(
            "FM-U002",
            command="case assign",
            option="PERSON",
            example="folkmoot case assign 26-04127-2 off-05",
        )
    for number in call.references([ref]):
        answer = call.write(service.assign, ref=number, seat=seat, person=person, auto=auto)
        call.page(answer, _assigned(call, answer))


CANDIDATES = (
    Column("person", cell=lambda row: show.name_of(row.get("person") or row.get("code"))),
    Column("score", cell=lambda row: str(row.get("score", ""))),
    Column("terms", cell=lambda row: _terms(row), flex=True, least=20),
)


def _terms(candidate: Mapping[str, Any]) -> str:
    if candidate.get("text"):
        return str(candidate["text"])
    terms = candidate.get("terms") or {}
    return ", ".join(
        f"{name.replace('_', ' ')} {value}" for name, value in terms.items() if value is not None
    )


def _assigned(call: Call, answer: Mapping[str, Any]) -> Any:
    def write(page: Page) -> None:
        assignment = answer.get("assignment") or {}
        if answer.get("candidates"):
            page.table(CANDIDATES, answer["candidates"])
        out = "; ".join(
            joined(show.name_of(one.get("person") or one.get("code")), _why(one), by=" ")
            for one in answer.get("excluded", ())
        )
        if out:
            page.item(call.word("out"), out)
        if answer.get("rule"):
            page.line(" " + call.word("by_rule", rule=show.name_of(answer["rule"])))
        if assignment.get("person"):
            page.line(call.word("seated", seat=assignment["seat"], person=assignment["person"]))
        if "event" in answer:
            show.saved(call, page, answer)

    return write


def _why(excluded: Mapping[str, Any]) -> str:
    return str(excluded.get("text") or excluded.get("why") or excluded.get("because") or "")


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
    for number in call.references([ref]):
        answer = call.write(function, ref=number, seat=seat)
        call.page(answer, _assigned(call, answer))
