"""The examples of the HTTP document: one request for every operation and what it answered, put into their places.

Requests are written by hand; answers are written by ``python -m tests.contract.api_examples``, long ones shortened.
A test makes every request again.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from api.upload import CSV, JSON, YAML

Example = Mapping[str, Any]


@cache
def requests() -> dict[str, Example]:
    """By the name of the operation's function."""
    text = files("api").joinpath("example", "requests.yaml").read_text("utf-8")
    found: dict[str, Example] = yaml.load(text, Loader=yaml.CSafeLoader)
    return found


@cache
def answers() -> dict[str, Example]:
    """{status, type, body}; ``body`` is JSON, the beginning of a text, or null for what is neither."""
    place = files("api").joinpath("example", "answers.json")
    found: dict[str, Example] = json.loads(place.read_text("utf-8")) if place.is_file() else {}
    return found


def body_of(asked: Example) -> tuple[str, Any] | None:
    """Its kind and what is sent."""
    return next(
        (
            (kind, asked[name])
            for name, kind in (("body", JSON), ("yaml", YAML), ("csv", CSV))
            if name in asked
        ),
        None,
    )


def show(name: str, operation: dict[str, Any]) -> None:
    """Put the example of an operation into its part of the document."""
    asked = requests().get(name)
    if asked is None:
        return
    for parameter in operation.get("parameters", ()):
        given = asked.get({"path": "path", "query": "query"}.get(parameter["in"], "-"), {})
        if parameter["name"] in given:
            parameter["example"] = given[parameter["name"]]
    sent = body_of(asked)
    if sent is not None:
        kind, value = sent
        operation["requestBody"]["content"][kind]["example"] = value
    told = answers().get(name)
    if told is not None and told["body"] is not None:
        content = operation["responses"][str(told["status"])].setdefault("content", {})
        content.setdefault(told["type"], {})["example"] = told["body"]
