"""Whose token it is. Looked up once a second at most, so that a revoked one is dead everywhere soon and here
at once."""

import time
from datetime import datetime
from typing import TYPE_CHECKING

from engine.domain.errors import SignInNeeded
from engine.domain.instant import to_text
from engine.service import token

if TYPE_CHECKING:
    from api.house import House

FRESH_S = 1.0
MOST_KEPT = 10_000
SCHEME = "bearer "


class Tokens:
    """Remembers tokens by their digests for a moment; nothing is remembered of unknown ones."""

    def __init__(self, house: "House") -> None:
        self._house = house
        self._known: dict[str, tuple[token.Held, float]] = {}

    def forget(self) -> None:
        """Look them all up again: one was revoked."""
        self._known.clear()

    async def person(self, header: bytes | None, now: datetime) -> str:
        """The person whose token this is; FM-A003 to FM-A006."""
        digest = token.digest_of(_secret(header))
        known = self._known.get(digest)
        if known is None or time.monotonic() - known[1] > FRESH_S:
            known = await self._look_up(digest)
        held = known[0]
        if held.revoked_at is not None:
            raise SignInNeeded("FM-A005", kind="who", at=to_text(held.revoked_at))
        if held.expires_at is not None and held.expires_at <= now:
            raise SignInNeeded("FM-A006", kind="who", at=to_text(held.expires_at))
        return held.person

    async def _look_up(self, digest: str) -> tuple[token.Held, float]:
        asked = time.monotonic()
        held = await self._house.read(token.find_token, self._house.engine.caller(person=None), digest=digest)
        if held is None:
            self._known.pop(digest, None)
            raise SignInNeeded("FM-A004", kind="who")
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        self._known[digest] = (held, asked)
        return self._known[digest]


def _secret(header: bytes | None) -> str:
    given = (header or b"").decode("latin-1")
    if given[: len(SCHEME)].lower() != SCHEME:
        raise SignInNeeded("FM-A003", kind="who")
    return given[len(SCHEME) :].strip()
