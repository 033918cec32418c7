"""Past decisions made again: from what each kept, and under tables that are only thought of."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

import typer

from cli import exit_codes
from cli.call import Call
from cli.command import plain, reads
from cli.commands.routing.app import Since, Until, app
from cli.commands.routing.changing import read_tables
from cli.output.page import Page
from cli.output.progress import Progress
from cli.output.table import Column
from engine.domain.messages import text

SHOWN = 20  # decisions that people are shown; --json lists all
Json = Mapping[str, Any]


@plain(app, "replay", example="folkmoot routing replay --since 2026-11-01")
def replay(
    call: Call,
    ref: Annotated[str | None, typer.Argument(help="REF: this case only")] = None,
    since: Since = None,
    until: Until = None,
) -> None:
    """Make past decisions again from what they kept: the same pick by the same rule. Exit 6 if one differs."""
    from engine.service.routing import replaying

    which: dict[str, Any] = {"ref": ref, "since": call.day(since), "until": call.day(until)}
    progress = Progress(call.read(replaying.size, **which)["decisions"], lang=call.lang)
    answer = call.read(replaying.replay, progress=None if call.for_program else progress, **which)
    progress.close()
    call.page(answer, lambda page: _replayed(call, page, answer))
    if not answer["holds"]:
        if not call.for_program:
            call.say(f"FM-V011  {text('FM-V011', call.lang, **differing(answer))}")
        call.end(exit_codes.of_code("FM-V011"))


def differing(answer: Json) -> dict[str, Any]:
    """How many differ, and which."""
    which = dict.fromkeys(f"{one['ref']} ({one['seq']})" for one in answer["differs"])
    told = ", ".join(list(which)[:5]) + (" .." if len(which) > 5 else "")
    return {"differs": len(answer["differs"]), "decisions": answer["decisions"], "which": told}


def _replayed(call: Call, page: Page, answer: Json) -> None:
    if not answer["decisions"]:
        page.line(call.word("replay_none"))
        return
    page.line(call.word("replay_same", same=answer["same"], decisions=answer["decisions"]), "strong")
    if answer["untold"]:
        page.line(call.word("replay_untold", n=answer["untold"]))
    if answer["no_ruling"]:
        page.line(call.word("replay_no_ruling", n=answer["no_ruling"]))
    _table(call, page, answer["differs"][:SHOWN])
    if len(answer["differs"]) > SHOWN:
        page.talk.append(call.word("replay_more", shown=SHOWN, count=len(answer["differs"])))


@reads(app, "try", example="folkmoot routing try mine/routing.yaml --since 2026-11-01")
def try_(
    call: Call,
    file: Annotated[str, typer.Argument(help="FILE: a routing.yaml")],
    since: Annotated[str, typer.Option("--since", help="DAY: decisions from then on")],
    until: Until = None,
) -> None:
    """Which past decisions would have gone to somebody else under these tables. Nothing is saved."""
    from engine.service.routing import replaying

    first, last = _day(call, since), call.day(until)
    content = read_tables(file)
    total = call.read(replaying.size, since=first, until=last)["decisions"]
    progress = Progress(total, lang=call.lang)
    answer = call.read(
        replaying.try_text,
        text=content,
        file=file,
        since=first,
        until=last,
        limit=call.limit,
        progress=None if call.for_program else progress,
    )
    progress.close()
    if call.shared.get("csv") or call.shared.get("jsonl"):
        call.table({"items": [_flat(one) for one in answer["differs"]]}, FLAT, empty="")
    else:
        call.page(answer, lambda page: _tried(call, page, answer))


FLAT = tuple(
    Column(name)
    for name in ("ref", "seq", "seat", "then_person", "then_rule", "now_person", "now_rule", "load_unknown")
)


def _flat(one: Json) -> dict[str, Any]:
    """A decision in one line, for other programs."""
    sides = {f"{side}_{name}": one[side][name] for side in ("then", "now") for name in ("person", "rule")}
    unknown = " ".join(one["load_unknown"])
    return {**{name: one[name] for name in ("ref", "seq", "seat")}, **sides, "load_unknown": unknown}


def _day(call: Call, given: str) -> date:
    day = call.day(given)
    if day is None:
        raise ValueError(given)
    return day


def _tried(call: Call, page: Page, answer: Json) -> None:
    about = answer["table"]
    if not answer["decisions"]:
        page.line(call.word("try_none", case_type=about["case_type"]))
        return
    told = {name: answer[name] for name in ("decisions", "same", "other_rule")}
    page.line(call.word("try_told", n=answer["count"], **told), "strong")
    if answer["untold"]:
        page.line(call.word("replay_untold", n=answer["untold"]))
    _table(call, page, answer["differs"])
    if answer["count"] > len(answer["differs"]):
        page.talk.append(call.word("more", shown=len(answer["differs"]), count=answer["count"]))
    if any(one["load_unknown"] for one in answer["differs"]):
        page.talk.append(call.word("try_unknown"))


def columns(call: Call) -> tuple[Column, ...]:
    def told(side: str) -> Any:
        return lambda row: (
            f"{row[side]['person'] or call.word('nobody_chosen')} ({row[side]['rule'] or call.word('no_rule')})"
        )

    return (
        Column("ref"),
        Column("seat", head="ex_seat"),
        Column("then", head="try_then", cell=told("then"), flex=True, least=16),
        Column("now", head="try_now", cell=told("now"), flex=True, least=16),
    )


def _table(call: Call, page: Page, rows: list[Json]) -> None:
    if not rows:
        return
    made = columns(call)
    page.line()
    page.table(made, rows, [call.word(column.head or column.key) for column in made])
