"""Whose token it is. Looked up anew each second while it is used, so that a revoked one is dead everywhere
within two seconds, and here at once."""

import asyncio
import time
from datetime import datetime
from typing import TYPE_CHECKING

from engine.domain.errors import SignInNeeded
from engine.domain.instant import to_text
from engine.service import token

if TYPE_CHECKING:
    from api.house import House

FRESH_S = 1.0  # after that it is looked up again, and the request goes on with what was known
STALE_S = 2.0  # after that the request waits
MOST_KEPT = 10_000
SCHEME = "bearer "
Known = tuple[token.Held, float]


class Tokens:
    """Remembers tokens by their digests for a moment; nothing is remembered of unknown ones."""

    def __init__(self, house: "House") -> None:
        self._house = house
        self._known: dict[str, Known] = {}
        self._asked: dict[str, asyncio.Task[Known | None]] = {}

    def forget(self) -> None:
        """Look them all up again: one was revoked."""
        self._known, self._asked = {}, {}

    async def person(self, header: bytes | None, now: datetime) -> str:
        """The person whose token this is; FM-A003 to FM-A006."""
        digest = token.digest_of(_secret(header))
        known = self._known.get(digest)
        age = time.monotonic() - known[1] if known else STALE_S
        if age >= FRESH_S:
            task = self._ask(digest)
            if age >= STALE_S:
                known = await asyncio.shield(task)
        if known is None:
            raise SignInNeeded("FM-A004", kind="who")
        held = known[0]
        if held.revoked_at is not None:
            raise SignInNeeded("FM-A005", kind="who", at=to_text(held.revoked_at))
        if held.expires_at is not None and held.expires_at <= now:
            raise SignInNeeded("FM-A006", kind="who", at=to_text(held.expires_at))
        return held.person

    def _ask(self, digest: str) -> "asyncio.Task[Known | None]":
        """The look-up that is under way for this token; a hundred requests at once need one."""
        task = self._asked.get(digest)
        if task is None:
            task = asyncio.create_task(self._look_up(digest, self._asked, self._known))
            self._asked[digest] = task
            task.add_done_callback(_heard)
        return task

    async def _look_up(
        self, digest: str, asked: dict[str, "asyncio.Task[Known | None]"], kept: dict[str, Known]
    ) -> Known | None:
        """``kept`` is put aside by :meth:`forget`: what was asked before it is not remembered after it."""
        at = time.monotonic()
        try:
            nobody = self._house.engine.caller(person=None)
            held = await self._house.ask_porter(token.find_token, nobody, digest=digest)
        finally:
            asked.pop(digest, None)
        if held is None:
            kept.pop(digest, None)
            return None
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[digest] = (held, at)
        return kept[digest]


def _heard(task: "asyncio.Task[Known | None]") -> None:
    """A failed look-up that nobody waits for is made again by the next request."""
    if not task.cancelled():
        task.exception()


def _secret(header: bytes | None) -> str:
    given = (header or b"").decode("latin-1")
    if given[: len(SCHEME)].lower() != SCHEME:
        raise SignInNeeded("FM-A003", kind="who")
    return given[len(SCHEME) :].strip()
