"""The worker inside a server: the same loop as `folkmoot worker`, in a thread of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event, Thread

from api.house import House
from engine.working import Worker


@asynccontextmanager
async def watched(house: House) -> AsyncIterator[None]:
    """While the server runs; its end waits for the portion in hand."""
    if not house.settings.worker:
        yield
        return
    stop = Event()
    loop = Worker(house.engine, every_s=house.settings.worker_every_s, cases=house.settings.worker_cases)
    thread = Thread(target=loop.run, args=(stop,), name="folkmoot-worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        await asyncio.to_thread(thread.join)
