"""The hash chain of a case: each event's hash covers the one before it, the case, its seq and its text.

Over all chains lie seals: a seal's root covers the root before it and one leaf per event.
"""

import json
from hashlib import sha256
from typing import Any

import orjson
from pydantic_core import PydanticSerializationError, from_json, to_json

from engine.persistence import boundary

GENESIS = bytes(32)
LEAF = 28  # bytes of a leaf: case 8, seq 4, beginning of the hash 16
_PREFIX = b"folkmoot/1\0"
_SEAL = b"folkmoot/seal/1\0"

# what is written is a tree: nobody has to look for circles in it
_encode = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False
).encode


# nothing but plain data: what one library spells by itself and the other does not is left to the other
_PLAIN = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_SUBCLASS
_SORTED = _PLAIN | orjson.OPT_SORT_KEYS


def canonical(value: Any) -> str:
    """The one JSON spelling of plain data (no floats in it: they are spelt differently elsewhere).

    It is the standard library's. orjson gives the very same text in an eighth of the time or, for long numbers
    and half characters, none (``tests/property/test_spelling.py``).
    """
    try:
        return orjson.dumps(value, None, _SORTED).decode()
    except orjson.JSONEncodeError:
        return _encode(value)


def plain(value: Any) -> str:
    """JSON that nobody hashes, its keys in the order they have."""
    try:
        return orjson.dumps(value, None, _PLAIN).decode()
    except orjson.JSONEncodeError:
        return _plain(value)


def _plain(value: Any) -> str:
    """Whatever orjson leaves: days and moments as ISO 8601, long numbers."""
    try:
        return to_json(value).decode()
    except PydanticSerializationError:
        boundary.check(value)  # half a character has no spelling
        raise


def read(text: str) -> Any:
    """What :func:`canonical` or :func:`plain` wrote."""
    return from_json(text, cache_strings="keys")


def link(previous: bytes, case_id: int, seq: int, text: str) -> bytes:
    """The hash of an event's text, given the hash of the event before it (:data:`GENESIS` for the first)."""
    return link_bytes(previous, case_id, seq, text.encode())


def link_bytes(previous: bytes, case_id: int, seq: int, text: bytes) -> bytes:
    """The same of a text in UTF-8."""
    place = case_id.to_bytes(8, "big") + seq.to_bytes(4, "big")
    return sha256(_PREFIX + previous + place + text).digest()


def leaf(case_id: int, seq: int, digest: bytes) -> bytes:
    """What a seal keeps of an event. Of a row that was damaged it keeps what is there, and does not stumble."""
    return (
        (case_id & _MASK).to_bytes(8, "big") + (seq & 0xFFFFFFFF).to_bytes(4, "big") + digest[:16].ljust(16)
    )


def seal_root(previous: bytes, n: int, at: str, leaves: bytes) -> bytes:
    """The root of the ``n``-th seal, made at an instant; the first one stands on :data:`GENESIS`."""
    return sha256(_SEAL + previous + n.to_bytes(8, "big") + at.encode() + b"\0" + leaves).digest()


_MASK = (1 << 64) - 1
