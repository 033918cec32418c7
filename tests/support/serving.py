"""A server as a process of its own, and clients that press it from threads."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Barrier, Event, Thread
from typing import Any

import httpx2

PATIENCE_S = 60
PROGRAM = [sys.executable, "-c", "from cli.main import run; run()"]
GONE = (httpx2.TransportError,)


def surroundings(url: str, now: str | None = None) -> dict[str, str]:
    """Of a process that works on this database, at a fixed moment if one is given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FOLKMOOT_")}
    return {**kept, "FOLKMOOT_DATABASE_URL": url, **({"FOLKMOOT_NOW": now} if now else {})}


class Server:
    """`folkmoot serve`, up and listening."""

    def __init__(self, url: str, *args: str, now: str | None = None) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [*PROGRAM, "serve", "--json", *args], env=surroundings(url, now), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, self._process.communicate()[1]
        self.address: str = json.loads(line)["address"]
        self.port = int(self.address.rpartition(":")[2])

    def tell(self, number: int) -> None:
        self._process.send_signal(number)

    def await_free_port(self) -> None:
        """Until nobody listens there any more."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            with closing(socket.socket()) as again:
                again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                with suppress(OSError):
                    again.bind(("127.0.0.1", self.port))
                    return
            time.sleep(0.1)
        raise TimeoutError(self.address)

    def ended(self) -> tuple[int, str]:
        """Its exit status and what it said on stderr."""
        _, err = self._process.communicate(timeout=PATIENCE_S)
        return self._process.returncode, err

    def kill(self) -> None:
        """With every process that it began, if any is left."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()


@contextmanager
def serving(url: str, *args: str, now: str | None = None) -> Iterator[Server]:
    """Ends well: with status 0 and no word, if nobody has ended it yet."""
    server = Server(url, *args, now=now)
    try:
        yield server
        server.tell(signal.SIGTERM)
        assert server.ended() == (0, "")
    finally:
        server.kill()


@contextmanager
def workers(url: str, count: int, *, now: str) -> Iterator[None]:
    """So many `folkmoot worker` processes."""
    running = [
        subprocess.Popen(  # noqa: S603 - our own program
            [*PROGRAM, "worker", "--every", "0.2", "--json"], env=surroundings(url, now), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for _ in range(count)
    ]  # fmt: skip
    try:
        for process in running:
            _await_ears(process.pid)
        yield
    finally:
        for process in running:
            process.terminate()
        ended = [(process.communicate(timeout=PATIENCE_S), process.returncode) for process in running]
    assert [status for _, status in ended] == [0] * count, ended


def _await_ears(pid: int) -> None:
    """Until the process listens to SIGTERM: before that it has begun nothing."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        told = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        if int(told["SigCgt"], 16) >> (signal.SIGTERM - 1) & 1:
            return
        time.sleep(0.05)
    raise TimeoutError(pid)


@dataclass
class Command:
    """One request under a key of its own, and what was answered; None as long as nobody knows."""

    path: str
    sent: Mapping[str, Any]
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    status: int | None = None
    body: Any = None

    def send(self, client: httpx2.Client, **more: Any) -> None:
        answer = client.post(self.path, json=self.sent, headers={"Idempotency-Key": self.key}, **more)
        self.status, self.body = answer.status_code, answer.json()


def client_of(server: Server, secret: str) -> httpx2.Client:
    bearer = {"Authorization": f"Bearer {secret}"}
    return httpx2.Client(base_url=server.address, headers=bearer, timeout=PATIENCE_S)


def press(
    server: Server, secret: str, batches: Sequence[Iterator[Command]], stop: Callable[[Command], None]
) -> list[Command]:
    """Each batch from a thread and a connection of its own, until it ends or the server is gone.

    ``stop`` is told of each answer. Returns every command that was sent.
    """
    sent: list[Command] = []
    together, over = Barrier(len(batches)), Event()

    def one(batch: Iterator[Command]) -> None:
        with client_of(server, secret) as client:
            together.wait()
            for command in batch:
                if over.is_set():
                    return
                sent.append(command)
                try:
                    command.send(client)
                except GONE:
                    over.set()
                    return
                stop(command)

    threads = [Thread(target=one, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert not any(thread.is_alive() for thread in threads)
    return sent
