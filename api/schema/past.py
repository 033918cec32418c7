"""As of when: a moment with its offset, or a day of the server's zone."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Query

from api.door import DoorDep
from api.schema.case import DayOrMoment
from engine.domain.filter import meant_as_of, refuse_future


def known_as_of(
    door: DoorDep,
    as_of: Annotated[
        DayOrMoment | None,
        Query(description="as it was known then, or by the end of this day; not after now"),
    ] = None,
) -> datetime | None:
    return moment(as_of, door)


def moment(given: date | datetime | None, door: DoorDep) -> datetime | None:
    """FM-U441 of one that is still to come."""
    at = meant_as_of(given, now=door.now, zone=door.house.settings.zone)
    refuse_future(at, door.now)
    return at


AsOfDep = Annotated[datetime | None, Depends(known_as_of)]
