"""The OpenAPI document: what every route says of itself in one line, and what is the same for all."""

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from fastapi import APIRouter, FastAPI, Request
from fastapi.dependencies.utils import get_flat_params
from fastapi.openapi.utils import get_openapi
from fastapi.params import Query
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from api import examples
from api.problem import MEDIA_TYPE
from api.schema.problem import Problem

VERSION = "1"
PROBLEMS = {
    400: "unreadable",
    401: "who are you",
    403: "you may not",
    404: "unknown, or not yours to see",
    409: "the case stands elsewhere, was taken, or this request is still running",
    412: "changed since you looked (`If-Match`)",
    413: "too long",
    415: "not the kind of body that is read here",
    422: "a rule or the data says no",
    500: "something broke inside; nothing was saved",
    501: "this server lacks what it would need",
    507: "no room for the file",
    429: "too many tries in a short time; wait (`Retry-After`)",
    503: "the store or the server cannot answer now; try again (`Retry-After`)",
}
SCHEMAS = "#/components/schemas/{model}"
# Answers are documented by models and written by the services: nothing is built of them before somebody reads the
# document. Given to the framework as models, they cost each server a fifth of its memory and half of its start.
ANSWERS: dict[str, type[BaseModel]] = {"Problem": Problem}
ALWAYS = (400, 401, 404, 422, 500, 503)
WITH_BODY = (413, 415)


def told(
    title: str,
    answer: type[BaseModel] | Mapping[str, Any] | None,
    *problems: int,
    tag: str,
    status: int = 200,
    also: Mapping[int, Any] | None = None,
    example: Any = None,
    body: bool | None = None,
    open_to_all: bool = False,
    kinds: Any = None,
) -> dict[str, Any]:
    """Arguments of a route's decorator. ``problems``: statuses besides those that every route may answer with.

    ``answer``: a model that documents the answer, or a response as OpenAPI writes it. ``also``: further
    successes, ``{202: Waiting}``. ``example``: of the answer. ``open_to_all``: needs no token. ``kinds``: further
    kinds of the same answer, as OpenAPI writes a response's content.
    """
    statuses = {*problems, *ALWAYS, *(WITH_BODY if body else ())} - ({401} if open_to_all else set())
    responses: dict[int | str, dict[str, Any]] = {status: _response(title, answer, example)}
    if kinds:
        responses[status]["content"] = {**responses[status].get("content", {}), **kinds}
    for code, model in (also or {}).items():
        responses[code] = _response(PROBLEMS.get(code, title), model, None)
    for code in sorted(statuses):
        responses[code] = _problem(PROBLEMS[code])
    made: dict[str, Any] = {
        "summary": title,
        "status_code": status,
        "response_model": None,
        "responses": responses,
        "tags": [tag],
    }
    if open_to_all:
        made["openapi_extra"] = {"security": []}
    return made


def _response(title: str, answer: type[BaseModel] | Mapping[str, Any] | None, example: Any) -> dict[str, Any]:
    if answer is None:
        return {"description": title}
    if isinstance(answer, Mapping):
        return {"description": title, **answer}
    body: dict[str, Any] = {"schema": _schema(answer)}
    if example is not None:
        body["example"] = example
    return {"description": title, "content": {"application/json": body}}


def _schema(answer: Any) -> dict[str, Any]:
    """Where the answer's schema will stand once the document is made; a union's parts each have their own."""
    if parts := get_args(answer):
        return {"anyOf": [_schema(part) for part in parts]}
    ANSWERS[answer.__name__] = answer
    return {"$ref": SCHEMAS.format(model=answer.__name__)}


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": SCHEMAS.format(model="Problem")}
    return {"description": description, "content": {MEDIA_TYPE: {"schema": schema}}}


ABOUT = """\
The same engine as the command line, by the same names. Success is bare JSON; what was refused is a problem
document with a stable code and every reason. A write may carry an `Idempotency-Key` (the same key and body
again give the same answer), `If-Match` (412 if the case has moved on) and `?dry_run=true`. Retry only 429, 503
and FM-C004. Each code has a page: `/problems/{code}`.
"""
TAGS = {
    "Care": "alive, ready, codes",
    "Me": "who one is, and one's work",
    "Cases": "file, find, show",
    "Acts": "what moves a case",
    "Tokens": "who may sign in, as whom, until when",
    "Parts of a case": "records, parties, notes, links",
    "Assignments": "who sits where, and why this person",
    "Deadlines": "explained to the second, lawfully changed, worked out",
    "Approvals": "the second person's yes",
    "Calendars": "published years, closures",
    "Units and places": "offices, villages, who serves whom",
    "People": "leave, appointments",
    "Organisation": "as a workbook or YAML",
    "Imports": "registers, in batches",
    "Workflows": "definitions of case types",
    "Evidence": "whether what stands here is what was written, and all is in order",
    "Figures": "how long, how late, how many",
}


def document(app: FastAPI) -> dict[str, Any]:
    """Made once; kept by the app."""
    if app.openapi_schema is None:
        app.openapi_schema = _made(app)
    return app.openapi_schema


def _made(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(
        title="Folkmoot",
        version=VERSION,
        summary="Cases by rule: who may do what, by when, and why not",
        description=ABOUT,
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
    )
    parts = made.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for name, schema in _answers().items():
        schemas.setdefault(name, schema)
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    parts["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "made by `folkmoot token create`"}
    }
    made["security"] = [{"token": []}]
    for methods in made["paths"].values():
        for operation in methods.values():
            examples.show(operation["operationId"], operation)
    return made


def _answers() -> dict[str, Any]:
    _, made = models_json_schema(
        [(model, "serialization") for model in ANSWERS.values()], ref_template=SCHEMAS
    )
    found: dict[str, Any] = made.get("$defs", {})
    return found


class Parameters:
    """The query parameters that each route knows."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[str, ...]] = {}

    def of(self, request: Request) -> tuple[str, ...]:
        route: Any = request.scope.get("route")
        if not isinstance(route, APIRoute):
            return ()
        if id(route) not in self._known:
            given = get_flat_params(route.dependant)
            self._known[id(route)] = tuple(p.alias for p in given if isinstance(p.field_info, Query))
        return self._known[id(route)]


def methods_of(routers: Sequence[APIRouter], path: str) -> list[str]:
    """What this very address takes, by any of its routes; where GET is, HEAD is."""
    found: set[str] = set()
    for route in (each for router in routers for each in router.routes):
        if isinstance(route, APIRoute) and _fits(route.path_format.split("/"), path.split("/")):
            found |= route.methods or set()
    return sorted(found | ({"HEAD"} if "GET" in found else set()))


def _fits(known: Sequence[str], path: Sequence[str]) -> bool:
    return len(known) == len(path) and all(
        a == b or (a[:1] == "{" and b) for a, b in zip(known, path, strict=True)
    )
