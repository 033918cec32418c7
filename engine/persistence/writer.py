"""The writer of a SQLite file: one thread, one connection, and a commit for whatever waits.

Nobody is answered before the commit. If a batch fails as a whole, each piece is run again by itself, so
that only the guilty one fails; therefore work touches nothing but its unit.
"""

from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any

from engine.domain.errors import Unavailable
from engine.persistence.address import Address
from engine.persistence.connection import begin_writing
from engine.persistence.driver import Connection, in_transaction
from engine.persistence.failure import Again
from engine.persistence.lane import Lane, T, Work, send
from engine.persistence.same_file import SameFile
from engine.persistence.unit import Unit

BATCH = 64


@dataclass(frozen=True, slots=True)
class Piece:
    """One submitted work and the future of its answer."""

    work: Work[Any]
    dry_run: bool
    key: str | None
    future: "Future[Any]"


class Queue:
    """Pieces that wait for threads; once stopped it takes nothing more."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[Piece | None] = SimpleQueue()
        self._lock = Lock()
        self._stopped = False

    def put(self, work: Work[T], *, dry_run: bool, key: str | None) -> "Future[T]":
        future: Future[T] = Future()
        with self._lock:
            if self._stopped:
                raise Unavailable("FM-S010", kind="store")
            self._waiting.put(Piece(work, dry_run, key, future))
        return future

    def stop(self, threads: int = 1) -> bool:
        """Each thread ends after what was queued before. False: it was stopped already."""
        with self._lock:
            if self._stopped:
                return False
            self._stopped = True
        for _ in range(threads):
            self._waiting.put(None)
        return True

    def take(self, most: int) -> tuple[list[Piece], bool]:
        """Waits for one piece and takes what else is there; whether to go on. Cancelled ones are left out."""
        taken: list[Piece] = []
        piece = self._waiting.get()
        while piece is not None:
            # from here on a caller can no longer cancel it
            if piece.future.set_running_or_notify_cancel():
                taken.append(piece)
            if len(taken) >= most:
                return taken, True
            try:
                piece = self._waiting.get_nowait()
            except Empty:
                return taken, True
        return taken, False


Answer = tuple[bool, Any]


class Writer:
    def __init__(self, address: Address, *, wait_s: float, file: SameFile | None = None) -> None:
        self._lane = Lane(address, wait_s=wait_s, file=file)
        self._queue = Queue()
        self._thread = Thread(target=self._serve, name="folkmoot-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Work[T], *, dry_run: bool = False, key: str | None = None) -> "Future[T]":
        return self._queue.put(work, dry_run=dry_run, key=key)

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
            for piece, (done, value) in zip(batch, self._run(batch), strict=True):
                settle(piece.future, done, value)
        self._lane.close()

    def _run(self, batch: Sequence[Piece]) -> list[Answer]:
        if len(batch) < 2:
            return [self._run_alone(piece) for piece in batch]
        try:
            connection = self._lane.connection
            begin_writing(connection, wait_s=self._lane.wait_s)
        except BaseException as error:  # to wait again for each of them would keep the last one for minutes
            return [(False, error)] * len(batch)
        try:
            return self._run_together(connection, batch)
        except BaseException:  # whatever broke the whole, each piece gets its own chance and its own error
            return [self._run_alone(piece) for piece in batch]

    def _run_alone(self, piece: Piece) -> Answer:
        try:
            return True, self._lane.run(piece.work, dry_run=piece.dry_run, key=piece.key)
        except BaseException as error:  # the thread must outlive it, the caller must hear of it
            return False, error

    def _run_together(self, connection: Connection, batch: Sequence[Piece]) -> list[Answer]:
        try:
            unit = Unit(connection, "sqlite")
            answers = [_run_inside(unit, piece) for piece in batch]
            self._lane.file.check()
            send(unit, "COMMIT")
        finally:
            if in_transaction(connection, "sqlite"):
                with suppress(Exception):
                    connection.execute("ROLLBACK")
        return answers


class _Undo(Exception):
    """Leaves the savepoint of a dry run; carries its value."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


def _run_inside(unit: Unit, piece: Piece) -> Answer:
    """One piece in a savepoint. Raises if SQLite threw the whole transaction away."""
    try:
        with unit.savepoint():
            value = piece.work(unit)
            if piece.dry_run:
                raise _Undo(value)
    except _Undo as undone:
        return True, undone.value
    except Again:
        raise
    except Exception as error:
        if not in_transaction(unit.connection, "sqlite"):
            raise
        return False, error
    return True, value


def settle(future: "Future[Any]", done: bool, value: Any) -> None:
    if done:
        future.set_result(value)
    else:
        future.set_exception(value)
