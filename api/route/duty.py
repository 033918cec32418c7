"""The roster: who is on, by unit and day."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.changes import Service, changes
from api.document import told
from api.door import DoorDep, PageDep, WriteDep
from api.schema.organisation import Duty, Signed, Signing, Taken
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


IN_BODY = {"FM-N022": "/person", "FM-N021": "/unit"}


@router.post("/v1/duty/sign-ons", **changes("Sign on", Signed, tag=TAG))
async def sign_on(door: WriteDep, sent: Signing | None = None) -> Response:
    """On duty today: oneself, or another whom the desk signs on. Who is not on the roster is put on that of `unit` by
    those who keep rosters."""
    return await _sign(door, duty.sign_on, sent)


@router.post("/v1/duty/sign-offs", **changes("Sign off", Signed, tag=TAG))
async def sign_off(door: WriteDep, sent: Signing | None = None) -> Response:
    """Off duty: the person stands on today's roster as one who is not there."""
    return await _sign(door, duty.sign_off, sent)


async def _sign(door: WriteDep, service: Service, sent: Signing | None) -> Response:
    given = sent or Signing()
    return await door.write(service, person=given.person, unit_code=given.unit, places=IN_BODY)
