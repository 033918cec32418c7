"""Names that stand in addresses, with what they look like."""

from datetime import date
from typing import Annotated

from fastapi import Path, Query
from pydantic import AfterValidator

from engine.domain.period import FIRST, LAST


def _in_reach(day: date) -> date:
    if not FIRST <= day <= LAST:
        raise ValueError("day")
    return day


Day = Annotated[date, AfterValidator(_in_reach)]

CaseRef = Annotated[
    str, Path(description="reference of the case, or its last digits", examples=["26-00001-0"])
]
RecordKind = Annotated[str, Path(description="name or title of the record", examples=["consent"])]
PartyNo = Annotated[str, Path(description="number of the party", examples=["P1"])]
PaperNo = Annotated[int, Path(description="number of the paper", ge=1, le=100_000, examples=[1])]
SeatName = Annotated[str, Path(description="name or title of the seat", examples=["handler"])]
ClockName = Annotated[str, Path(description="name or title of the clock", examples=["first_response"])]
ApprovalId = Annotated[str, Path(alias="id", description="number of the request", examples=["A-1"])]
CalendarId = Annotated[str, Path(alias="id", description="name of the calendar", examples=["CN"])]
Year = Annotated[int, Path(description="the year", ge=1900, le=2999, examples=[2027])]
UnitCode = Annotated[str, Path(description="code, or name if unique", examples=["S-012"])]
PlaceCode = Annotated[str, Path(description="code, or name if unique", examples=["230199000201"])]
PersonCode = Annotated[str, Path(description="code, or name if unique", examples=["aux-07"])]
RoleName = Annotated[str, Path(description="role of the vocabulary", examples=["mediator_post"])]
BatchNo = Annotated[str, Path(description="number of the batch", examples=["B-1"])]
CaseType = Annotated[
    str, Path(alias="type", description="case type, by name or title", examples=["dispute_mediation"])
]
Version = Annotated[str, Path(description="label, or hash or its beginning", examples=["2026.1"])]

OfVersion = Annotated[
    str | None, Query(description="label or hash; the one in force without it", examples=["2026.1"])
]
On = Annotated[Day | None, Query(description="on that day (today)", examples=["2026-11-24"])]
