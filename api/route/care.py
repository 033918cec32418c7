"""Alive, ready, and a page for each code."""

from fastapi import APIRouter, Request, Response

from api import code as pages
from api.document import told
from api.door import JSON, DoorDep
from api.house import House
from api.schema.care import CodePage, Health
from api.wire import encode
from engine.service import standing

router = APIRouter()
TAG = "Care"


@router.get("/healthz", **told("The process is alive", Health, tag=TAG, open_to_all=True))
async def healthz() -> Response:
    return Response(encode({"ok": True}), media_type=JSON, headers={"Cache-Control": "no-store"})


@router.get("/readyz", **told("The store answers", Health, tag=TAG, open_to_all=True))
async def readyz(request: Request) -> Response:
    house: House = request.app.state.house
    await house.read(standing.ready, house.engine.caller(person=None))
    return Response(encode({"ok": True}), media_type=JSON, headers={"Cache-Control": "no-store"})


@router.get(
    "/problems/{code}",
    **told("What a code means", CodePage, tag=TAG, also={304: None}, open_to_all=True),
)
async def problem_page(door: DoorDep, code: str) -> Response:
    page = pages.page_of(code, door.lang)
    if pages.wants_html(door.exchange.headers.get(b"accept", b"")):
        return Response(
            pages.html(page, door.lang), media_type="text/html; charset=utf-8", headers=pages.HEADERS
        )
    return door.shown(page)
