"""Work that waits for a thread, and how its answer reaches whoever asked for it: a thread or an event loop."""

from collections.abc import Iterable
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.domain.errors import Unavailable
from engine.persistence.lane import T, Work

if TYPE_CHECKING:
    import asyncio


class Piece(NamedTuple):
    """One submitted work and where its answer goes; ``loop``: of the future, if it is one of an event loop."""

    work: Work[Any]
    dry_run: bool
    key: str | None
    future: "Future[Any] | asyncio.Future[Any]"
    loop: "asyncio.AbstractEventLoop | None" = None


class Answered(NamedTuple):
    """``done``: the work was done and this is its value; else the error."""

    piece: Piece
    done: bool
    value: Any


class Queue:
    """Pieces that wait for threads; once stopped it takes nothing more."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[Piece | None] = SimpleQueue()
        self._lock = Lock()
        self._stopped = False

    def put(self, work: Work[T], *, dry_run: bool, key: str | None) -> "Future[T]":
        future: Future[T] = Future()
        self._put(Piece(work, dry_run, key, future))
        return future

    def put_awaited(self, work: Work[T], *, dry_run: bool, key: str | None) -> "asyncio.Future[T]":
        """For a caller in an event loop, which is woken once for all answers of a batch."""
        from asyncio import get_running_loop  # a command line has no use for it, and it takes long to load

        loop = get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._put(Piece(work, dry_run, key, future, loop))
        return future

    def _put(self, piece: Piece) -> None:
        with self._lock:
            if self._stopped:
                raise Unavailable("FM-S010", kind="store")
            self._waiting.put(piece)

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
            if _begin(piece):
                taken.append(piece)
            if len(taken) >= most:
                return taken, True
            try:
                piece = self._waiting.get_nowait()
            except Empty:
                return taken, True
        return taken, False


def _begin(piece: Piece) -> bool:
    """False if its caller has given it up; a thread's can no longer do so from here on."""
    future = piece.future
    return future.set_running_or_notify_cancel() if isinstance(future, Future) else not future.cancelled()


def answer(answers: Iterable[Answered]) -> None:
    """Tells every caller; each event loop is woken once."""
    loops: dict[asyncio.AbstractEventLoop, list[Answered]] = {}
    for one in answers:
        if one.piece.loop is None:
            _settle(one)
        else:
            loops.setdefault(one.piece.loop, []).append(one)
    for loop, its in loops.items():
        with suppress(RuntimeError):  # it was closed: nobody waits any more
            loop.call_soon_threadsafe(_settle_all, its)


def _settle_all(answers: Iterable[Answered]) -> None:
    for one in answers:
        if not one.piece.future.done():  # given up meanwhile
            _settle(one)


def _settle(one: Answered) -> None:
    if one.done:
        one.piece.future.set_result(one.value)
    else:
        one.piece.future.set_exception(one.value)
