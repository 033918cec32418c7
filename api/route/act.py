"""Acts. What answers them is `api/slim.py`, before any framework; here stands what the document says of it."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.changes import WAITS, changes
from api.door import CaseWriteDep
from api.schema.case import Doing, Done
from api.schema.path import CaseRef

router = APIRouter()
Trigger = Annotated[str, Path(description="name or title of the act", examples=["screen"])]


@router.post(
    "/v1/cases/{ref}/triggers/{trigger}",
    **changes("Perform an act", Done, 412, tag="Acts", also=WAITS),
)
async def do_act(door: CaseWriteDep, ref: CaseRef, trigger: Trigger, sent: Doing | None = None) -> Response:
    """What it takes stands in `input` of `GET /v1/cases/{ref}/next/{act}`. 202 where it waits for a second person's
    yes (`ask`)."""
    del door, ref, trigger, sent
    raise AssertionError("answered before by api.slim")
