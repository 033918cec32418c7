"""`folkmoot stats verify`: is what figures are made from what the histories say."""

from typing import Annotated, Any

import typer

from cli.call import Call
from cli.command import plain
from cli.commands.stats.app import app, watched
from cli.output.page import Page


@plain(app, "verify", example="folkmoot stats verify")
def verify(
    call: Call,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="throw away what is kept and read every history first")
    ] = False,
) -> None:
    """Read every history again and compare it with what is kept for figures."""
    from engine.analytics import verifying
    from engine.domain.errors import Unsound

    with watched(call):
        answer = call.read(verifying.verify, rebuild=rebuild)
    call.page(answer, lambda page: _show(call, page, answer))
    if not answer["holds"]:
        raise Unsound("FM-V030", n=answer["n_differs"])


def _show(call: Call, page: Page, answer: dict[str, Any]) -> None:
    page.line(call.word("stats_verified", cases=answer["cases"], rows=answer["rows"]), "strong")
    for one in answer["differs"]:
        page.line(
            "  " + call.word("stats_differs", ref=one["ref"] or "-", rows=one["rows"], kept=one["kept"])
        )
