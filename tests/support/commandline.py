"""The command line in a test: a station with its staff, a fixed clock, folders of its own.

``shell`` runs commands inside this process; ``shell.program`` starts the installed program, and ``shell.terminal``
starts it on a pseudo-terminal of a given width, as a person sees it.
"""

import fcntl
import json
import os
import pty
import select
import shutil
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

MONDAY = "2026-11-23T08:05:00+08:00"
PATIENCE_S, PAUSE_S, TICK_S = 30.0, 0.25, 0.02
PROGRAM = [sys.executable, "-c", "from cli.main import run; run()"]
SCREENING = (
    "screening_form:violence=no,weapon=no,dv=no,minor=no,crime=no,crisis=no,power_gap=no,mass=no,official=no,"
    "language=no,prior_reports=0"
)


@dataclass(frozen=True, slots=True)
class Said:
    status: int
    out: str
    err: str = ""

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Shell:
    """``folder`` is the working directory; the store of the station stands there as ``folkmoot.db``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = {
            "FOLKMOOT_NOW": MONDAY,
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_STATE_HOME": str(folder / "state"),
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "FOLKMOOT_DATABASE_URL": f"sqlite:///{folder / 'folkmoot.db'}",
        }

    def __call__(
        self, *args: str, feed: str | None = None, env: Mapping[str, str | None] | None = None
    ) -> Said:
        from cli.main import app

        runner = CliRunner()
        result = runner.invoke(app, list(args), input=feed, env={**self.env, **(env or {})})
        return Said(result.exit_code, result.stdout, result.stderr)

    def program(self, *args: str, feed: str = "", env: Mapping[str, str] | None = None) -> Said:
        done = subprocess.run(  # noqa: S603 - our own program
            [*PROGRAM, *args], input=feed, capture_output=True, text=True, cwd=self.folder,
            env=self.surroundings(env), timeout=60, check=False,
        )  # fmt: skip
        return Said(done.returncode, done.stdout, done.stderr)

    def terminal(
        self, *args: str, columns: int = 80, feed: Sequence[str] = (), env: Mapping[str, str] | None = None
    ) -> Said:
        """What a person sees: stdout and stderr together, colours included. Each piece of ``feed`` is typed when
        the program waits for it or has fallen silent."""
        leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        process = subprocess.Popen(  # noqa: S603 - our own program
            [*PROGRAM, *args], stdin=follower, stdout=follower, stderr=follower, cwd=self.folder,
            env=self.surroundings({"TERM": "xterm", **(env or {})}), start_new_session=True,
        )  # fmt: skip
        os.close(follower)
        seen = _talk(leader, process, list(feed))
        os.close(leader)
        return Said(process.wait(60), seen.replace("\r\n", "\n"))

    def surroundings(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """The environment of a program that is started here."""
        return {**_bare(), **self.env, **(more or {})}

    def file_case(
        self, what: str = "wall on the boundary", *, by: str = "dsp-01", place: str = "示例一村"
    ) -> str:
        said = self(
            "case", "file", "dispute_mediation", "--place", place, "--what", what, "--as", by, "--json"
        )
        ref: str = said.json["ref"]
        return ref


def _bare() -> dict[str, str]:
    kept = ("PATH", "HOME", "PYTHONPATH", "SYSTEMROOT")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "PYTHONPATH": str(Path(__file__).parents[2])
    }


def _talk(leader: int, process: "subprocess.Popen[bytes]", typed: list[str]) -> str:
    """All that the program wrote, until it closed the terminal."""
    seen, silent, answered = b"", 0.0, False  # answered: something came since the last piece was typed
    while silent < PATIENCE_S:
        ready, _, _ = select.select([leader], [], [], TICK_S)
        if not ready:
            silent += TICK_S
            if typed and seen and (silent >= PAUSE_S or (answered and _listens(process.pid))):
                os.write(leader, typed.pop(0).encode())
                silent, answered = 0.0, False
            continue
        silent, answered = 0.0, True
        try:
            part = os.read(leader, 65536)
        except OSError:  # Linux ends a terminal whose last reader left with EIO
            return seen.decode()
        seen += part
    process.kill()
    process.wait()
    raise AssertionError(f"no answer within {PATIENCE_S} s, so far: {seen.decode(errors='replace')}")


def _listens(pid: int) -> bool:
    """Whether it waits for a key at this very moment; where the system does not tell, its silence has to."""
    try:
        call = Path(f"/proc/{pid}/syscall").read_text().split()
    except OSError:
        return False
    return call[:2] in (["0", "0x0"], ["63", "0x0"])  # read(0, ..) on x86-64 and on ARM


@pytest.fixture(scope="session")
def station_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The station's store, made once and copied for each test."""
    from tests.acceptance.station import build

    path = tmp_path_factory.mktemp("station") / "station.db"
    build(f"sqlite:///{path}")
    return path


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A folder without a store."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("FOLKMOOT_", "_FOLKMOOT")):
            monkeypatch.delenv(name)
    return Shell(tmp_path)


@pytest.fixture
def station(shell: Shell, station_template: Path) -> Shell:
    """The same with the station's store in it."""
    shutil.copy(station_template, shell.folder / "folkmoot.db")
    return shell
