"""The worker inside a server: deadlines are looked at between requests, a few cases at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from api.house import House
from engine import bug
from engine.domain.errors import FolkmootError
from engine.service import worker


@asynccontextmanager
async def watched(house: House) -> AsyncIterator[None]:
    """While the server runs; its end waits for the sweep in hand."""
    if not house.settings.worker:
        yield
        return
    stop = asyncio.Event()
    task = asyncio.create_task(_watch(house, stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def _watch(house: House, stop: asyncio.Event) -> None:
    while not stop.is_set():
        more = await _sweep(house)
        if not more:
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), house.settings.worker_every_s)


async def _sweep(house: House) -> bool:
    """Whether others wait still. What goes wrong is tried again in the next round."""
    try:
        answer = await house.write(
            worker.sweep, house.engine.caller(person=None), limit=house.settings.worker_cases
        )
    except FolkmootError:
        return False
    except Exception as error:
        bug.keep(error, "worker in the server")
        return False
    return bool(answer["more"])
