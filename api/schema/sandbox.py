"""The sandbox over the wire."""

from datetime import datetime

from pydantic import ConfigDict, Field

from api.schema.case import Event, Moment, Sent
from api.schema.problem import Told


class Moving(Sent):
    """One of the two."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"advance": "3 wd"}]})

    advance: str | None = Field(
        None,
        description="a length of time as definitions write it; it ends where a clock of that length would",
        examples=["3 wd", "30 cd", "24 h"],
    )
    to: Moment | None = Field(None, description="a moment; time goes forward only")


class Now(Told):
    now: datetime
    next_due_at: datetime | None = Field(description="when the next deadline acts")


class Happened(Event):
    ref: str


class Moved(Told):
    """What fell due on the way, each in its moment, and what followed from it."""

    since: datetime
    now: datetime
    fired: int
    lapsed: int = Field(description="requests for a yes that nobody answered in time")
    items: list[Happened]
    count: int
    incidents: list[dict[str, object]]


class Step(Told):
    since: datetime
    now: datetime
    cases: int = Field(description="in which something falls due on the way")


class WouldMove(Told):
    """`?dry_run=true`: nothing moves."""

    would: Step


class SandboxPerson(Told):
    person: str
    role: str
    role_title: str
    token: str


class SandboxPage(Told):
    now: datetime
    unit: str
    place: str = Field(description="a village to file at")
    cases: int
    people: list[SandboxPerson]
