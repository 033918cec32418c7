"""The HTTP document is sound: it is OpenAPI, and every example in it fits the schema beside it."""

from collections.abc import Iterator
from typing import Any, cast

import jsonschema
import pytest
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from api.app import create_app
from engine.bootstrap import Engine

HERE = "urn:document"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app(cast(Engine, None)).openapi()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def media(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is sent and what is answered, by kind."""
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        yield f"sent as {kind}", content
    for status, response in operation["responses"].items():
        for kind, content in response.get("content", {}).items():
            yield f"{status} as {kind}", content


def problems(document: dict[str, Any], schema: dict[str, Any], example: Any) -> list[str]:
    registry: Registry[Any] = Registry().with_resource(HERE, Resource(document, DRAFT202012))
    validator = jsonschema.Draft202012Validator(_located(schema), registry=registry)
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(example)]


def _located(schema: Any) -> Any:
    """References inside the document, from outside of it."""
    if isinstance(schema, dict):
        return {
            name: f"{HERE}{value}" if name == "$ref" and value.startswith("#") else _located(value)
            for name, value in schema.items()
        }
    return [_located(one) for one in schema] if isinstance(schema, list) else schema


def test_every_example_fits_its_schema(document: dict[str, Any]) -> None:
    checked, found = 0, []
    for name, operation in operations(document):
        shown = [(one["name"], one) for one in operation.get("parameters", ())]
        shown += [(place, content) for place, content in media(operation) if place.endswith("json")]
        for place, part in shown:
            if "example" in part:
                checked += 1
                wrong = problems(document, part["schema"], part["example"])
                found += [f"{name}, {place}: {problem}" for problem in wrong]
    assert not found, "\n".join(found)
    assert checked > 150


def test_every_operation_says_how_it_can_fail(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        problem = [r["content"] for status, r in operation["responses"].items() if int(status) >= 400]
        assert problem, name
        assert all(list(content) == ["application/problem+json"] for content in problem), name
        open_to_all = operation.get("security") == []
        assert ("401" in operation["responses"]) != open_to_all, name
        if "requestBody" in operation:
            assert {"400", "413", "415", "422"} <= set(operation["responses"]), name


def test_references_lead_somewhere(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")

    def walk(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                yield value["$ref"]
            for name, inner in value.items():
                if name not in ("example", "examples"):
                    yield from walk(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner)

    for reference in set(walk(document)):
        found: Any = document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        assert found


def test_a_version_may_be_named_where_one_case_is_changed_and_nowhere_else(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        takes = any(one["name"] == "If-Match" for one in operation.get("parameters", ()))
        one_case = not name.startswith("GET ") and " /v1/cases/{ref}/" in name
        assert takes == one_case, name
        assert ("412" in operation["responses"]) == one_case, name
