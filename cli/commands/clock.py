"""`folkmoot clock`: deadlines, explained to the second, and lawfully changed."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cli import given, show
from cli.call import Call
from cli.command import noun, plain, reads, writes
from cli.commands.case.reading import Ref
from cli.output import moment
from cli.output.page import Page
from cli.output.table import Column
from cli.show import joined
from engine.domain.display import length

app = noun("clock")
Clock = Annotated[str, typer.Argument(help="name or title of the clock")]
Item = Annotated[str | None, typer.Option(help="ID: of one party or obligation, O1")]
Set = Annotated[list[str] | None, typer.Option("--set", help="K=V: what the act asks besides")]
Record = Annotated[
    list[str] | None, typer.Option(help="KIND:K=V,..: a record that the act asks, or KIND:@FILE")
]


@reads(app, "list", example="folkmoot clock list 26-04127-2", without="limit")
def list_clocks(call: Call, ref: Ref) -> None:
    """Every clock of a case: running, paused and stopped."""
    from engine.service import clock

    def one(number: str) -> None:
        call.table(call.read(clock.list_clocks, ref=number), _columns(call), empty=call.word("no_clocks"))

    call.each(ref, one)


def _columns(call: Call) -> tuple[Column, ...]:
    return (
        Column("name", cell=lambda row: row["title"], head="clock", flex=True),
        Column("item"),
        Column("run", right=True),
        Column("status", cell=lambda row: call.word(f"clock_is_{row['status']}")),
        Column("within", cell=lambda row: length(row["within"], call.lang) if row["within"] else ""),
        Column("start", cell=lambda row: call.time(row["start"])),
        Column(
            "due_at",
            cell=lambda row: show.due(call, row),
            style=lambda row: "late" if row.get("late") else None,
            head="due",
        ),
        Column(
            "verdict", cell=lambda row: call.word(f"verdict_{row['verdict']}") if row.get("verdict") else ""
        ),
        Column("basis", flex=True),
    )


@reads(app, "explain", example="folkmoot clock explain 26-04127-2 mediation_limit", without="csv limit")
def explain(
    call: Call,
    ref: Ref,
    clock: Clock,
    item: Item = None,
    run: Annotated[int | None, typer.Option(help="N: an earlier run")] = None,
    working: Annotated[bool, typer.Option("--working", help="only what counted")] = False,
) -> None:
    """Every interval, counted or not and why; they add up to the whole."""
    from engine.service import clock as service

    answer = call.read(service.explain, ref=call.references([ref])[0], clock=clock, item=item, run=run)
    if working:
        answer = {**answer, "intervals": [one for one in answer["intervals"] if one["counted"]]}
    call.page(answer, lambda page: _explained(call, page, answer))


def _explained(call: Call, page: Page, answer: Mapping[str, Any]) -> None:
    within = length(answer["within"], call.lang) if answer.get("within") else None
    page.line(joined(answer["ref"], answer["title"], within, answer.get("basis")), "strong")
    for i, more in enumerate(answer["extensions"], 1):
        of = max(i, answer["extensions_allowed"])
        page.line("  " + call.word("clock_extension", length=length(more, call.lang), n=i, of=of))
    for one in answer["joined"]:
        word = "clock_joined_first" if one["governs"] else "clock_joined"
        ends = call.word("clock_open_pause") if one["due_at"] is None else show.due(call, one)
        page.line("  " + call.word(word, ref=one["ref"], at=call.time(one["at"]), due=ends))
    if answer["own_due_at"]:
        page.line("  " + call.word("clock_own", due=show.due(call, {"due_at": answer["own_due_at"]})))
    page.table(
        _intervals(call), answer["intervals"], [call.word(name) for name in ("from", "to", "counts", "why")]
    )
    counted, total = (moment.span(answer[key], call.lang) for key in ("counted_s", "total_s"))
    page.line(call.word("clock_sum", counted=counted, total=total, upto=call.time(answer["upto"])))
    for mark, at in answer.get("marks", {}).items():
        if mark != "due":
            fired = call.word("mark_fired") if mark in answer.get("fired", {}) else ""
            page.line(joined(f" {mark}", moment.due(call.local(at), None, call.lang, now=call.now), fired))
    until = show.due(call, answer)
    if until:
        page.line(call.word("clock_ends", due=until), "late" if answer.get("late") else None)
    elif answer["status"] == "paused":
        page.line(call.word("clock_open_pause"))
    if answer.get("provisional"):
        page.line(call.word("provisional"))


def _intervals(call: Call) -> tuple[Column, ...]:
    return (
        Column("start", cell=lambda row: call.time(row["start"])),
        Column("end", cell=lambda row: moment.due(call.local(row["end"]), None, call.lang, now=call.now)),
        Column(
            "counted",
            cell=lambda row: moment.span(row["counted_s"], call.lang) if row["counted"] else "-",
            right=True,
        ),
        Column("why", cell=lambda row: call.word(f"why_{row['why']}"), flex=True, least=16),
    )


@writes(app, "pause", example='folkmoot clock pause 26-04127-2 mediation_limit --reason "party in hospital"')
def pause(call: Call, ref: Ref, clock: Clock, set_: Set = None, record: Record = None) -> None:
    """Suspend by the act that the law has for it; the clock stops counting meanwhile."""
    from engine.service import clock as service

    _change(call, service.pause, ref, clock, set_, records=given.records(record or ()) or None)


@writes(app, "resume", example="folkmoot clock resume 26-04127-2 mediation_limit")
def resume(call: Call, ref: Ref, clock: Clock, set_: Set = None, record: Record = None) -> None:
    """Take it up again; the clock goes on where it stood."""
    from engine.service import clock as service

    _change(call, service.resume, ref, clock, set_, records=given.records(record or ()) or None)


@writes(
    app, "extend", example='folkmoot clock extend 26-04201-8 case_limit --reason "appraisal is out" --ask'
)
def extend(call: Call, ref: Ref, clock: Clock, item: Item = None, set_: Set = None) -> None:
    """The next extension that the law allows; --ask sends it to those who may grant it."""
    from engine.service import clock as service

    answer = _change(call, service.extend, ref, clock, set_, item=item)
    if answer.get("before") and answer.get("after") and not call.for_program:
        call.say(
            call.word("extended", before=call.on_day(answer["before"]), after=call.on_day(answer["after"]))
        )


def _change(
    call: Call, function: Any, ref: str, clock: str, set_: list[str] | None, **more: Any
) -> Mapping[str, Any]:
    values = given.nested(given.pair(text, "--set") for text in set_ or ())
    answer = call.write(function, ref=call.references([ref])[0], clock=clock, set=values or None, **more)
    call.page(answer, lambda page: show.saved(call, page, answer))
    return answer


@plain(app, "when", example='folkmoot clock when "20 cd" --from 2026-09-11 --calendar CN')
def when(
    call: Call,
    duration: Annotated[str, typer.Argument(help='LENGTH: "20 cd", "5 wd", "24 h", "6 months"')],
    from_: Annotated[str | None, typer.Option("--from", help="DAY|TIME: where it starts (now)")] = None,
    calendar: Annotated[str | None, typer.Option(help="ID: count on this calendar")] = None,
    unit: Annotated[str | None, typer.Option(help="CODE: with the closures of this office")] = None,
) -> None:
    """When a length of time ends, day by day and by which rule."""
    from cli import calculator
    from engine.service import calendar as service

    start = calculator.start(call, from_)
    answer = call.read(service.when, duration=duration, start=start, calendar_id=calendar, unit_code=unit)
    call.page(answer, lambda page: calculator.told(call, page, answer))
