"""What FastAPI could not read, in our words and with pointers into what was sent."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api import body
from api.sent import escaped, missing, no_moment, shown, unknown, wanted
from engine.domain.errors import FolkmootError, NotFound, Reason, UsageError

# pydantic's kinds of errors, by what would have been right
WANTED = {
    "string_type": "text", "string_too_short": "filled", "int_type": "number", "int_parsing": "number", "int_from_float": "number",
    "bool_type": "flag", "bool_parsing": "flag", "list_type": "list", "dict_type": "object",
    "model_type": "object", "model_attributes_type": "object", "date_type": "day", "date_parsing": "day",
    "date_from_datetime_parsing": "day", "date_from_datetime_inexact": "day",
}  # fmt: skip


def reasons(error: RequestValidationError, headers: Mapping[bytes, bytes]) -> FolkmootError:
    """FM-U006 and FM-U005 for each; FM-U341 where the body was no JSON at all."""
    found = error.errors()
    content_type = headers.get(b"content-type")
    whole = [one for one in found if one["loc"] == ("body",) and one["type"] != "missing"]
    if whole and not body.is_json(content_type):
        return body.not_json(content_type)
    told = [_reason(one) for one in found]
    return UsageError(told[0].code, reasons=told)


def _reason(error: Mapping[str, Any]) -> Reason:
    place, *path = error["loc"]
    pointer = "".join(f"/{escaped(str(step))}" for step in path)
    if place != "body":
        pointer = (
            f"?{'/'.join(str(step) for step in path)}" if place == "query" else pointer.removeprefix("/")
        )
    kind, given = error["type"], error.get("input")
    if kind == "extra_forbidden":
        return unknown(pointer)
    if kind == "missing":
        return missing(pointer)
    if kind == "value_error" and "moment" in str(error.get("ctx", {}).get("error")):
        return no_moment(given if isinstance(given, str) else shown(given).strip("`"), pointer)
    if kind == "value_error" and isinstance(given, str):
        return no_moment(given, pointer)
    return wanted(pointer, given, WANTED.get(kind) or _limit(error))


def _limit(error: Mapping[str, Any]) -> str:
    """What a bound or a list of choices asks, in signs that need no language."""
    context = error.get("ctx", {})
    signs = {"ge": ">= {}", "gt": "> {}", "le": "<= {}", "lt": "< {}", "expected": "{}",
             "min_length": "1..", "max_length": "..{}", "pattern": "{}"}  # fmt: skip
    told = [sign.format(context[name]) for name, sign in signs.items() if name in context]
    return ", ".join(told) or str(error["type"]).replace("_", " ")


def no_route(error: HTTPException, request: Request, allowed: str) -> FolkmootError:
    """The framework's own answers: nothing there, or not by this method."""
    path = request.url.path[:200]
    if error.status_code == 405:
        return UsageError("FM-U340", kind="usage", path=path, method=request.method, allowed=allowed)
    if error.status_code == 404:
        return NotFound("FM-N081", path=path)
    if error.status_code == 413:
        return UsageError("FM-U344", kind="input", limit="-")
    problem = str(error.detail)
    return UsageError("FM-U342", kind="input", problem=problem, line=1, column=1)
