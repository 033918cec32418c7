"""`folkmoot token`: who may sign in over HTTP, as whom, until when."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cli.call import Call
from cli.command import noun, reads, writes
from cli.output.table import Column

app = noun("token")
STATUS = {"good": "token_good", "expired": "token_expired", "revoked": "token_gone"}


@writes(
    app, "create", example="folkmoot token create dsp-01 --label console", without="ask at done_by reason"
)
def create(
    call: Call,
    person: Annotated[str, typer.Argument(help="code, or name if unique")],
    label: Annotated[str | None, typer.Option(help="TEXT: where it is used")] = None,
    until: Annotated[
        str | None, typer.Option(help="TIME: good until then; without it, until revoked")
    ] = None,
) -> None:
    """A token for a person, shown once. What it may do is what that person may do."""
    from engine.service import token

    expires = call.instant(until, ahead=True) if until else None
    answer = call.write(token.create_token, person=person, label=label, expires_at=expires)
    known = "token_created" if answer["token"] else "token_known"

    def write(page: Any) -> None:
        page.line(call.word(known, id=answer["id"], person=answer["person"]))
        if answer["token"]:
            page.line(answer["token"], "strong")

    call.page(answer, write)


@reads(app, "list", example="folkmoot token list --all")
def list_tokens(
    call: Call,
    all_: Annotated[bool, typer.Option("--all", help="also those that ended")] = False,
) -> None:
    """Tokens that are good today; never a secret."""
    from engine.service import token

    answer = call.read(token.list_tokens, every=all_, limit=call.limit)
    call.table(answer, _columns(call), empty=call.word("tokens_none"))


def _columns(call: Call) -> tuple[Column, ...]:
    return (
        Column("id"),
        Column("person"),
        Column("label", flex=True),
        Column("status", cell=lambda row: call.word(STATUS[row["status"]])),
        Column("created_at", cell=lambda row: call.time(row["created_at"]), head="created"),
        Column("expires_at", cell=lambda row: _until(call, row), head="expires"),
    )


def _until(call: Call, row: Mapping[str, Any]) -> str:
    return call.time(row["revoked_at"] or row["expires_at"])


@writes(app, "revoke", example="folkmoot token revoke T-4", without="ask at done_by key reason")
def revoke(call: Call, id_: Annotated[str, typer.Argument(metavar="ID", help="T-4, as listed")]) -> None:
    """End a token for good; every server refuses it within two seconds."""
    from engine.service import token

    answer = call.write(token.revoke_token, id=id_)
    call.page(
        answer,
        lambda page: page.line(call.word("token_revoked", id=answer["id"], person=answer["person"])),
    )
