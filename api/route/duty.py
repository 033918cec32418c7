"""The roster: who is on, by unit and day."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.changes import changes
from api.document import told
from api.door import DoorDep, PageDep, WriteDep
from api.schema.organisation import Duty, Taken
from api.schema.path import On
from api.upload import CSV, XLSX, YAML, takes, uploaded
from engine.service import duty

router = APIRouter()
TAG = "People"


@router.get("/v1/duty", **told("Who is on", Duty, tag=TAG, also={304: None}))
async def show_duty(
    door: DoorDep,
    page: PageDep,
    unit: Annotated[
        str | None, Query(description="of this unit and those below it", examples=["S-012"])
    ] = None,
    on: On = None,
    days: Annotated[int, Query(description="so many days from then on", ge=1, le=31)] = 1,
) -> Response:
    """The roster, and who has signed on."""
    return door.listed(
        await door.read(duty.list_duty, unit_code=unit, on=on, days=days, places={"FM-N021": "?unit"}), page
    )


@router.post(
    "/v1/duty",
    **changes("Take a roster in", Taken, tag=TAG),
    openapi_extra=takes(csv=None, yaml=None, xlsx=None),
)
async def import_duty(door: WriteDep, request: Request) -> Response:
    """Unit, day, person, signed_on: as CSV, a workbook or YAML. Lines that do not hold are left out and named."""
    sent = await uploaded(request, CSV, YAML, XLSX)
    return await door.write(duty.import_duty, files={"duty" + sent.suffix: sent.content})
