"""A new case: type, place and one sentence suffice."""

from typing import Annotated, Any

import typer

from cli import given, prompt, show
from cli.call import Call
from cli.command import reads, writes
from cli.commands.case.app import app
from cli.option import From
from cli.output.page import Page
from cli.show import joined
from engine.domain.errors import UsageError


@writes(
    app,
    "file",
    example="folkmoot case file dispute_mediation --place 示例一村 --from -",
    without="ask reason",
)
def file(
    call: Call,
    case_type: Annotated[str | None, typer.Argument(help="name of the case type, or its title")] = None,
    place: Annotated[str | None, typer.Option(help="PLACE: code or name of the village")] = None,
    what: Annotated[
        str | None, typer.Option(help="TEXT: one sentence; --from keeps it out of the history")
    ] = None,
    from_: From = None,
    channel: Annotated[str, typer.Option(help="WORD: how it came in")] = "desk",
    reporter: Annotated[str | None, typer.Option(help="K=V,..: who reports; @FILE reads it")] = None,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="the reporter stays unnamed")] = False,
    confidential: Annotated[
        bool, typer.Option("--confidential", help="the reporter is kept, and named to few")
    ] = False,
    set_: Annotated[list[str] | None, typer.Option("--set", help="K=V: a field of the case")] = None,
    record: Annotated[list[str] | None, typer.Option(help="KIND:K=V,..: a record, or KIND:@FILE")] = None,
    party: Annotated[list[str] | None, typer.Option(help="K=V,..: a party, or @FILE with a list")] = None,
    external: Annotated[str | None, typer.Option(help="SYSTEM:ID: its number elsewhere")] = None,
) -> None:
    """Open a case. Gives the reference, the receipt for the reporter and similar cases nearby."""
    from engine.service import filing

    answer = call.write(
        filing.file_case,
        case_type=_needed(call, case_type, "TYPE", "ask_type"),
        place=_needed(call, place, "--place", "ask_place"),
        what=what or call.narrative(from_, call.word("ask_what")),
        channel=channel,
        reporter=_reporter(reporter),
        anonymous=anonymous,
        confidential=confidential,
        set=given.nested(given.pair(text, "--set") for text in set_ or ()),
        records=given.records(record or ()),
        parties=parties(party or ()),
        external=_external(external),
    )
    call.page(answer, lambda page: _told(call, page, answer))


@reads(app, "status", example="folkmoot case status 7KQ4-M2X-9TB", without="csv limit")
def status(call: Call, receipt: Annotated[str, typer.Argument(help="as the reporter was given it")]) -> None:
    """How a report stands, by its receipt; it names nobody."""
    from engine.service import receipt as service

    answer = call.read(service.status, receipt=receipt)
    call.page(answer, lambda page: _stands(call, page, answer))


def _stands(call: Call, page: Page, answer: dict[str, Any]) -> None:
    state = joined(answer["state_title"] or call.word("sealed_case"), answer["outcome_title"], by=", ")
    page.line(call.word("stands", ref=answer["ref"], type=answer["type_title"], state=state), "strong")
    page.line("  " + call.word("stands_filed", at=call.time(answer["filed_at"])))
    if answer["due_date"]:
        page.line("  " + call.word("stands_due", due=call.on_day(answer["due_date"])))
    if answer["joined"]:
        page.line("  " + call.word("stands_joined"))


def _needed(call: Call, value: str | None, option: str, question: str) -> str:
    """The value, or the answer at the keyboard, or FM-U002."""
    if value:
        return value
    if prompt.possible():
        return prompt.line(call.word(question) + " ")
    raise UsageError(
        "FM-U002",
        command="case file",
        option=option,
        example="folkmoot case file dispute_mediation --place 示例一村 --from -",
    )


def _reporter(text: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    if text.startswith("@"):
        loaded: dict[str, Any] = given.document(text[1:])
        return loaded
    return given.pairs(text, "--reporter") if "=" in text else {"name": text}


def parties(texts: list[str] | tuple[()]) -> list[dict[str, Any]]:
    """``role=claimant,name=..`` each; ``@FILE`` brings one or a list."""
    found: list[dict[str, Any]] = []
    for text in texts:
        if text.startswith("@"):
            loaded = given.document(text[1:])
            found += loaded if isinstance(loaded, list) else [loaded]
        else:
            found.append(given.pairs(text, "--party"))
    return found


def _external(text: str | None) -> dict[str, str] | None:
    if text is None:
        return None
    system, colon, number = text.partition(":")
    if not colon:
        raise UsageError("FM-U075", option="--external", given=text)
    return {"system": system, "id": number}


def _told(call: Call, page: Page, answer: dict[str, Any]) -> None:
    page.line(call.word("filed", ref=answer["ref"], receipt=answer.get("receipt") or ""))
    show.saved(call, page, answer)
    for like in answer.get("similar", ()):
        page.item(call.word("similar"), joined(like["ref"], call.time(like["filed_at"]), like["because"]))
