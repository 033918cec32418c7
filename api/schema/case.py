"""Cases and acts over the wire. Bodies refuse what they do not know; answers may grow."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from api.schema.problem import Told
from api.sent import instant, plain_day
from engine.domain.channel import CHANNELS, PATTERN
from engine.domain.length import LONGEST_TEXT


def _moment(value: Any) -> datetime:
    at = instant(value)
    if at is None:
        raise ValueError("moment")
    return at


Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    Field(description="with its offset", examples=["2026-11-23T07:52:00+08:00"]),
]
"""An instant that carries its offset; anything else is FM-U005."""


def _day_or_moment(value: Any) -> date | datetime:
    day = plain_day(value)
    return _moment(value) if day is None else day


DayOrMoment = Annotated[
    datetime | date,
    BeforeValidator(_day_or_moment),
    Field(
        description="a day, or a moment with its offset", examples=["2026-11-23", "2026-11-23T07:52:00+08:00"]
    ),
]


BOUNDED = frozenset(("maxLength", "enum", "const", "format", "pattern"))


def _bounded(schema: Any) -> None:
    """Every free text of a body says how long it may be; ``api/body.py`` refuses longer ones (FM-U364)."""
    if isinstance(schema, list):
        for part in schema:
            _bounded(part)
    elif isinstance(schema, dict):
        if schema.get("type") == "string" and BOUNDED.isdisjoint(schema):
            schema["maxLength"] = LONGEST_TEXT
        for name, part in schema.items():
            if name not in ("examples", "default"):
                _bounded(part)


class Sent(BaseModel):
    """A body: what it does not know it refuses (FM-U006)."""

    model_config = ConfigDict(extra="forbid", strict=False, json_schema_extra=_bounded)


class External(Sent):
    system: str = Field(min_length=1, max_length=100, pattern="^[^:]*$", examples=["12345"])
    id: str = Field(min_length=1, max_length=200, examples=["HL-88121"])


def _external(value: Any) -> Any:
    """`SYSTEM:ID`, as the filter of lists has it, is the same as both parts apart."""
    if isinstance(value, str) and ":" in value:
        system, _, number = value.partition(":")
        return {"system": system, "id": number}
    return value


class Filing(Sent):
    """A new case: type, place and one sentence suffice."""

    type: str = Field(description="case type, by name or title", examples=["dispute_mediation"])
    place: str = Field(
        description="code or unique name; in a sandbox `place` of `GET /sandbox`", examples=["230199000201"]
    )
    what: str = Field(description="one sentence on what happened", examples=["wall on the boundary"])
    channel: str = Field(
        "desk",
        description=f"how it came in: {', '.join(CHANNELS)}, or an id of the office's own",
        json_schema_extra={"pattern": PATTERN},  # told by the service, at every door alike
        examples=["phone"],
    )
    reporter: dict[str, Any] | None = Field(None, description="`name` or `person`, phone and the like")
    anonymous: bool = False
    confidential: bool = Field(default=False, description="the reporter is kept, and named to few")
    set: dict[str, Any] | None = Field(None, description="fields of the case")
    records: dict[str, list[dict[str, Any]]] | None = None
    parties: list[dict[str, Any]] | None = Field(
        None, description="role, name and the like; also under `fields`, as a party joins later"
    )
    external: Annotated[External | None, BeforeValidator(_external)] = Field(
        None,
        description="its number in another system; `SYSTEM:ID` will do, which is how lists are asked for it",
    )
    occurred_at: Moment | None = None
    done_by: str | None = Field(None, description="who did it, where another enters it")


class Doing(Sent):
    """What an act takes stands in `input` of `GET /v1/cases/{ref}/next/{act}`."""

    set: dict[str, Any] | None = Field(None, description="fields of the case")
    records: dict[str, list[dict[str, Any]]] | None = None
    parties: list[dict[str, Any]] | None = None
    seats: dict[str, list[str]] | None = Field(None, examples=[{"mediator": ["med-12"]}])
    note: str | None = None
    outcome: str | None = None
    item: str | None = Field(None, description="the record it is about", examples=["O1"])
    auto: bool | None = Field(None, description="let the rules pick who takes the seat")
    occurred_at: Moment | None = None
    done_by: str | None = Field(None, description="who did it, where another enters it")
    reason: str | None = None
    ask: bool | None = Field(None, description="send it to the approver where it needs one")


COVERED = 'what the caller may not read stands as `{"masked": true}`'


class CaseBrief(Told):
    ref: str = Field(examples=["26-04211-0"])
    type: str
    type_title: str
    state: str
    state_title: str
    phase: str
    waits_on: list[dict[str, Any]]
    version: int
    risk: str | None
    place: str
    unit: str
    cycle: int
    outcome: str | None
    filed_at: datetime


class CaseLine(CaseBrief):
    what: str | None
    holder: str | None
    due_at: datetime | None
    due_date: date | None
    late: bool
    closed_at: datetime | None


class CaseList(Told):
    items: list[CaseLine]
    count: int = Field(description="of all that the filter selects")
    next: str | None = Field(description="address of the page after")
    as_of: datetime


class QueueLine(CaseLine):
    like: list[dict[str, Any]] = Field(description="an open case that it may repeat, and why")


class Queue(Told):
    items: list[QueueLine]
    count: int = Field(description="of all that the filter selects")
    next: str | None = Field(description="address of the page after")
    as_of: datetime


class Case(CaseBrief):
    """One page: everything of a case, its last acts, and what the caller can do next."""

    what: str | None
    reporter: dict[str, Any] | None = Field(description=COVERED)
    parties: list[dict[str, Any]] = Field(description=COVERED)
    seats: list[dict[str, Any]]
    fields: dict[str, Any] = Field(description=COVERED)
    records: list[dict[str, Any]] = Field(description=COVERED)
    clocks: list[dict[str, Any]]
    sealed: list[dict[str, Any]] = Field(description="what is closed to all but a few, since when")
    purged: list[dict[str, Any]] = Field(description="facts whose content was erased")
    history: list[dict[str, Any]]
    next: list[dict[str, Any]]


class Event(Told):
    seq: int
    act: str
    title: str
    kind: str
    actor: str
    entered_by: str
    identity: str
    occurred_at: datetime
    recorded_at: datetime
    changes: list[dict[str, Any]]


class NextAct(Told):
    act: str
    title: str


class Effect(Event):
    """What followed. ``case`` stands where it is the filing of a case that was opened."""

    case: CaseBrief | None = None


class Done(Told):
    """`return=minimal` answers only `ref`, `state` and `version`."""

    case: CaseBrief
    event: Event
    effects: list[Effect]
    next: list[NextAct]


class Filed(Done):
    ref: str
    receipt: str = Field(description="for the reporter", examples=["7KQ4-M2X-9TB"])
    similar: list[dict[str, Any]]


class Minimal(Told):
    ref: str
    state: str
    version: int


class Waiting(Told):
    """It waits for a second person's yes."""

    approval: dict[str, Any]
    reasons: list[dict[str, Any]]


class Would(Told):
    """`?dry_run=true`: all checks, nothing saved."""

    would: dict[str, Any]


class Standing(Told):
    """``joined``: it goes on together with another report, and this is how the two stand."""

    ref: str
    type_title: str
    state_title: str | None
    phase: str
    filed_at: datetime
    closed_at: datetime | None
    outcome_title: str | None
    joined: bool
    due_date: date | None
    as_of: datetime


class History(Told):
    ref: str
    items: list[Event]
    count: int
    next: str | None


class Offer(Told):
    act: str
    title: str
    allowed: bool
    who: list[str]
    input: dict[str, Any] | None = Field(description="JSON schema of what the act takes")
    reasons: list[dict[str, Any]] = Field(description="why not")


class Next(CaseBrief):
    items: list[Offer]
