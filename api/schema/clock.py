"""Deadlines: explained, lawfully changed, worked out; and the second person's yes to a change."""

from datetime import date, datetime
from typing import Any

from pydantic import Field

from api.schema.case import Done, Moment, Sent
from api.schema.part import Circumstance
from api.schema.path import Day
from api.schema.problem import Told


class Stopping(Circumstance):
    """A clock pauses and goes on by the act that the law has for it."""

    set: dict[str, Any] | None = Field(default=None, description="what the act asks besides")
    records: dict[str, list[dict[str, Any]]] | None = Field(
        default=None,
        description="records that the act asks",
        examples=[{"suspension": [{"ground": "party_ill", "until": "2026-12-10"}]}],
    )
    ask: bool = Field(default=False, description="send it to the approver where it needs one")


class Extending(Circumstance):
    """The next extension that the law allows."""

    set: dict[str, Any] | None = Field(
        default=None, description="what the act asks besides", examples=[{"longer_agreed": True}]
    )
    ask: bool = Field(default=False, description="send it to the approver where it needs one")
    item: str | None = Field(default=None, description="of one party or obligation", examples=["O1"])


class Joined(Told):
    """The deadline of a case that was joined to this one: the earliest governs, all are kept."""

    ref: str
    at: datetime = Field(description="when it was joined")
    due_at: datetime | None
    due_date: date | None
    governs: bool = Field(description="due before this case's own and all others")


class Clock(Told):
    """One run of a clock, judged now."""

    name: str
    title: str
    item: str | None
    run: int
    kind: str
    status: str
    start: datetime
    within: str | None
    due_at: datetime | None
    due_date: date | None = Field(description="the day that ends at due_at")
    provisional: bool = Field(description="rests on a year that is not published yet")
    late: bool
    own_due_at: datetime | None = Field(
        default=None, description="what it would be without the cases joined to it"
    )
    joined: list[Joined] = Field(default_factory=list)
    verdict: str | None
    basis: str | None


class Clocks(Told):
    ref: str
    items: list[Clock]
    count: int
    next: str | None
    as_of: datetime


class Interval(Told):
    start: datetime
    end: datetime
    counted: bool
    why: str
    total_s: int
    counted_s: int


class ClockExplained(Clock):
    """Every interval, counted or not and why; they add up to the whole."""

    ref: str
    upto: datetime
    intervals: list[Interval]
    counted_s: int
    total_s: int


class Extended(Done):
    clock: str
    before: date | None
    after: date | None


class Preview(Sent):
    """A length of time that starts on a day, at an instant, or now."""

    duration: str = Field(
        min_length=1, max_length=40, description="`20 cd`, `5 wd`, `24 h`, `6 months`", examples=["20 cd"]
    )
    start: Moment | Day | None = Field(
        default=None, description="an instant with its offset, or a day", examples=["2026-09-11"]
    )
    calendar: str | None = Field(default=None, description="name of the calendar", examples=["CN"])
    unit: str | None = Field(default=None, description="with the closures of this office", examples=["S-012"])


class Previewed(Told):
    """Day by day and by which rule."""

    duration: str
    start: datetime
    calendar: str
    steps: list[dict[str, Any]]
    due_at: datetime | None
    due_date: date | None
    provisional: bool


class Approval(Told):
    id: str
    asks: str
    ref: str
    what: str
    adds: str | None = Field(description="by how much it would lengthen a clock")
    happened: datetime | None = Field(description="of a late entry: when it happened")
    reason: str | None
    asked_by: str
    at: datetime
    lapses_at: datetime | None
    status: str = Field(description="waiting, granted, refused, withdrawn, lapsed")
    yours: bool = Field(description="you may answer it")
    who: list[str]
    decided_by: str | None
    decided_at: datetime | None
    decided_because: str | None
    forwards: list[dict[str, Any]] = Field(description="up to which units it was sent, by whom and why")


class Approvals(Told):
    items: list[Approval]
    count: int
    next: str | None
    as_of: datetime


class ApprovalShown(Approval):
    effect: dict[str, Any] | None = Field(description="what a yes would change")
    against: list[dict[str, Any]] = Field(description="what stands against it now")


class Answering(Sent):
    reason: str | None = Field(default=None, description="why", examples=["the appraisal is out"])


class Granted(Done):
    id: str
    status: str


class RefusedApproval(Told):
    id: str
    status: str
    ref: str


class Forwarded(Told):
    id: str
    status: str
    ref: str
    to: str = Field(description="the unit where it waits now")
    lapses_at: datetime | None


class WithdrawnApproval(Told):
    """A yes that was taken back also answers with the case as it is again."""

    id: str
    status: str
    ref: str
    case: dict[str, Any] | None = None
    event: dict[str, Any] | None = None
