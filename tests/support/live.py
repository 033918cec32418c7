"""A web server in a process of its own that is given one store after the other: `python -m tests.support.live`.

It says its port, then does what each line of its input says: ``{"open": URL, "now": TIME}`` or ``{"now": TIME}``.
"""

import json
import sys
from datetime import UTC, datetime
from threading import Thread
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from api.app import create_app
from api.serve import Server, listen
from engine.bootstrap import Engine, open_engine
from engine.settings import Settings


class Live:
    def __init__(self) -> None:
        self.now = datetime.min.replace(tzinfo=UTC)
        self._engine: Engine | None = None
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._app is not None
        await self._app(scope, receive, send)

    def obey(self, server: uvicorn.Server) -> None:
        for line in sys.stdin:
            said: dict[str, Any] = json.loads(line)
            self.now = datetime.fromisoformat(said["now"])
            if "open" in said:
                self._open(said["open"])
            print("done", flush=True)  # noqa: T201 - that is how it is heard
        server.should_exit = True

    def _open(self, url: str) -> None:
        if self._engine is not None:
            self._engine.close()
        self._engine = open_engine(Settings(database_url=url), clock=lambda: self.now, threads=1)
        self._app = create_app(self._engine)


def main() -> None:
    live, listening = Live(), listen("127.0.0.1", 0)
    server = Server(uvicorn.Config(live, lifespan="off", log_config=None, access_log=False, ws="none"))
    Thread(target=live.obey, args=(server,), daemon=True).start()
    print(listening.getsockname()[1], flush=True)  # noqa: T201
    server.run(sockets=[listening])


if __name__ == "__main__":
    main()
