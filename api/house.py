"""What all requests of one server process share: the engine, the threads that read, the tokens."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from inspect import signature
from typing import Any, TypeVar

from api.auth import Tokens
from api.guesses import Guesses
from api.settings import ServeSettings
from engine.bootstrap import Engine
from engine.service.caller import Caller

T = TypeVar("T")


class House:
    def __init__(self, engine: Engine, settings: ServeSettings, lang: str = "en") -> None:
        self.engine, self.settings, self.lang = engine, settings, lang
        self.tokens = Tokens(self)
        self.guesses = Guesses()
        self._readers = ThreadPoolExecutor(settings.readers, thread_name_prefix="folkmoot-reader")
        # whose token it is must be known while long tables are read
        self._porter = ThreadPoolExecutor(1, thread_name_prefix="folkmoot-porter")

    async def read(self, service: Callable[..., T], caller: Caller, **arguments: Any) -> T:
        """In a thread: the loop never waits for the store."""
        return await self.in_thread(self.engine.read, service, caller, **arguments)

    async def in_thread(self, work: Callable[..., T], /, *given: Any, **named: Any) -> T:
        """What takes its time and needs no store, too."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, partial(work, *given, **named))

    async def write(
        self, service: Callable[..., T], caller: Caller, *, dry_run: bool = False, **arguments: Any
    ) -> T:
        """Answered after the commit."""
        return await self.engine.awaited(service, caller, dry_run=dry_run, **arguments)

    async def ask_porter(self, service: Callable[..., T], caller: Caller, **arguments: Any) -> T:
        """Read what every request needs before anything else."""
        work = partial(self.engine.read, service, caller, **arguments)
        return await asyncio.get_running_loop().run_in_executor(self._porter, work)

    def close(self) -> None:
        self._readers.shutdown()
        self._porter.shutdown()


@lru_cache(maxsize=512)
def takes(service: Callable[..., Any]) -> frozenset[str]:
    """The names of a service's arguments."""
    return frozenset(signature(service).parameters)
