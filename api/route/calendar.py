"""Working calendars, on which every deadline is counted."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.changes import changes
from api.document import told
from api.door import DoorDep, PageDep, WriteDep
from api.schema.calendar import Calendar, Calendars, CalendarTaken, PublishedYear
from api.schema.path import CalendarId, Year
from api.upload import JSON, YAML, takes, uploaded
from engine.service import calendar, calendar_import

router = APIRouter()
TAG = "Calendars"
EXAMPLE = """\
id: CN
closures:
  - {unit: S-012, days: [2026-12-07], reason: market day}
"""


@router.get("/v1/calendars", **told("Calendars there are", Calendars, tag=TAG, also={304: None}))
async def list_calendars(door: DoorDep, page: PageDep) -> Response:
    """Every calendar and the years that are published in it."""
    return door.listed(await door.read(calendar.list_calendars), page)


@router.get("/v1/calendars/{id}", **told("One calendar", Calendar, tag=TAG, also={304: None}))
async def show_calendar(
    door: DoorDep,
    name: CalendarId,
    year: Annotated[
        int | None, Query(description="only this year", ge=1900, le=2999, examples=[2026])
    ] = None,
) -> Response:
    """How it counts, its years with their sources, the closures of single offices. A year that is not published
    is an empty list, not an error."""
    return door.shown(await door.read(calendar.show, calendar_id=name, year=year))


@router.put("/v1/calendars/{id}/{year}", **changes("Publish a year", CalendarTaken, tag=TAG))
async def put_year(door: WriteDep, name: CalendarId, year: Year, sent: PublishedYear) -> Response:
    """The year as it was published. Running clocks that move are counted anew, each by an event of its case; with
    `dry_run=true` they are only listed."""
    days: dict[str, Any] = sent.model_dump(mode="json")
    return await door.write(calendar_import.import_, document={"id": name, "years": {year: days}})


@router.post(
    "/v1/calendars",
    **changes("Take in calendar data", CalendarTaken, tag=TAG),
    openapi_extra=takes(yaml=EXAMPLE, json=None),
)
async def import_calendar(door: WriteDep, request: Request) -> Response:
    """A calendar or a part of one: years, closures, reopened days, in YAML or JSON. What `GET` answers is read
    back. Running clocks that move are counted anew; with `dry_run=true` they are only listed."""
    sent = await uploaded(request, YAML, JSON)
    return await door.write(calendar_import.import_text, text=sent.text)
