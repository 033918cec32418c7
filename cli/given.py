"""What people type for an act, made into the shape of its input schema.

``k=v,k2=v2`` pairs (a comma parts only before the next ``key=``), dotted keys, ``@FILE`` values. Kinds that only
people write, `tomorrow 10:00` for a time, are translated here; everything else is typed by the engine.
"""

import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from engine.domain.errors import NotFound, UsageError

_NEXT_PAIR = re.compile(r",(?=[\w.]+=)")
Translate = Callable[[Any, Mapping[str, Any], str], Any]
_BEHIND = ("on", "held")  # dates of what has happened


def pair(text: str, option: str) -> tuple[str, str]:
    """``k=v``; anything else is FM-U075."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise UsageError("FM-U075", option=option, given=text)
    return name.strip(), content(value)


def content(value: str) -> str:
    """The value; ``@FILE`` and ``@-`` bring it from elsewhere, so that it never stands in the shell's history."""
    if value == "@-":
        return sys.stdin.read().strip()
    if value.startswith("@"):
        return read_file(value[1:]).strip()
    return value


def read_file(name: str) -> str:
    path = Path(name)
    if not path.is_file():
        raise NotFound("FM-N010", file=name)
    return text_of(path)


def text_of(path: Path) -> str:
    """What stands in a file; FM-U056 where it is not UTF-8."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError("FM-U056", file=str(path), at=error.start) from error


def pairs(text: str, option: str) -> dict[str, Any]:
    """``k=v,k2=v2``; dotted keys nest."""
    return nested(pair(part, option) for part in _NEXT_PAIR.split(text))


def nested(given: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """``{"a.b": 1}`` as ``{"a": {"b": 1}}``."""
    made: dict[str, Any] = {}
    for dotted, value in given:
        *outer, name = dotted.split(".")
        here = made
        for key in outer:
            here = here.setdefault(key, {})
        here[name] = value
    return made


def record(text: str) -> tuple[str, list[dict[str, Any]]]:
    """``kind:k=v,k=v`` or ``kind:@file.json`` (one item or a list)."""
    kind, colon, rest = text.partition(":")
    if not colon or not kind:
        raise UsageError("FM-U075", option="--record", given=text)
    if rest.startswith("@"):
        loaded = document(rest[1:])
        return kind, loaded if isinstance(loaded, list) else [loaded]
    return kind, [pairs(rest, "--record")]


def document(name: str) -> Any:
    """JSON or YAML from a file or stdin."""
    text = sys.stdin.read() if name == "-" else read_file(name)
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        import yaml

        try:
            return yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise UsageError("FM-U076", file=name, problem=str(error).split("\n")[0]) from error


def records(given: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    made: dict[str, list[dict[str, Any]]] = {}
    for text in given:
        kind, items = record(text)
        made.setdefault(kind, []).extend(items)
    return made


def seats(given: Iterable[str]) -> dict[str, list[str]]:
    """``mediator=med-12,med-14`` to lists of codes."""
    return {
        name: [code.strip() for code in value.split(",")]
        for name, value in (pair(t, "--seat") for t in given)
    }


def ahead(name: str) -> bool:
    """Whether `fri` for the date field of this name is the coming Friday: all but days on which something was."""
    return name not in _BEHIND and not name.endswith(tuple(f"_{word}" for word in _BEHIND))


def translated(value: Any, schema: Mapping[str, Any], translate: Translate, name: str = "") -> Any:
    """The value with each leaf passed through ``translate``, with what the schema says of it and its name."""
    if isinstance(value, Mapping):
        known = schema.get("properties", {})
        return {key: translated(inner, known.get(key, {}), translate, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [translated(inner, schema.get("items", {}), translate, name) for inner in value]
    return translate(value, schema, name)
