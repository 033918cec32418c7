"""`folkmoot doctor`: whether everything is in order, and what to do where it is not."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cli import exit_codes
from cli.call import Call
from cli.command import plain, single
from cli.output.page import Page
from cli.output.progress import Progress
from engine.domain.errors import Unavailable
from engine.domain.messages import text

app = single()
SHOWN = 5  # things found of one check; --json gives more
WIDE = 12
Json = Mapping[str, Any]


@plain(app, "doctor", example="folkmoot doctor --quick")
def doctor(
    call: Call,
    quick: Annotated[bool, typer.Option("--quick", help="a sample of cases, seals and keys")] = False,
) -> None:
    """Check all that must hold: histories, seals, cases, deadlines, file and server. It changes nothing."""
    from engine.service import doctor as service

    progress = Progress(None if quick else _size(call), lang=call.lang)
    answer = call.read(service.examine, quick=quick, progress=None if call.for_program else progress)
    progress.close()
    call.page(answer, lambda page: _told(call, page, answer))
    if not answer["ok"]:
        if not call.for_program:
            counts = {"broken": len(answer["broken"]), "checks": len(answer["checks"])}
            call.say(f"FM-V010  {text('FM-V010', call.lang, which=', '.join(answer['broken']), **counts)}")
        call.end(exit_codes.of_code("FM-V010"))


def _size(call: Call) -> int | None:
    from engine.service import audit

    try:
        events: int = call.read(audit.size)["events"]
    except Unavailable:  # the doctor tells why
        return None
    return events


def _told(call: Call, page: Page, answer: Json) -> None:
    for check in answer["checks"]:
        word, style = ("doctor_ok", None) if check["ok"] else ("doctor_broken", "late")
        page.item(check["id"], f"{call.word(word)}  {check['title']}", WIDE, style)
        for found in check["found"][:SHOWN]:
            page.item("", call.humane(found["text"]), WIDE)
        if check["count"] > SHOWN:
            page.item("", call.word("doctor_more", n=check["count"] - SHOWN), WIDE)
        if check["repair"]:
            page.item("", call.word("doctor_repair", what=check["repair"]), WIDE)
    page.line(call.word("doctor_held", held=answer["held"], checks=len(answer["checks"])), "strong")
    page.line(call.word("doctor_looked", **answer["looked"]))
    if answer["quick"]:
        page.line(call.word("doctor_sample"))
