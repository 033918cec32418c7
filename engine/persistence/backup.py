"""Backups of a SQLite store: taken under load, read back before they are called good, never over a live file."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from engine.domain.errors import Unavailable, UsageError
from engine.persistence import evidence, schema
from engine.persistence.address import Address, missing
from engine.persistence.driver import Connection
from engine.persistence.duplicate import BACKUPS, duplicate, stamped
from engine.persistence.unit import Unit

CHAINS = 20_000  # histories that are read back; of more cases, so many spread evenly


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold. ``kind``: page, reference, schema, chain; ``what`` names it."""

    kind: str
    what: str


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in a file that was read back. ``chains``: how many histories were followed."""

    path: Path
    schema: int | None
    cases: int = 0
    events: int = 0
    chains: int = 0
    size: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.findings


def backup(address: Address, *, now: datetime, to: Path | None = None) -> Examined:
    """A verified copy, in ``backups/`` beside the store where no place is given.

    PostgreSQL has its own tool for that (FM-S011).
    """
    if address.dialect != "sqlite":
        raise Unavailable("FM-S011", kind="store", url=str(address))
    if not address.file.is_file():
        raise missing(address)
    target = to or stamped(address.file, now, folder=BACKUPS)
    if target.is_dir():
        target = target / stamped(address.file, now).name
    if to is None:
        target.parent.mkdir(exist_ok=True)
    duplicate(address.file, target)
    return examine(target)


def restore(file: Path, *, beside: Path, now: datetime, to: Path | None = None) -> Examined:
    """A verified copy of a backup under a new name; nothing that exists is ever replaced.

    Without ``to`` the copy is put beside ``beside``, the live store; FM-U313 where ``to`` exists.
    """
    free = stamped(to or beside, now, mark="restored-")
    if to is not None and (to.exists() or to.is_symlink()):
        raise UsageError("FM-U313", kind="input", path=str(to), free=str(free))
    target = to or free
    duplicate(file, target)
    return examine(target)


def latest(path: Path) -> Path | None:
    """The newest backup in the usual place."""
    found = (path.parent / BACKUPS).glob(f"{path.stem}-*{path.suffix}")
    return max(found, key=lambda file: file.stat().st_mtime, default=None)


def examine(path: Path) -> Examined:
    """Reads a whole file: pages, references, schema, counts and chains."""
    uri = f"file:{quote(str(path))}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as opened:
        try:
            return _examine(path, opened)
        except sqlite3.DatabaseError as error:
            return Examined(path, None, size=path.stat().st_size, findings=[Finding("page", str(error))])


def _examine(path: Path, opened: sqlite3.Connection) -> Examined:
    findings = [Finding("page", line) for (line,) in opened.execute("PRAGMA integrity_check") if line != "ok"]
    broken = opened.execute("PRAGMA foreign_key_check").fetchall()
    findings += [Finding("reference", f"{row[0]} {row[1]} -> {row[2]}") for row in broken[:20]]
    size = path.stat().st_size
    try:
        number = schema.number(opened)
    except Unavailable:
        return Examined(path, None, size=size, findings=[*findings, Finding("schema", "none")])
    if number is None or number > schema.NEEDED:
        return Examined(path, number, size=size, findings=[*findings, Finding("schema", str(number))])
    cases, events = (_count(opened, table) for table in ("case_file", "event"))
    unit = Unit(cast(Connection, opened), "sqlite")
    followed = 0
    for head, breaks in _spread(unit, cases):
        followed += 1
        findings += [Finding("chain", f"{head.ref} {b.seq} {b.kind}") for b in breaks]
    return Examined(path, number, cases, events, followed, size, findings)


def _spread(unit: Unit, cases: int) -> Iterator[tuple[evidence.Head, list[evidence.Break]]]:
    return evidence.verify_all(unit, every=max(1, cases // CHAINS))


def _count(opened: Any, table: str) -> int:
    count: int = opened.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - our own names
    return count
