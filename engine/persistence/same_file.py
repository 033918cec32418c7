"""The database file that was opened, and no other of its name.

A file that was moved, deleted or replaced stays open: without asking, a running program would go on writing
where nobody will ever look again.
"""

import os

from engine.domain.errors import Unavailable
from engine.persistence.address import Address


class SameFile:
    """Remembers the file at its first :meth:`check`. Of a server it only remembers that it was ``reached``."""

    __slots__ = ("_path", "_was", "reached")

    def __init__(self, address: Address) -> None:
        self._path = str(address.path) if address.path is not None else None
        self._was: tuple[int, int] | None = None
        self.reached = False  # by whomever: what was there once is waited for, a wrong address is not

    def check(self) -> None:
        """FM-S040 if it is gone, FM-S041 if another one lies there; asked before each commit and each look."""
        if self._path is None:
            return
        try:
            found = os.stat(self._path)
        except OSError as error:
            if self._was is None:
                return  # whoever connects says it better
            raise Unavailable("FM-S040", kind="store", path=self._path) from error
        seen = (found.st_dev, found.st_ino)
        if self._was is None:
            self._was = seen
        elif seen != self._was:
            raise Unavailable("FM-S041", kind="store", path=self._path)
