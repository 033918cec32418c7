"""A lane: one driver connection on which pieces of work run one after another, each in a transaction."""

import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import TypeVar, cast

from engine.domain.errors import Conflict, Unavailable
from engine.persistence.address import Address
from engine.persistence.connection import NotYet, begin_writing, connect
from engine.persistence.driver import Connection, in_error, in_transaction
from engine.persistence.failure import Again, ConnectionLost, translate
from engine.persistence.same_file import SameFile
from engine.persistence.unit import Unit

T = TypeVar("T")
Work = Callable[[Unit], T]

ATTEMPTS = 20
REOPENINGS = 3
REOPEN_S = 0.05


class Lane:
    """Not for several threads at once. A lost connection is opened again; work may then run twice, so it
    touches nothing but its unit, and time and ids come to it as arguments."""

    def __init__(
        self, address: Address, *, wait_s: float, readonly: bool = False, file: SameFile | None = None
    ) -> None:
        self.address, self.wait_s, self.readonly = address, wait_s, readonly
        self.file = file or SameFile(address)
        self._connection: Connection | None = None

    @property
    def connection(self) -> Connection:
        if self._connection is None:
            self.file.check()
            self._connect()
        return cast(Connection, self._connection)

    def run(self, work: Work[T], *, dry_run: bool = False, key: str | None = None, doubt: bool = False) -> T:
        """Does the work and commits, or rolls back for a dry run.

        Work that raises :class:`Again` is run again. ``key`` is the command's key that the work looks up
        and binds: with it, a commit in doubt is settled by running the work again, which then finds its
        own answer. Without it: FM-S008. ``doubt``: it may have been committed before.
        """
        losses = 0
        try:
            for attempt in range(ATTEMPTS):
                try:
                    return self._attempt(work, dry_run=dry_run, again=attempt > 0)
                except Again:
                    continue
                except ConnectionLost as lost:
                    self.close()
                    doubt, losses = doubt or lost.committing, losses + 1
                    if doubt and key is None:
                        raise Unavailable("FM-S008", kind="store") from lost
                    self._reopen(losses)
        except Unavailable as error:
            if doubt:  # other messages say that nothing was saved
                raise Unavailable("FM-S008", kind="store") from error
            raise
        raise Conflict("FM-C004", kind="conflict")

    def read(self, work: Work[T]) -> T:
        """Does the work on one unchanging view of the store, in which nothing can be written."""
        for losses in count(1):
            try:
                return self._look(work)
            except ConnectionLost:
                self.close()
                self._reopen(losses)
        raise AssertionError("reopening gives up first")

    def close(self) -> None:
        if self._connection is not None:
            with suppress(Exception):
                self._connection.close()
            self._connection = None

    def _reopen(self, losses: int) -> None:
        """A server that restarts is waited for, as long as a busy one; one that always dies is not."""
        if losses > REOPENINGS:
            raise Unavailable("FM-S006", kind="store", path=str(self.address), detail="")
        self._connect()

    def _connect(self) -> None:
        until = time.monotonic() + self.wait_s
        while self._connection is None:
            try:
                self._connection = connect(self.address, readonly=self.readonly)
            except Unavailable as error:
                if time.monotonic() >= until or not (self.file.reached or isinstance(error, NotYet)):
                    raise
                time.sleep(REOPEN_S)
        self.file.reached = True

    def _look(self, work: Work[T]) -> T:
        unit = Unit(self.connection, self.address.dialect, view=True)
        postgresql = self.address.dialect == "postgresql"
        self.file.check()
        send(unit, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if postgresql else "BEGIN")
        try:
            return work(unit)
        finally:
            self._roll_back()

    def _attempt(self, work: Work[T], *, dry_run: bool, again: bool) -> T:
        if self.address.dialect == "sqlite":
            begin_writing(self.connection, wait_s=self.wait_s)
            unit = Unit(self.connection, "sqlite")
        else:
            # who lost once waits in line for the row, or could lose for ever
            unit = Unit(self.connection, "postgresql", lazy=True, locking=again)
        try:
            value = work(unit)
            if dry_run:
                unit.flush()
            else:
                self.file.check()
                commit(unit)
        finally:
            self._roll_back()
        return value

    def _roll_back(self) -> None:
        # the connection may be gone, or SQLite may have thrown the transaction away by itself
        if self._connection is not None and in_transaction(self._connection, self.address.dialect):
            with suppress(Exception):
                self._connection.execute("ROLLBACK")


def commit(unit: Unit) -> None:
    """Ends the unit for good. A connection lost here leaves it in doubt, and so does a disk that fails: what
    it was given may be found when the file is opened next."""
    if unit.open:
        unit.flush()
        if unit.dialect == "postgresql" and in_error(unit.connection):
            # COMMIT would roll back and say nothing
            raise RuntimeError("the work went on after a statement had failed")
    try:
        send(unit, "COMMIT") if unit.open else unit.flush(alone=True)
    except ConnectionLost as lost:
        raise ConnectionLost(committing=True) from lost
    except Unavailable as error:
        if error.code == "FM-S007":
            raise ConnectionLost(committing=True) from error
        raise


def send(unit: Unit, sql: str) -> None:
    try:
        unit.connection.execute(sql)
    except Exception as error:
        told = translate(error)
        if told is error:
            raise
        raise told from error
