"""The facts around a case that a decision may read: authority on the day, calendar, people, candidates.

What a decision surely needs is looked up here; what it may need is looked up when it asks.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from engine.domain.calendar import Calendar
from engine.domain.case import CaseState, Event, Link, PartyState
from engine.domain.duration import Duration
from engine.domain.errors import Reason, SignInNeeded, UsageError
from engine.domain.instant import to_text
from engine.machine.command import SYSTEM, Command, Filing, PersonFacts, SeatAsked, World
from engine.machine.program import Program
from engine.persistence import late as table
from engine.persistence.case_store import find_case, history
from engine.persistence.late import ClauseElement, func, select
from engine.persistence.statement import Statement, statement
from engine.persistence.unit import Unit
from engine.service import chance, directory, law, past
from engine.service.caller import VISITOR, Caller
from engine.service.routing.seating import Seating


def _known_by(kind: str, column: Callable[[], Any]) -> Statement[..., Any]:
    """Whether there is a place, a unit, a person or a case of this name."""
    return Statement(
        lambda value: select(column()).where(column() == value).limit(1),
        ("value",),
        tuple,
        name=f"{__name__}:{kind}",
    )


KNOWN = {
    "place": _known_by("place", lambda: table.columns_of(table.Place).c.code),
    "unit": _known_by("unit", lambda: table.columns_of(table.Unit).c.code),
    "person": _known_by("person", lambda: table.columns_of(table.Person).c.code),
    "case": _known_by("case", lambda: table.columns_of(table.Case).c.ref),
}


@statement(tuple)
def _anybody() -> ClauseElement:
    return select(table.columns_of(table.Person).c.code).limit(1)


def gather(unit: Unit, caller: Caller, program: Program, state: CaseState, command: Command) -> World:
    """The world of one command on an existing case."""
    return _world(
        unit, caller, program, state["place"], state["unit"], command, _Parties(state), state["links"],
        state["ref"],
    )  # fmt: skip


def gather_for_filing(
    unit: Unit, caller: Caller, program: Program, filing: Filing, command: Command
) -> World:
    """The world of a filing; parties are those of the command."""
    keys = [str(p["person"]) for p in command.parties if p.get("person")]
    return _world(unit, caller, program, filing.place, filing.unit, command, lambda: keys)


def gather_for_sweep(unit: Unit, caller: Caller, program: Program, state: CaseState) -> World:
    """The world in which a case's marks fire: nobody's authority, the engine's own."""
    command = Command("sweep", caller.at, SYSTEM, SYSTEM)
    return _world(
        unit, caller, program, state["place"], state["unit"], command, _Parties(state), state["links"]
    )


def seating(unit: Unit, program: Program, state: CaseState) -> Seating:
    """Who may take the seats of a case."""
    calendar = law.calendar(unit, program.definition.calendar, state["unit"])
    return _Lookup(unit, program, state["place"], calendar, _Parties(state), state["ref"]).seating


def _world(
    unit: Unit,
    caller: Caller,
    program: Program,
    place: str,
    office: str,
    command: Command,
    parties: Callable[[], Sequence[str]],
    links: Sequence[Link] = (),
    ref: str | None = None,
) -> World:
    calendar = law.calendar(unit, program.definition.calendar, office)
    lookup = _Lookup(unit, program, place, calendar, parties, ref)
    near = lookup.near(command.at)
    people = {command.actor, command.entered_by} - {SYSTEM, VISITOR}
    roles = {code: directory.who(unit, code, near) for code in people if not _is_party(code)}
    for code in sorted(code for code, held in roles.items() if not held):
        lookup.must_exist(code, acting=code == command.entered_by)
    nobody: frozenset[str] = frozenset()
    lent = directory.acting_for(unit, command.actor, near) if roles.get(command.actor) else {}
    return World(
        now=caller.at,
        calendar=calendar,
        roles=roles.get(command.actor, nobody),
        entered_roles=roles.get(command.entered_by, nobody),
        acting_for=lent,
        person=lookup.person,
        eligible=lookup.eligible,
        pick=lookup.seating.pick,
        pool=lookup.seating.pool,
        seed=chance.seed,
        by_hand=lookup.seating.by_hand,
        known=lookup.known,
        recurrence=lookup.recurrence,
        recurrence_of_pair=lookup.recurrence_of_pair,
        sat=lookup.sat,
        off_duty=lookup.off_duty,
        links=_links(unit, program, links),
    )


@statement(lambda row: (row[0], row[1], row[2]))
def _linked(*, ref: str) -> ClauseElement:
    case = table.columns_of(table.Case).c
    return select(case.case_type, case.outcome, case.phase).where(case.ref == ref)


def _links(unit: Unit, program: Program, links: Sequence[Link]) -> Sequence[Mapping[str, Any]]:
    """The linked cases as they stand now, for definitions whose expressions ask: {kind, case_type, outcome?, closed}.

    A case that is not there (only a damaged store has such a link) is none.
    """
    told: list[Mapping[str, Any]] = []
    for link in links if program.reads_links else ():
        found = unit.find(_linked, ref=link["ref"])
        if found is not None:
            case_type, outcome, phase = found
            ended = {} if outcome is None else {"outcome": outcome}
            told.append({"kind": link["kind"], "case_type": case_type, "closed": phase == "done", **ended})
    return told


def _is_party(code: str) -> bool:
    return code[:1] == "P" and code[1:].isdigit()


@dataclass
class _Parties:
    """Keys by which parties are known elsewhere, for conflicts of interest."""

    state: CaseState

    def __call__(self) -> Sequence[str]:
        return [p["person"] for p in self.state["parties"] if p["active"] and "person" in p]


@statement(lambda row: int(row[0]))
def _earlier(*, case_type: str, place: str, since: datetime, until: datetime) -> ClauseElement:
    c = table.columns_of(table.Case).c
    filed = (c.case_type == case_type, c.place == place, c.filed_at >= since, c.filed_at < until)
    return select(func.count()).where(*filed)


def _length(window: str) -> timedelta:
    """A window that looks back: a month is thirty days, and of days and hours all count, working or not."""
    length = Duration.parse(window)
    return _UNITS.get(length.unit, timedelta(days=1)) * length.n


_UNITS = {
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "wh": timedelta(hours=1),
    "months": timedelta(days=30),
    "years": timedelta(days=365),
}


class _Lookup:
    """Asks the store when a decision asks; one day's surroundings are asked once."""

    def __init__(
        self,
        unit: Unit,
        program: Program,
        place: str,
        calendar: Calendar,
        parties: Callable[[], Sequence[str]],
        ref: str | None = None,
    ) -> None:
        self.unit, self.program, self.place, self.calendar, self.parties, self.ref = (
            unit,
            program,
            place,
            calendar,
            parties,
            ref,
        )
        self._near: dict[tuple[date, str], directory.Around] = {}
        self.at: datetime | None = None
        self.seating = Seating(unit, program, self.around, parties)

    def near(self, at: datetime) -> directory.Around:
        self.at = at
        return self.around(at, None)

    def around(self, at: datetime, function: str | None) -> directory.Around:
        """Who serves the place on that day, for the case type's own function unless another is named."""
        key = self.calendar.day_of(at), function or self.program.definition.case_type
        if key not in self._near:
            self._near[key] = directory.around(self.unit, self.place, function=key[1], on=key[0])
        return self._near[key]

    def person(self, code: str) -> PersonFacts | None:
        if self.at is None:
            return None
        told = directory.persons(self.unit, [code], self.near(self.at))[code]
        return PersonFacts(frozenset(told["roles"]), str(told["unit"]))

    def known(self, kind: str, value: str) -> bool:
        return self.unit.find(KNOWN[kind], value=value) is not None

    def must_exist(self, person: str, *, acting: bool) -> None:
        """FM-A002 for somebody nobody knows, FM-U359 if somebody else named them as who did it; where no people were
        entered yet, everybody is as good."""
        if self.known("person", person) or self.unit.find(_anybody) is None:
            return
        if acting:
            raise SignInNeeded("FM-A002", kind="who", person=person)
        raise UsageError(
            "FM-U359", reasons=[Reason("FM-U359", {"person": person}, "input", pointer="/done_by")]
        )

    def eligible(self, asked: SeatAsked, person: str) -> Sequence[Reason]:
        if not self.known("person", person):
            about = {"person": person, "seat": asked.seat}
            return [Reason("FM-R503", about, "seat", pointer=f"/seats/{asked.seat}")]
        return self.seating.eligible(asked, person)

    def recurrence(self, window: str) -> int:
        """Earlier cases of the same type at the same place within the window before now."""
        if self.at is None:
            return 0
        since = self.at - _length(window)
        function = self.program.definition.case_type
        told = self.unit.find(_earlier, case_type=function, place=self.place, since=since, until=self.at)
        return told or 0

    def recurrence_of_pair(self, window: str, parties: Sequence[PartyState]) -> int:
        """Earlier cases of any type within the window in which two parties of different sides met, whichever side each
        was on then; a case that was joined to another counts as the other."""
        if self.at is None:
            return 0
        return past.met(self.unit, parties, since=self.at - _length(window), until=self.at, ref=self.ref)

    def off_duty(self, person: str, at: datetime) -> bool:
        """On leave that day, or not on the roster where one is kept."""
        from engine.service.routing import pool

        held = pool.standing_of(self.unit, person, at.astimezone(self.calendar.tz).date())
        rosters = [one.on_duty for one in held if one.on_duty is not None]
        return any(one.away for one in held) or (bool(rosters) and not any(rosters))

    def sat(self, person: str, at: datetime) -> Mapping[str, str | None]:
        """Read from the history, and only where somebody enters late what he may no longer do."""
        row = find_case(self.unit, self.ref) if self.ref else None
        told = history(self.unit, row.id) if row is not None else []
        return _sat([h.event for h in told], person, to_text(at))


def _sat(events: Sequence[Event], person: str, at: str) -> dict[str, str | None]:
    """Seats taken by then, each with the first moment after it at which the person had to leave it."""
    held: dict[str, str | None] = {}
    for event in events:
        for change in event["changes"]:
            if change.get("person") != person:
                continue
            seat = change.get("seat", "")
            if event["at"] <= at and (
                change["do"] == "accept" or (change["do"] == "seat" and change["accepted"])
            ):
                held[seat] = None
            elif change["do"] == "unseat" and event["at"] <= at:
                held.pop(seat, None)
            elif change["do"] == "unseat" and seat in held and held[seat] is None:
                held[seat] = event["at"]
    return held
