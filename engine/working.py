"""The worker: one loop for `folkmoot worker` and for the server that looks at deadlines itself.

It fires what is due, lapses what nobody answered and makes seals, in portions that are units of work like any
other, with a pause after each so that people's commands get their turn.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Event
from typing import Any

from engine import bug
from engine.bootstrap import Engine
from engine.domain.errors import FolkmootError, Unavailable
from engine.domain.instant import from_text
from engine.service import relay, seal, worker

EVERY_S = 5.0
CASES = 50  # in one portion
WITHIN_S = 0.1  # and no portion takes longer: who waits for the right to write waits this long
SHARE = 0.25  # of a portion's time: the pause after it, in which others get their turn
LEAST_S = 0.005
BUSY_S = 1.0  # how soon to look again after something was found: seals are made each second under load
SWEPT_S = 60  # when nothing is due, how often that is written down
AGAIN_S = 600.0  # when a case whose mark could not be carried out is tried again


@dataclass(frozen=True, slots=True)
class Done:
    """What one portion did. ``more``: others wait still. ``error``: the store did not answer."""

    cases: int = 0
    fired: int = 0
    lapsed: int = 0
    sealed: int = 0
    relayed: int = 0
    more: bool = False
    lateness_s: int = 0
    incidents: Sequence[dict[str, str]] = field(default_factory=tuple)
    error: FolkmootError | None = None

    def __bool__(self) -> bool:
        return bool(self.fired or self.lapsed or self.sealed or self.relayed)

    def __add__(self, other: "Done") -> "Done":
        return Done(
            self.cases + other.cases,
            self.fired + other.fired,
            self.lapsed + other.lapsed,
            self.sealed + other.sealed,
            self.relayed + other.relayed,
            self.more or other.more,
            max(self.lateness_s, other.lateness_s),
            (*self.incidents, *other.incidents),
            self.error or other.error,
        )


class Worker:
    """``report`` hears of each portion that did something, met an incident or failed.

    One per thread; as many threads, processes and machines as one likes.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        every_s: float = EVERY_S,
        cases: int = CASES,
        within_s: float = WITHIN_S,
        dry_run: bool = False,
        report: Callable[[Done], None] = lambda done: None,
    ) -> None:
        self._engine, self._report = engine, report
        self.every_s, self.cases, self.within_s, self.dry_run = every_s, cases, within_s, dry_run
        self._after: Any = None  # how far this round has come
        self._stuck: dict[str, float] = {}  # what met an incident, and when it is tried again
        self._next: datetime | None = None

    def run(self, stop: Event) -> None:
        """Until ``stop`` is set; the portion in hand is finished. Nothing that goes wrong ends the loop."""
        while not stop.is_set():
            began = time.monotonic()
            done = self._try()
            stop.wait(_yield(began) if done.more else self._pause(done))

    def catch_up(self, stop: Event | None = None) -> Done:
        """All that is due now, once; what goes wrong is raised. Ends early when ``stop`` is set."""
        stop = stop or Event()
        total, done = Done(), Done(more=True)
        while done.more and not stop.is_set():
            began = time.monotonic()
            done = self._told(self.step())
            total += done
            stop.wait(_yield(began) if done.more else 0)
        return replace(total, more=done.more)

    def step(self) -> Done:
        """One portion of deadlines, what linked cases have to hear, and one seal."""
        return self._deadlines() + self._relay() + self._seal()

    # ---- portions ------------------------------------------------------------------------------

    def _deadlines(self) -> Done:
        skip = self._put_off()
        if self._after is None and not self._anything(skip):
            return Done()
        answer = self._call(
            worker.sweep, limit=self.cases, within_s=self.within_s, after=self._after, skip=skip
        )
        self._after = answer["after"]
        for incident in answer["incidents"]:
            self._stuck[incident["ref"]] = time.monotonic() + AGAIN_S
        names = ("cases", "fired", "lapsed", "more", "lateness_s", "incidents")
        return Done(**{name: answer[name] for name in names})

    def _anything(self, skip: Sequence[str]) -> bool:
        """Whether it is worth taking the right to write."""
        told = self._engine.read(worker.look, self._caller(), skip=skip)
        self._next = from_text(told["next"]) if told["next"] else None
        swept = from_text(told["swept_at"]) if told["swept_at"] else None
        long_ago = swept is None or abs((from_text(told["as_of"]) - swept).total_seconds()) >= SWEPT_S
        return told["due"] or long_ago

    def _put_off(self) -> list[str]:
        now = time.monotonic()
        self._stuck = {name: until for name, until in self._stuck.items() if until > now}
        return list(self._stuck)

    def _relay(self) -> Done:
        if self.dry_run or not self._engine.read(relay.waiting, self._caller())["waiting"]:
            return Done()
        answer = self._call(relay.pass_on)
        # what was done there may have to be passed on in its turn
        return Done(relayed=answer["acted"], more=answer["more"] or answer["acted"] > 0)

    def _seal(self) -> Done:
        if self.dry_run or not self._engine.read(seal.waiting, self._caller(), limit=1)["waiting"]:
            return Done()
        answer = self._call(seal.make)
        return Done(sealed=answer["sealed"], more=answer["more"])

    def _call(self, service: Callable[..., dict[str, Any]], **given: Any) -> dict[str, Any]:
        try:
            return self._engine.call(service, self._caller(), dry_run=self.dry_run, **given)
        except Unavailable as error:
            if error.code != "FM-S008":
                raise
            # nobody knows whether it was written, and nobody needs to: what was done is not due any more
            return self._engine.call(service, self._caller(), dry_run=self.dry_run, **given)

    def _caller(self) -> Any:
        return self._engine.caller(person=None)

    # ---- the loop ------------------------------------------------------------------------------

    def _try(self) -> Done:
        try:
            done = self.step()
        except FolkmootError as error:
            done = Done(error=error)
        except Exception as error:  # the loop must outlive it; the next round begins anew
            done = Done(error=FolkmootError("FM-X001", id=bug.keep(error, "worker")))
        if done.error is not None:
            self._after = None
        return self._told(done)

    def _told(self, done: Done) -> Done:
        if done or done.incidents or done.error is not None:
            self._report(done)
        return done

    def _pause(self, done: Done) -> float:
        """Until the next moment that is known, but no longer than people may wait for what is not known yet."""
        longest = min(self.every_s, BUSY_S) if done else self.every_s
        if self._next is None or done.error is not None:
            return longest
        ahead = (self._next - self._engine.clock()).total_seconds()
        return min(longest, max(ahead, LEAST_S))


def _yield(began: float) -> float:
    return max(LEAST_S, (time.monotonic() - began) * SHARE)
