"""Content that goes to a file of its own, or to stdout as it is."""

import sys
from contextlib import suppress
from pathlib import Path

from engine.domain.errors import Conflict, UsageError


def put(file: str, content: str | bytes, *, option: str) -> None:
    """``-`` is stdout. A file that is there already is never replaced (FM-C057), and one that cannot be written leaves
    nothing behind (FM-U378). ``option``: by which another is named."""
    data = content.encode() if isinstance(content, str) else content
    if file == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    path = Path(file)
    if path.exists():
        raise Conflict("FM-C057", file=file, option=option)
    try:
        path.write_bytes(data)
    except OSError as error:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise UsageError("FM-U378", file=file, detail=error.strerror or str(error)) from error
