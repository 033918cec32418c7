"""What all figures are asked with: which cases, told apart by what, as of when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query

from api.door import DoorDep
from api.schema.filter import dated, words
from api.schema.past import AsOfDep
from engine.domain.filter import ranges
from engine.service import query

Text = str | None
Range = Annotated[
    Text,
    Query(description="`2026-10..`, `2026-10..2026-11`, `2026`: both ends are in", examples=["2026-10.."]),
]
CasesQuery = Annotated[Text, Query(description="a number: the cases behind it are named")]
AT_CASES = {"FM-U716": "?cases", "FM-U725": "?cases"}  # where the fault is
GROUPS = (
    "groups, parted by commas: type, unit, phase, state, risk, category, place, channel, outcome, holder, "
    "filed_month, closed_month, or a field with a few values"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The filter of `/v1/cases`, the groups, and the instant as of which all is told."""

    by: list[str]
    filter: dict[str, Any]
    stretches: Mapping[str, Any]
    as_of: datetime | None
    public: bool

    def given(self, zone: str) -> dict[str, Any]:
        """What every measure takes."""
        return {
            "by": self.by, "filter": self.filter, **self.stretches, "as_of": self.as_of, "zone": zone, "public": self.public,
        }  # fmt: skip


@words
async def meant(
    door: DoorDep,
    sent: Mapping[str, Any],
    as_of: AsOfDep,
    by: Annotated[Text, Query(description=GROUPS, examples=["unit"])] = None,
    public: Annotated[bool, Query(description="cells of fewer than 5 are left out, and what would give them away")] = False,
) -> Asked:  # fmt: skip
    """States and the like may be said by their titles, units and places by their names, as in lists."""
    zone = door.house.settings.zone
    filter_, stretches = ranges(dated(sent, zone), at=as_of or door.now, zone=zone)
    filter_ = await door.read(query.meant, given=filter_)
    groups = [name.strip().replace("-", "_") for name in by.split(",")] if by else []
    return Asked(groups, filter_, stretches, as_of, public)


AskedDep = Annotated[Asked, Depends(meant)]
