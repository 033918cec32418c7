"""`folkmoot audit`: whether what stands in the database is what was written, and what proves it elsewhere."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import exit_codes
from cli.call import Call
from cli.command import noun, plain
from cli.output.page import Page
from cli.output.progress import Progress
from engine.domain.errors import UsageError
from engine.domain.messages import text

app = noun("audit")
SHOWN = 20  # breaks that people are shown; --json lists all
WIDE = 10
Json = Mapping[str, Any]


@plain(app, "verify", example="folkmoot audit verify --anchor anchors.txt")
def verify(
    call: Call,
    anchor: Annotated[
        list[str] | None, typer.Option(help="N:ROOT|FILE|-: anchors that were kept elsewhere")
    ] = None,
    case: Annotated[str | None, typer.Option(help="REF: this case only")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="hashes and seals only, nothing is folded")] = False,
) -> None:
    """Follow every history, row and seal; name what was altered, cut or taken out, and what rests on trust."""
    from engine.service import audit

    anchors = [_content(given) for given in anchor or ()]
    total = None if case else call.read(audit.size)["events"]
    progress = Progress(total, lang=call.lang)
    answer = call.read(
        audit.verify,
        anchor=anchors,
        ref=case,
        folding=not quick,
        progress=None if case or call.for_program else progress,
    )
    progress.close()
    call.page(answer, lambda page: _verified(call, page, answer))
    if not answer["holds"]:
        if not call.for_program:
            call.say(_told(call, answer))
        call.end(exit_codes.of_code(answer["first"]["code"]))


def _content(given: str) -> str:
    """The line itself, or what a file of such lines holds."""
    if given == "-":
        return sys.stdin.read()
    file = Path(given)
    try:
        return file.read_text("utf-8") if file.is_file() else given
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("FM-U401", given=given) from error


def _told(call: Call, answer: Json) -> str:
    """The code of the first break with what it means."""
    first = answer["first"]
    counts = {"breaks": answer["breaks_count"], "cases": answer["checked"]["cases"]}
    if first["code"] == "FM-V001" and first["kind"] == "altered" and first["ref"]:
        said = text(
            "FM-V001", call.lang, ref=first["ref"], seq=first["seq"],
            altered=answer["broken_cases"], cases=counts["cases"],
        )  # fmt: skip
    else:
        code = "FM-V002" if first["code"] == "FM-V001" else first["code"]
        said = text(code, call.lang, what=first["text"], **counts)
    return f"{first['code']}  {said}"


def _verified(call: Call, page: Page, answer: Json) -> None:
    checked = answer["checked"]
    if answer["holds"]:
        page.line(call.word("audit_holds", **checked), "strong")
    for one in answer["breaks"][:SHOWN]:
        page.line(one["text"], "late")
    if answer["breaks_count"] > SHOWN:
        page.line(call.word("audit_more", n=answer["breaks_count"] - SHOWN))
    if not answer["holds"]:
        page.line(call.word("audit_checked", **checked))
    if not checked["folded"]:
        page.line(call.word("audit_not_folded"))
    _sealed(call, page, answer)
    for batch in answer["withdrawn"]:
        page.item(
            call.word("audit_withdrawn"),
            call.word("audit_batch", **{**batch, "at": call.time(batch["at"])}),
            WIDE,
        )


def _sealed(call: Call, page: Page, answer: Json) -> None:
    """What seals and anchors vouch for, and what nothing vouches for yet."""
    sealed, trust = answer["sealed"], answer["trust"]
    if sealed:
        told = call.word(
            "audit_sealed_to", n=sealed["n"], events=sealed["events"], at=call.time(sealed["at"])
        )
        page.item(call.word("audit_sealed"), told, WIDE)
    for one in answer["anchors"]:
        word = "audit_anchor_holds" if one["holds"] else "audit_anchor_broken"
        page.item(
            call.word("audit_anchor"),
            call.word(word, n=one["n"], events=one["events"], at=call.time(one["at"])),
            WIDE,
        )
    since = call.time(trust["since"])
    page.item(
        call.word("audit_trust"),
        call.word("audit_unsealed", n=trust["unsealed"], since=since)
        if trust["unsealed"]
        else call.word("audit_all_sealed"),
        WIDE,
    )
    page.item("", call.word(_beyond(answer), n=trust["after_anchor"]), WIDE)
    if answer["erased"]:
        page.item("", call.word("audit_erased", n=answer["erased"]), WIDE)
    page.item(call.word("audit_beside"), call.word("audit_not_covered"), WIDE)


def _beyond(answer: Json) -> str:
    if answer["trust"]["after_anchor"] is not None:
        return "audit_after_anchor"
    given = answer["anchors"] or any(one["kind"].startswith("anchor") for one in answer["breaks"])
    return "audit_anchor_fails" if given else "audit_no_anchor"


@plain(app, "anchor", example="folkmoot audit anchor --json")
def anchor(
    call: Call,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", help="the last seal there is; seal nothing")
    ] = False,
) -> None:
    """Seal what was done up to now and print one line to keep elsewhere: on paper, by mail, on another machine."""
    from engine.service import audit, seal

    while not dry_run and call.write(seal.make)["more"]:
        pass
    answer = call.read(audit.anchor)
    call.page(answer, lambda page: _anchored(call, page, answer))


def _anchored(call: Call, page: Page, answer: Json) -> None:
    if answer["n"] is None:
        page.line(call.word("audit_no_seal" if answer["unsealed"] else "audit_nothing"))
        return
    page.raw(answer["anchor"])
    page.talk.append(
        call.word(
            "audit_keep",
            n=answer["n"],
            events=answer["events"],
            at=call.time(answer["sealed_at"]),
            anchor=answer["anchor"],
        )
    )
    if answer["unsealed"]:
        page.talk.append(call.word("audit_left", n=answer["unsealed"]))
