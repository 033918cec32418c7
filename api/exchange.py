"""What is known of one request before anybody works on it; it stands in the ASGI scope."""

import itertools
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

SCOPE = "folkmoot"
_SANE = re.compile(rb"[A-Za-z0-9._:-]{1,64}")
_FIRST = secrets.token_hex(6)
_number = itertools.count(1)


@dataclass(slots=True)
class Exchange:
    """``headers``: the last of each name. ``person``: whose token came with it, once it was looked at."""

    headers: dict[bytes, bytes]
    request_id: str
    lang: str
    now: datetime  # one moment for all that the request does
    person: str | None = None
    saved: bool = False  # something was committed for it
    started: bool = False  # the head of the answer is out


def exchange_of(headers: Iterable[tuple[bytes, bytes]], default_lang: str, now: datetime) -> Exchange:
    found = dict(headers)
    given = found.get(b"request-id") or found.get(b"x-request-id")
    known = given is not None and _SANE.fullmatch(given)
    request_id = given.decode() if known and given else f"{_FIRST}-{next(_number):x}"
    accepted = found.get(b"accept-language")
    lang = language(accepted, default_lang) if accepted else default_lang
    return Exchange(found, request_id, lang, now)


def of(scope: Any) -> Exchange:
    exchange: Exchange = scope[SCOPE]
    return exchange


@lru_cache(maxsize=256)
def language(accepted: bytes, default: str) -> str:
    """English or Chinese, whichever is liked better (RFC 9110); others and nonsense give the default."""
    liked: dict[str, float] = {}
    for part in accepted.decode("latin-1").lower().split(","):
        tag, _, rest = part.partition(";")
        lang = tag.strip().partition("-")[0]
        if lang in ("en", "zh"):
            liked[lang] = max(liked.get(lang, 0.0), _quality(rest))
    best = max(liked, key=lambda lang: (liked[lang], lang == default), default=default)
    return best if liked.get(best, 0.0) > 0 else default


def _quality(rest: str) -> float:
    name, _, value = rest.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0
