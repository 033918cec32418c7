"""Programs that are killed at named points: children of a small server that has everything loaded already.

The points lie around the commit. They are found on the driver's connection, which is wrapped in the child; the
engine knows nothing of it. To the server (:func:`serve`) jobs come pickled; what each child got to say goes out
when all of them have ended.
"""

import os
import pickle
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parents[2]
# where a program can be killed; "settling" is between the commit of a batch and the answers to its callers
POINTS = ("first write", "before commit", "after commit", "before answer")
KILLED = -signal.SIGKILL


@dataclass(frozen=True)
class Job:
    """``run`` is called in a child with ``say`` and ``given``; ``point`` kills it the ``n``-th time it comes there.

    ``after_s`` kills it from outside at some moment.
    """

    run: Callable[..., None]
    given: dict[str, Any]
    point: str = ""
    n: int = 1
    after_s: float | None = None


@dataclass(frozen=True)
class End:
    status: int
    said: list[Any] = field(default_factory=list)

    @property
    def killed(self) -> bool:
        return self.status == KILLED


class Deathbed:
    """Counts how often a point was reached, and ends the program there."""

    def __init__(self, point: str, n: int) -> None:
        self.point, self.left = point, n
        self.writing = False

    def reach(self, point: str) -> None:
        if point == self.point:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


class Wired:
    """A driver connection on which the points are watched."""

    def __init__(self, connection: Any, bed: Deathbed, dialect: str) -> None:
        self._connection, self._bed, self._dialect = connection, bed, dialect

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, sql: Any, *values: Any) -> Any:
        from engine.persistence.driver import in_transaction

        open_before = in_transaction(self._connection, self._dialect)
        word = str(sql).split(None, 1)[0].upper()
        writes = word in ("INSERT", "UPDATE", "DELETE") or (word == "WITH" and "moved" in str(sql))
        # on PostgreSQL a command's only statement is its own transaction
        commits = word == "COMMIT" or (writes and not open_before)
        if word.startswith("BEGIN") or not open_before:
            self._bed.writing = False
        if writes and not self._bed.writing:
            self._bed.writing = True
            self._bed.reach("first write")
        if commits:
            self._bed.reach("before commit")
        done = self._connection.execute(sql, *values)
        if commits:
            self._bed.reach("after commit")
        return done


def wire(bed: Deathbed) -> None:
    """From here on every connection of this program that may write is watched."""
    from engine.persistence import lane, waiting

    lanes: Any = lane
    answers: Any = waiting
    connect, settle = lanes.connect, answers._settle

    def watched(address: Any, *, readonly: bool = False) -> Any:
        opened = connect(address, readonly=readonly)
        return opened if readonly else Wired(opened, bed, address.dialect)

    def settled(*given: Any) -> None:
        bed.reach("settling")
        settle(*given)

    lanes.connect, answers._settle = watched, settled


# ---- the server --------------------------------------------------------------------------------


class Server:
    """Runs jobs, all of a call at the same time; children that hang are killed."""

    def __init__(self, warm: Callable[[str], None], urls: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from tests.support.victim import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        self._send((warm, urls))

    def run(self, *jobs: Job) -> list[End]:
        return self.start(*jobs)()

    def start(self, *jobs: Job) -> Callable[[], list[End]]:
        """Begins them; what it gives waits for their ends."""
        self._send(jobs)
        assert self._process.stdout is not None
        stdout = self._process.stdout
        return lambda: pickle.load(stdout)  # noqa: S301

    def _send(self, given: Any) -> None:
        assert self._process.stdin is not None
        pickle.dump(given, self._process.stdin)
        self._process.stdin.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


def serve() -> None:
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever is printed by mistake
    warm, urls = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the test that started us
    for url in urls:
        warm(url)
    while True:
        try:
            jobs: Sequence[Job] = pickle.load(sys.stdin.buffer)  # noqa: S301
        except EOFError:
            return
        pickle.dump(_run(jobs), out)
        out.flush()


def _run(jobs: Sequence[Job]) -> list[End]:
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, str(n)) for n in range(len(jobs))]
        children = [_fork(job, path) for job, path in zip(jobs, paths, strict=True)]
        began = time.monotonic()
        for job, child in sorted(zip(jobs, children, strict=True), key=lambda pair: pair[0].after_s or 0):
            if job.after_s is not None:
                time.sleep(max(0.0, began + job.after_s - time.monotonic()))
                os.kill(child, signal.SIGKILL)
        statuses = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        return [End(status, list(_said(path))) for status, path in zip(statuses, paths, strict=True)]


def _fork(job: Job, path: str) -> int:
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND)

        def say(told: Any) -> None:
            os.write(handle, pickle.dumps(told))

        bed = Deathbed(job.point, job.n)
        wire(bed)
        job.run(say, lambda: bed.reach("before answer"), **job.given)
        status = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(status)


def _said(path: str) -> Iterator[Any]:
    with open(path, "ab+") as file:  # one who died early may never have made it
        file.seek(0)
        while True:
            try:
                yield pickle.load(file)  # noqa: S301 - from our own child
            except EOFError:
                return
