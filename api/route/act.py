"""Acts. What answers them is `api/slim.py`, before any framework; here stands what the document says of it."""

from fastapi import APIRouter, Response

from api.document import told
from api.door import WriteDep
from api.schema.case import Doing, Done, Waiting

router = APIRouter()


@router.post(
    "/v1/cases/{ref}/triggers/{trigger}",
    **told("Perform an act", Done, 403, 409, 412, tag="Acts", also={202: Waiting}, body=True),
)
async def do_act(door: WriteDep, ref: str, trigger: str, sent: Doing | None = None) -> Response:
    del door, ref, trigger, sent
    raise AssertionError("answered before by api.slim")
