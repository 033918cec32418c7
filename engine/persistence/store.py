"""The store: one database, behind the runner that fits whoever uses it."""

from concurrent.futures import Future
from types import TracebackType
from typing import TYPE_CHECKING, Self

from engine.persistence import address as addresses
from engine.persistence import schema
from engine.persistence.address import Address
from engine.persistence.lane import T, Work
from engine.persistence.pool import Pool
from engine.persistence.runner import Direct, Readers, Runner
from engine.persistence.same_file import SameFile
from engine.persistence.writer import Writer

if TYPE_CHECKING:
    import asyncio

WAIT_S = 5.0


class Store:
    """Open with :meth:`Store.open`. ``write`` commits or raises; nothing is ever half done."""

    def __init__(self, address: Address, runner: Runner, readers: Readers) -> None:
        self.address, self._runner, self._readers = address, runner, readers

    @classmethod
    def open(cls, url: str, *, create: bool = False, threads: int = 0, wait_s: float = WAIT_S) -> "Store":
        """The store at a path or URL, its schema checked (FM-N003, FM-S002, FM-S003, FM-S009).

        ``create`` makes a new one, refusing to touch an old one. ``threads`` 0 works in the caller's
        thread; more serve many callers: one writer thread on SQLite, that many connections on PostgreSQL.
        ``wait_s`` is how long another program's writing is waited for.
        """
        address = addresses.parse(url)
        if create:
            schema.create(address)
        file = SameFile(address)
        readers = Readers(address, wait_s=wait_s, file=file)
        try:
            readers.read(lambda unit: schema.check(unit.connection, address=address))
        except BaseException:
            readers.stop()
            raise
        return cls(address, _runner(address, threads, wait_s, file), readers)

    @property
    def dialect(self) -> str:
        return self.address.dialect

    def submit(self, work: Work[T], *, dry_run: bool = False, key: str | None = None) -> "Future[T]":
        """Queues the work; the future answers after the commit. ``key``: see ``Lane.run``."""
        return self._runner.submit(work, dry_run=dry_run, key=key)

    def awaited(self, work: Work[T], *, dry_run: bool = False, key: str | None = None) -> "asyncio.Future[T]":
        """The same for a caller in an event loop, to be awaited there."""
        return self._runner.awaited(work, dry_run=dry_run, key=key)

    def write(self, work: Work[T], *, dry_run: bool = False, key: str | None = None) -> T:
        return self._runner.run(work, dry_run=dry_run, key=key)

    def read(self, work: Work[T]) -> T:
        """Does the work on one unchanging view, in the caller's thread."""
        return self._readers.read(work)

    def close(self) -> None:
        """Answers what is queued, refuses what comes later, closes all connections."""
        self._runner.stop()
        self._readers.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _runner(address: Address, threads: int, wait_s: float, file: SameFile) -> Runner:
    if threads == 0:
        return Direct(address, wait_s=wait_s, file=file)
    if address.dialect == "sqlite":
        return Writer(address, wait_s=wait_s, file=file)
    return Pool(address, threads=threads, wait_s=wait_s)
