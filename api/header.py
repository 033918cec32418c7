"""Headers that say how a command is meant: which version, once only, how much of an answer."""

import re

from engine.domain.errors import UsageError

LONGEST_KEY = 200
_KEY = re.compile(rb"[\x21-\x7e]{1,%d}" % LONGEST_KEY)
_TAG = re.compile(rb'(?:W/)?"(\d{1,9})(?:-[\w-]+)?"')


def key(given: bytes | None) -> str | None:
    """An Idempotency-Key; quotes around it, as structured headers have them, are not part of it."""
    if given is None:
        return None
    bare = given[1:-1] if len(given) > 1 and given[:1] == given[-1:] == b'"' else given
    if not _KEY.fullmatch(bare):
        raise UsageError("FM-U348", kind="input", limit=LONGEST_KEY)
    return bare.decode()


def version(given: bytes | None) -> int | None:
    """The version of a case that If-Match holds; ``*`` asks for none."""
    if given is None or given.strip() == b"*":
        return None
    found = _TAG.fullmatch(given.strip())
    if found is None:
        raise UsageError("FM-U347", kind="input", given=given.decode("latin-1")[:40])
    return int(found.group(1))


def minimal(prefer: bytes | None) -> bool:
    return prefer is not None and b"return=minimal" in prefer.replace(b" ", b"").lower()


def matches(none_match: bytes | None, tag: str) -> bool:
    """Whether If-None-Match names this tag (weakly compared, RFC 9110)."""
    if none_match is None:
        return False
    tags = [one.strip().removeprefix(b"W/") for one in none_match.split(b",")]
    return b"*" in tags or tag.encode() in tags


def tag_of(version_: int) -> str:
    return f'"{version_}"'
