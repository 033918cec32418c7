"""Evidence: verifications, anchors, and whether all is in order."""

from datetime import datetime
from typing import Any

from pydantic import Field

from api.schema.case import Sent
from api.schema.problem import Told


class Verifying(Sent):
    """What to follow; without anything, all of it."""

    anchors: list[str] = Field(
        default_factory=list,
        max_length=100,
        description="lines that were kept elsewhere, as anchors are given",
    )
    case: str | None = Field(default=None, description="this case only", examples=["26-00001-0"])
    quick: bool = Field(default=False, description="hashes and seals only, nothing is folded")


class Verified(Told):
    """A break is an answer, not a refusal: `holds` is false, `breaks` say where, `trust` what rests on trust."""

    holds: bool
    checked: dict[str, Any]
    breaks: list[dict[str, Any]]
    breaks_count: int
    first: dict[str, Any] | None
    sealed: dict[str, Any] | None
    anchors: list[dict[str, Any]]
    trust: dict[str, Any]
    erased: int = Field(description="events whose content a purge erased; their hashes hold")
    not_covered: list[str]
    as_of: datetime


class Anchored(Told):
    """`anchor` is the line to keep where whoever can write the database cannot."""

    n: int | None
    root: str | None
    anchor: str | None
    sealed_at: datetime | None
    events: int
    unsealed: int
    as_of: datetime


class Examined(Told):
    ok: bool
    held: int
    broken: list[str]
    quick: bool
    checks: list[dict[str, Any]] = Field(description="each with what was found and the repair")
    looked: dict[str, int]
    as_of: datetime
