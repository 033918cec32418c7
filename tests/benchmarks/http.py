"""An act over HTTP on sixteen connections against its rows written by hand in this process:
``python -m tests.benchmarks.http``.

The server is `folkmoot serve` as anybody starts it, on a SQLite file with 20,000 cases; who asks is this process,
with requests that were put together before.
"""

import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from engine.persistence.store import Store
from engine.service import token
from tests.benchmarks.rows import ACT, WHO, ByHand, Sample, copy, new_store
from tests.benchmarks.slices import Contender, figures, take_turns
from tests.support.town import Town

CASES = 20_000
CONNECTIONS = 16
SLICE = 150
BODY = json.dumps({name: value for name, value in ACT.items() if name != "act"}).encode()


def measure(rounds: int = 15, cases: int = CASES) -> dict[str, dict[str, float]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        refs = new_store(folder / "store.db", cases)
        random.Random(1).shuffle(refs)
        hand = ByHand(copy(folder / "store.db", folder / "hand.db"), Sample(folder))
        by_hand, asked = iter(refs), iter(refs)
        with served(copy(folder / "store.db", folder / "served.db")) as (process, address, secret):
            http = Http(process.pid, address, secret, asked)
            contenders = {
                "hand": Contender(lambda: _by_hand(hand, by_hand)),
                "http": Contender(http),
            }
            take_turns(contenders, rounds)
            http.close()
        hand.close()
    found = figures(contenders["http"], contenders["hand"])
    return {
        "http_16": {
            **found,
            "cpu_us": statistics.median(http.cpu[-rounds:]) * 1e6,
            "worst_ms": http.worst * 1e3,
        }
    }


def _by_hand(hand: ByHand, refs: Iterator[str]) -> int:
    for ref in islice(refs, SLICE):
        hand.advance(ref)
    return SLICE


@contextmanager
def served(path: Path) -> Iterator[tuple["subprocess.Popen[bytes]", tuple[str, int], str]]:
    """A server over a store, where it listens, and a token of the dispatcher."""
    town = Town(Store.open(str(path)), seeded=True)
    secret = town.do(token.create_token, "adm-01", person=WHO)["token"]
    now = town.now.isoformat()
    town.engine.close()
    environment = {**os.environ, "FOLKMOOT_DATABASE_URL": f"sqlite:///{path}", "FOLKMOOT_NOW": now}
    command = [sys.executable, "-P", "-m", "api", "--port", "0", "--no-worker", "--json"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)  # noqa: S603 - our own program
    assert process.stdout is not None
    host, _, port = json.loads(process.stdout.readline())["address"].rpartition("/")[2].rpartition(":")
    try:
        yield process, (host, int(port)), secret
    finally:
        process.terminate()
        process.wait()


class Http:
    """One slice: so many acts over connections that stay open, each sent when the one before was answered."""

    def __init__(self, pid: int, address: tuple[str, int], secret: str, refs: Iterator[str]) -> None:
        self.pid, self.refs, self.secret = pid, refs, secret
        self.loop = asyncio.new_event_loop()
        self.lines = self.loop.run_until_complete(self._connect(*address))
        self.cpu: list[float] = []
        self.worst = 0.0

    async def _connect(self, host: str, port: int) -> list["Line"]:
        made = [self.loop.create_connection(Line, host, port) for _ in range(CONNECTIONS)]
        return [line for _, line in await asyncio.gather(*made)]

    def __call__(self) -> int:
        requests = [self._request(ref) for ref in islice(self.refs, SLICE * 2)]
        before = cpu_s(self.pid)
        self.loop.run_until_complete(self._all(iter(requests)))
        self.cpu.append((cpu_s(self.pid) - before) / len(requests))
        return len(requests)

    async def _all(self, requests: Iterator[bytes]) -> None:
        await asyncio.gather(*(self._one_after_another(line, requests) for line in self.lines))

    async def _one_after_another(self, line: "Line", requests: Iterator[bytes]) -> None:
        for request in requests:
            sent = self.loop.time()
            await line.ask(request)
            self.worst = max(self.worst, self.loop.time() - sent)

    def _request(self, ref: str) -> bytes:
        head = (
            f"POST /v1/cases/{ref}/triggers/{ACT['act']} HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: Bearer {self.secret}\r\nContent-Type: application/json\r\n"
            f"Idempotency-Key: {uuid.uuid4().hex}\r\nContent-Length: {len(BODY)}\r\n\r\n"
        )
        return head.encode() + BODY

    def close(self) -> None:
        for line in self.lines:
            line.transport.close()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()


class Line(asyncio.Protocol):
    """One connection; an answer that is not 200 is an error."""

    transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self.transport, self.got, self.waiting = transport, b"", None

    def ask(self, request: bytes) -> "asyncio.Future[bytes]":
        self.waiting: Any = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self.waiting

    def data_received(self, data: bytes) -> None:
        self.got += data
        head, found, body = self.got.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        if len(body) < length:
            return
        self.got = body[length:]
        if b" 200 " not in head[:15]:
            self.waiting.set_exception(RuntimeError(body.decode()))
        else:
            self.waiting.set_result(body)


def cpu_s(pid: int) -> float:
    """What all threads of a process have used so far."""
    spent = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        spent += int((task / "schedstat").read_text().split()[0])
    return spent / 1e9


if __name__ == "__main__":
    for name, values in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 15).items():
        sys.stdout.write(f"{name:20} " + "  ".join(f"{k} {v:.3f}" for k, v in values.items()) + "\n")
