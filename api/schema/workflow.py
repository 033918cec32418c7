"""Definitions of case types: what there is, what stands in it, what is wrong with a text."""

from datetime import date
from typing import Any

from pydantic import Field

from api.schema.case import Sent
from api.schema.path import Day
from api.schema.problem import Told


class WorkflowLine(Told):
    case_type: str
    title: str
    version: str
    hash: str
    status: str = Field(description="active, coming, available, retired")
    effective_from: date
    effective_until: date | None


class WorkflowCounted(WorkflowLine):
    cases: int = Field(description="cases that follow it")


class Workflows(Told):
    items: list[WorkflowCounted]
    count: int
    next: str | None


class Workflow(WorkflowCounted):
    basis: str
    calendar: str
    states: list[dict[str, Any]]
    acts: list[dict[str, Any]]
    clocks: list[dict[str, Any]]
    outcomes: list[dict[str, Any]]


class WorkflowVersion(Told):
    """One version in normal form; its hash is what cases are pinned to."""

    case_type: str
    version: str
    hash: str
    definition: dict[str, Any]


class Migrating(Sent):
    """Which open cases go to which text."""

    to: str = Field(min_length=1, max_length=80, description="label or hash of the text", examples=["2027.1"])
    came_from: str | None = Field(default=None, alias="from", description="only those that follow this one")
    states: dict[str, str] | None = Field(
        default=None, description="states that were renamed", examples=[{"screening": "weighing"}]
    )
    refs: list[str] | None = Field(default=None, max_length=100, description="only these cases")
    reason: str | None = Field(default=None, max_length=20_000, description="why")
    after: int = Field(default=0, ge=0, le=2**63 - 1, description="go on after the portion that said so")


class Migrated(Told):
    """One portion; with `more` the next is asked `after` this one."""

    case_type: str
    version: str
    hash: str
    came_from: str | None = Field(alias="from")
    results: list[dict[str, Any]]
    count: int
    moved: int
    failed: int
    more: bool
    after: int


class WorkflowText(Sent):
    """A text with what belongs to it."""

    workflow: str = Field(min_length=1, max_length=1_000_000, description="the YAML")
    translations: dict[str, str] = Field(
        default_factory=dict,
        description="YAML of the texts by language",
        examples=[{"zh": "title: 纠纷调解"}],
    )
    includes: dict[str, str] = Field(default_factory=dict, description="YAML by relative path")
    forms: dict[str, str] = Field(
        default_factory=dict,
        description="templates of notices and documents by file name",
        examples=[{"rights_notice.en.html": "<h1>{{ form }}</h1>"}],
    )


class Checked(Told):
    """An unsound text is an answer, not a refusal: `sound` is false and `findings` say where and why."""

    sound: bool
    findings: list[dict[str, Any]]
    counts: dict[str, int]
    states: int | None
    acts: int | None
    clocks: int | None
    definition: dict[str, str] | None


class RoutingChecked(Told):
    """Unsound tables are an answer, not a refusal: `sound` is false and `findings` say where and why."""

    sound: bool
    findings: list[dict[str, Any]]
    counts: dict[str, int]
    tables: int | None
    rules: int | None
    routing: dict[str, str] | None


class RoutingTables(Told):
    """Decision tables as people read them: who is asked to take a seat, and which grade is proposed."""

    case_type: str
    title: str
    version: str
    hash: str
    basis: str
    scores: dict[str, int] = Field(description="weights of the score; empty where the usual ones hold")
    categories: list[dict[str, Any]] = Field(description="the tree of categories, with who owns each")
    tables: list[dict[str, Any]]


class Proof(Told):
    case_type: str
    version: str
    hash: str
    sound: bool
    items: list[dict[str, Any]] = Field(description="the certain way on from each open state")
    stuck: list[str]
    proved: list[str]
    not_proved: list[str]


class Differences(Told):
    items: list[dict[str, Any]]
    count: int
    next: str | None


class Activating(Sent):
    """A stored version put in force."""

    version: str | None = Field(
        default=None, description="label or hash; the newest available one without it", examples=["2026.1"]
    )
    start: Day | None = Field(
        default=None, alias="from", description="cases filed from then on (today)", examples=["2027-01-01"]
    )


class Activated(WorkflowLine):
    """`keep`: open cases that go on under another version."""

    replaces: dict[str, str] | None
    keep: int
    findings: list[dict[str, Any]]
    unfit_tables: list[dict[str, Any]] = Field(
        description="decision tables in force then that do not fit this text, with what a check finds; nobody is picked"
        " by them (FM-R515)"
    )


class Imported(Told):
    """What another system's workflow came to; `workflow` is its YAML where it could be read."""

    items: list[dict[str, Any]]
    count: int
    next: str | None
