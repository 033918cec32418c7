"""The composition root: opens a store, owns the wall clock and makes keys. Nothing else does either."""

import os
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from functools import lru_cache, partial
from inspect import signature
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from engine.domain.errors import UsageError
from engine.persistence.counter import find_number
from engine.persistence.store import Store
from engine.service.caller import Caller
from engine.service.once import once
from engine.settings import Settings

if TYPE_CHECKING:
    import asyncio

NOW = "FOLKMOOT_NOW"  # a fixed moment instead of the wall clock: for trying out deadlines and for tests
Clock = Callable[[], datetime]
T = TypeVar("T")  # services for doors answer with plain JSON; inner ones may answer with values


def wall_clock() -> datetime:
    """The moment it is, or the one that ``FOLKMOOT_NOW`` fixes (FM-U005 if it cannot be read)."""
    fixed = os.environ.get(NOW)
    if not fixed:
        return datetime.now(UTC)
    try:
        at = datetime.fromisoformat(fixed)
    except ValueError as error:
        raise UsageError("FM-U005", given=fixed) from error
    if at.tzinfo is None:
        raise UsageError("FM-U005", given=fixed)
    return at.astimezone(UTC)


class Engine:
    """One open store with a clock. Doors call services through it; it opens and commits every unit of work."""

    def __init__(self, store: Store, clock: Clock = wall_clock) -> None:
        self.store = store
        self.clock = clock

    def caller(self, *, person: str | None, lang: str = "en", identity: str = "asserted") -> Caller:
        return Caller(person, self.clock(), lang, identity)

    def call(
        self, service: Callable[..., T], caller: Caller, *, dry_run: bool = False, **arguments: Any
    ) -> T:
        """Run a writing service in a unit of work of its own; its key is made up where the caller has none."""
        work = _bound(service, caller, arguments)
        return self.store.write(work, dry_run=dry_run, key=arguments.get("key"))

    def submit(
        self, service: Callable[..., T], caller: Caller, *, dry_run: bool = False, **arguments: Any
    ) -> "Future[T]":
        """The same, answered after the commit."""
        work = _bound(service, caller, arguments)
        return self.store.submit(work, dry_run=dry_run, key=arguments.get("key"))

    def awaited(
        self, service: Callable[..., T], caller: Caller, *, dry_run: bool = False, **arguments: Any
    ) -> "asyncio.Future[T]":
        """The same for a caller in an event loop, to be awaited there."""
        work = _bound(service, caller, arguments)
        return self.store.awaited(work, dry_run=dry_run, key=arguments.get("key"))

    def read(self, service: Callable[..., T], caller: Caller, **arguments: Any) -> T:
        return self.store.read(lambda unit: service(unit, caller, **arguments))

    @property
    def is_demo(self) -> bool:
        """Whether this store holds made-up people."""
        return self.store.read(lambda unit: find_number(unit, "demo")) is not None

    def close(self) -> None:
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _bound(service: Callable[..., T], caller: Caller, arguments: dict[str, Any]) -> Callable[[Any], T]:
    """The service with everything but its unit; a key joins the arguments where one is needed."""
    if not arguments.get("key"):
        if _knows_keys(service):
            arguments["key"] = os.urandom(16).hex()
    elif not _knows_keys(service):
        service = once(service)
    return partial(_run, service, caller, arguments)


def _run(service: Callable[..., T], caller: Caller, arguments: dict[str, Any], unit: Any) -> T:
    return service(unit, caller, **arguments)


@lru_cache(maxsize=512)
def _knows_keys(service: Callable[..., Any]) -> bool:
    return "key" in signature(service).parameters


def open_engine(
    settings: Settings, *, clock: Clock = wall_clock, create: bool = False, threads: int = 0
) -> Engine:
    """The engine over the configured store. Only ``db init`` and ``demo`` create one."""
    return Engine(Store.open(settings.database_url, create=create, threads=threads), clock)
