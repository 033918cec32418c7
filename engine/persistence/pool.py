"""The runner of a PostgreSQL store: some threads that each own their connection."""

from concurrent.futures import Future
from threading import Thread
from typing import TYPE_CHECKING

from engine.persistence.address import Address
from engine.persistence.lane import Lane, T, Work
from engine.persistence.waiting import Answered, Piece, Queue, answer

if TYPE_CHECKING:
    import asyncio


class Pool:
    def __init__(self, address: Address, *, threads: int, wait_s: float) -> None:
        self._queue = Queue()
        self._threads = [
            Thread(
                target=self._serve,
                args=(Lane(address, wait_s=wait_s),),
                name=f"folkmoot-pool-{n}",
                daemon=True,
            )
            for n in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, work: Work[T], *, dry_run: bool = False, key: str | None = None) -> "Future[T]":
        return self._queue.put(work, dry_run=dry_run, key=key)

    def awaited(self, work: Work[T], *, dry_run: bool = False, key: str | None = None) -> "asyncio.Future[T]":
        return self._queue.put_awaited(work, dry_run=dry_run, key=key)

    def run(self, work: Work[T], *, dry_run: bool = False, key: str | None = None) -> T:
        return self.submit(work, dry_run=dry_run, key=key).result()

    def stop(self) -> None:
        """Answers all that was queued, then ends the threads."""
        self._queue.stop(len(self._threads))
        for thread in self._threads:
            thread.join()

    def _serve(self, lane: Lane) -> None:
        going = True
        while going:
            pieces, going = self._queue.take(1)
            answer([_run(lane, piece) for piece in pieces])
        lane.close()


def _run(lane: Lane, piece: Piece) -> Answered:
    try:
        return Answered(piece, True, lane.run(piece.work, dry_run=piece.dry_run, key=piece.key))
    except BaseException as error:  # the thread must outlive it, the caller must hear of it
        return Answered(piece, False, error)
