"""`folkmoot desk`: my work by urgency."""

import time
from collections.abc import Mapping
from datetime import timedelta
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
SHOWN = 5
STALE = timedelta(minutes=15)  # a worker that runs looks more often
_LISTS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "red": ("--risk red --open", {"risk": "red", "open": True}),
    "late": ("--late", {"late": True}),
    "due_today": ("--due today", {}),
    "intake": ("--phase intake", {"phase": "intake"}),
    "waiting": ("--phase waiting", {"phase": "waiting"}),
    "unassigned": ("--unassigned", {"unassigned": True}),
    "holder_away": ("--holder-away", {"holder_away": True}),
    "work": ("--phase work", {"phase": "work"}),
    "review": ("--phase review", {"phase": "review"}),
}  # group -> the options of `case list` and the filter that give the whole of it


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
        if call.person and not answer["roles"] and not call.read(service.where_am_i)["known"]:
            call.say(call.word("desk_unknown", person=call.person))
        call.page(answer, partial(show_desk, call, answer))
        if not watch:
            return
        time.sleep(30)


def show_desk(call: Call, answer: Mapping[str, Any], page: Page) -> None:
    who = joined(
        answer["person"],
        ", ".join(dict.fromkeys(answer["role_titles"])),
        by=", ",
    )
    checked = (
        call.word("checked", at=call.clock(answer["checked_at"]))
        if answer.get("checked_at")
        else call.word("never_checked")
    )
    at = call.local(answer.get("checked_at"))
    if at is not None and call.now - at > STALE:
        checked = f"{checked} {call.word('checked_long_ago')}"
    page.line(joined(answer.get("unit"), call.time(answer["as_of"]), who, checked, by="   "), "strong")
    on = answer.get("on_duty")
    if on:
        page.line(" " + show.on_duty(call, on))
    busy = [group for group in answer["groups"] if group["count"]]
    if not busy:
        page.line(call.word("desk_empty", open=answer["open"]))
        return
    heads = {group["key"]: call.word(f"desk_{group['key']}") for group in busy}
    wide = max(width(head) for head in heads.values())
    seen: set[str] = set()
    for group in busy:
        _group(call, page, group, pad(heads[group["key"]], wide), seen, answer)
    idle = [call.word(f"desk_{group['key']}") for group in answer["groups"] if not group["count"]]
    if idle:
        page.line(" " + call.word("desk_none", groups=", ".join(idle)))


def _group(
    call: Call, page: Page, group: Mapping[str, Any], head: str, seen: set[str], desk: Mapping[str, Any]
) -> None:
    """Count and lines; a case that stood in a more urgent group is counted here but not shown again. Where lines
    are left out, the command that lists them all."""
    style = {"red": "red", "late": "late"}.get(group["key"])
    of_cases = group["key"] != "approvals"
    items = _unseen(call, group, seen, desk) if of_cases else group["items"]
    lead = f"{head} {group['count']:>4}"
    said = [_case(call, item) if of_cases else _approval(call, item) for item in items]
    above = {item["ref"] for item in group["items"]} & seen if of_cases else set()
    if above and not said:
        said.append(call.word("desk_above"))
    if group["count"] > len(items) + len(above):
        said.append(call.word("desk_more", command=_command(group["key"], desk["scope"])))
    for i, line in enumerate(said or [""]):
        page.item(lead if i == 0 else " " * width(lead), line, width(lead), style if i == 0 else None)
    seen |= {item["ref"] for item in items} if of_cases else set()


def _unseen(call: Call, group: Mapping[str, Any], seen: set[str], desk: Mapping[str, Any]) -> list[Any]:
    """The first cases of a group that no group above has shown."""
    from engine.service import query

    fresh = [item for item in group["items"] if item["ref"] not in seen]
    _, wanted = _LISTS[group["key"]]
    if len(fresh) < SHOWN and group["count"] > len(group["items"]) and wanted:
        whose = call.engine.caller(person=desk["person"], lang=call.lang)
        asked = {**desk["scope"], **wanted}
        found = call.engine.read(query.list_cases, whose, filter=asked, limit=SHOWN + len(seen))["items"]
        fresh = [item for item in found if item["ref"] not in seen]
    return fresh[:SHOWN]


def _command(key: str, scope: Mapping[str, str]) -> str:
    """What lists a whole group: `case list --late --unit S-001`."""
    if key not in _LISTS:
        return "approval list --mine"
    words = [f"--{name.replace('_', '-')} {value}" for name, value in scope.items()]
    return " ".join(["case list", _LISTS[key][0], *words])


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
