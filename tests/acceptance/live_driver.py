"""The HTTP door as a program of its own, spoken to over a socket. One for all scenarios, each with its store."""

import json
import subprocess
import sys
from datetime import datetime

import httpx2

from tests.acceptance.http_driver import Client, HttpDriver

PATIENCE_S = 60


class LiveServer:
    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.live"],
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.address = f"http://127.0.0.1:{int(self._heard())}"

    def tell(self, **said: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(said) + "\n")
        self._process.stdin.flush()
        assert self._heard() == "done"

    def _heard(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def stop(self) -> None:
        try:
            self._process.communicate(timeout=PATIENCE_S)
        finally:
            self._process.kill()
        assert self._process.returncode == 0


class LiveDriver(HttpDriver):
    def __init__(self, database_url: str, now: datetime, server: LiveServer) -> None:
        self._server, self._url = server, database_url
        self._now = now
        super().__init__(database_url, now)

    @property
    def now(self) -> datetime:
        return self._now

    @now.setter
    def now(self, now: datetime) -> None:
        self._now = now
        self._server.tell(now=now.isoformat())

    def _open(self) -> Client:
        self._server.tell(open=self._url, now=self._now.isoformat())
        self._socket = httpx2.Client(base_url=self._server.address, timeout=PATIENCE_S)
        return self._socket

    def close(self) -> None:
        self._socket.close()
        self.engine.close()
