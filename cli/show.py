"""Parts of a case as lines and cells; commands put them together. Reads the JSON of the services, nothing else."""

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from cli.call import Call
from cli.output import moment
from cli.output.page import Page
from cli.output.table import Column
from cli.output.width import screen

Json = Mapping[str, Any]
ROOMY = 100
MOST = 8  # acts named after an act; `case next` names all
RISKS = ("red", "orange", "yellow", "blue")


def joined(*parts: Any, by: str = "  ") -> str:
    """What is there of these, parted by two spaces."""
    return by.join(str(part) for part in parts if part not in (None, ""))


def risk_style(row: Json) -> str | None:
    return row.get("risk") if row.get("risk") in RISKS else None


def name_of(value: Any) -> str:
    """A text, or an object with a title, name or code; what is masked shows as stars."""
    if isinstance(value, Mapping):
        if value.get("masked"):
            return "***"
        return str(value.get("name") or value.get("title") or value.get("code") or "")
    return "" if value is None else str(value)


def title(item: Json, key: str) -> str:
    """The title of a key where the JSON brings it beside the id, else the id in words."""
    return name_of(item.get(f"{key}_title")) or name_of(item.get(key)).replace("_", " ")


def known(call: Call, family: str, name: str | None) -> str:
    """The word for one of a few names (``word.channel_desk``); one that nobody foresaw as it stands."""
    word = f"{family}_{name}"
    said = call.word(word)
    return said if name and said != f"word.{word}" else (name or "").replace("_", " ")


def place(case: Json) -> str:
    return name_of(case.get("place_name") or case.get("place"))


# ---- whose turn, until when ------------------------------------------------------------------------


def holders(case: Json) -> str:
    """`aux-07, Mediator med-12`, the handler without its word."""
    parts = []
    for seat in case.get("seats", ()):
        mark = "" if seat.get("accepted", True) else " ?"
        word = "" if seat["seat"] == "handler" else f"{title(seat, 'seat')} "
        parts.append(f"{word}{seat['person']}{mark}")
    return ", ".join(parts)


def due(call: Call, item: Json, *, weekday: bool = True) -> str:
    """A deadline with its marks: ``~`` where days off are not published yet, LATE in words."""
    at = call.local(item.get("due_at"))
    said = moment.due(at, item.get("due_date"), call.lang, now=call.now, weekday=weekday)
    if said and item.get("provisional"):
        said += " ~"
    return f"{said} {call.word('late')}" if said and item.get("late") else said


def nearest_clock(case: Json) -> Json:
    """The running clock that ends first; a row of a list carries its due itself."""
    if "due_at" in case or "due" in case:
        held: Json = case.get("due") or case
        return held
    running = [c for c in case.get("clocks", ()) if c["status"] == "running" and c.get("due_at")]
    return min(running, key=lambda c: datetime.fromisoformat(c["due_at"]), default={})


def waits_on(case: Json) -> str:
    """`Committee director (dir-02)`."""
    waits = case.get("waits_on") or ()
    if isinstance(waits, str):
        return waits
    return ", ".join(
        joined(one["title"], f"({one['people']})" if one.get("people") else "", by=" ") for one in waits
    )


def head(call: Call, case: Json) -> str:
    """`26-04166-0  land  accepted  waits on the director, by Tue 24 Nov 24:00`."""
    waits, by = waits_on(case), due(call, nearest_clock(case))
    turn = ""
    if waits:
        turn = call.word("waits_by", who=waits, due=by) if by else call.word("waits", who=waits)
    elif by:
        turn = call.word("by_when", due=by)
    return joined(case["ref"], title(case, "type"), title(case, "state"), turn)


# ---- values ----------------------------------------------------------------------------------------


def fields(call: Call, values: Json) -> str:
    """`decision given, place village hall`."""
    return ", ".join(
        f"{name.replace('_', ' ')} {plain(call, value)}"
        for name, value in values.items()
        if value not in (None, "", [])
    )


def titled(call: Call, parts: Sequence[Json]) -> str:
    """`Decision: given, Place: village hall`, in the words of the definition."""
    return ", ".join(
        f"{part['title']}: {plain(call, part['value_title'])}"
        for part in parts
        if part["value"] not in (None, "", [])
    )


def corrected(call: Call, changes: Sequence[Json]) -> list[str]:
    """`Kind of dispute between neighbours -> contracted land`, each; what was not there is none."""
    ends = ("before_title", "after_title")
    words = ([call.word("none") if c[end] is None else plain(call, c[end]) for end in ends] for c in changes)
    return [f"{c['title']} {was} -> {now}" for c, (was, now) in zip(changes, words, strict=True)]


def plain(call: Call, value: Any) -> str:
    if isinstance(value, bool):
        return call.word("yes" if value else "no")
    if isinstance(value, list | tuple):
        return " ".join(plain(call, one) for one in value)
    if isinstance(value, Mapping):
        return name_of(value) or fields(call, value)
    return call.humane(str(value))


# ---- what an act did -------------------------------------------------------------------------------


def event_lines(call: Call, event: Json) -> list[str]:
    """What an event changed, in words: the move, seats, clocks, records, notices."""
    lines = []
    if event.get("to") and event["from"] != event["to"]:
        before = "" if event["from"].startswith("@") else title(event, "from")
        lines.append(f"{before} -> {title(event, 'to')}".lstrip())
    if event.get("outcome"):
        lines.append(call.word("outcome_is", outcome=title(event, "outcome")))
    for change in event.get("changes", ()):
        said = _change(call, change)
        if said:
            lines.append(said)
    for told in event.get("told", ()):
        what = name_of(told.get("title")) or title(told, "form") or call.word("reminder")
        lines.append(call.word("told_to", what=what, who=plain(call, told.get("to") or "")))
    return lines


def _change(call: Call, change: Json) -> str:
    """One change; what the head of the case says anyway stays unsaid."""
    told = _CHANGES.get(change["do"])
    return told(call, change) if told else ""


def _seat(call: Call, change: Json) -> str:
    word = "seated" if change.get("accepted", True) else "seat_offered"
    return call.word(word, seat=change["title"], person=change["person"])


def _clock(call: Call, change: Json) -> str:
    run = change["run"]
    name = joined(change["title"], run.get("item"), by=" ")
    if run["status"] == "running" and run.get("due"):
        known = {"due_at": run["due"], "due_date": run.get("due_date"), "provisional": run.get("provisional")}
        return call.word("clock_due", clock=name, due=due(call, known))
    if run["status"] == "paused":
        return call.word("clock_paused", clock=name)
    if run["status"] == "stopped" and run.get("verdict"):
        return call.word(f"clock_{run['verdict']}", clock=name)
    return ""


_CHANGES: Mapping[str, Callable[[Call, Json], str]] = {
    "seat": _seat,
    "unseat": lambda call, c: call.word("unseated", seat=c["title"], person=c["person"]),
    "accept": lambda call, c: call.word("seat_accepted", seat=c["title"], person=c["person"]),
    "answer": lambda call, c: call.word("seat_answered", seat=c["title"], person=c["person"]),
    "record": lambda call, c: joined(c["title"], c["item"].get("party"), titled(call, c["fields"]), by=" "),
    "set": lambda call, c: f"{c['title']}: {plain(call, c['value_title'])}",
    "party": lambda call, c: call.word(
        "party_joined", no=c["party"]["no"], role=c.get("role_title") or c["party"]["role"]
    ),
    "party_leave": lambda call, c: call.word("party_left", no=c["no"]),
    "sign": lambda call, c: call.word("signed_by", record=c["record"], who=c["by"]),
    "link": lambda call, c: call.word("linked", kind=c["kind"].replace("_", " "), ref=c["ref"]),
    "clock": _clock,
    "seal": lambda call, c: call.word("sealed_now", what=c["title"]),
    "sealed": lambda call, c: call.word("sealed_case"),
    "purge": lambda call, c: call.word("purged", what=", ".join(c["titles"])),
    "erased": lambda call, c: call.word("purged", what=c["title"]),
}


def saved(call: Call, page: Page, answer: Json) -> None:
    """What was done: head of the case, the event, what followed; as talk, what can be done now."""
    if "case" not in answer:  # sent for approval
        approval_asked(call, page, answer)
        return
    event = answer["event"]
    page.line(joined(answer["case"]["ref"], event_head(event)), "strong")
    for line in event_lines(call, event):
        page.line(f"  {line}")
    for follow in answer.get("effects", ()):
        lines = event_lines(call, follow)
        opened = (follow.get("case") or {}).get("ref")
        page.line("  " + call.word("follows", what=joined(joined(opened, follow["title"]), *lines, by="; ")))
    page.line("  " + joined(_by_line(call, event), event.get("basis")))
    say_next(call, page, answer)


def event_head(event: Json) -> str:
    return str(event.get("title") or event["act"])


def _by_line(call: Call, event: Json) -> str:
    when = call.time(event["occurred_at"])
    if event["entered_by"] != event["actor"]:
        entered = call.time(event["recorded_at"])
        return call.word(
            "done_entered", by=event["actor"], at=when, typist=event["entered_by"], entered=entered
        )
    return call.word("done_by", by=event["actor"], at=when)


def approval_asked(call: Call, page: Page, answer: Json) -> None:
    """The act was stored for those who may do it."""
    asked = answer["approval"]
    until = moment.due(call.local(asked.get("lapses_at")), None, call.lang, now=call.now)
    page.line(call.word("approval_sent", id=asked["id"], who=", ".join(asked["who"]), until=until))


def say_next(call: Call, page: Page, answer: Json) -> None:
    """What can be done now; not said where the answer is going to a program."""
    if answer.get("next") and not call.for_program and not call.dry_run:
        acts = [name_of(item) for item in answer["next"]]
        more = " .." if len(acts) > MOST else ""
        page.talk.append(call.word("next_acts", acts=", ".join(acts[:MOST]) + more))


# ---- lists -----------------------------------------------------------------------------------------


def case_columns(call: Call) -> tuple[Column, ...]:
    """Columns of a list of cases; in a narrow window deadlines go without their weekday."""
    roomy = not sys.stdout.isatty() or screen() >= ROOMY
    return (
        Column("ref"),
        Column("type", cell=lambda row: title(row, "type"), flex=True, least=6),
        Column("risk", cell=lambda row: title(row, "risk"), style=risk_style),
        Column("phase", cell=lambda row: call.word(f"phase_{row['phase']}")),
        Column("state", cell=lambda row: title(row, "state"), flex=True, least=6),
        Column("place", cell=place, flex=True, least=6),
        Column("holder", cell=lambda row: name_of(row.get("holder")) or holders(row), flex=True, least=6),
        Column(
            "due_at",
            cell=lambda row: due(call, nearest_clock(row), weekday=roomy),
            style=lambda row: "late" if nearest_clock(row).get("late") else None,
            head="due",
        ),
    )


def listed(values: Sequence[Any]) -> str:
    return ", ".join(name_of(value) for value in values)


def on_duty(call: Call, roster: Mapping[str, Any]) -> str:
    """`ON DUTY 7 of 9: off-03, aux-11 did not sign on`."""
    said = [
        call.word(word, who=", ".join(roster[name]))
        for name, word in (("missing", "duty_missing"), ("on_leave", "duty_on_leave"))
        if roster[name]
    ]
    counted = call.word("desk_on_duty", n=roster["signed_on"], of=roster["rostered"])
    return counted + (": " + "; ".join(said) if said else "")
