"""What stands after the question mark, looked at before anybody reads it: UTF-8, and each parameter once."""

from collections import Counter
from urllib.parse import unquote_to_bytes

from engine.domain.errors import Reason, UsageError

LONGEST_NAME = 80


def check(raw: bytes) -> None:
    """FM-U355 for a parameter that is not UTF-8 (readers put signs of their own into such gaps), FM-U353 for one
    that stands there twice: of two values a reader takes the first or the last, neither is what was meant."""
    if not raw:
        return
    pieces = [_bytes(piece) for piece in raw.split(b"&") if piece]
    reasons = [_garbled(name) for name, value in pieces if not (_readable(name) and _readable(value))]
    counted = Counter(name for name, _ in pieces)
    reasons += [_repeated(_shown(name), count) for name, count in counted.items() if count > 1]
    if reasons:
        raise UsageError(reasons[0].code, reasons=reasons)


def check_path(raw: bytes, path: str) -> None:
    """FM-U356 for an address that is not UTF-8."""
    if b"%" in raw and not _readable(unquote_to_bytes(raw.partition(b"?")[0])):
        raise UsageError("FM-U356", kind="input", path=path[:200])


def _bytes(piece: bytes) -> tuple[bytes, bytes]:
    name, _, value = piece.replace(b"+", b" ").partition(b"=")
    return unquote_to_bytes(name), unquote_to_bytes(value)


def _readable(given: bytes) -> bool:
    try:
        given.decode()
    except UnicodeDecodeError:
        return False
    return True


def _shown(name: bytes) -> str:
    return name.decode(errors="replace")[:LONGEST_NAME]


def _garbled(name: bytes) -> Reason:
    shown = _shown(name)
    return Reason("FM-U355", {"name": shown}, "input", pointer=f"?{shown}")


def _repeated(name: str, count: int) -> Reason:
    return Reason("FM-U353", {"name": name, "count": count}, "input", pointer=f"?{name}")
