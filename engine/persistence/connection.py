"""Driver connections, opened the way each runner needs them. Nothing here ever creates a database file."""

import sqlite3
import time
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from engine.domain.errors import Unavailable
from engine.persistence.address import Address, missing
from engine.persistence.driver import Connection
from engine.persistence.failure import WAITED_S, ConnectionLost, translate

SERVER = 140_000  # PostgreSQL 14
POLL_S = 0.001
CACHE_KIB = 2_000  # more was no quicker with a million cases: the system keeps the pages anyway


class NotYet(Unavailable):
    """The server is there, and has no connection to give for the moment."""


# what it says then; the client library keeps the words and drops their code
_FOR_THE_MOMENT = ("starting up", "shutting down", "recovery mode", "too many", "connection slots")


def connect(address: Address, *, readonly: bool = False) -> Connection:
    """An open connection in autocommit; transactions are begun and ended by statements."""
    if address.dialect == "sqlite":
        return cast(Connection, _connect_file(address.file, readonly=readonly))
    return _connect_server(address)


def _connect_file(path: Path, *, readonly: bool) -> sqlite3.Connection:
    if not path.is_file():
        raise missing(Address("sqlite", path))
    uri = f"file:{quote(str(path))}?mode=rw"
    try:
        # the wait covers opening only: another program may just be closing the write-ahead log
        opened = sqlite3.connect(
            uri, uri=True, timeout=WAITED_S, isolation_level=None, check_same_thread=False
        )
        for setting in (
            "synchronous = FULL",
            "foreign_keys = ON",
            f"cache_size = -{CACHE_KIB}",
            f"query_only = {'ON' if readonly else 'OFF'}",
            f"busy_timeout = {WAITED_S * 1000 if readonly else 0}",
        ):
            opened.execute(f"PRAGMA {setting}")
        if not readonly:  # looking at a file must not change it
            opened.execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error as error:
        raise translate(error) from error
    return opened


def _connect_server(address: Address) -> Connection:
    import psycopg

    try:
        opened: Any = psycopg.connect(address.url, autocommit=True, connect_timeout=10)
        # a forgotten open transaction would hide events from every consumer
        opened.execute("SET TIME ZONE 'UTC'; SET idle_in_transaction_session_timeout = '60s'")
    except psycopg.Error as error:
        told = translate(error)
        if isinstance(told, ConnectionLost):
            detail = str(error).strip()
            kind = NotYet if any(words in detail for words in _FOR_THE_MOMENT) else Unavailable
            told = kind("FM-S006", kind="store", path=str(address), detail=detail)
        raise told from error
    check_server(opened.info.server_version)
    return cast(Connection, opened)


def check_server(version: int) -> None:
    """FM-S012 for a server that cannot say which transactions have ended."""
    if version < SERVER:
        raise Unavailable("FM-S012", kind="store", has=version // 10000, needs=SERVER // 10000)


def begin_writing(connection: Connection, *, wait_s: float) -> None:
    """Takes SQLite's write lock, asking each millisecond: its own waiting backs off and starves writers."""
    until = time.monotonic() + wait_s
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if not _busy(error):
                raise translate(error) from error
            if time.monotonic() >= until:
                raise Unavailable("FM-S001", kind="store", wait=round(wait_s)) from error
            time.sleep(POLL_S)
        else:
            return


def _busy(error: sqlite3.OperationalError) -> bool:
    return (error.sqlite_errorname or "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
