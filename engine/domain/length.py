"""How long a text may be that people write: a report, a remark, a field. A page of a statement fits many times."""

from engine.domain.errors import Reason, UsageError

LONGEST_TEXT = 20_000  # characters


def check_length(text: str | None, pointer: str) -> None:
    """FM-U364 for a longer one."""
    if text is not None and len(text) > LONGEST_TEXT:
        raise too_long(text, pointer)


def too_long(text: str, pointer: str) -> UsageError:
    about = {"pointer": pointer, "count": len(text), "limit": LONGEST_TEXT}
    return UsageError("FM-U364", reasons=[Reason("FM-U364", about, "input", pointer=pointer)])
