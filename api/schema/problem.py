"""Problem details as they are sent (RFC 9457)."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Told(BaseModel):
    """An answer: documented here, written by the services; further keys may be added, none is renamed."""

    model_config = ConfigDict(extra="allow", defer_build=True)


class ProblemReason(Told):
    code: str = Field(examples=["FM-R202"])
    kind: str = Field(examples=["guard"], description="who, state, guard, requires, input, time, seat, ..")
    text: str = Field(description="what, which rule, way out, in the caller's language")
    params: dict[str, Any]
    rule: str | None = None
    basis: str | None = Field(None, examples=["PML art. 17"])
    pointer: str | None = Field(None, examples=["/records/consent"])
    way_out: list[str] | None = None


class Act(Told):
    act: str = Field(examples=["terminate"])


class CaseStanding(Told):
    ref: str
    state: str
    version: int


class Since(Told):
    version: int
    act: str


class Problem(Told):
    """Why not."""

    type: str = Field(examples=["/problems/FM-R202"])
    title: str = Field(examples=["One clear refusal bars mediation"])
    status: int = Field(examples=[422])
    code: str = Field(examples=["FM-R202"])
    detail: str
    reasons: list[ProblemReason]
    way_out: list[Act]
    case: CaseStanding | None = None
    since: list[Since] | None = None
