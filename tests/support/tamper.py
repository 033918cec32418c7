# ruff: noqa: S608 - the texts are our own
"""What somebody with the database in hand, and this program's source, can do to it. Each works in an open unit."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from engine.domain.instant import from_text
from engine.machine.fold import fold
from engine.persistence import chain
from engine.persistence.raw import rows
from engine.persistence.table import METADATA
from engine.persistence.unit import Unit
from engine.service import seal
from engine.service.caller import Caller

LATER = Caller("nobody", datetime(2026, 12, 1, tzinfo=UTC))
OF_CASE = ("event", "clock_run", "seat_holder", "case_link", "milestone")


def do(unit: Unit, sql: str, *values: Any) -> None:
    """A statement with ``?`` for its values, behind the engine's back."""
    unit.begin()
    unit.connection.execute(
        sql if unit.dialect == "sqlite" else sql.replace("%", "%%").replace("?", "%s"), values
    )


def cell(unit: Unit, table: str, column: str, where: str) -> Any:
    return rows(unit, f"SELECT {column} FROM {table} WHERE {where}")[0][0]


def edit(unit: Unit, table: str, column: str, where: str, change: Callable[[Any], Any]) -> None:
    do(unit, f"UPDATE {table} SET {column} = ? WHERE {where}", change(cell(unit, table, column, where)))


def edit_body(unit: Unit, case_id: int, seq: int, **changed: Any) -> None:
    where = f"case_id = {case_id} AND seq = {seq}"
    edit(unit, "event", "body", where, lambda text: chain.canonical({**json.loads(text), **changed}))


def rechain(unit: Unit, case_id: int) -> None:
    """All hashes of a history made anew, its columns and the case with everything beside it brought into line."""
    head, seq, bodies = chain.GENESIS, 0, []
    for seq, text in rows(unit, "SELECT seq, body FROM event WHERE case_id = ? ORDER BY seq", case_id):
        body = json.loads(text)
        head = chain.link(head, case_id, seq, text)
        bodies.append(body)
        do(
            unit, "UPDATE event SET hash = ?, act = ?, actor = ? WHERE case_id = ? AND seq = ?",
            head, body["act"], body["actor"], case_id, seq,
        )  # fmt: skip
    do(
        unit, "UPDATE case_file SET head = ?, version = ?, body = ? WHERE id = ?",
        head, seq, chain.canonical(fold(bodies)), case_id,
    )  # fmt: skip


def lead_nowhere(unit: Unit, case_id: int, seq: int) -> None:
    """A history that leads to a state which its definition never had; hashes and case brought into line."""
    where = f"case_id = {case_id} AND seq = {seq}"
    moves = [c for c in json.loads(cell(unit, "event", "body", where))["changes"] if c["do"] == "move"]
    led = f'"to":"{moves[-1]["to"]}"'
    edit(unit, "event", "body", where, lambda text: text.replace(led, '"to":"nowhere"'))
    rechain(unit, case_id)


def remove_case(unit: Unit, case_id: int) -> None:
    for table in OF_CASE:
        do(unit, f"DELETE FROM {table} WHERE case_id = ?", case_id)
    do(unit, "DELETE FROM case_file WHERE id = ?", case_id)


def reseal(unit: Unit) -> None:
    """All seals made anew over what stands there now, each at the time it had."""
    times = [at for (at,) in rows(unit, "SELECT at FROM seal ORDER BY n")]
    do(unit, "DELETE FROM seal")
    told = [at if isinstance(at, datetime) else datetime.fromisoformat(at + "+00:00") for at in times]
    caller = Caller("nobody", told[0] if told else LATER.now)
    while seal.make(unit, caller, limit=7)["more"]:
        pass


def forge(unit: Unit, case_id: int, *, position: int | None = None) -> None:
    """One more act at the end of a history, as the engine would have hashed it; at a place of one's choice."""
    where = f"case_id = {case_id} AND seq = (SELECT max(seq) FROM event WHERE case_id = {case_id})"
    seq, digest, text, at = rows(unit, f"SELECT seq, hash, body, at FROM event WHERE {where}")[0]
    body = {**json.loads(text), "seq": seq + 1, "act": "note", "changes": [], "note": "forged"}
    recorded = from_text(body["recorded"])
    text = chain.canonical(body)
    digest = chain.link(digest, case_id, seq + 1, text)
    columns = "case_id, seq, act, actor, at, recorded_at, hash, body"
    kept = recorded if unit.dialect == "postgresql" else f"{recorded:%Y-%m-%d %H:%M:%S}.000000"
    values = [case_id, seq + 1, "note", body["actor"], at, kept, digest, text]
    places = ", ".join("?" * 8)
    if position is None:
        do(unit, f"INSERT INTO event ({columns}) VALUES ({places})", *values)
    elif unit.dialect == "sqlite":
        do(unit, f"INSERT INTO event ({columns}, rowid) VALUES ({places}, ?)", *values, position)
    else:
        first = "SELECT txid::text FROM event ORDER BY event.txid, event.position LIMIT 1"
        do(
            unit,
            f"INSERT INTO event ({columns}, txid, position) OVERRIDING SYSTEM VALUE"
            f" VALUES ({places}, ({first})::xid8, ?)",
            *values, position,
        )  # fmt: skip
    rechain(unit, case_id)


def columns_of(table: str) -> list[str]:
    return [column.name for column in METADATA.tables[table].columns]
