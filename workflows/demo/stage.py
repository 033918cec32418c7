"""Virtual time and the engine behind it: who wakes when, and every act as a real command on the real engine."""

import heapq
from collections import Counter
from collections.abc import Callable, Generator
from datetime import date, datetime, timedelta
from inspect import signature
from typing import Any

from engine.bootstrap import Engine
from engine.domain.errors import FolkmootError, Reason
from engine.service import worker
from engine.service.caller import Answer
from workflows.demo.cast import Cast
from workflows.demo.hours import Times
from workflows.demo.words import Words

Steps = Generator[datetime, None, None]  # yields the instants at which to wake
Watcher = Callable[[datetime], None]

ENGINE = "system"


class VirtualClock:
    """The engine's clock while the demo plays."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Stage:
    """Wakes each policy at its time; deadlines fire at theirs, in between."""

    def __init__(
        self, engine: Engine, clock: VirtualClock, cast: Cast, times: Times, words: Words, until: datetime
    ) -> None:
        self.engine, self.clock, self.cast, self.times, self.words = engine, clock, cast, times, words
        self.until = until
        self.acts = 0
        self.refused: Counter[str] = Counter()
        self.surprises: list[tuple[str, str, tuple[Reason, ...]]] = []
        self._leaves: dict[str, list[tuple[date, date]]] = {}
        self._waiting: list[tuple[datetime, int, Steps]] = []
        self._woken = 0

    @property
    def now(self) -> datetime:
        return self.clock.now

    # ---- time --------------------------------------------------------------------------------

    def enter(self, at: datetime, steps: Steps) -> None:
        """A policy that begins at an instant."""
        self._woken += 1
        heapq.heappush(self._waiting, (at, self._woken, steps))

    def play(self, watch: Watcher) -> None:
        """Everything until the end; ``watch`` is told the time now and then."""
        while self._waiting and self._waiting[0][0] < self.until:
            at, _, steps = heapq.heappop(self._waiting)
            self._fire_until(at)
            self.clock.now = max(at, self.clock.now)
            following = next(steps, None)
            if following is not None:
                self.enter(max(following, self.now + timedelta(seconds=1)), steps)
            watch(self.now)
        self._fire_until(self.until)
        self.clock.now = self.until
        self._sweep()

    def _fire_until(self, at: datetime) -> None:
        """Marks fire when they are due, as a running worker has it."""
        while True:
            due = self.engine.read(worker.next_due, self.engine.caller(person=ENGINE))["at"]
            if due is None or datetime.fromisoformat(due) > at:
                return
            self.clock.now = max(self.now, datetime.fromisoformat(due))
            self._sweep()

    def _sweep(self) -> None:
        while self.engine.call(worker.sweep, self.engine.caller(person=ENGINE))["more"]:
            pass

    # ---- people ------------------------------------------------------------------------------

    def on_leave(self, person: str, since: date, until: date) -> None:
        self._leaves.setdefault(person, []).append((since, until))

    def present(self, person: str, at: datetime) -> datetime:
        """The instant itself, or the first morning after a leave."""
        day = self.times.calendar.day_of(at)
        for since, until in self._leaves.get(person, ()):
            if since <= day <= until:
                back = self.times.calendar.start_of(until + timedelta(days=1))
                return self.times.awake(back, timedelta(minutes=40))
        return at

    # ---- acts --------------------------------------------------------------------------------

    def do(
        self, service: Callable[..., Answer], typist: str, *, slip: bool = False, **arguments: Any
    ) -> Answer | None:
        """A command; None where the rules refuse it. ``slip``: the policy expects the refusal."""
        if "key" in signature(service).parameters:
            arguments["key"] = f"demo-{self.acts}-{sum(self.refused.values())}"
        caller = self.engine.caller(person=typist, lang=self.words.lang)
        try:
            answer = self.engine.call(service, caller, **arguments)
        except FolkmootError as error:
            self.refused[error.code] += 1
            if not slip:
                self.surprises.append(
                    (str(arguments.get("ref")), str(arguments.get("act") or service.__name__), error.reasons)
                )
            return None
        self.acts += 1
        return answer

    def answer(self, service: Callable[..., Answer], approver: str, id: str, reason: str) -> None:  # noqa: A002
        """Yes or no to one request; that it cannot be granted any more counts as a refusal."""
        told = self.do(service, approver, ids=[id], reason=reason)
        for result in told["results"] if told else ():
            if "problem" in result:
                self.acts -= 1
                self.refused[result["problem"]["code"]] += 1
