"""Parts of a case: records, parties, notes, links, seats."""

from datetime import datetime
from typing import Any

from pydantic import Field

from api.schema.case import CaseBrief, Done, Event, Moment, Sent
from api.schema.problem import Told


class Circumstance(Sent):
    """What every act may bring along."""

    occurred_at: Moment | None = Field(default=None, description="when it happened, if not now")
    done_by: str | None = Field(
        default=None, description="who did it, where another enters it", examples=["aux-07"]
    )
    reason: str | None = Field(default=None, description="why", examples=["told by telephone"])

    @property
    def around(self) -> dict[str, Any]:
        """As the services call it."""
        return {"at": self.occurred_at, "done_by": self.done_by, "reason": self.reason}


class Recording(Circumstance):
    """Items of one record; what an item holds stands in the definition of the case type."""

    items: list[dict[str, Any]] = Field(
        min_length=1, max_length=500, examples=[[{"party": "P1", "decision": "given"}]]
    )
    ask: bool = Field(default=False, description="send it to the approver where it needs one")


class Joining(Circumstance):
    """A party joins; name and personal details never stand in an address."""

    role: str = Field(description="role of the party, by name or title", examples=["respondent"])
    name: str | None = Field(default=None, description="as in `fields`", examples=["party B"])
    person: str | None = Field(default=None, description="as in `fields`, a code", examples=["aux-07"])
    fields: dict[str, Any] = Field(
        default_factory=dict, description="name, person, age and the like", examples=[{"age": 61}]
    )

    @property
    def told(self) -> dict[str, Any]:
        """All that is said of the party, wherever it stood."""
        own = {"name": self.name, "person": self.person}
        return {**{name: value for name, value in own.items() if value is not None}, **self.fields}


class Changing(Circumstance):
    fields: dict[str, Any] = Field(min_length=1, examples=[{"name": "party B, elder brother"}])


class Leaving(Circumstance):
    pass


class Note(Sent):
    """A remark in the history: it moves nothing and no deadline."""

    text: str = Field(min_length=1, max_length=20_000, examples=["P2 will call back on Friday"])
    occurred_at: Moment | None = None
    done_by: str | None = Field(default=None, description="who did it, where another enters it")


class Correcting(Sent):
    """What an act should have said, or that it is taken back."""

    act: int = Field(
        strict=True, ge=1, le=2**31 - 1, description="number of the act in the history", examples=[2]
    )
    reason: str = Field(min_length=1, max_length=20_000, description="why", examples=["misheard"])
    set: dict[str, Any] | None = Field(
        default=None, description="fields it set", examples=[{"category": "land"}]
    )
    records: dict[str, list[dict[str, Any]]] | None = Field(
        default=None,
        description="items it recorded, by their id",
        examples=[{"screening_form-1": [{"prior_reports": 2}]}],
    )
    occurred_at: Moment | None = Field(default=None, description="when it really happened")
    take_back: bool = Field(
        default=False, description="take the act back instead, if nothing was built on it"
    )
    done_by: str | None = Field(default=None, description="who corrects, where another enters it")


class Linking(Circumstance):
    kind: str = Field(description="kind of link, as the vocabulary names it", examples=["duplicate_of"])
    other: str = Field(description="reference of the other case", examples=["26-00002-3"])


class Merging(Circumstance):
    into: str = Field(description="reference of the case that goes on", examples=["26-00002-3"])
    kind: str | None = Field(
        default=None, description="kind of link, where there are several", examples=["merged_into"]
    )
    ask: bool = Field(default=False, description="send it to the approver where it needs one")


class Separating(Circumstance):
    ask: bool = Field(default=False, description="send it to the approver where it needs one")


class Parts(Told):
    """One kind of part of a case."""

    ref: str
    version: int
    items: list[dict[str, Any]]
    count: int
    next: str | None
    as_of: datetime


class Linked(Done):
    links: list[dict[str, Any]]


class Merged(Done):
    """``clocks``: of the case that goes on, each with what governs and what each would be by itself."""

    into: str
    kind: str
    warnings: list[str]
    clocks: list[dict[str, Any]]


class Separated(Done):
    """``left``: the cases it was joined to; ``clocks``: what runs in all of them from now on."""

    left: list[str]
    clocks: list[dict[str, Any]]


class Corrected(Done):
    """``changes`` and ``measures`` each say what was and what is; ``told_then`` is not unsaid by a correction."""

    corrects: int
    changes: list[dict[str, Any]]
    measures: list[dict[str, Any]]
    told_then: list[dict[str, Any]]


class Assigning(Circumstance):
    """A person by code, or whom the rules pick, or oneself: one of the three."""

    seat: str = Field(default="handler", description="name or title of the seat")
    person: str | None = Field(default=None, description="code of the person", examples=["off-05"])
    auto: bool = Field(default=False, description="the one whom the rules pick")
    take: bool = Field(default=False, description="oneself; accepts the seat where it was offered")
    ask: bool = Field(default=False, description="send it to the approver where it needs one")


class Candidate(Told):
    person: str
    score: str | float | None
    terms: dict[str, Any]


class Excluded(Told):
    person: str
    because: str
    text: str


class Assigned(Told):
    """Who sits now, and the whole table of who was considered."""

    case: CaseBrief
    event: Event
    assignment: dict[str, Any] | None
    candidates: list[Candidate]
    excluded: list[Excluded]
    rule: str | None


class Reassigning(Sent):
    """Whose open work goes to others: as the rules pick, or to one who is named."""

    from_: list[str] = Field(
        alias="from", min_length=1, max_length=100, description="codes", examples=[["off-05"]]
    )
    to: str | None = Field(default=None, description="who takes it; the rules pick without it")
    unit: str | None = Field(default=None, description="cases of this unit and those below it")
    seat: str | None = Field(default=None, description="this seat alone", examples=["handler"])
    cases: list[str] = Field(
        default_factory=list, max_length=5_000, description="these alone, as a dry run listed them"
    )
    reason: str | None = Field(default=None, description="why", examples=["on sick leave"])


class Reassigned(Told):
    """What became of each seat: moved, taken (somebody was first), nobody, needs_person or refused."""

    results: list[dict[str, Any]]
    count: int
    moved: int
    failed: int
    persons: list[str]


class Explained(Told):
    """A decision on a seat as it was stored."""

    ref: str
    no: int = Field(description="its number among `decisions`")
    seat: str | None
    seat_title: str | None
    person: str | None
    sentence: str = Field(description="who and why, in one sentence")
    rule: str | None
    because: str | None
    basis: str | None
    table: dict[str, str] | None = Field(description="version and hash of the tables it was made by")
    inputs: dict[str, Any] = Field(description="what the rules read of the case")
    inputs_told: list[dict[str, Any]] = Field(description="the same with titles")
    wanted_of_them: dict[str, Any]
    wanted_told: list[dict[str, Any]] = Field(description="the same with titles")
    reason: str
    reason_text: str
    candidates: list[Candidate]
    excluded: list[Excluded]
    fallen: list[dict[str, Any]] = Field(description="nearer units, and why nobody there")
    decisions: list[dict[str, Any]]


class Proposal(Told):
    """A value that a table or a joined case proposes; `now` is what the case says."""

    field: str
    title: str
    value: Any
    value_title: str
    now: Any
    rule: str | None
    because: str
    inputs: dict[str, Any]
    table: dict[str, Any] | None
    source: str | None = Field(description="the joined case that brought it, where no table proposes it")
    confirm: list[str]


class Proposals(Told):
    ref: str
    version: int
    items: list[Proposal]
    missing: list[dict[str, Any]] = Field(description="what the tables would have to know first")
    count: int
    next: str | None
    as_of: datetime
