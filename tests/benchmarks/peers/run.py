"""The same five-step case on other engines, on the floor and on ours, in turns: ``make peers``.

Each contender is a process of its own, peers in an environment of their own (`requirements/peers.txt`). A slice takes
about half a second; a peer's ratio is the median of its slices to the floor's slice of the same round. Writes
``peers.json``.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
PEERS = {  # name -> file, the package whose version is told
    "SpiffWorkflow": ("spiff", "spiffworkflow"),
    "django-fsm-2": ("machine_django", "django-fsm-2"),
    "transitions + SQLAlchemy": ("machine_transitions", "transitions"),
    "python-statemachine + SQLAlchemy": ("machine_statemachine", "python-statemachine"),
    "DBOS": ("durable_dbos", "dbos"),
}
FLOOR, OURS = "by hand", "Folkmoot"
STEPS = 5
SLICE_S = 0.5
ROUNDS = 11
FILE = ROOT / "peers.json"


@dataclass
class Contender:
    """A process that does so many cases when it is told to."""

    name: str
    process: "subprocess.Popen[str]"
    version: str = ""
    wrote: str = ""
    cases: int = 3
    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def hear(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended with {self.process.wait()}")
        return json.loads(line)

    def slice(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{self.cases}\n")
        self.process.stdin.flush()
        took = self.hear()
        steps = self.cases * STEPS
        self.rates.append(steps / took["wall"])
        self.cpu.append(took["cpu"] / steps)
        self.cases = max(3, round(self.rates[-1] * SLICE_S / STEPS))

    def figures(self, floor: "Contender") -> dict[str, Any]:
        return {
            "version": self.version,
            "per_s": statistics.median(self.rates),
            "ratio": statistics.median(a / b for a, b in zip(self.rates, floor.rates, strict=True)),
            "cpu_us": statistics.median(self.cpu) * 1e6,
            "wrote": self.wrote,
        }


def measure(peers: Path, rounds: int = ROUNDS) -> dict[str, dict[str, Any]]:
    """``peers``: the Python of the peers' environment."""
    with tempfile.TemporaryDirectory() as folder:
        started = [_start(FLOOR, Path(sys.executable), "floor", folder)]
        started.append(_start(OURS, Path(sys.executable), "ours", folder, version_of("folkmoot")))
        for name, (file, package) in PEERS.items():
            started.append(_start(name, peers, file, folder, _version(peers, package)))
        for contender in started:
            contender.wrote = contender.hear()["wrote"]
        for number in range(rounds + 2):  # the first two find the size of a slice and warm up
            if number == 2:
                for contender in started:
                    contender.rates.clear()
                    contender.cpu.clear()
            for contender in started[number % len(started) :] + started[: number % len(started)]:
                contender.slice()
        for contender in started:
            contender.process.terminate()
            contender.process.wait()
    return {contender.name: contender.figures(started[0]) for contender in started}


def _start(name: str, python: Path, file: str, folder: str, version: str = "") -> Contender:
    place = Path(folder) / file
    place.mkdir()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("FOLKMOOT_")}
    if name == OURS:
        environment["PYTHONPATH"] = str(ROOT)
    process = subprocess.Popen(  # noqa: S603 - our own programs
        [str(python), str(HERE / f"{file}.py"), str(place)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    return Contender(name, process, version)


def _version(python: Path, package: str) -> str:
    code = f"from importlib.metadata import version; print(version({package!r}))"
    return subprocess.run(  # noqa: S603 - our own line
        [str(python), "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


def main(peers: str, rounds: str = str(ROUNDS)) -> None:
    found = measure(Path(peers), int(rounds))
    for name, figures in found.items():
        told = "  ".join(
            f"{key} {value:,.3g}" if isinstance(value, float) else str(value)
            for key, value in figures.items()
        )
        sys.stdout.write(f"{name:34} {told}\n")
    FILE.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
