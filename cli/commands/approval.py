"""`folkmoot approval`: the second person's yes."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from cli import exit_codes, show
from cli.call import Call
from cli.command import noun, reads, writes
from cli.commands.case.reading import reason_text
from cli.output import moment
from cli.output.page import Page
from cli.output.table import Column
from cli.show import joined

app = noun("approval")
Ids = Annotated[list[str], typer.Argument(help="A-118 ..; - reads them from stdin")]
WIDE = 10


@reads(app, "list", example="folkmoot approval list --mine", without="limit")
def list_approvals(
    call: Call,
    mine: Annotated[bool, typer.Option("--mine", help="those I asked for or may answer")] = False,
    unit: Annotated[str | None, typer.Option(help="CODE: cases of this unit")] = None,
) -> None:
    """What waits for a yes, the first to lapse first."""
    from engine.service import approval

    answer = call.read(approval.list_approvals, mine=mine, unit_code=unit)
    columns = _columns(call)
    if call.shared.get("csv"):  # at a terminal it stands beside what is asked
        columns = (*columns, Column("reason"))
    call.table(answer, columns, empty=call.word("no_approvals"))


def _columns(call: Call) -> tuple[Column, ...]:
    return (
        Column("id"),
        Column("asks", cell=lambda row: show.known(call, "asks", row["asks"])),
        Column("ref", head="case"),
        Column("what", cell=lambda row: _what(call, row), flex=True, least=16),
        Column("asked_by", head="by"),
        Column("yours", cell=lambda row: call.word("yes") if row["yours"] else "", head="yours"),
        Column("at", cell=lambda row: _waits(call, row), head="waits_for"),
        Column("lapses_at", cell=lambda row: _lapses(call, row), head="lapses"),
    )


def _what(call: Call, row: Mapping[str, Any]) -> str:
    """`Extend: Mediation to end +15 cd: harvest`; of a late entry also when it happened."""
    more = f"+{row['adds']}" if row.get("adds") else call.time(row["happened"]) if row.get("happened") else ""
    return joined(joined(row["what"], more, by=" "), row.get("reason"), by=": ")


def _waits(call: Call, row: Mapping[str, Any]) -> str:
    asked = call.local(row["at"])
    return moment.span((call.now - asked).total_seconds(), call.lang) if asked else ""


def _lapses(call: Call, row: Mapping[str, Any]) -> str:
    return moment.due(call.local(row.get("lapses_at")), None, call.lang, now=call.now)


@reads(app, "show", example="folkmoot approval show A-118", without="csv limit")
def show_approval(call: Call, id_: Annotated[str, typer.Argument(help="A-118")]) -> None:
    """What is asked, by whom and why, and what a yes would change."""
    from engine.service import approval

    answer = call.read(approval.show, name=id_)
    call.page(answer, lambda page: _page(call, page, answer))


def _page(call: Call, page: Page, item: Mapping[str, Any]) -> None:
    page.line(
        joined(item["id"], item["what"], item["ref"], show.known(call, "approval_is", item["status"])),
        "strong",
    )
    page.item(call.word("asked"), joined(item["asked_by"], call.time(item["at"])), WIDE)
    for sent in item.get("forwards", ()):
        page.item(call.word("sent_up"), joined(sent["to"], sent["by"], call.time(sent["at"])), WIDE)
    if item.get("reason"):
        page.item(call.word("reason"), item["reason"], WIDE)
    if item["decided_by"]:
        said = call.word("decided_line", by=item["decided_by"], at=call.time(item["decided_at"]))
        page.item(call.word("decided"), joined(said, item["decided_because"], by=": "), WIDE)
    else:
        page.item(call.word("may_answer"), ", ".join(item["who"]), WIDE)
    lapses = _lapses(call, item) if item["status"] == "waiting" else ""
    if lapses:
        page.item(call.word("lapses"), call.word("lapses_line", at=lapses), WIDE)
    for line in _effect(call, item.get("effect") or {}):
        page.item(call.word("a_yes"), line, WIDE)
    for reason in item.get("against", ()):
        page.item(call.word("against"), joined(reason_text(call, reason), reason["code"]), WIDE)


def _effect(call: Call, effect: Mapping[str, Any]) -> list[str]:
    if not effect:
        return []
    lines = []
    if effect["state_before"] != effect["state_after"]:
        lines.append(f"{effect['state_before_title']} -> {effect['state_after_title']}")
    for name, (before, after) in effect["deadlines"].items():
        said = [f"{call.on_day(day)} 24:00" if day else call.word("none") for day in (before, after)]
        lines.append(f"{effect['deadline_titles'][name]}  {said[0]} -> {said[1]}")
    if effect.get("extension"):
        lines.append(call.word("extension_of", **effect["extension"]))
    told = list(dict.fromkeys(name for entry in effect.get("told", ()) for name in entry.get("to", ())))
    return [*lines, call.word("told_if_granted", who=show.plain(call, told))] if told else lines


@writes(app, "grant", example="folkmoot approval grant A-118 A-119", without="ask at done_by key")
def grant(call: Call, ids: Ids) -> None:
    """Say yes: it is done at once, by your authority. Each answers for itself."""
    from engine.service import approval

    _answer(call, call.write(approval.grant, ids=call.references(ids)), "granted")


@writes(
    app,
    "refuse",
    example='folkmoot approval refuse A-118 --reason "the part is on the shelf"',
    without="ask at done_by key",
)
def refuse(call: Call, ids: Ids) -> None:
    """Say no; the case stays as it is."""
    from engine.service import approval

    _answer(call, call.write(approval.refuse, ids=call.references(ids)), "refused")


@writes(
    app,
    "forward",
    example='folkmoot approval forward A-119 --reason "for the county to say"',
    without="ask at done_by key",
)
def forward(call: Call, ids: Ids) -> None:
    """Send it up to the unit above, where it waits anew."""
    from engine.service import approval

    _answer(call, call.write(approval.forward, ids=call.references(ids)), "forwarded")


@writes(app, "withdraw", example="folkmoot approval withdraw A-118", without="ask at done_by key")
def withdraw(call: Call, ids: Ids) -> None:
    """Take back what you asked, or your yes while nothing was built on it."""
    from engine.service import approval

    _answer(call, call.write(approval.withdraw, ids=call.references(ids)), "withdrawn")


def _answer(call: Call, answer: Mapping[str, Any], word: str) -> None:
    call.page(answer, lambda page: _told(call, page, answer["results"], word))
    failed = [result["problem"]["code"] for result in answer["results"] if "problem" in result]
    if failed:
        whole = len(failed) == len(answer["results"])
        call.end(exit_codes.of_code(failed[0]) if whole else exit_codes.IN_PART)


def _told(call: Call, page: Page, results: Sequence[Mapping[str, Any]], word: str) -> None:
    for result in results:
        if "problem" not in result:
            ref = result.get("ref") or (result.get("case") or {}).get("ref", "")
            lines = show.event_lines(call, result["event"]) if "event" in result else []
            page.line(joined(call.word(f"approval_{word}", id=result["id"], ref=ref), "; ".join(lines)))
            continue
        for reason in result["problem"]["reasons"]:
            said = call.word(
                "approval_not", id=result["id"], code=reason["code"], why=reason_text(call, reason)
            )
            page.line(said, "late")
