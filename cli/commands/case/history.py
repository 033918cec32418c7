"""Who did what, when, who typed it when, on what basis."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cli import show
from cli.call import Call
from cli.command import reads
from cli.commands.case.app import app
from cli.commands.case.reading import Ref
from cli.output.table import Column
from cli.show import joined


@reads(app, "history", example="folkmoot case history 26-04127-2 --verify", without="limit")
def history(
    call: Call,
    ref: Ref,
    verify: Annotated[bool, typer.Option("--verify", help="check the chain of the entries too")] = False,
) -> None:
    """Every act in order; late entries, corrections and notices included."""
    from engine.service import showing

    def one(number: str) -> None:
        answer = call.read(showing.history, ref=number, verify=verify)
        after = call.word("verified" if answer["verified"] else "broken") if verify else ""
        call.table(answer, _columns(call), empty="", after=after)

    call.each(ref, one)


def _columns(call: Call) -> tuple[Column, ...]:
    return (
        Column("seq", right=True, head="number"),
        Column("occurred_at", cell=lambda row: call.time(row["occurred_at"]), head="when"),
        Column("title", cell=lambda row: _title(call, row), head="act", flex=True, least=20),
        Column("actor", cell=lambda row: _who(call, row), head="by", flex=True, least=10),
        Column("recorded_at", cell=lambda row: _lag(call, row), head="entered"),
        Column("basis", flex=True, least=12),
        Column("told", cell=lambda row: _told(call, row), flex=True, least=12),
        Column("note", cell=_note, flex=True, least=14),
    )


def _note(row: Mapping[str, Any]) -> str:
    """What who asked said, and what who granted it said to that."""
    return joined(row["note"], row.get("granted_because"), by="; ")


def _title(call: Call, row: Mapping[str, Any]) -> str:
    move = f"-> {row['to_title']}" if row.get("to_title") and row["to"] != row["from"] else ""
    return joined(joined(row["title"], move, by=" "), _corrected(call, row), by=": ")


def _corrected(call: Call, row: Mapping[str, Any]) -> str:
    """Which act a correction is about, and what it said before and says now: `act 4, category: wall -> land`."""
    about = next((c for c in row["changes"] if c["do"] in ("corrected", "restore")), None)
    if about is None:
        return ""
    return joined(
        call.word("about_act", n=about["seq"]), *show.corrected(call, about.get("told", ())), by=", "
    )


def _who(call: Call, row: Mapping[str, Any]) -> str:
    """Who did it, for whom he stood in, and who typed it."""
    lent = call.word("for_person", person=row["acting_for"]) if row.get("acting_for") else ""
    return joined(
        row["actor"], lent, f"({row['entered_by']})" if row["entered_by"] != row["actor"] else "", by=" "
    )


def _lag(call: Call, row: Mapping[str, Any]) -> str:
    """When it was typed, where that is more than a minute after it happened."""
    happened, typed = call.local(row["occurred_at"]), call.local(row["recorded_at"])
    if happened is None or typed is None or (typed - happened).total_seconds() < 60:
        return ""
    return call.time(row["recorded_at"])


def _told(call: Call, row: Mapping[str, Any]) -> str:
    return "; ".join(
        joined(show.name_of(t.get("title")), show.plain(call, t.get("to") or ""), by=" ") for t in row["told"]
    )
