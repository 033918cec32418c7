"""Alive, ready, and a page for each code."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api import code as pages
from api import reading
from api.document import told
from api.door import JSON, DoorDep
from api.house import House
from api.schema.care import CodePage, Health, Index
from api.wire import encode
from engine.service import standing

router = APIRouter()
Code = Annotated[str, Path(description="as problems carry it", examples=["FM-R202"])]
TAG = "Care"
START = {
    "name": "Folkmoot",
    "contract": "/openapi.json",
    "docs": "/docs",
    "me": "/v1/me",
    "cases": "/v1/cases",
    "workflows": "/v1/workflows",
    "alive": "/healthz",
    "ready": "/readyz",
}
HTML = "text/html; charset=utf-8"
OPENAPI = {"content": {"application/json": {"schema": {"type": "object"}}}}
PAGE = {"content": {"text/html": {"schema": {"type": "string"}}}}


@router.get("/", **told("Where everything is", Index, tag=TAG, also={303: None, 304: None}, open_to_all=True))
async def index(door: DoorDep) -> Response:
    """Programs get the addresses to begin with; who names `text/html` in `Accept` is sent to `/docs`."""
    if pages.wants_html(door.exchange.headers.get(b"accept", b"")):
        return Response(status_code=303, headers={"Location": "/docs", "Vary": "Accept"})
    return door.shown(START, headers={"Vary": "Accept, Accept-Language"})


@router.get("/healthz", **told("The process is alive", Health, tag=TAG, open_to_all=True))
async def healthz() -> Response:
    return Response(encode({"ok": True}), media_type=JSON, headers={"Cache-Control": "no-store"})


@router.get("/readyz", **told("The store answers", Health, tag=TAG, open_to_all=True))
async def readyz(request: Request) -> Response:
    house: House = request.app.state.house
    await house.read(standing.ready, house.engine.caller(person=None))
    return Response(encode({"ok": True}), media_type=JSON, headers={"Cache-Control": "no-store"})


@router.get("/openapi.json", **told("The contract, for programs", OPENAPI, tag=TAG, open_to_all=True))
async def contract(door: DoorDep, request: Request) -> Response:
    return door.shown(await door.house.in_thread(request.app.openapi))


@router.get("/docs", **told("The contract, for people", PAGE, tag=TAG, open_to_all=True))
async def docs(door: DoorDep, request: Request) -> Response:
    document = await door.house.in_thread(request.app.openapi)
    return Response(reading.page(document), media_type=HTML, headers=reading.HEADERS)


@router.get(
    "/problems/{code}",
    **told("What a code means", CodePage, tag=TAG, also={304: None}, open_to_all=True),
)
async def problem_page(door: DoorDep, code: Code) -> Response:
    """JSON, or a page for people where `Accept` names `text/html`; in English and Chinese."""
    page = pages.page_of(code, door.lang)
    if pages.wants_html(door.exchange.headers.get(b"accept", b"")):
        return Response(pages.html(page, door.lang), media_type=HTML, headers=pages.HEADERS)
    return door.shown(page)
