"""A store with a long history: ``python -m tests.benchmarks.history FILE 10000000``.

A sample county works some weeks through the engine. Its closed cases are then written again and again, as they
stand in the engine's own tables: each copy with its own number and check digit, and with chains counted anew, so
that they verify. Left out are only the keys of the copied commands, which nothing here reads.
"""

import sqlite3
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

from engine.bootstrap import open_engine
from engine.domain.reference import make
from engine.persistence import chain
from engine.settings import Settings, database_url
from workflows.demo import Setting, VirtualClock, play, prepare

UNTIL = datetime(2026, 11, 24, 0, 5, tzinfo=UTC)
WEEKS = 4
PORTION = 2_000  # cases written at a time
BESIDE = ("clock_run", "milestone", "seat_holder", "case_link")
YEAR = 26
LEAN = 4  # one in so many is copied
FASTER = ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000", "locking_mode = EXCLUSIVE")


def county(path: Path, *, days: int = 7 * WEEKS, seed: int = 1) -> None:
    """A new store in which a county's people have worked until :data:`UNTIL`."""
    setting = Setting(UNTIL, days, seed, "en")
    clock = VirtualClock(setting.since)
    with open_engine(Settings(database_url=database_url(str(path))), clock=clock, create=True) as engine:
        play(prepare(engine, setting, clock), setting, lambda at: None)


@dataclass
class Template:
    """A closed case: its row, its events, the rows beside them, each as a dict."""

    case: dict[str, Any]
    events: list[dict[str, Any]]
    beside: Mapping[str, list[dict[str, Any]]]


def grow(path: Path, *, events: int, tell: bool = False) -> tuple[int, int]:
    """Copies closed cases until the store holds so many events; how many cases and events it holds then."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for setting in FASTER:
            connection.execute(f"PRAGMA {setting}")
        templates = _lean(list(_templates(connection)))
        indices = _drop_indices(connection)
        held, last, serial = _held(connection)
        made = _copies(templates, last, serial, events - held)
        while portion := list(islice(made, PORTION)):
            _write(connection, portion)
            held += sum(len(copy.events) for copy in portion)
            if tell:
                sys.stdout.write(f"\r{held:,} events")
                sys.stdout.flush()
        for sql in indices:
            connection.execute(sql)
        found = connection.execute("SELECT max(id) FROM case_file").fetchone()[0]
        for name, value in (("case", found), (f"serial-20{YEAR}", serial + found - last)):
            connection.execute("UPDATE counter SET value = ? WHERE name = ?", (value, name))
        connection.execute("PRAGMA journal_mode = WAL")
        return found, held


def _templates(connection: sqlite3.Connection) -> Iterator[Template]:
    closed = "phase = 'done' AND next_due_at IS NULL AND external_id IS NULL"
    for case in _rows(connection, "case_file", f"{closed} ORDER BY id"):
        mine = f"case_id = {case['id']}"
        beside = {name: _rows(connection, name, mine) for name in BESIDE}
        yield Template(case, _rows(connection, "event", f"{mine} ORDER BY seq"), beside)


def _lean(found: list[Template]) -> list[Template]:
    """Those with the shortest events: ten million of the others would fill 20 GB."""
    found.sort(key=lambda one: sum(len(event["body"].encode()) for event in one.events) / len(one.events))
    return found[: max(1, len(found) // LEAN)]


def _rows(connection: sqlite3.Connection, table: str, where: str) -> list[dict[str, Any]]:
    found = connection.execute(f"SELECT * FROM {table} WHERE {where}")  # noqa: S608 - our own names
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found]


def _drop_indices(connection: sqlite3.Connection) -> list[str]:
    """Indices are built faster at the end; what makes them again."""
    found = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN"
        " ('case_file', 'clock_run', 'milestone', 'seat_holder', 'case_link', 'event')"
    ).fetchall()
    for name, _ in found:
        connection.execute(f"DROP INDEX {name}")
    return [sql for _, sql in found]


def _held(connection: sqlite3.Connection) -> tuple[int, int, int]:
    (events,) = connection.execute("SELECT count(*) FROM event").fetchone()
    (last,) = connection.execute("SELECT max(id) FROM case_file").fetchone()
    name = f"serial-20{YEAR}"
    (serial,) = connection.execute("SELECT value FROM counter WHERE name = ?", (name,)).fetchone()
    return events, last, serial


def _copies(templates: Sequence[Template], last: int, serial: int, events: int) -> Iterator[Template]:
    """Copies in turn, as many as it takes for so many events."""
    number = 0
    while events > 0:
        template = templates[number % len(templates)]
        number += 1
        copy = _copy(template, last + number, str(make(YEAR, serial + number)))
        events -= len(copy.events)
        yield copy


def _copy(template: Template, case_id: int, ref: str) -> Template:
    was, head = template.case["ref"], chain.GENESIS
    events = []
    for event in template.events:
        text = event["body"].replace(was, ref)
        head = chain.link(head, case_id, event["seq"], text)
        events.append({**event, "case_id": case_id, "hash": head, "body": text})
    case = {
        **template.case,
        "id": case_id,
        "ref": ref,
        "head": head,
        "body": template.case["body"].replace(was, ref),
    }
    beside = {name: [{**row, "case_id": case_id} for row in rows] for name, rows in template.beside.items()}
    return Template(case, events, beside)


def _write(connection: sqlite3.Connection, portion: Sequence[Template]) -> None:
    connection.execute("BEGIN")
    _insert(connection, "case_file", [copy.case for copy in portion])
    _insert(connection, "event", [event for copy in portion for event in copy.events])
    for name in BESIDE:
        _insert(connection, name, [row for copy in portion for row in copy.beside[name]])
    connection.execute("COMMIT")


def _insert(connection: sqlite3.Connection, table: str, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        places = ", ".join("?" * len(rows[0]))
        sql = f"INSERT INTO {table} ({', '.join(rows[0])}) VALUES ({places})"  # noqa: S608 - our own names
        connection.executemany(sql, map(tuple, map(dict.values, rows)))


def main(file: str, events: str) -> None:
    path, begun = Path(file), perf_counter()
    county(path)
    made = perf_counter()
    cases, held = grow(path, events=int(events), tell=True)
    size = path.stat().st_size / 1e9
    sys.stdout.write(
        f"\r{held:,} events of {cases:,} cases, {size:.1f} GB: {made - begun:.0f} s of work through the engine,"
        f" {perf_counter() - made:.0f} s of copying\n"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
