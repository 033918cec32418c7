"""`folkmoot desk`: my work by urgency."""

import time
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

import typer

from cli import show
from cli.call import Call
from cli.command import reads, single
from cli.output import moment
from cli.output.page import Page
from cli.output.width import pad, width
from cli.show import joined

app = single()


@reads(app, "desk", example="folkmoot --as dsp-01 desk")
def desk(
    call: Call,
    unit: Annotated[str | None, typer.Option(help="CODE: the desk of this unit")] = None,
    watch: Annotated[bool, typer.Option("--watch", help="show it again every 30 s")] = False,
) -> None:
    """What needs you, most urgent first. Counts are of all, lines are the first few."""
    from engine.service import desk as service

    while True:
        answer = call.read(service.desk, unit_code=unit)
        call.page(answer, partial(show_desk, call, answer))
        if not watch:
            return
        time.sleep(30)


def show_desk(call: Call, answer: Mapping[str, Any], page: Page) -> None:
    who = joined(
        answer["person"],
        ", ".join(dict.fromkeys(role.replace("_", " ") for role in answer["roles"])),
        by=", ",
    )
    checked = (
        call.word("checked", at=call.clock(answer["checked_at"]))
        if answer.get("checked_at")
        else call.word("never_checked")
    )
    page.line(joined(answer.get("unit"), call.time(answer["as_of"]), who, checked, by="   "), "strong")
    on = answer.get("on_duty")
    if on:
        missing = call.word("desk_not_signed_on", who=", ".join(on["missing"])) if on["missing"] else ""
        page.line(" " + call.word("desk_on_duty", n=on["signed_on"], of=on["rostered"]) + missing)
    busy = [group for group in answer["groups"] if group["count"]]
    if not busy:
        page.line(call.word("desk_empty", open=answer["open"]))
        return
    heads = {group["key"]: call.word(f"desk_{group['key']}") for group in busy}
    wide = max(width(head) for head in heads.values())
    seen: set[str] = set()
    for group in busy:
        _group(call, page, group, pad(heads[group["key"]], wide), seen)
    idle = [call.word(f"desk_{group['key']}") for group in answer["groups"] if not group["count"]]
    if idle:
        page.line(" " + call.word("desk_none", groups=", ".join(idle)))


def _group(call: Call, page: Page, group: Mapping[str, Any], head: str, seen: set[str]) -> None:
    """Count and lines; a case that stood in a more urgent group is counted here but not shown again."""
    style = {"red": "red", "late": "late"}.get(group["key"])
    lines = [item for item in group["items"] if item["ref"] not in seen or group["key"] == "approvals"]
    seen |= {item["ref"] for item in group["items"]}
    lead = f"{head} {group['count']:>4}"
    blank = " " * width(lead)
    for i, item in enumerate(lines or [None]):
        said = (
            ""
            if item is None
            else _approval(call, item)
            if group["key"] == "approvals"
            else _case(call, item)
        )
        page.item(lead if i == 0 else blank, said, width(lead), style if i == 0 else None)


def _case(call: Call, item: Mapping[str, Any]) -> str:
    where = joined(item["what"], show.place(item), by=", ")
    return joined(item["ref"], show.title(item, "state"), where, _left(call, item))


def _approval(call: Call, item: Mapping[str, Any]) -> str:
    lapses = moment.due(call.local(item.get("lapses_at")), None, call.lang, now=call.now)
    return joined(
        item["id"],
        item["ref"],
        item["what"],
        item["asked_by"],
        call.word("by_when", due=lapses) if lapses else "",
    )


def _left(call: Call, item: Mapping[str, Any]) -> str:
    """`LATE by 3 d`, `by 08:17 (12 min left)` today, else `by Thu 26 Nov 24:00`."""
    at = call.local(item.get("due_at"))
    if at is None:
        return ""
    left = (at - call.now).total_seconds()
    if left <= 0:
        return call.word("late_by", span=moment.span(left, call.lang))
    if moment.last_day(at) != call.now.date():
        due = moment.due(at, item.get("due_date"), call.lang, now=call.now)
        return call.word("by_when", due=due)
    by = call.word("by_when", due=moment.hour(at))
    return f"{by} ({call.word('left_span', span=moment.span(left, call.lang))})"
