"""The act over HTTP: a server process of its own, sixteen kept-alive connections, against one caller by hand.

The client writes prepared bytes and reads as little as it can, so that the server has the two processors.
"""

import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import uvloop

from engine.persistence.store import Store
from engine.service import token
from tests.benchmarks.rows import ACT, WHO, ByHand, Sample, copy, new_store
from tests.benchmarks.slices import Contender, figures, take_turns
from tests.support.town import Town

CASES = 20_000
SLICE, HAND_SLICE = 320, 150
CONNECTIONS = 16


def measure(rounds: int = 12, cases: int = CASES) -> dict[str, dict[str, float]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        refs = new_store(folder / "store.db", cases)
        random.Random(1).shuffle(refs)
        hand = ByHand(copy(folder / "store.db", folder / "hand.db"), Sample(folder))
        with Server(copy(folder / "store.db", folder / "served.db")) as server:
            load = Load(server, iter(refs))
            ours, base = Contender(load), Contender(_by_hand(hand, iter(refs)))
            before = server.cpu()
            take_turns({"hand": base, "http": ours}, rounds, warm=2)
            spent = server.cpu() - before
        hand.close()
    load.loop.close()
    found = figures(ours, base)
    found["cpu_us"] = spent / load.asked * 1e6  # of the server, not of the client
    return {"http_16": {**found, "worst_ms": max(load.waits) * 1000}}


def _by_hand(hand: ByHand, refs: Iterator[str]) -> Any:
    def slice_() -> int:
        for ref in islice(refs, HAND_SLICE):
            hand.advance(ref)
        return HAND_SLICE

    return slice_


class Server:
    """``folkmoot serve`` as it is started, its clock fixed to when the cases were filed."""

    def __init__(self, path: Path) -> None:
        town = Town(Store.open(str(path)), seeded=True)
        self.token = town.do(token.create_token, "adm-01", person=WHO)["token"]
        now = town.now.isoformat()
        town.engine.close()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "api", "--port", "0", "--json"],
            env=os.environ | {"FOLKMOOT_DATABASE_URL": f"sqlite:///{path}", "FOLKMOOT_NOW": now},
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        told = json.loads(self._process.stdout.readline())
        self.port = int(told["address"].rpartition(":")[2])

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(60)


class Connection(asyncio.Protocol):
    """One request after another; an answer is read up to its length."""

    def __init__(self) -> None:
        self._held = b""
        self._waiting: asyncio.Future[int] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def ask(self, request: bytes) -> "asyncio.Future[int]":
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._waiting

    def data_received(self, data: bytes) -> None:
        self._held += data
        head = self._held.find(b"\r\n\r\n")
        if head < 0:
            return
        at = self._held.lower().find(b"content-length:")
        length = int(self._held[at + 15 : self._held.find(b"\r\n", at)])
        if len(self._held) >= head + 4 + length and self._waiting is not None:
            status, self._held = int(self._held[9:12]), b""
            self._waiting.set_result(status)

    def close(self) -> None:
        self._transport.close()


class Load:
    """Sixteen connections that each wait for their answer before they ask again."""

    def __init__(self, server: Server, refs: Iterator[str]) -> None:
        self.loop = uvloop.new_event_loop()
        self._server, self._refs = server, refs
        self._connections = [self.loop.run_until_complete(self._connect()) for _ in range(CONNECTIONS)]
        self._body = json.dumps({name: ACT[name] for name in ("set", "records")}).encode()
        self.waits: list[float] = []
        self.asked = 0

    async def _connect(self) -> Connection:
        _, made = await self.loop.create_connection(Connection, "127.0.0.1", self._server.port)
        return made

    def __call__(self) -> int:
        queue = iter([self._request(ref) for ref in islice(self._refs, SLICE)])
        self.loop.run_until_complete(self._all(queue))
        self.asked += SLICE
        return SLICE

    async def _all(self, queue: Iterator[bytes]) -> None:
        await asyncio.gather(*(self._caller(connection, queue) for connection in self._connections))

    async def _caller(self, connection: Connection, queue: Iterator[bytes]) -> None:
        for request in queue:
            begun = self.loop.time()
            status = await connection.ask(request)
            self.waits.append(self.loop.time() - begun)
            if status != 200:
                raise RuntimeError(f"status {status}")

    def _request(self, ref: str) -> bytes:
        head = (
            f"POST /v1/cases/{ref}/triggers/{ACT['act']} HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: Bearer {self._server.token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(self._body)}\r\n\r\n"
        )
        return head.encode() + self._body


if __name__ == "__main__":
    for name, values in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 12).items():
        sys.stdout.write(f"{name:20} " + "  ".join(f"{k} {v:.3f}" for k, v in values.items()) + "\n")
