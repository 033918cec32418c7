"""The history of a case told to people: when, what, by whom, on what basis and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cli import show
from cli.call import Call
from cli.output import moment
from cli.output.page import Page
from cli.output.width import pad, width
from cli.show import joined
from engine.domain.messages import text

Json = Mapping[str, Any]
WHAT, BY = 27, 7


@dataclass
class Line:
    when: str
    what: str
    by: str
    why: list[str] = field(default_factory=list)


def show_story(call: Call, page: Page, story: Json) -> None:
    history = story["history"]
    page.line(call.word("demo_story", ref=story["ref"]), "strong")
    spans = [
        call.word(word, span=moment.span(story[key], call.lang))
        for word, key in (("demo_first", "first_resolution_s"), ("demo_closed", "final_resolution_s"))
        if story[key] is not None
    ]
    page.line(joined(story["type_title"], story["what"], by=": "))
    page.line(joined(story["outcome_title"], ", ".join(spans)))
    lines = list(_merged(_line(call, event) for event in history["items"] if event["kind"] != "mark"))
    wide = max(width(line.when) for line in lines)
    for line in lines:
        page.item(line.when, joined(pad(line.what, WHAT), pad(line.by, BY), "; ".join(line.why)), wide)
    marks = sum(1 for event in history["items"] if event["kind"] == "mark")
    if marks:
        page.line(" " + call.word("demo_reminded", count=marks))
    page.line(" " + call.word("verified" if history["verified"] else "broken"))


def _merged(lines: Iterable[Line]) -> Iterator[Line]:
    """The same act by the same person in a row is one line."""
    held: Line | None = None
    for line in lines:
        if held and (line.what, line.by) == (held.what, held.by):
            held.why += [why for why in line.why if why not in held.why]
            continue
        if held:
            yield held
        held = line
    if held:
        yield held


def _line(call: Call, event: Json) -> Line:
    actor, typist = event["actor"], event["entered_by"]
    by = call.word("demo_by_itself") if actor == "system" else actor
    if typist != actor and actor != "system":
        by = call.word("demo_typed", by=by, typist=typist)
    facts = [said for change in event["changes"] if (said := _fact(call, change))]
    told = [
        call.word(
            "demo_notice", who=show.plain(call, one.get("to") or ""), what=show.name_of(one.get("title"))
        )
        for one in event["told"]
        if one.get("title")
    ]
    why = [*facts, *told, event.get("basis"), event.get("note") if event["act"] != "file" else None]
    return Line(call.time(event["occurred_at"]), event["title"], by, [said for said in why if said])


def _fact(call: Call, change: Json) -> str:
    """What an act put on file, where it says more than the act's own name."""
    if change["do"] == "seat" and change.get("decision", {}).get("candidates"):
        made = change["decision"]
        why = text(f"word.pick.{made.get('reason', 'by_hand')}", call.lang)
        counts = {"considered": len(made["candidates"]), "out": len(made.get("excluded", ()))}
        return joined(change["person"], call.word("demo_picked", why=why, **counts))
    if change["do"] == "seat":
        return str(change["person"])
    if change["do"] == "record":
        return _record(call, change["item"])
    return ""


def _record(call: Call, item: Json) -> str:
    fields = item["fields"]
    if item["kind"] == "obligation":
        return call.word(
            "demo_due", debtor=fields["debtor"], act=fields["act"], due=call.on_day(fields["due"])
        )
    if item["kind"] == "consent":
        return joined(item.get("party"), fields["decision"], by=" ")
    return ""
