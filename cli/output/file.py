"""Content that goes to a file of its own, or to stdout as it is."""

import sys
from pathlib import Path

from engine.domain.errors import Conflict


def put(file: str, content: str | bytes) -> None:
    """``-`` is stdout; a file that is there already is FM-C020, never replaced."""
    data = content.encode() if isinstance(content, str) else content
    if file == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    path = Path(file)
    if path.exists():
        raise Conflict("FM-C020", file=file)
    path.write_bytes(data)
