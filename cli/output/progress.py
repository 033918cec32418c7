"""Progress on stderr: a live line on a terminal, one line per tenth when piped."""

import sys
import time
from collections.abc import Callable

from engine.domain.messages import text


class Progress:
    """Call it with how many are done; ``total`` None shows only count and rate."""

    def __init__(
        self, total: int | None, *, lang: str = "en", clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.total, self._lang, self._clock = total, lang, clock
        self._began = clock()
        self._tenth = 0
        self._shown = self._began

    def __call__(self, done: int) -> None:
        if sys.stderr.isatty():
            if self._clock() - self._shown >= 0.1 or done == self.total:
                self._shown = self._clock()
                sys.stderr.write("\r\x1b[K" + self._line(done))
                sys.stderr.flush()
        elif self.total and done * 10 // self.total > self._tenth:
            self._tenth = done * 10 // self.total
            print(self._line(done), file=sys.stderr, flush=True)

    def close(self) -> None:
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def _line(self, done: int) -> str:
        passed = max(self._clock() - self._began, 1e-6)
        rate = done / passed
        if not self.total:
            return text("word.progress_open", self._lang, done=done, rate=round(rate))
        left = (self.total - done) / rate if rate else 0
        return text(
            "word.progress",
            self._lang,
            share=done * 100 // self.total,
            done=done,
            total=self.total,
            rate=round(rate),
            left=round(left),
        )
