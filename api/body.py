"""What was sent: read up to its limit, then as UTF-8 and JSON, before anybody else looks at it."""

import json
import re
from typing import Any

from starlette.types import Receive

from api.settings import ServeSettings
from engine.domain.errors import UsageError
from engine.persistence.boundary import check

JSON_TYPE = re.compile(rb"application/(?:[\w.+-]+\+)?json *(?:;|$)", re.IGNORECASE)


class Gone(Exception):
    """The client left before all was sent."""


async def read(receive: Receive, headers: dict[bytes, bytes], limit: int) -> bytes:
    """The whole body; FM-U344 as soon as it is known to be too long."""
    announced = headers.get(b"content-length", b"")
    if announced.isdigit() and (len(announced) > 18 or int(announced) > limit):
        raise _too_long(limit)
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Gone
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        return _checked(body, limit)
    pieces, length = [body], len(body)
    while message.get("more_body"):
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        pieces.append(message.get("body", b""))
        length += len(pieces[-1])
        if length > limit:
            raise _too_long(limit)
    return _checked(b"".join(pieces), limit)


def _checked(body: bytes, limit: int) -> bytes:
    if len(body) > limit:
        raise _too_long(limit)
    return body


def _too_long(limit: int) -> UsageError:
    return UsageError("FM-U344", kind="input", limit=limit)


def is_json(content_type: bytes | None) -> bool:
    return bool(content_type and JSON_TYPE.match(content_type.strip()))


def not_json(content_type: bytes | None) -> UsageError:
    given = (content_type or b"").decode("latin-1") or "-"
    return UsageError("FM-U341", kind="input", given=given[:80])


def parse(body: bytes, settings: ServeSettings) -> Any:
    """The value; FM-U342, FM-U343, FM-U345, and what no database keeps FM-U041 to FM-U043."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise UsageError("FM-U343", kind="input", at=error.start) from error
    # nothing is nested deeper than there are brackets
    if body.count(b"[") + body.count(b"{") > settings.max_depth and _depth(text) > settings.max_depth:
        raise UsageError("FM-U345", kind="input", limit=settings.max_depth)
    try:
        value = json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise _unreadable(error.msg, error.lineno, error.colno) from error
    except ValueError as error:  # a number of more digits than Python reads
        raise _unreadable(str(error).partition(":")[0], 1, 1) from error
    check(value)
    return value


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")


def _unreadable(problem: str, line: int, column: int) -> UsageError:
    return UsageError("FM-U342", kind="input", problem=problem, line=line, column=column)


_STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def _depth(text: str) -> int:
    deepest = depth = 0
    for found in _STRUCTURE.finditer(text):
        mark = found.group()
        if mark in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif mark in "]}":
            depth -= 1
    return deepest
