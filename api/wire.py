"""JSON as it goes over the wire, written once per answer."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain).encode


def encode(answer: Any) -> bytes:
    return _encode(answer).encode()
