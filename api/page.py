"""Pages of lists. A cursor is opaque: it holds where the page before ended and when it was asked, and fits
only the list and the filter it was made for."""

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from engine.domain.errors import UsageError

SUM = 9  # bytes
PAGING = ("cursor", "limit")


@dataclass(frozen=True, slots=True)
class Page:
    """Which page is asked. ``inner``: the service's own cursor, or how many items came before."""

    path: str
    asked: tuple[tuple[str, str], ...]
    limit: int
    given_limit: bool = False
    inner: str | None = None
    as_of: datetime | None = None

    @property
    def offset(self) -> int:
        """For services that know no cursor: the items that came before."""
        return int(self.inner) if self.inner and self.inner.isdecimal() else 0

    def link(self, inner: str, as_of: datetime) -> str:
        """The address of the page after."""
        cursor = seal(self._about, inner, as_of)
        more = [*self.asked, *([("limit", str(self.limit))] if self.given_limit else [])]
        return f"{self.path}?{urlencode([('cursor', cursor), *more])}"

    @property
    def _about(self) -> str:
        return about(self.path, self.asked)


def page_of(
    path: str, query: Iterable[tuple[str, str]], *, limit: int, given_limit: bool, cursor: str | None
) -> Page:
    """FM-U220 for a cursor that was not made here, or for another list or filter."""
    asked = tuple((name, value) for name, value in query if name not in PAGING)
    if cursor is None:
        return Page(path, asked, limit, given_limit)
    inner, as_of = unseal(about(path, asked), _value(cursor))
    return Page(path, asked, limit, given_limit, inner, as_of)


def _value(cursor: str) -> str:
    """The cursor itself, where the whole address in `next` was given for it, or the value as it stands there."""
    if "cursor=" in cursor:
        return dict(parse_qsl(urlsplit(cursor).query)).get("cursor", "")
    return unquote(cursor)


def about(path: str, asked: Iterable[tuple[str, str]]) -> str:
    return json.dumps([path, sorted(asked)])


def seal(about_: str, inner: str, as_of: datetime) -> str:
    text = json.dumps([inner, as_of.isoformat()], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_sum(about_, text) + text).decode().rstrip("=")


def unseal(about_: str, cursor: str) -> tuple[str, datetime]:
    try:
        whole = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise UsageError("FM-U220", kind="input") from error
    text = whole[SUM:]
    if whole[:SUM] != _sum(about_, text):
        raise UsageError("FM-U220", kind="input")
    inner, as_of = json.loads(text)
    return inner, datetime.fromisoformat(as_of)


def _sum(about_: str, text: bytes) -> bytes:
    return sha256(b"folkmoot/page\0" + about_.encode() + b"\0" + text).digest()[:SUM]


def sliced(answer: dict[str, Any], page: Page) -> tuple[dict[str, Any], str | None]:
    """An answer with all its items cut to the page, and the inner cursor of the next."""
    items = answer["items"]
    end = page.offset + page.limit
    return {**answer, "items": items[page.offset : end]}, str(end) if end < len(items) else None
