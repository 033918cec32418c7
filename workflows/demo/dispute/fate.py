"""What chance holds for a dispute. The shares are proposals of the model, none is an observation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from workflows.demo.cast import Local
from workflows.demo.chance import Chance
from workflows.demo.life import Life
from workflows.demo.stage import Stage

DAY = timedelta(days=1)
USUAL = 6.0
TO_AGREEMENT: Mapping[str, float] = {  # median days from acceptance to the agreement
    "neigh": 3, "water": 2, "stock": 2, "crop": 2, "land": 9, "forest": 9, "demol": 10, "house": 7,
    "fam": 6, "inh": 9, "wage": 12, "debt": 6,
}  # fmt: skip


@dataclass
class Fate:
    repeated: bool  # a second report of an open case
    wrong_forum: bool
    crime: bool
    dv: bool
    minor: bool
    refuses: bool
    silent: bool
    no_agreement: bool
    breaks: bool
    reopens: bool
    away: bool  # a party is away for a while: suspended
    partial: bool
    at_once: bool  # performed at the table, nothing is left to be done
    forgotten: bool  # an answer that the handler enters days later


def draw(chance: Chance, *, again: bool = False) -> Fate:
    """``again``: after a reopening it goes the plain way."""
    happens = chance.happens
    rare = 0.0 if again else 1.0
    return Fate(
        repeated=happens(0.03 * rare),
        wrong_forum=happens(0.06 * rare),
        crime=happens(0.05 * rare),
        dv=happens(0.02 * rare),
        minor=happens(0.03),
        refuses=happens(0.04),
        silent=happens(0.03 * rare),
        no_agreement=happens(0.08),
        breaks=happens(0.07),
        reopens=happens(0.03 * rare),
        away=happens(0.04 * rare),
        partial=happens(0.04),
        at_once=happens(0.3),
        forgotten=happens(0.04 * rare),
    )


class Dispute(Life):
    def __init__(
        self, stage: Stage, chance: Chance, local: Local, ref: str, category: str, grade: str
    ) -> None:
        super().__init__(stage, chance, local, ref, category)
        self.fate = draw(chance)
        self.grade = grade  # what the desk will find
        same_day = chance.happens(0.2)
        median = timedelta(hours=3) if same_day else DAY * TO_AGREEMENT.get(category, USUAL)
        self.table_time = chance.about(median, spread=0.6)  # from acceptance to the agreement
        self.sessions = min(3, 1 + self.table_time // (5 * DAY))
        self.sessions_held = 0
        self.agreement_at = stage.now + self.table_time

    def until_next(self) -> timedelta:
        """The first session is soon; what takes long takes several, up to the day of the agreement."""
        if self.sessions_held == 0:
            return min(self.table_time, self.chance.about(DAY, spread=0.6))
        left = self.agreement_at - self.now
        return max(DAY, left / max(1, self.sessions - self.sessions_held))

    def again(self) -> None:
        """A new round after a reopening."""
        self.fate, self.sessions_held = draw(self.chance, again=True), 0
        self.sessions = 1

    @property
    def mediator(self) -> str:
        return self.seated("mediator") or self.local.mediators[0]
