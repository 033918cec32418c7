"""The HTTP door over one open engine."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from api import exchange, problem, unread
from api.asgi import Frame, broken
from api.document import Parameters, document, methods_of
from api.house import House
from api.route import ROUTERS
from api.settings import ServeSettings
from api.slim import Slim
from api.work import watched
from engine.bootstrap import Engine
from engine.domain.errors import FolkmootError


class Api(FastAPI):
    """FastAPI inside the frame: the hot path never gets as far as the framework."""

    frame: Frame | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self.frame is not None:
            await self.frame(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    def openapi(self) -> dict[str, Any]:
        return document(self)


def create_app(
    engine: Engine, *, settings: ServeSettings | None = None, lang: str = "en", close: bool = False
) -> Api:
    """``lang``: for those who accept neither English nor Chinese. ``close``: the engine ends with the app."""
    house = House(engine, settings or ServeSettings(), lang)
    app = Api(
        title="Folkmoot",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        lifespan=_life(house, close),
    )
    app.state.house, app.state.parameters = house, Parameters()
    for router in ROUTERS:
        app.include_router(router)
    for kind in (FolkmootError, problem.Problem):
        app.add_exception_handler(kind, _tell)
    app.exception_handler(RequestValidationError)(_unread)
    app.exception_handler(HTTPException)(_no_route)
    app.add_exception_handler(Exception, _break)
    app.frame = Frame(partial(FastAPI.__call__, app), house, Slim(house))
    return app


def _life(house: House, close: bool) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        del app
        async with watched(house):
            yield
        house.close()
        if close:
            house.engine.close()

    return life


async def _tell(request: Request, error: Exception) -> Response:
    status, headers, body = problem.answer(error, exchange.of(request.scope).lang)
    return _raw(status, headers, body)


async def _unread(request: Request, error: RequestValidationError) -> Response:
    told = unread.reasons(error, exchange.of(request.scope).headers)
    return await _tell(request, told)


async def _no_route(request: Request, error: HTTPException) -> Response:
    allowed = ""
    if error.status_code == 405:
        allowed = ", ".join(methods_of(ROUTERS, request.url.path))
    response = await _tell(request, unread.no_route(error, request, allowed))
    if allowed:
        response.headers["Allow"] = allowed
    return response


async def _break(request: Request, error: Exception) -> Response:
    return await _tell(request, broken(error, request.scope, exchange.of(request.scope)))


def _raw(status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> Response:
    response = Response(body, status)
    response.raw_headers = headers
    return response
