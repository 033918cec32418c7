"""One case as its people see it: who is around, what chance holds for it, and how they act on it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from engine.domain.case import CaseState
from engine.persistence.case_store import CaseRow, find_case
from engine.service import acting, approval
from engine.service.caller import Answer
from workflows.demo.cast import Local
from workflows.demo.chance import Chance
from workflows.demo.stage import Stage, Steps

SLIP = 0.08  # how often somebody tries what the rules do not allow yet
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


class Life:
    """``category`` and ``parties`` are what the reporter brought; ``state`` is where the case stood when last
    looked at."""

    def __init__(self, stage: Stage, chance: Chance, local: Local, ref: str, category: str) -> None:
        self.stage, self.chance, self.local, self.ref, self.category = stage, chance, local, ref, category
        self.words = stage.words
        self.row: CaseRow
        self.acted = stage.now

    # ---- looking -----------------------------------------------------------------------------

    def look(self) -> str:
        """Where the case stands now; the engine may have moved it meanwhile."""
        row = self.stage.engine.store.read(lambda unit: find_case(unit, self.ref))
        assert row is not None  # noqa: S101 - the demo filed it
        self.row = row
        return self.row.state

    @property
    def body(self) -> CaseState:
        return self.row.body

    @property
    def now(self) -> datetime:
        return self.stage.now

    @property
    def risk(self) -> str:
        return str(self.body["fields"].get("risk", "yellow"))

    @property
    def parties(self) -> list[str]:
        return [party["no"] for party in self.body["parties"] if party["active"]]

    def seated(self, seat: str) -> str | None:
        held = self.body["seats"].get(seat, [])
        return held[0]["person"] if held else None

    @property
    def handler(self) -> str:
        return self.seated("handler") or self.local.handler

    def records(self, kind: str) -> int:
        return sum(
            1 for item in self.body["records"] if item["kind"] == kind and item["cycle"] == self.body["cycle"]
        )

    # ---- time --------------------------------------------------------------------------------

    def office(self, length: timedelta, who: str | None = None, *, spread: float = 0.7) -> datetime:
        """After about so many office hours, when the person is there."""
        return self._there(self.stage.times.office, length, who, spread)

    def awake(self, length: timedelta, who: str | None = None, *, spread: float = 0.7) -> datetime:
        """After about so many waking hours of any day."""
        return self._there(self.stage.times.awake, length, who, spread)

    def soon(self, length: timedelta, *, spread: float = 0.7) -> datetime:
        """After about so long, at any hour."""
        return self.now + self.chance.about(length, spread=spread)

    def day(self, days: float) -> datetime:
        """In office hours after so many days."""
        later = self.now + timedelta(days=days)
        return self.stage.times.office(later, self.chance.between(MINUTE, 5 * HOUR))

    def _there(
        self,
        add: Callable[[datetime, timedelta], datetime],
        length: timedelta,
        who: str | None,
        spread: float,
    ) -> datetime:
        since = self.stage.present(who, self.now) if who else self.now
        at = add(since, self.chance.about(length, spread=spread))
        return self.stage.present(who, at) if who else at

    # ---- acting ------------------------------------------------------------------------------

    def slips(self, share: float = SLIP) -> bool:
        return self.chance.happens(share)

    def do(self, who: str, act: str, *, slip: bool = False, **inputs: Any) -> bool:
        """An act by the person who does it."""
        return self._done(self.stage.do(acting.do_act, who, ref=self.ref, act=act, slip=slip, **inputs))

    def call(self, service: Callable[..., Answer], who: str, *, slip: bool = False, **inputs: Any) -> bool:
        """One of the simpler services: records, seats, clocks."""
        return self._done(self.stage.do(service, who, ref=self.ref, slip=slip, **inputs))

    def record(self, who: str, kind: str, *items: Mapping[str, Any], slip: bool = False) -> bool:
        """Something for the file. Now and then it is told by telephone and the desk types it."""
        typed: dict[str, Any] = {"kind": kind, "items": [dict(item) for item in items]}
        desk = self.local.dispatcher
        if who != desk and self.chance.happens(0.35):
            typed |= {"done_by": who, "reason": self.words("notes", "phone")}
            if self.chance.happens(0.5):
                typed["at"] = max(self.acted + MINUTE, self.now - self.chance.about(2 * HOUR))
            typed["at"] = min(typed.get("at", self.now), self.now)
            return self.call(acting.record, desk, slip=slip, **typed)
        return self.call(acting.record, who, slip=slip, **typed)

    def note(self, who: str, *path: str) -> bool:
        return self.call(acting.note, who, text=self.words("notes", *path))

    def _done(self, answer: Answer | None) -> bool:
        if answer is None:
            return False
        self.acted = self.now
        return True

    def ask(self, who: str, service: Callable[..., Answer], approver: str, **inputs: Any) -> None:
        """Send it up: the approver answers some office hours later, unless the demo ends before."""
        answer = self.stage.do(service, who, slip=True, ref=self.ref, ask=True, **inputs)
        if answer is not None and "approval" in answer:
            self.stage.enter(
                self.office(4 * HOUR, approver), self._answered(answer["approval"]["id"], approver)
            )

    def _answered(self, id: str, approver: str) -> Steps:  # noqa: A002 - the word of the approval service
        service, why = (
            (approval.grant, "agreed") if self.chance.happens(0.85) else (approval.refuse, "not_agreed")
        )
        self.stage.answer(service, approver, id, self.words("notes", why))
        yield from ()
