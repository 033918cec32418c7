"""Perform an act, record, note."""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Any

import typer

from cli import form, given, prompt, show
from cli.call import Call
from cli.command import reads, writes
from cli.commands.case.app import app
from cli.commands.case.filing import parties
from cli.commands.case.reading import Ref
from cli.option import From, IfVersion
from cli.output.page import Page
from engine.domain.errors import FolkmootError, UsageError

_PARTY = re.compile(r"^[Pp]?(\d+)$")


@writes(app, "do", example="folkmoot case do 26-04102-0 adjourn --record session:@session.json")
def do_act(
    call: Call,
    ref: Ref,
    act: Annotated[str, typer.Argument(help="name or title of the act, as `case next` lists them")],
    set_: Annotated[list[str] | None, typer.Option("--set", help="K=V: a field; K=@FILE reads it")] = None,
    record: Annotated[list[str] | None, typer.Option(help="KIND:K=V,..: a record, or KIND:@FILE")] = None,
    party: Annotated[list[str] | None, typer.Option(help="K=V,..: a party, or @FILE")] = None,
    seat: Annotated[list[str] | None, typer.Option(help="SEAT=CODE: who takes the seat")] = None,
    auto: Annotated[bool, typer.Option("--auto", help="let the rules pick who takes the seat")] = False,
    note: Annotated[str | None, typer.Option(help="TEXT: a note; --from keeps it out of the history")] = None,
    from_: From = None,
    outcome: Annotated[str | None, typer.Option(help="OUTCOME: where the act lets you choose")] = None,
    item: Annotated[str | None, typer.Option(help="ID: the record it is about, O1")] = None,
    if_version: IfVersion = None,
) -> None:
    """Perform an act. At a terminal it asks for what the act takes and you did not give."""
    from engine.service import acting

    sent: dict[str, Any] = {
        "set": given.nested(given.pair(text, "--set") for text in set_ or ()),
        "records": given.records(record or ()),
        "seats": given.seats(seat or ()),
        "parties": parties(party or []),
        "note": call.narrative(from_) if from_ else note,
        "outcome": outcome,
    }

    def one(number: str) -> None:
        schema = input_of(call, number, act) if _needs_form(sent) else {}
        filled = fill(call, schema, sent, ask=ref != "-")
        answer = call.write(
            acting.do_act, ref=number, act=act, item=item, auto=auto, if_version=if_version, **filled
        )
        _tell(call, answer)
        if filled.get("records") and "case" in answer and not call.for_program and not call.dry_run:
            proposed(call, number)

    call.each(ref, one)


def _needs_form(sent: Mapping[str, Any]) -> bool:
    """Only questions and spoken times need to know what the act takes."""
    return prompt.possible() or any(sent[name] for name in ("set", "records", "parties"))


def proposed(call: Call, ref: str) -> None:
    """What the tables make of what was just recorded, if they propose something."""
    from engine.service.routing import proposing

    answer = call.read(proposing.proposals, ref=ref)
    if answer["items"]:
        call.page(answer, lambda page: _proposals(call, page, answer))


@reads(app, "proposals", example="folkmoot case proposals 26-04102-0", without="csv limit")
def list_proposals(call: Call, ref: Ref) -> None:
    """What the tables propose, a grade for instance; a person confirms it by setting it."""
    from engine.service.routing import proposing

    def one(number: str) -> None:
        answer = call.read(proposing.proposals, ref=number)
        call.page(answer, lambda page: _proposals(call, page, answer))

    call.each(ref, one)


def _proposals(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    for one in answer["missing"]:
        page.line(one["text"])
        for act in one["acts"][:1]:
            command = f"folkmoot case do {answer['ref']} {act}"
            page.line("  " + call.word("proposal_enter", command=command))
    if not answer["items"] and not answer["missing"]:
        page.line(call.word("no_proposal"))
    for item in answer["items"]:
        words = {name: item[name] for name in ("title", "value_title", "because", "rule", "source")}
        page.line(call.word("proposed_brought" if item["source"] else "proposed", **words), "strong")
        for act in item["confirm"][:1]:
            command = f"folkmoot case do {answer['ref']} {act} --set {item['field']}={item['value']}"
            page.line("  " + call.word("proposed_confirm", command=command))


def _tell(call: Call, answer: Mapping[str, Any]) -> None:
    call.page(answer, lambda page: show.saved(call, page, answer))


def input_of(call: Call, ref: str, act: str) -> Mapping[str, Any]:
    """The input schema of an act; empty where the act is unknown or not open here, the engine then says why."""
    from engine.service import showing

    try:
        items = call.read(showing.next_acts, ref=ref, act=act, every=True)["items"]
    except UsageError:
        return {}
    return (items[0].get("input") or {}) if items else {}


def fill(call: Call, schema: Mapping[str, Any], sent: Mapping[str, Any], *, ask: bool) -> dict[str, Any]:
    """What was typed, its words made into values, and the rest asked for."""
    typed = {name: value for name, value in sent.items() if value not in (None, {}, [], ())}
    if ask:
        form.ask_missing(call, schema, typed)
    made: dict[str, Any] = given.translated(typed, schema, partial(translate, call))
    return made


def translate(call: Call, value: Any, part: Mapping[str, Any], name: str = "") -> Any:
    """`tomorrow 10:00` as an instant, `fri` as a day; everything else is the engine's to read."""
    if not isinstance(value, str):
        return value
    kind = part.get("format")
    try:
        if kind == "date-time":
            return call.instant(value).isoformat()
        return str(call.day(value, ahead=given.ahead(name))) if kind == "date" else value
    except FolkmootError:
        raise UsageError("FM-U005", given=value) from None


@writes(app, "record", example="folkmoot case record 26-04102-0 consent P1=given P2=refused")
def record(
    call: Call,
    ref: Ref,
    kind: Annotated[str, typer.Argument(help="name or title of the record")],
    values: Annotated[
        list[str] | None, typer.Argument(help="k=v of one item, or P1=value a party each")
    ] = None,
    from_: From = None,
    if_version: IfVersion = None,
) -> None:
    """Record something without moving the case."""
    from engine.service import acting

    def one(number: str) -> None:
        schema = form.part_of(input_of(call, number, f"add_{kind}"), "records", kind)
        items = given.document(from_) if from_ else _items(values or [], schema)
        made = [
            given.translated(item, schema, partial(translate, call))
            for item in (items if isinstance(items, list) else [items])
        ]
        _tell(call, call.write(acting.record, ref=number, kind=kind, items=made, if_version=if_version))

    call.each(ref, one)


def _items(values: Sequence[str], schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    """``P1=given P2=refused`` is an item a party with the record's one main field; other ``k=v`` are one item."""
    typed = [given.pair(text, "KIND") for text in values]
    of_parties = [(found.group(1), value) for name, value in typed if (found := _PARTY.match(name))]
    if not of_parties:
        return [given.nested(typed)]
    if len(of_parties) < len(typed):
        raise UsageError(
            "FM-U075", option="KIND", given=next(t for t in values if not _PARTY.match(t.split("=")[0]))
        )
    field = _main_field(schema)
    return [{"party": f"P{number}", field: value} for number, value in of_parties]


def _main_field(schema: Mapping[str, Any]) -> str:
    """The field that `P1=value` fills: the first that is needed, besides the party itself."""
    own = [name for name in schema.get("properties", {}) if name not in ("party", "of")]
    needed = [name for name in own if name in schema.get("required", ())]
    return next(iter([*needed, *own]), "decision")


@writes(app, "note", example="folkmoot case note 26-04102-0 --from -", without="ask reason")
def note(
    call: Call,
    ref: Ref,
    text: Annotated[
        str | None, typer.Argument(help="the note; --from or the prompt keep it out of the history")
    ] = None,
    from_: From = None,
) -> None:
    """A note in the history: it moves nothing and no deadline."""
    from engine.service import acting

    said = text or call.narrative(from_, call.word("ask_note"))
    if not said:
        raise UsageError(
            "FM-U002",
            command="case note",
            option="TEXT | --from FILE",
            example="folkmoot case note 26-04102-0 --from -",
        )
    call.each(ref, lambda number: _tell(call, call.write(acting.note, ref=number, text=said)))
