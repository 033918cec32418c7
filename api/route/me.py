"""Who one is, and one's work by urgency."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.document import told
from api.door import DoorDep
from api.schema.me import Desk, Me
from engine.service import desk

router = APIRouter()


@router.get("/v1/me", **told("Who you are here, with what authority", Me, tag="Me", also={304: None}))
async def me(door: DoorDep) -> Response:
    return door.shown(await door.read(desk.where_am_i))


@router.get("/v1/me/desk", **told("My work, most urgent first", Desk, tag="Me", also={304: None}))
async def my_desk(
    door: DoorDep, unit: Annotated[str | None, Query(description="the desk of this unit")] = None
) -> Response:
    return door.shown(await door.read(desk.desk, unit_code=unit, places={"FM-U305": "?unit"}))
