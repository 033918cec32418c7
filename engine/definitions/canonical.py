"""A definition as JSON, as the database keeps it, and the hash that is its identity."""

import hashlib
import json
from datetime import date
from typing import Any

from engine.definitions.model import Block, Definition


def to_json(definition: Definition) -> dict[str, Any]:
    """The normal form; what has its default is left out, so that a later key changes no hash."""
    return {name: _plain(value) for name, value in _given(definition)}


def from_json(stored: dict[str, Any]) -> Definition:
    """What :func:`to_json` gave, as a definition again."""
    return Definition.model_validate(stored)


def content_hash(definition: Definition) -> str:
    """SHA-256 over the canonical JSON (keys sorted, no spaces, UTF-8), in hex."""
    text = json.dumps(to_json(definition), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _given(block: Block) -> list[tuple[str, Any]]:
    """Fields that differ from their default; the verb of an effect always."""
    return [
        (name, value)
        for name, field in type(block).model_fields.items()
        if (value := getattr(block, name)) != field.default or name == "verb" or field.is_required()
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, Block):
        return {name: _plain(inner) for name, inner in _given(value)}
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value
