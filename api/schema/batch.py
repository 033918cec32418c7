"""Many seats at once."""

from datetime import datetime
from typing import Any

from pydantic import Field

from api.schema.case import Sent
from api.schema.problem import Told


class Batching(Sent):
    """Which of the cases that wait for the seat; all of them where nothing is said."""

    seat: str = Field(default="handler", description="name or title of the seat")
    refs: list[str] = Field(
        default_factory=list, max_length=2000, description="only these", examples=[["26-00001-0"]]
    )
    unit: str | None = Field(default=None, description="of this unit and those below it", examples=["S-012"])
    type: str | None = Field(default=None, description="of this case type", examples=["dispute_mediation"])
    risk: str | None = Field(default=None, description="red, orange, yellow or blue", examples=["yellow"])
    state: str | None = Field(
        default=None, description="in this state, by name or title", examples=["reported"]
    )
    place: str | None = Field(default=None, description="code of the place", examples=["230199000201"])
    reason: str | None = Field(default=None, description="why", examples=["Monday's list"])

    @property
    def narrowed(self) -> dict[str, Any]:
        given = {name: getattr(self, name) for name in ("unit", "type", "risk", "state", "place")}
        return {name: value for name, value in given.items() if value is not None}


class Batched(Told):
    """Each case with its person, or with the problem that kept it as it was; and what planning them together saved."""

    batch: str
    seat: str
    results: list[dict[str, Any]]
    count: int
    assigned: int
    failed: int
    gain: dict[str, int | None] = Field(
        description="`cost` beside `one_by_one`, `saved` in whole hundredths, cases `better` and `worse` off"
    )
    more: bool = Field(description="more wait than one batch takes")
    left_out: int = Field(
        default=0, description="how many wait at places where the caller has no appointment to assign"
    )
    as_of: datetime
