"""Acts, the hot path: no framework between what was sent and the engine. Documented in ``api/route/act.py``."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.types import Receive, Send

from api import body, header, standing
from api.exchange import Exchange
from api.pointer import NOWHERE, place
from api.problem import Problem
from api.retold import retold
from api.sent import ACT, checked
from api.wire import encode
from engine.domain.errors import FolkmootError, UsageError
from engine.persistence.boundary import check
from engine.service.acting import do_act
from engine.service.caller import Caller

if TYPE_CHECKING:
    from api.house import House

FIRST, BETWEEN = "/v1/cases/", "/triggers/"
JSON = (b"content-type", b"application/json")
MINIMAL = (b"preference-applied", b"return=minimal")


class Slim:
    """``POST /v1/cases/{ref}/triggers/{trigger}``."""

    def __init__(self, house: "House") -> None:
        self.house = house

    def target(self, path: str) -> tuple[str, str] | None:
        """(ref, trigger) if the path is an act's."""
        if not path.startswith(FIRST):
            return None
        ref, found, trigger = path[len(FIRST) :].partition(BETWEEN)
        if not found or not ref or not trigger or "/" in ref or "/" in trigger:
            return None
        return ref, trigger

    async def __call__(
        self, exchange: Exchange, ref: str, trigger: str, query: bytes, receive: Receive, send: Send
    ) -> None:
        headers, house = exchange.headers, self.house
        sent = await body.read(receive, headers, house.settings.max_body)
        given = self._given(sent, headers)
        dry_run = _dry_run(query) if query else False
        caller = Caller(exchange.person, exchange.now, exchange.lang, "token")
        check(ref)
        check(trigger)
        try:
            answer = await house.write(
                do_act,
                caller,
                dry_run=dry_run,
                ref=ref,
                act=trigger,
                key=header.key(headers.get(b"idempotency-key")),
                if_version=header.version(headers.get(b"if-match")),
                **given,
            )
        except FolkmootError as error:
            place(error, NOWHERE)
            raise Problem(error, **await standing.around(house, caller, error, ref, trigger)) from error
        exchange.saved = not dry_run
        await _send(retold(answer, exchange.lang), dry_run, header.minimal(headers.get(b"prefer")), send)

    def _given(self, sent: bytes, headers: Mapping[bytes, bytes]) -> dict[str, Any]:
        if not sent:
            return {}
        if not body.is_json(headers.get(b"content-type")):
            raise body.not_json(headers.get(b"content-type"))
        return checked(body.parse(sent, self.house.settings), ACT)


def _dry_run(query: bytes) -> bool:
    dry_run = False
    for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
        if name != "dry_run":
            raise UsageError("FM-U346", kind="input", name=name, known="dry_run")
        dry_run = flag(value)
    return dry_run


def flag(value: str) -> bool:
    if value.lower() in ("true", "1", ""):
        return True
    if value.lower() in ("false", "0"):
        return False
    raise UsageError("FM-U351", kind="input", name="dry_run", given=value[:40], wanted="true, false")


async def _send(answer: dict[str, Any], dry_run: bool, minimal: bool, send: Send) -> None:
    status, headers = 200, [JSON]
    case = answer.get("case")
    if dry_run:
        answer = {"would": answer}
    elif case is None:
        status = 202  # it waits for the second person's yes
    else:
        headers.append((b"etag", header.tag_of(case["version"]).encode()))
        if minimal:
            headers.append(MINIMAL)
            answer = {name: case[name] for name in ("ref", "state", "version")}
    document = encode(answer)
    headers.append((b"content-length", str(len(document)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": document})
