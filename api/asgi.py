"""The frame around every request, pure ASGI: names it, asks whose token it is, reads the body within limits,
and lets no error out that is not a problem document."""

from typing import TYPE_CHECKING, Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import body, problem, query
from api.exchange import SCOPE, Exchange, exchange_of
from engine import bug
from engine.domain.errors import FolkmootError, Unavailable

if TYPE_CHECKING:
    from api.house import House
    from api.slim import Slim

OURS = "/v1/"  # everything below needs a token
DOCUMENTS = "/v1/workflow"  # where definitions come in, their YAML as one text
WITH_BODY = frozenset({"POST", "PUT", "PATCH", "DELETE"})
UNSNIFFED = (b"x-content-type-options", b"nosniff")


class Frame:
    """``slim`` answers the hot path by itself; everything else goes to ``app``."""

    def __init__(self, app: ASGIApp, house: "House", slim: "Slim") -> None:
        self.app, self.house, self.slim = app, house, slim
        self.in_hand = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = exchange_of(scope["headers"], self.house.lang, self.house.engine.clock())
        headers = [
            (b"request-id", exchange.request_id.encode()),
            (b"content-language", exchange.lang.encode()),
            UNSNIFFED,
        ]
        head_only = scope["method"] == "HEAD"

        async def out(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.started = True
                message["headers"] = [*message.get("headers", ()), *headers]
            elif head_only and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        self.in_hand += 1
        try:
            await self._answer(scope, exchange, receive, out)
        except body.Gone:
            pass
        except (FolkmootError, problem.Problem) as error:
            await _tell(error, exchange, out)
        except Exception as error:
            if not exchange.started:
                await _tell(broken(error, scope, exchange), exchange, out)
        finally:
            self.in_hand -= 1

    async def _answer(self, scope: Scope, exchange: Exchange, receive: Receive, send: Send) -> None:
        house = self.house
        if self.in_hand > house.settings.in_hand:
            raise Unavailable("FM-S030", kind="store", count=house.settings.in_hand)
        path: str = scope["path"]
        method: str = scope["method"]
        if path.startswith(OURS):
            token = exchange.headers.get(b"authorization")
            exchange.person = await house.tokens.person(token, exchange.now)
        query.check_path(scope.get("raw_path") or b"", path)
        query.check(scope["query_string"])
        if method == "POST" and (target := self.slim.target(path)) is not None:
            await self.slim(exchange, *target, scope["query_string"], receive, send)
            return
        scope = {**scope, SCOPE: exchange}
        if method == "HEAD":
            scope["method"] = "GET"
        if method in WITH_BODY:
            receive = await self._body(exchange, receive, documents=path.startswith(DOCUMENTS))
        await self.app(scope, receive, send)

    async def _body(self, exchange: Exchange, receive: Receive, *, documents: bool) -> Receive:
        """The body, read and found readable, to be read again."""
        headers, settings = exchange.headers, self.house.settings
        json = body.is_json(headers.get(b"content-type"))
        whole = await body.read(receive, headers, settings.max_body if json else settings.max_upload)
        if json and whole:
            body.parse(whole, settings, documents=documents)
        told = False

        async def again() -> Message:
            nonlocal told
            if told:
                return await receive()
            told = True
            return {"type": "http.request", "body": whole, "more_body": False}

        return again


def broken(error: Exception, scope: Scope, exchange: Exchange) -> FolkmootError:
    """FM-X001, or FM-X002 where the act was saved all the same; the place is kept, not what was worked on."""
    route: Any = scope.get("route")
    where = getattr(route, "path", "") or "/".join(scope["path"].split("/")[:3])
    code = "FM-X002" if exchange.saved else "FM-X001"
    return FolkmootError(code, kind="bug", id=bug.keep(error, f"{scope['method']} {where}"))


async def _tell(error: Exception, exchange: Exchange, send: Send) -> None:
    if exchange.started:
        return
    status, headers, document = problem.answer(error, exchange.lang)
    if status == 413:  # the rest of what was sent is not read
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": document})
