"""What goes into a decision and what comes out of it. Values only."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.definitions.model import SeatSpec
from engine.domain.calendar import Calendar
from engine.domain.case import CaseState, Event, PartyState
from engine.domain.errors import Reason

SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Command:
    """One act as it arrives. ``actor`` is whose authority counts (a person's code or a party's number),
    ``entered_by`` who typed it. ``records`` maps a kind to the fields of new items (with ``party``, ``of``)."""

    trigger: str
    at: datetime
    actor: str
    entered_by: str
    identity: str = "asserted"
    fields: Mapping[str, Any] = field(default_factory=dict)
    records: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    parties: Sequence[Mapping[str, Any]] = ()
    seats: Mapping[str, Sequence[str]] = field(default_factory=dict)
    note: str | None = None
    outcome: str | None = None
    item: str | None = None
    auto: bool = False  # let the engine pick who takes the seat
    replaces: Mapping[str, str] = field(
        default_factory=dict
    )  # seat -> who leaves it for the one who takes it
    late_allowed: bool = False  # a late entry before a missed deadline was approved
    asked_by: str | None = None  # whose request for approval this is
    granted_because: str | None = None  # what whoever granted it said
    carried: "Carried | None" = None  # what a linked case that asked for it brings


@dataclass(frozen=True, slots=True)
class Filing:
    """What a new case is made of, besides the filing act's own inputs."""

    ref: str
    case_type: str
    place: str
    unit: str
    what: str
    channel: str
    reporter: Mapping[str, Any] | None = None
    external: Mapping[str, str] | None = None
    origin: "Origin | None" = None  # of a case that another case opens


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a case comes from that an effect opened: the link it holds, and what it takes along.

    ``parties`` as the other case holds them, ``fields`` by name.
    """

    kind: str
    ref: str
    parties: tuple[Mapping[str, Any], ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Carried:
    """What comes with an act that a linked case asks for. ``link`` is how this case calls that one.

    ``deadlines``: ``join``, and ``clocks`` are those that run there, by name; or ``part``, and they are given up.
    """

    ref: str
    link: str
    deadlines: str
    clocks: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """A case that an effect wants opened. ``place`` stands for its reference until the service has drawn one."""

    place: str
    case_type: str
    link: str
    back: str  # how the new case calls the link
    parties: tuple[Mapping[str, Any], ...]
    fields: Mapping[str, Any]
    splits: bool = False


@dataclass(frozen=True, slots=True)
class SeatAsked:
    """A seat that is to be filled: on which case as it stands, when and by which act, and the case's facts as
    expressions read them."""

    seat: str
    spec: SeatSpec
    state: CaseState
    at: datetime
    facts: Mapping[str, Any]
    act: str
    leaving: Mapping[str, int | None] = field(
        default_factory=dict
    )  # who makes room, with what the case weighs for them where a rule said so


@dataclass(frozen=True, slots=True)
class Pick:
    """The engine's choice for a seat, with all that explains it (plain JSON).

    ``weight``: what the case weighs for the holder, ``acknowledge``: how long an answer may take, ``grace``: how much
    longer for one who is off duty when that is over, where a rule says.
    ``against``: why nobody can be chosen at all; None where there is a person, or simply nobody fit.
    """

    person: str | None
    decision: Mapping[str, Any]
    weight: int | None = None
    acknowledge: str | None = None
    grace: str | None = None
    against: Reason | None = None


@dataclass(frozen=True, slots=True)
class Pool:
    """Those over whom a lot is drawn, in order of their codes, and those left out (person, because, params)."""

    people: tuple[str, ...] = ()
    excluded: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class PersonFacts:
    roles: frozenset[str]
    unit: str


@dataclass(frozen=True)
class World:
    """The facts around a case that a decision may read; all looked up beforehand or on demand, all pure to it.

    ``roles`` are the actor's over the case's place on the day of the act (``officer``, ``head@station``,
    ``superior``); ``known(kind, value)`` says whether a place, unit, person or case exists.
    """

    now: datetime
    calendar: Calendar
    roles: frozenset[str] = frozenset()
    entered_roles: frozenset[str] = frozenset()
    acting_for: Mapping[str, str] = field(
        default_factory=dict
    )  # of `roles`, those lent: for whom the actor stands in
    params: Mapping[str, Any] = field(default_factory=dict)
    person: Callable[[str], PersonFacts | None] = lambda code: None
    eligible: Callable[[SeatAsked, str], Sequence[Reason]] = lambda asked, code: ()
    pick: Callable[[SeatAsked], Pick] = lambda asked: Pick(None, {})
    by_hand: Callable[[SeatAsked, str], Pick] = lambda asked, person: Pick(person, {})
    pool: Callable[[SeatAsked], Pool] = lambda asked: Pool()
    known: Callable[[str, str], bool] = lambda kind, value: True
    links: Sequence[Mapping[str, Any]] = ()
    opens: Callable[[str], Sequence[Reason]] = (
        lambda case_type: ()
    )  # why no case of that type can be opened now
    recurrence: Callable[[str], int] = lambda window: 0
    recurrence_of_pair: Callable[[str, Sequence[PartyState]], int] = lambda window, parties: 0
    # the seats of this case that a person held at a moment gone by, each with the moment he lost it (None: holds it)
    sat: Callable[[str, datetime], Mapping[str, str | None]] = lambda person, at: {}
    off_duty: Callable[[str, datetime], bool] = lambda person, at: (
        False
    )  # on leave, or not on that day's roster
    seed: Callable[[], str] = lambda: "0"  # a new one each time, written down with what was drawn from it


@dataclass(frozen=True, slots=True)
class Decision:
    """Either a move (events and the state after them) or a refusal with every reason."""

    state: CaseState | None
    events: tuple[Event, ...] = ()
    reasons: tuple[Reason, ...] = ()
    open_acts: tuple[str, ...] = ()
    opens: tuple[Opening, ...] = ()
    opened: tuple["NewCase", ...] = ()  # once they are in the store

    @property
    def moved(self) -> bool:
        return not self.reasons


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case that was opened by an effect of another: its compiled definition (a ``Program``), state and events."""

    program: Any
    state: CaseState
    events: tuple[Event, ...]


class Halt(Exception):
    """Inside a decision only: what was begun is refused; becomes a :class:`Decision` at its edge."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__(reasons)
        self.reasons = tuple(reasons)
