"""A seeded store is sown once in each test process; what was written is then laid into other empty stores.

Seeding compiles ten definitions and checks forty-five years of a calendar: a fifth of a second, and a suite that
makes thousands of stores would spend a third of its time on it. The rows are those which seeding itself wrote for the
same moment; only the number that tells stores apart is drawn anew.
"""

import contextlib
import secrets
import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol, TypeVar

import psycopg

from engine.persistence.store import Store
from engine.persistence.table import METADATA

_SOWN: dict[tuple[Any, ...], dict[str, Any]] = {}  # by mark: table -> what it holds
_ENDED: dict[tuple[str, str], datetime] = {}  # by dialect and name: the time at the end of the story
_SEQUENCES = "(sequences)"
_TABLES = [made.name for made in METADATA.sorted_tables]  # what others point at comes first


def sow(store: Store, mark: tuple[Any, ...], seed: Callable[[], None]) -> None:
    """Fills the store as ``seed`` does: by it, or with what it left in another empty store for the same mark."""
    mark = (store.dialect, *mark)
    bed = _Postgresql(store.address.url) if store.address.path is None else _Sqlite(store.address.path)
    with contextlib.closing(bed):
        if bed.filled():
            seed()
        elif mark in _SOWN:
            bed.lay(_SOWN[mark])
        else:
            seed()
            _SOWN[mark] = bed.taken()


class Place(Protocol):
    """Whatever a test plays on: a store with its engine, and the time there."""

    now: datetime


P = TypeVar("P", bound=Place)


def grown(store: Store, name: str, play: Callable[[Store], P], again: Callable[[Store], P]) -> P:
    """What ``play`` makes of an empty store: played once in each test process, and later only laid out; ``again`` then
    stands on a store in which all of it has happened. For tests that begin where the same long story ended."""
    ended: list[P] = []
    sow(store, ("grown", name), lambda: ended.append(play(store)))
    place = ended[0] if ended else again(store)
    place.now = _ENDED.setdefault((store.dialect, name), place.now)
    return place


class _Sqlite:
    def __init__(self, path: Any) -> None:
        self._raw = sqlite3.connect(path, isolation_level=None)

    def close(self) -> None:
        self._raw.close()

    def filled(self) -> bool:
        return self._raw.execute("SELECT 1 FROM counter LIMIT 1").fetchone() is not None

    def taken(self) -> dict[str, Any]:
        held = {name: self._raw.execute(f"SELECT * FROM {name}").fetchall() for name in _TABLES}  # noqa: S608
        return {name: rows for name, rows in held.items() if rows}

    def lay(self, held: dict[str, Any]) -> None:
        self._raw.execute("BEGIN")
        for name, rows in held.items():
            places = ", ".join("?" * len(rows[0]))
            self._raw.executemany(f"INSERT INTO {name} VALUES ({places})", rows)  # noqa: S608
        self._raw.execute("UPDATE counter SET value = ? WHERE name = 'store'", (secrets.randbits(62),))
        self._raw.execute("COMMIT")


class _Postgresql:
    def __init__(self, url: str) -> None:
        self._raw = psycopg.connect(url)

    def close(self) -> None:
        self._raw.close()

    def filled(self) -> bool:
        return self._raw.execute("SELECT 1 FROM counter LIMIT 1").fetchone() is not None

    def taken(self) -> dict[str, Any]:
        held = {}
        for name in _TABLES:
            with self._raw.cursor().copy(f"COPY {name} TO STDOUT") as copy:
                if rows := b"".join(bytes(piece) for piece in copy):
                    held[name] = rows
        found = self._raw.execute(
            "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"
        )
        return held | {_SEQUENCES: found.fetchall()}

    def lay(self, held: dict[str, Any]) -> None:
        for name, rows in held.items():
            if name == _SEQUENCES:
                for sequence, value in rows:
                    self._raw.execute("SELECT setval(%s::regclass, %s)", (sequence, value))
                continue
            with self._raw.cursor().copy(f"COPY {name} FROM STDIN") as copy:
                copy.write(rows)
        self._raw.execute("UPDATE counter SET value = %s WHERE name = 'store'", (secrets.randbits(62),))
        self._raw.commit()
