"""The filter of lists of cases, as query parameters: the same words as on the command line."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Depends, Query, Request

from api.schema.case import DayOrMoment

SENT_AS = {"case_type": "type", "unfinished": "open"}  # words that mean something else in Python


def asked(
    request: Request,
    phase: Annotated[str | None, Query(description="intake, waiting, work, review or done")] = None,
    state: Annotated[str | None, Query(description="name or title")] = None,
    case_type: Annotated[str | None, Query(alias="type", description="case type")] = None,
    unit: Annotated[str | None, Query(description="of this unit and those below it")] = None,
    risk: Annotated[str | None, Query(description="red, orange, yellow or blue")] = None,
    place: Annotated[str | None, Query(description="code of the place")] = None,
    outcome: Annotated[str | None, Query(description="name or title")] = None,
    channel: Annotated[str | None, Query(description="how it came in, an id as filing takes it")] = None,
    holder: Annotated[str | None, Query(description="who holds a seat; `me`")] = None,
    served_by: Annotated[str | None, Query(description="at places that this unit serves")] = None,
    late: Annotated[bool, Query(description="past a deadline")] = False,
    unassigned: Annotated[bool, Query(description="open and held by nobody")] = False,
    holder_away: Annotated[bool, Query(description="open, and the handler is away today")] = False,
    unfinished: Annotated[bool, Query(alias="open", description="not done yet")] = False,
    due: Annotated[
        DayOrMoment | None, Query(description="due up to this moment, or by the end of this day")
    ] = None,
    q: Annotated[str | None, Query(description="words in the report", max_length=200)] = None,
    external: Annotated[str | None, Query(description="SYSTEM:ID, by its number elsewhere")] = None,
    filed_from: Annotated[DayOrMoment | None, Query(description="filed then or later")] = None,
    filed_until: Annotated[DayOrMoment | None, Query(description="filed before")] = None,
    closed_from: Annotated[DayOrMoment | None, Query(description="closed then or later")] = None,
    closed_until: Annotated[DayOrMoment | None, Query(description="closed before")] = None,
    batch: Annotated[str | None, Query(description="of an import", examples=["B-3"])] = None,
) -> dict[str, Any]:
    given = {name: value for name, value in locals().items() if name != "request"}
    zone = ZoneInfo(request.app.state.house.settings.zone)
    return {
        SENT_AS.get(name, name): _instant(value, zone, ends=name == "due")
        for name, value in given.items()
        if value not in (None, False)
    }


def _instant(value: Any, zone: ZoneInfo, *, ends: bool) -> Any:
    """A plain day is the moment it begins at the server's zone, or the one at which it ``ends``."""
    if not isinstance(value, date) or isinstance(value, datetime):
        return value
    return datetime.combine(value + timedelta(days=ends), datetime.min.time(), zone)


FilterDep = Annotated[dict[str, Any], Depends(asked)]
