"""How a report stands, for whoever holds its receipt: the one address about cases that needs no token."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api.document import told
from api.door import DoorDep
from api.schema.case import Standing
from engine.domain.errors import NotFound
from engine.service import receipt as service

router = APIRouter()
TAG = "Cases"
Code = Annotated[
    str, Path(description="as the reporter was given it", examples=["7KQ4-M2X-9TB"], max_length=40)
]


@router.get("/status/{receipt}", **told("How a report stands", Standing, 429, tag=TAG, open_to_all=True))
async def report_status(door: DoorDep, request: Request, receipt: Code) -> Response:
    """By the receipt alone. It names nobody; of a report that was joined to another it tells how the joint case
    stands. Five codes a minute may be wrong, then 429."""
    guesses, address = door.house.guesses, request.client.host if request.client else ""
    guesses.check(address)
    try:
        answer = await door.read(service.status, receipt=receipt)
    except NotFound:
        guesses.wrong(address)
        raise
    return door.shown(answer, headers={"Cache-Control": "no-store"})
