"""What one scenario has done so far, through its door, and what it was answered last."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests.acceptance import station
from tests.acceptance.driver import Driver, Reply
from tests.acceptance.station import PARTIES, STAFF

# one thing that was done: at what moment, by which means, with what
Entry = tuple[datetime, str, tuple[Any, ...], dict[str, Any]]
NAME = r"(?P<name>[A-Z]\w+)"  # somebody, in the text of a step
ARRANGEMENTS: Mapping[str, Callable[..., None]] = {
    "appoint": station.appoint,
    "dismiss": station.dismiss,
    "limit": station.limit,
    "relate": station.relate,
    "send_away": station.send_away,
}


@dataclass
class Story:
    driver: Driver
    database_url: str
    ref: str = ""
    other: str = ""
    reply: Reply = field(default_factory=lambda: Reply({}))
    risk: str = "yellow"
    category: str = "neigh"
    status_matter: bool = False
    answers: dict[str, bool] = field(default_factory=dict)  # safety questions answered yes
    obligations: list[dict[str, Any]] = field(default_factory=list)
    sides: list[dict[str, Any]] = field(
        default_factory=lambda: [
            {"role": "claimant", "name": "Asha"},
            {"role": "respondent", "name": "Bram"},
        ]
    )
    asked: Mapping[str, Any] = field(default_factory=dict)  # the request that waits for a yes
    reporter: Mapping[str, Any] | None = None
    receipt: str = ""  # of the newest report
    looker: str = "Ding"  # who looks where a scenario does not say
    seen: int = 0  # the version of the case that somebody has before his eyes
    kept: list[tuple[str, dict[str, str], Mapping[str, Any]]] = field(default_factory=list)  # figures
    journal: list[Entry] = field(default_factory=list)

    # ---- doing ---------------------------------------------------------------------------------

    def call(self, means: str, *given: Any, **named: Any) -> Reply:
        """One call through the door; the answer is kept for the steps that look at it."""
        self.journal.append((self.driver.now, means, given, named))
        self.reply = getattr(self.driver, means)(*given, **named)
        self.asked = self.reply.body.get("approval", self.asked)
        self.receipt = self.reply.body.get("receipt", self.receipt)
        return self.reply

    def arrange(self, means: str, *given: Any) -> None:
        self.journal.append((self.driver.now, means, given, {}))
        ARRANGEMENTS[means](self.database_url, self.driver.now, *given)

    def act(self, name: str, act: str, **more: Any) -> Reply:
        """An act of somebody by name. What a party does, Wang types in."""
        by, done_by = who(name)
        return self.call("act", self.ref, act, by=by, done_by=done_by, **more)

    def record(self, name: str, kind: str, *items: Mapping[str, Any], **more: Any) -> Reply:
        by, done_by = who(name)
        return self.call("record", self.ref, kind, list(items), by=by, done_by=done_by, **more)

    def must(self, reply: Reply) -> Reply:
        """For what a scenario takes for granted: it was not refused."""
        assert reply.done, reply.told
        return reply

    # ---- time ----------------------------------------------------------------------------------

    def pass_to(self, moment: datetime) -> None:
        """Time goes on, and the worker has done what fell due meanwhile."""
        assert moment >= self.driver.now, "time does not run backwards"
        self.driver.now = moment
        self.must(self.call("sweep"))

    def pass_days(self, days: int) -> None:
        self.pass_to(self.driver.now + timedelta(days=days))

    @property
    def today(self) -> date:
        return self.driver.now.date()

    # ---- looking -------------------------------------------------------------------------------

    @property
    def case(self) -> Mapping[str, Any]:
        return self.driver.show(self.ref, by=STAFF[self.looker])

    @property
    def history(self) -> list[Mapping[str, Any]]:
        told = self.driver.history(self.ref, by=STAFF[self.looker])
        assert told["verified"] is True
        return list(told["items"])

    def clock(self, title: str, item: str | None = None) -> Mapping[str, Any]:
        """The newest run of a clock by its title."""
        runs = self.driver.clocks(self.ref, by=STAFF[self.looker])
        found = [run for run in runs if run["title"] == title and item in (None, run["item"])]
        assert found, f"no clock {title!r}; there are {sorted({run['title'] for run in runs})}"
        return max(found, key=lambda run: run["run"])

    def offers(self, name: str) -> list[Mapping[str, Any]]:
        """Every act that is open or almost open to somebody, with the reasons why not."""
        return self.driver.next_acts(self.ref, by=STAFF[name])

    def offer(self, name: str, act: str) -> Mapping[str, Any]:
        return next(offer for offer in self.offers(name) if offer["act"] == act)

    def told(self, kind: str) -> list[Mapping[str, Any]]:
        """Every notice or reminder of the case so far."""
        return [entry for event in self.history for entry in event["told"] if entry["kind"] == kind]


def who(name: str) -> tuple[str, str | None]:
    """(who types, whose act it is): staff type for themselves."""
    return (STAFF[name], None) if name in STAFF else (STAFF["Wang"], PARTIES[name])


def code_of(name: str) -> str:
    return STAFF.get(name) or PARTIES[name]
