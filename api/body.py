"""What was sent: read up to its limit, then as UTF-8 and JSON, before anybody else looks at it."""

import json
import re
from math import isinf
from typing import Any

from pydantic_core import from_json
from starlette.types import Receive

from api.sent import escaped, shown
from api.settings import ServeSettings
from engine.domain.errors import Reason, UsageError
from engine.domain.length import LONGEST_TEXT, check_length
from engine.persistence.boundary import check

_CHARSET = re.compile(rb"; *charset *= *\"?([^\";, ]*)", re.IGNORECASE)
JSON_TYPE = re.compile(rb"application/(?:[\w.+-]+\+)?json *(?:;|$)", re.IGNORECASE)


class Gone(Exception):
    """The client left before all was sent."""


async def read(receive: Receive, headers: dict[bytes, bytes], limit: int) -> bytes:
    """The whole body; FM-U344 as soon as it is known to be too long, FM-U354 and FM-U357 where it is coded otherwise
    than it is read here."""
    whole = await _whole(receive, headers, limit)
    if whole:
        _check_coding(headers)
    return whole


async def _whole(receive: Receive, headers: dict[bytes, bytes], limit: int) -> bytes:
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


def _check_coding(headers: dict[bytes, bytes]) -> None:
    coding = headers.get(b"content-encoding", b"").strip().lower()
    if coding not in (b"", b"identity"):
        raise UsageError("FM-U354", kind="input", given=coding.decode("latin-1")[:80])
    charset = _CHARSET.search(headers.get(b"content-type", b""))
    if charset and charset.group(1).lower() not in (b"utf-8", b"utf8"):
        raise UsageError("FM-U357", kind="input", given=charset.group(1).decode("latin-1")[:80])


def is_json(content_type: bytes | None) -> bool:
    return bool(content_type and JSON_TYPE.match(content_type.strip()))


def not_json(content_type: bytes | None) -> UsageError:
    given = (content_type or b"").decode("latin-1") or "-"
    return UsageError("FM-U341", kind="input", given=given[:80])


def parse(body: bytes, settings: ServeSettings, *, documents: bool = False) -> Any:
    """The value; FM-U342, FM-U343, FM-U345, FM-U349, FM-U364 for texts that are too long, and what no database
    keeps FM-U041 to FM-U043. ``documents``: texts in it are whole documents, as long as a body may be."""
    # nothing is nested deeper than there are brackets
    if body.count(b"[") + body.count(b"{") > settings.max_depth and _depth(body) > settings.max_depth:
        raise UsageError("FM-U345", kind="input", limit=settings.max_depth)
    try:
        value = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise _unreadable(body, str(error)) from error
    if _SUSPICIOUS.search(body):  # else no text has a NUL or half a pair, no number is too long
        check(value)
        _check_finite(value, "")
    if not documents and len(body) > LONGEST_TEXT:  # else no text in it is longer
        _check_lengths(value, "")
    if len(_KEY.findall(body)) != _keys(value):  # else no key stands twice
        _check_twice(body)
    return value


def _keys(value: Any) -> int:
    if isinstance(value, dict):
        return len(value) + sum(_keys(inner) for inner in value.values() if isinstance(inner, dict | list))
    if isinstance(value, list):
        return sum(_keys(inner) for inner in value if isinstance(inner, dict | list))
    return 0


def _check_lengths(value: Any, pointer: str) -> None:
    if isinstance(value, str):
        check_length(value, pointer or "/")
    elif isinstance(value, dict):
        for key, inner in value.items():
            check_length(key, pointer or "/")
            _check_lengths(inner, f"{pointer}/{escaped(key)}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _check_lengths(inner, f"{pointer}/{index}")


def _check_twice(body: bytes) -> None:
    """Of two values under one key readers keep the first or the last: neither is what was meant (FM-U349)."""

    def once(pairs: list[tuple[str, Any]]) -> None:
        names = [name for name, _ in pairs]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise UsageError("FM-U349", kind="input", key=shown(twice))

    json.loads(body, object_pairs_hook=once)


_KEY = re.compile(rb'"\s*:')
_SUSPICIOUS = re.compile(rb"\\u|[0-9]{19}|[eE]\+?[0-9]{3}")
_PLACE = re.compile(r"(.*) at line (\d+) column (\d+)")


def _unreadable(body: bytes, said: str) -> UsageError:
    try:
        body.decode()
    except UnicodeDecodeError as error:
        return UsageError("FM-U343", kind="input", at=error.start)
    found = _PLACE.fullmatch(said)
    problem, line, column = found.groups() if found else (said, 1, 1)
    return UsageError("FM-U342", kind="input", problem=problem, line=int(line), column=int(column))


def _check_finite(value: Any, pointer: str) -> None:
    """A number too large to be one arrives as infinite."""
    if isinstance(value, float) and isinf(value):
        raise UsageError(
            "FM-U043", reasons=[Reason("FM-U043", {"pointer": pointer}, "input", pointer=pointer)]
        )
    if isinstance(value, dict):
        for key, inner in value.items():
            _check_finite(inner, f"{pointer}/{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _check_finite(inner, f"{pointer}/{index}")


_STRUCTURE = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def _depth(body: bytes) -> int:
    deepest = depth = 0
    for found in _STRUCTURE.finditer(body):
        mark = found.group()
        if mark in (b"[", b"{"):
            depth += 1
            deepest = max(deepest, depth)
        elif mark in (b"]", b"}"):
            depth -= 1
    return deepest
