"""The hash chain of a case: each event's hash covers the one before it, the case, its seq and its text."""

import json
from hashlib import sha256
from typing import Any

GENESIS = bytes(32)
_PREFIX = b"folkmoot/1\0"

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def canonical(value: Any) -> str:
    """The one JSON spelling of plain data (no floats in it: they are spelt differently elsewhere)."""
    return _encode(value)


def link(previous: bytes, case_id: int, seq: int, text: str) -> bytes:
    """The hash of an event's text, given the hash of the event before it (:data:`GENESIS` for the first)."""
    place = case_id.to_bytes(8, "big") + seq.to_bytes(4, "big")
    return sha256(_PREFIX + previous + place + text.encode()).digest()
