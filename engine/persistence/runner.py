"""Runners open the unit of work, so that the same service functions serve a command line without threads
and a server with many callers: ``submit(work)`` gives a future."""

from concurrent.futures import Future
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from engine.persistence.address import Address
from engine.persistence.lane import Lane, T, Work
from engine.persistence.same_file import SameFile

if TYPE_CHECKING:
    import asyncio


class Runner(Protocol):
    def submit(self, work: Work[T], *, dry_run: bool = False, key: str | None = None) -> "Future[T]": ...

    def awaited(self, work: Work[T], *, dry_run: bool = False, key: str | None = None) -> "asyncio.Future[T]":
        """The same for a caller in an event loop."""
        ...

    def run(self, work: Work[T], *, dry_run: bool = False, key: str | None = None) -> T:
        """The same for a caller who has nothing else to do."""
        ...

    def stop(self) -> None: ...


class Direct:
    """Does the work at once, in the caller's thread: for the command line and for tests."""

    def __init__(self, address: Address, *, wait_s: float, file: SameFile | None = None) -> None:
        self._lane = Lane(address, wait_s=wait_s, file=file)
        self._lock = Lock()

    def submit(self, work: Work[T], *, dry_run: bool = False, key: str | None = None) -> "Future[T]":
        future: Future[T] = Future()
        try:
            future.set_result(self.run(work, dry_run=dry_run, key=key))
        except Exception as error:
            future.set_exception(error)
        return future

    def awaited(self, work: Work[T], *, dry_run: bool = False, key: str | None = None) -> "asyncio.Future[T]":
        from asyncio import get_running_loop

        future: asyncio.Future[T] = get_running_loop().create_future()
        try:
            future.set_result(self.run(work, dry_run=dry_run, key=key))
        except Exception as error:
            future.set_exception(error)
        return future

    def run(self, work: Work[T], *, dry_run: bool = False, key: str | None = None) -> T:
        with self._lock:
            return self._lane.run(work, dry_run=dry_run, key=key)

    def stop(self) -> None:
        with self._lock:
            self._lane.close()


class Readers:
    """Connections that only read, lent to whoever asks and opened as needed."""

    def __init__(self, address: Address, *, wait_s: float, file: SameFile | None = None) -> None:
        self._address, self._wait_s, self._file = address, wait_s, file
        self._idle: list[Lane] = []
        self._lock = Lock()

    def read(self, work: Work[T]) -> T:
        with self._lock:
            lane = self._idle.pop() if self._idle else None
        lane = lane or Lane(self._address, wait_s=self._wait_s, readonly=True, file=self._file)
        try:
            return lane.read(work)
        finally:
            with self._lock:
                self._idle.append(lane)

    def stop(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for lane in idle:
            lane.close()
