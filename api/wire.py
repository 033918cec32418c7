"""JSON as it goes over the wire, written once per answer."""

from typing import Any

import orjson
from pydantic_core import to_json

# days, moments and whatever else is no plain data are left to pydantic, which the schemas describe them by
_PLAIN = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_SUBCLASS


def encode(answer: Any) -> bytes:
    """Days and moments as ISO 8601, sets and tuples as lists."""
    try:
        return orjson.dumps(answer, None, _PLAIN)
    except orjson.JSONEncodeError:
        return to_json(answer)
