"""The floor: the rows of a step written by hand with ``sqlite3``."""

import json
import sqlite3
import uuid
from collections.abc import Callable
from pathlib import Path

from turn import STATES, STEPS, event_text, link, take_turns

SCHEMA = """
PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
CREATE TABLE c(id INTEGER PRIMARY KEY, ref TEXT UNIQUE, state TEXT, version INT, due TEXT, head TEXT, body TEXT);
CREATE TABLE e(case_id INT, seq INT, hash TEXT, body TEXT, PRIMARY KEY(case_id, seq)) WITHOUT ROWID;
CREATE TABLE k(key TEXT PRIMARY KEY, answer TEXT) WITHOUT ROWID;
"""


def make(folder: Path) -> Callable[[], None]:
    connection = sqlite3.connect(folder / "floor.db", isolation_level=None)
    connection.executescript(SCHEMA)
    run = connection.execute
    count = 0

    def one() -> None:
        nonlocal count
        count += 1
        ref = f"C-{count}"
        for seq, (step, state) in enumerate(zip(STEPS, STATES, strict=True), 1):
            key = uuid.uuid4().hex
            run("BEGIN IMMEDIATE")
            run("SELECT answer FROM k WHERE key = ?", (key,)).fetchone()
            found = run("SELECT id, state, version, head, body FROM c WHERE ref = ?", (ref,)).fetchone()
            body = json.loads(found[4]) if found else {"ref": ref, "what": "a lamp is out", "states": []}
            if found and found[1] != STATES[seq - 2]:
                raise ValueError(found[1])
            body["states"].append(state)
            text = event_text(count, seq, step)
            head = link(found[3] if found else "", text)
            if found:
                run(
                    "UPDATE c SET state = ?, version = ?, due = NULL, head = ?, body = ? WHERE id = ? AND version = ?",
                    (state, seq, head, json.dumps(body), found[0], found[2]),
                )
            else:
                run(
                    "INSERT INTO c VALUES (?, ?, ?, 1, '2026-12-01', ?, ?)",
                    (count, ref, state, head, json.dumps(body)),
                )
            run("INSERT INTO e VALUES (?, ?, ?, ?)", (count, seq, head, text))
            run(
                "INSERT INTO k VALUES (?, ?)", (key, json.dumps({"ref": ref, "state": state, "version": seq}))
            )
            run("COMMIT")

    return one


if __name__ == "__main__":
    take_turns(make, "case row, event with hash, key")
