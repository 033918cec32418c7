"""One complaint before the Lupon of an invented barangay, moved by commands: no store, no doors."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from engine.domain.case import CaseState, Event
from engine.machine.command import Command, Decision, Filing, PersonFacts, Pool, World
from engine.machine.decide import decide, file_case, sweep
from tests.support.walk import program
from workflows.calendar import load_calendar

MANILA = ZoneInfo("Asia/Manila")
LUPON = ("lando", "leo", "lina", "luis", "luz")
POSTS: Mapping[str, str] = {
    "pilar": "pb",
    "selya": "lupon_secretary",
    **dict.fromkeys(LUPON, "lupon_member"),
}
BOTH = ("P1", "P2")
SIDES = ({"role": "complainant"}, {"role": "respondent"})


def on(month: int, day: int, hour: int = 9, *, year: int = 2024) -> datetime:
    return datetime(year, month, day, hour, tzinfo=MANILA)


class Complaint:
    """Filed on Friday 7 June 2024 at nine. ``events`` is its whole history."""

    def __init__(self, parties: Sequence[Mapping[str, Any]] = SIDES, **fields: Any) -> None:
        self.program = program("katarungang_pambarangay")
        self.now = on(6, 7)
        self.events: list[Event] = []
        self._seeds = count(1)
        story = {"story": "the goat ate the corn", "fee_receipt": "OR 117"}
        command = Command(
            "file", self.now, "selya", "selya", fields=fields, records={"complaint": [story]}, parties=parties
        )
        about = Filing("24-00001-2", "katarungang_pambarangay", "990099001", "B-01", "a goat", "desk")
        decision = file_case(self.program, about, command, self._world("selya"))
        assert decision.state is not None, decision.reasons
        self.state: CaseState = decision.state
        self.events += decision.events

    def _world(self, actor: str) -> World:
        world = World(
            now=self.now,
            calendar=load_calendar("PH"),
            person=lambda code: PersonFacts(frozenset({POSTS[code]}), "B-01") if code in POSTS else None,
            pool=lambda asked: Pool(LUPON),
            seed=lambda: f"seed-{next(self._seeds)}",
        )
        held = frozenset({POSTS[actor]} if actor in POSTS else ())
        return replace(world, roles=held, entered_roles=held)

    def _take(self, decision: Decision) -> Decision:
        if decision.moved and decision.state is not None:
            self.state = decision.state
            self.events += decision.events
        return decision

    def act(self, who: str, trigger: str, **given: Any) -> Decision:
        records = {kind: list(items) for kind, items in given.pop("records", {}).items()}
        command = Command(trigger, self.now, who, "selya", records=records, **given)
        return self._take(decide(self.program, self.state, len(self.events), command, self._world(who)))

    def done(self, who: str, trigger: str, **given: Any) -> None:
        decision = self.act(who, trigger, **given)
        assert decision.moved, [(reason.code, dict(reason.params)) for reason in decision.reasons]

    def refused(self, who: str, trigger: str, **given: Any) -> list[str]:
        """The rules, or else the codes, that refused it."""
        decision = self.act(who, trigger, **given)
        return [str(reason.params.get("rule", reason.code)) for reason in decision.reasons]

    def goes_to(self, moment: datetime) -> None:
        """Time goes on, and what fell due was done."""
        self.now = moment
        self._take(sweep(self.program, self.state, len(self.events), moment, self._world("system")))

    # ---- looking -------------------------------------------------------------------------------

    @property
    def leaf(self) -> str:
        return self.state["states"]["main"]

    @property
    def outcome(self) -> str | None:
        return self.state.get("outcome")

    def seated(self, seat: str) -> list[str]:
        return [holder["person"] for holder in self.state["seats"].get(seat, ())]

    def due(self, clock: str) -> str:
        """The last day of the newest run."""
        return str([run for run in self.state["clocks"] if run["name"] == clock][-1]["due_date"])

    def told(self, form: str) -> list[str]:
        """Who was given a notice."""
        given = [
            entry for event in self.events for entry in event.get("told", ()) if entry["kind"] == "notice"
        ]
        return [name for entry in given if entry["form"] == form for name in entry["to"]]

    # ---- the ordinary course ---------------------------------------------------------------------

    def admitted(self, **more: Any) -> "Complaint":
        self.done("pilar", "admit", fields={"venue": "same_barangay", "nature": "civil", **more})
        return self

    def summoned(self, **more: Any) -> "Complaint":
        self.admitted(**more)
        self.now = on(6, 10)
        called = [{"party": no, "hearing": on(6, 14).isoformat()} for no in BOTH]
        self.done("pilar", "summon", records={"summons": called})
        return self

    def met(self, **more: Any) -> "Complaint":
        self.summoned(**more)
        self.now = on(6, 14)
        self.done("pilar", "meet", records={"meeting": [self.meeting()]})
        return self

    def meeting(self, **more: Any) -> dict[str, Any]:
        return {"held": self.now.isoformat(), "present": list(BOTH), "minutes": "both were heard", **more}

    def constituted(self) -> "Complaint":
        """The time of the Punong Barangay is over on 29 June; the parties agree on three on 1 July."""
        self.met().goes_to(on(7, 1))
        chosen = {"seats": {"pangkat": ["luz", "lando", "lina"]}}
        agreed = {"panel_agreement": [{"agreed_by": list(BOTH)}]}
        self.done("pilar", "choose_panel", records=agreed, **chosen)
        return self

    def convened(self) -> "Complaint":
        self.constituted()
        votes = {"election": [{"chair_votes": 3, "secretary_votes": 2}]}
        self.done("lina", "elect", seats={"chair": ["luz"], "secretary": ["lando"]}, records=votes)
        self.now = on(7, 3)
        self.done("luz", "convene")
        return self

    def settled(self, *, due: str = "2024-07-10") -> "Complaint":
        """Before the Pangkat, on 10 July."""
        self.convened()
        self.now = on(7, 10)
        self.write_settlement("luz", due=due)
        return self

    def write_settlement(self, attests: str, *, due: str) -> None:
        terms = {"settlement": [{"terms": "PHP 3,000 for the corn", "language": "Tagalog"}]}
        owed = {"obligation": [{"debtor": "P2", "act": "pay", "amount": "3000", "due": due}]}
        self.done(attests, "settle", records={**terms, **owed})
        self.done(attests, "sign_settlement", fields={"by": f"P1,P2,{attests}"})
