"""What neither database keeps faithfully is refused before it gets there.

PostgreSQL takes no NUL in text and no \\u0000 in JSON, neither takes half a surrogate pair, SQLite takes
no integer beyond 63 bits. Doors may use :func:`check` on what they were sent.
"""

from collections.abc import Iterable
from typing import Any

from engine.domain.errors import Reason, UsageError

LARGEST = 2**63 - 1
_TO_ZERO = bytes(48 if 48 <= n < 58 else 32 for n in range(256))
_LONG_NUMBER = b"0" * 19  # any nineteen digits in a row, once all digits are zeros


def check(value: Any, pointer: str = "") -> None:
    """Raises :class:`UsageError` (FM-U041 to FM-U043) that points into the value; floats may stand."""
    if isinstance(value, str):
        _check_text(value, pointer)
    elif isinstance(value, int):
        if not -LARGEST - 1 <= value <= LARGEST:
            raise _refused("FM-U043", pointer)
    elif isinstance(value, dict):
        for key, inner in value.items():
            _check_text(key, pointer)
            check(inner, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            check(inner, f"{pointer}/{index}")


def check_arguments(values: Iterable[Any]) -> None:
    """The cheap form for what is about to be written: SQLite would store a NUL and say nothing."""
    for value in values:
        if value.__class__ is str and "\0" in value:
            raise _refused("FM-U041", "")


def check_body(text: str, value: Any) -> bytes:
    """For a JSON text and the value it came from: the value is walked only if the text looks suspicious.

    The text in UTF-8, since that has to be made for it.
    """
    try:
        raw = text.encode()
    except UnicodeEncodeError:
        check(value)
        raise
    if b"\\u0000" in raw or _LONG_NUMBER in raw.translate(_TO_ZERO):
        check(value)
    return raw


def refused_text() -> UsageError:
    return _refused("FM-U041", "")


def refusal(error: Exception) -> UsageError | None:
    """What the driver's own complaint about a value means, if it is one of those above."""
    if isinstance(error, OverflowError):
        return _refused("FM-U043", "")
    if isinstance(error, UnicodeEncodeError):
        return _refused("FM-U042", "")
    return None


def _check_text(text: str, pointer: str) -> None:
    if "\0" in text:
        raise _refused("FM-U041", pointer)
    if not _encodable(text):
        raise _refused("FM-U042", pointer)


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refused(code: str, pointer: str) -> UsageError:
    return UsageError(
        code, reasons=[Reason(code, {"pointer": pointer or "/"}, "input", pointer=pointer or None)]
    )
