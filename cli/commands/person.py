"""`folkmoot person`: people, leave, appointments."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cli.call import Call
from cli.command import noun, reads, writes
from cli.output.page import Page
from cli.output.table import Column
from cli.show import joined

app = noun("person")
On = Annotated[str | None, typer.Option(help="DATE: on that day (today)")]
Since = Annotated[str | None, typer.Option(help="DATE: first day (today)")]
People = Annotated[list[str], typer.Argument(help="codes")]
One = Annotated[str, typer.Argument(help="code, or name if unique")]
Role = Annotated[str, typer.Option(help="ROLE: of the vocabulary, for example mediator_post")]


@reads(app, "list", example="folkmoot person list --unit S-001")
def list_persons(
    call: Call,
    unit: Annotated[str | None, typer.Option(help="CODE: of this unit and those below it")] = None,
    role: Annotated[str | None, typer.Option(help="ROLE: only these")] = None,
    on: On = None,
) -> None:
    """People with an appointment: roles, on duty, load, away until."""
    from engine.service import person

    answer = call.read(person.list_persons, unit_code=unit, role=role, on=call.day(on))
    after = call.word("people_away", n=answer["away"]) if answer["away"] else ""
    call.table(answer, _columns(call), empty=call.word("people_none"), after=after)


def _columns(call: Call) -> tuple[Column, ...]:
    return (
        Column("code"),
        Column("name", head="person_name"),
        Column("roles", cell=lambda row: " ".join(row["roles"]), flex=True, least=12),
        Column("load", right=True, cell=lambda row: f"{row['load']}/{row['cap']}"),
        Column("away_until", cell=lambda row: _away(call, row)),
        Column("units", cell=lambda row: " ".join(row["units"]), flex=True, head="unit"),
        Column("on_duty", cell=lambda row: _duty(call, row)),
    )


def _away(call: Call, row: Mapping[str, Any]) -> str:
    if not row["away"]:
        return ""
    until = call.on_day(row["away_until"]) or call.word("no_end")
    return joined(until, call.word("for_by", person=row["acting"]) if row["acting"] else "", by=" ")


def _duty(call: Call, row: Mapping[str, Any]) -> str:
    return "" if row["on_duty"] is None else call.word("yes" if row["on_duty"] else "no")


@reads(app, "show", example="folkmoot person show aux-07", without="csv limit")
def show_person(call: Call, person: One, on: On = None) -> None:
    """One person: appointments, leave, open cases."""
    from engine.service import person as service

    answer = call.read(service.show_person, person=person, on=call.day(on))
    call.page(answer, lambda page: _shown(call, page, answer))


def _shown(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    page.line(joined(answer["code"], answer["name"]), "strong")
    for held in answer["appointments"]:
        ended = "" if held["valid"] else call.word("not_now")
        page.item(held["role"], joined(held["unit"], _span(call, held), ended), wide=14)
    for leave in answer["absences"]:
        sub = call.word("stands_in", person=leave["substitute"]) if leave["substitute"] else ""
        page.item(call.word("away"), joined(_span(call, leave), leave["reason"], sub), wide=14)
    if answer["acting"]:
        page.item(call.word("acting"), answer["acting"], wide=14)
    if answer["acting_for"]:
        page.item(call.word("acting_for"), ", ".join(answer["acting_for"]), wide=14)
    known = joined(
        answer["sex"] and call.word(f"sex.{answer['sex']}"), ", ".join(answer["languages"]), by=", "
    )
    if known:
        page.item(call.word("sex_languages"), known, wide=14)
    page.item(call.word("load"), str(answer["load"]), wide=14)
    counted = _seats(call, answer)
    held = call.word("holds_open", n=answer["open_cases"], seats=counted) if counted else call.word("none")
    page.item(call.word("open_cases"), held, wide=14)
    for case in answer["cases"]:
        page.item("", joined(case["ref"], ", ".join(seat["seat_title"] for seat in case["seats"])), wide=14)


def _seats(call: Call, held: Mapping[str, Any]) -> str:
    """`Handler 2, Mediator 1`."""
    return call.word("out.joint").join(f"{one['seat_title']} {one['cases']}" for one in held["seats"])


def _span(call: Call, dated: Mapping[str, Any]) -> str:
    return call.word(
        "from_to", since=dated["since"] or call.word("always"), until=dated["until"] or call.word("no_end")
    )


@writes(
    app,
    "away",
    example="folkmoot person away off-03 aux-11 --until fri --reason sick",
    without="ask at done_by key",
)
def away(
    call: Call,
    persons: People,
    until: Annotated[str | None, typer.Option(help="DATE: last day away; open without it")] = None,
    since: Since = None,
    substitute: Annotated[
        str | None,
        typer.Option(help="CODE: who stands in, with the roles of the absent, as long as it lasts"),
    ] = None,
) -> None:
    """Put people on leave; says what work they leave behind."""
    from engine.service import leave

    last = call.day(until, ahead=True)
    answer = call.write(
        leave.away, persons=persons, until=last, since=call.day(since, ahead=True), substitute=substitute
    )
    call.page(answer, lambda page: _went(call, page, answer))


def _went(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    until = call.on_day(answer["until"]) or call.word("no_end")
    days = answer["working_days"]
    counted = call.word("working_days", n=days) if days is not None else ""
    page.line(joined(call.word("away_from_to", since=call.on_day(answer["since"]), until=until), counted))
    page.line(call.word("left_behind", n=answer["open_cases"], due=answer["due"]))
    for one in answer["items"]:
        behind = call.word("left_behind", n=one["open_cases"], due=one["due"])
        page.item(one["person"], joined(behind, _seats(call, one), _stands_in(call, one), by="; "))
    if answer["open_cases"]:
        page.talk.append(
            call.word("reassign_first", persons=",".join(one["person"] for one in answer["items"]))
        )


def _stands_in(call: Call, one: Mapping[str, Any]) -> str:
    if one["acting"]:
        return call.word("stands_in", person=one["acting"])
    return call.word("stands_in_nobody", person=one["substitute"]) if one["substitute"] else ""


@writes(app, "back", example="folkmoot person back off-03", without="ask at done_by key reason")
def back(call: Call, persons: People, on: On = None) -> None:
    """Back at work from a day on."""
    from engine.service import leave

    answer = call.write(leave.back, persons=persons, on=call.day(on))

    def write(page: Page) -> None:
        for one in answer["items"]:
            since = call.on_day(one["since"])
            page.line(call.word("is_back", person=one["person"], since=since, n=one["open_cases"]))
            if one["seats"]:
                page.line(f"  {_seats(call, one)}")

    call.page(answer, write)


@writes(
    app,
    "appoint",
    example="folkmoot person appoint aux-07 --role mediator_post --unit V-007",
    without="ask at done_by key reason",
)
def appoint(
    call: Call,
    person: One,
    role: Role,
    unit: Annotated[str, typer.Option(help="CODE: over which unit")],
    since: Since = None,
    until: Annotated[str | None, typer.Option(help="DATE: last day; open without it")] = None,
    capacity: Annotated[int | None, typer.Option(help="N: most weighted load (15)")] = None,
    skill: Annotated[list[str] | None, typer.Option(help="NAME: may be given again")] = None,
    basis: Annotated[str | None, typer.Option(help="TEXT: which decision appoints")] = None,
    new: Annotated[bool, typer.Option("--new", help="a person who is not in the store yet")] = False,
) -> None:
    """Appoint a person to a role; it counts from that day."""
    from engine.service import appointment

    answer = call.write(
        appointment.appoint,
        person=person,
        role=role,
        unit_code=unit,
        since=call.day(since, ahead=True),
        until=call.day(until, ahead=True),
        capacity=capacity,
        skills=skill or [],
        basis=basis,
        new=new,
    )
    said = {name: answer[name] for name in ("person", "role", "unit")}
    call.page(answer, lambda page: page.line(call.word("appointed", **said, span=_span(call, answer))))


@writes(
    app,
    "end",
    example="folkmoot person end aux-07 --role mediator_post --until 2026-12-31",
    without="ask at done_by key reason",
)
def end(
    call: Call,
    person: One,
    role: Role,
    unit: Annotated[str | None, typer.Option(help="CODE: over which unit; all without it")] = None,
    until: Annotated[str | None, typer.Option(help="DATE: last day (today)")] = None,
) -> None:
    """End an appointment; open cases stay where they are."""
    from engine.service import appointment

    answer = call.write(
        appointment.end, person=person, role=role, unit_code=unit, until=call.day(until, ahead=True)
    )

    def write(page: Page) -> None:
        units, until = ", ".join(answer["units"]), call.on_day(answer["until"])
        page.line(call.word("ended", person=answer["person"], role=answer["role"], units=units, until=until))
        if answer["open_cases"]:
            page.line(call.word("still_holds", n=answer["open_cases"], seats=_seats(call, answer)))

    call.page(answer, write)
