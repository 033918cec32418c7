"""The writer of a SQLite file: one thread, one connection, and a commit for whatever waits.

Nobody is answered before the commit. Pieces that wait together are done without a savepoint each; should one fail
after it has written something, all is rolled back and done again, each in a savepoint of its own. If a batch fails
as a whole, each piece is run again by itself, so that only the guilty one fails. Therefore work touches nothing but
its unit.
"""

from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Any

from engine.domain.errors import Unavailable
from engine.persistence.address import Address
from engine.persistence.connection import begin_writing
from engine.persistence.driver import Connection, in_transaction
from engine.persistence.failure import Again, ConnectionLost
from engine.persistence.lane import Lane, T, Work, commit
from engine.persistence.same_file import SameFile
from engine.persistence.unit import Unit
from engine.persistence.waiting import Answered, Piece, Queue, answer

if TYPE_CHECKING:
    import asyncio

BATCH = 64


class Writer:
    def __init__(self, address: Address, *, wait_s: float, file: SameFile | None = None) -> None:
        self._lane = Lane(address, wait_s=wait_s, file=file)
        self._queue = Queue()
        self._thread = Thread(target=self._serve, name="folkmoot-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Work[T], *, dry_run: bool = False, key: str | None = None) -> "Future[T]":
        return self._queue.put(work, dry_run=dry_run, key=key)

    def awaited(self, work: Work[T], *, dry_run: bool = False, key: str | None = None) -> "asyncio.Future[T]":
        return self._queue.put_awaited(work, dry_run=dry_run, key=key)

    def run(self, work: Work[T], *, dry_run: bool = False, key: str | None = None) -> T:
        return self.submit(work, dry_run=dry_run, key=key).result()

    def stop(self) -> None:
        """Answers all that was queued, then ends the thread."""
        self._queue.stop()
        self._thread.join()

    def _serve(self) -> None:
        going = True
        while going:
            batch, going = self._queue.take(BATCH)
            answer(self._run(batch))
        self._lane.close()

    def _run(self, batch: Sequence[Piece]) -> list[Answered]:
        if len(batch) < 2:
            return [self._run_alone(piece) for piece in batch]
        try:
            connection = self._lane.connection
            begin_writing(connection, wait_s=self._lane.wait_s)
        except BaseException as error:  # to wait again for each of them would keep the last one for minutes
            return [Answered(piece, False, error) for piece in batch]
        try:
            return self._run_together(connection, batch)
        except ConnectionLost:
            self._lane.close()
            return [self._run_in_doubt(piece) for piece in batch]
        except BaseException:  # whatever broke the whole, each piece gets its own chance and its own error
            return [self._run_alone(piece) for piece in batch]

    def _run_in_doubt(self, piece: Piece) -> Answered:
        """The batch may have been committed: whoever has a key finds out, the others are told."""
        if piece.key is None and not piece.dry_run:
            return Answered(piece, False, Unavailable("FM-S008", kind="store"))
        return self._run_alone(piece, doubt=not piece.dry_run)

    def _run_alone(self, piece: Piece, *, doubt: bool = False) -> Answered:
        try:
            value = self._lane.run(piece.work, dry_run=piece.dry_run, key=piece.key, doubt=doubt)
            return Answered(piece, True, value)
        except BaseException as error:  # the thread must outlive it, the caller must hear of it
            return Answered(piece, False, error)

    def _run_together(self, connection: Connection, batch: Sequence[Piece]) -> list[Answered]:
        try:
            unit = Unit(connection, "sqlite")
            try:
                answers = [_run_along(unit, piece) for piece in batch]
            except _Torn:
                connection.execute("ROLLBACK")
                begin_writing(connection, wait_s=self._lane.wait_s)
                unit = Unit(connection, "sqlite")
                answers = [_run_inside(unit, piece) for piece in batch]
            self._lane.file.check()
            commit(unit)
        finally:
            if in_transaction(connection, "sqlite"):
                with suppress(Exception):
                    connection.execute("ROLLBACK")
        return answers


class _Torn(Exception):
    """A piece failed half done, among others."""


class _Undo(Exception):
    """Leaves the savepoint of a dry run; carries its value."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


def _run_along(unit: Unit, piece: Piece) -> Answered:
    """One piece among others. What fails before it writes anything, as refusals do, harms nobody."""
    if piece.dry_run:
        return _run_inside(unit, piece)
    written = unit.written
    try:
        return Answered(piece, True, piece.work(unit))
    except Again:
        raise
    except Exception as error:
        if not in_transaction(unit.connection, "sqlite"):
            raise
        if unit.written != written:
            raise _Torn from error
        return Answered(piece, False, error)


def _run_inside(unit: Unit, piece: Piece) -> Answered:
    """One piece in a savepoint. Raises if SQLite threw the whole transaction away."""
    try:
        with unit.savepoint():
            value = piece.work(unit)
            if piece.dry_run:
                raise _Undo(value)
    except _Undo as undone:
        return Answered(piece, True, undone.value)
    except Again:
        raise
    except Exception as error:
        if not in_transaction(unit.connection, "sqlite"):
            raise
        return Answered(piece, False, error)
    return Answered(piece, True, value)
