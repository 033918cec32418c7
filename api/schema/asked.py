"""What all figures are asked with: which cases, told apart by what, as of when."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query

from api.door import DoorDep
from api.schema.case import Moment
from engine.domain.period import between
from engine.service import query

Text = str | None
Range = Annotated[
    Text,
    Query(description="`2026-10..`, `2026-10..2026-11`, `2026`: both ends are in", examples=["2026-10.."]),
]
GROUPS = (
    "groups, parted by commas: type, unit, phase, state, risk, category, place, channel, outcome, holder, "
    "filed_month, closed_month, or a field with a few values"
)


class Asked:
    """The filter of `/v1/cases` as far as it fits figures, the groups, and the instant as of which all is told."""

    def __init__(
        self,
        by: Annotated[Text, Query(description=GROUPS, examples=["unit"])] = None,
        case_type: Annotated[Text, Query(alias="type", description="only these case types")] = None,
        unit: Annotated[Text, Query(description="this unit and all below it")] = None,
        phase: Annotated[Text, Query(description="intake, waiting, work, review, done")] = None,
        state: Annotated[Text, Query(description="where the cases stand")] = None,
        risk: Annotated[Text, Query(description="grades")] = None,
        place: Annotated[Text, Query(description="codes of places")] = None,
        channel: Annotated[Text, Query(description="how it was reported")] = None,
        outcome: Annotated[Text, Query(description="how it ended")] = None,
        holder: Annotated[Text, Query(description="cases in which this person has a seat")] = None,
        filed: Range = None,
        closed: Range = None,
        as_of: Annotated[Moment | None, Query(description="as it was known then")] = None,
        public: Annotated[bool, Query(description="cells of fewer than 5 are left out, and what would give them away")] = False,
    ) -> None:  # fmt: skip
        self.by = [name.strip().replace("-", "_") for name in by.split(",")] if by else []
        self.filter: dict[str, Any] = {
            "type": case_type, "unit": unit, "phase": phase, "state": state, "risk": risk, "place": place,
            "channel": channel, "outcome": outcome, "holder": holder,
        }  # fmt: skip
        self.filed, self.closed = filed, closed
        self.as_of: datetime | None = as_of
        self.public = public

    def given(self, zone: str) -> dict[str, Any]:
        """What every measure takes."""
        return {
            "by": self.by, "filter": self.filter, "filed": between(self.filed, zone=zone),
            "closed": between(self.closed, zone=zone), "as_of": self.as_of, "zone": zone, "public": self.public,
        }  # fmt: skip


async def meant(door: DoorDep, asked: Annotated[Asked, Depends()]) -> Asked:
    """States and the like may be said by their titles, as in lists; FM-U081 for what is none."""
    asked.filter = await door.read(query.meant, given=asked.filter)
    return asked


AskedDep = Annotated[Asked, Depends(meant)]
