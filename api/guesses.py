"""How often somebody may name a receipt that nobody was given: codes are long, and guesses few.

Counted per process and by the address that asks, and over all addresses, so that many addresses do not make many
guesses. Who is told to wait is told so before the store is asked, whether the code is right or not.
"""

import time
from collections import deque
from collections.abc import Callable

from engine.domain.errors import Conflict, Reason

WITHIN_S = 60.0
EACH, ALL = 5, 60  # wrong codes within that time
MOST_KEPT = 10_000  # addresses


class Guesses:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._of: dict[str, deque[float]] = {}
        self._all: deque[float] = deque()

    def check(self, address: str) -> None:
        """FM-C045 with how many seconds to wait."""
        now = self._clock()
        for wrong, most in ((self._of.get(address, deque()), EACH), (self._all, ALL)):
            _forget(wrong, now)
            if len(wrong) >= most:
                seconds = max(1, int(wrong[0] + WITHIN_S - now + 0.999))
                raise Conflict("FM-C045", reasons=[Reason("FM-C045", {"seconds": seconds}, "conflict")])

    def wrong(self, address: str) -> None:
        now = self._clock()
        if len(self._of) >= MOST_KEPT:
            self._of.clear()
        self._of.setdefault(address, deque()).append(now)
        self._all.append(now)


def _forget(wrong: deque[float], now: float) -> None:
    while wrong and wrong[0] <= now - WITHIN_S:
        wrong.popleft()
