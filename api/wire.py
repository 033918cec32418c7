"""JSON as it goes over the wire, written once per answer."""

from typing import Any

from pydantic_core import to_json


def encode(answer: Any) -> bytes:
    """Days and moments as ISO 8601, sets and tuples as lists."""
    return to_json(answer)
