"""The sandbox's own addresses; only there do they exist (`furnish`)."""

import asyncio
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response

from api.document import told
from api.door import JSON, DoorDep, WriteDep
from api.sandbox import Sandbox
from api.schema.sandbox import Moved, Moving, Now, SandboxPage, WouldMove
from api.wire import encode
from engine.domain.instant import to_text
from engine.service import worker

router = APIRouter()
TAG = "Sandbox"
MOVED: Any = Moved | WouldMove


def furnish(app: FastAPI, sandbox: Sandbox) -> None:
    """Give an application over the sandbox's engine the addresses of the sandbox."""
    app.state.sandbox = sandbox
    app.include_router(router)


def _of(request: Request) -> Sandbox:
    sandbox: Sandbox = request.app.state.sandbox
    return sandbox


@router.get("/sandbox", **told("Who is there, with their tokens", SandboxPage, tag=TAG, open_to_all=True))
async def show_sandbox(request: Request) -> Response:
    page = _of(request).to_json()
    return Response(encode(page), media_type=JSON, headers={"Cache-Control": "no-store"})


@router.get("/v1/sandbox/clock", **told("What time it is here", Now, tag=TAG))
async def show_clock(door: DoorDep) -> Response:
    due = await door.read(worker.next_due)
    page = {"now": to_text(door.now), "next_due_at": due["at"]}
    return Response(encode(page), media_type=JSON, headers={"Cache-Control": "no-store"})


@router.post("/v1/sandbox/clock", **told("Move the time forward", MOVED, 409, tag=TAG, body=True))
async def move_clock(door: WriteDep, request: Request, sent: Moving) -> Response:
    sandbox, caller = _of(request), door.caller
    if door.dry_run:
        would = await asyncio.to_thread(sandbox.would, caller, advance=sent.advance, to=sent.to)
        return Response(encode({"would": would}), media_type=JSON)
    moved = await asyncio.to_thread(sandbox.move, caller, advance=sent.advance, to=sent.to, key=door.key)
    return Response(encode(moved), media_type=JSON)
