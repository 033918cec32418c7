"""Whether another server of this machine runs over the same database file already.

Both would answer, and both would write to one file, each waiting for the other; nobody who starts the second one by
mistake would see it. The mark lies in the folder for temporary files, not beside the database, and goes with the process.
"""

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path


class Mark:
    """Held as long as the server runs. ``others``: somebody else holds it. Where it cannot be told, nobody does."""

    def __init__(self, file: Path) -> None:
        self.others = False
        self._held: int | None = None
        if sys.platform == "win32":
            return
        with suppress(OSError):
            self._take(file)

    def _take(self, file: Path) -> None:
        import fcntl  # not on Windows

        found = file.stat()
        name = f"folkmoot-{os.getuid()}-{found.st_dev:x}-{found.st_ino:x}.serving"
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        held = os.open(Path(tempfile.gettempdir()) / name, flags, 0o600)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(held)
            self.others = True
        else:
            self._held = held

    def close(self) -> None:
        if self._held is not None:
            os.close(self._held)
            self._held = None
