"""How long the command line takes to start: run with ``python -m tests.benchmarks.commandline``.

Each line is a process of its own; they take turns. ``cpu_us`` is what the process used, ``ms`` what its caller
waited; medians, on an otherwise quiet machine. `folkmoot --help` is held against the
help of a Typer program with two commands that do nothing, with rich as Typer comes, and without.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from engine.persistence.store import Store
from tests.benchmarks.rows import WHO, advance, new_store
from tests.support.commandline import PROGRAM
from tests.support.town import Town

BARE = """
import typer

app = typer.Typer(add_completion=False)

@app.command()
def come(name: str) -> None: print(name)

@app.command()
def go(name: str) -> None: print(name)

app()
"""
OTHERS = {
    "case_next": ("case", "next"),
    "case_history": ("case", "history"),
    "case_list": ("case", "list"),
    "desk": ("desk",),
    "case_note": ("case", "note", "looked at it"),
}


@dataclass
class Started:
    """One line of the command line and what its runs took."""

    command: list[str]
    environment: dict[str, str]
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    def run(self) -> None:
        begun = perf_counter()
        process = subprocess.Popen(  # noqa: S603 - our own program
            self.command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        said = process.stderr.read() if process.stderr else b""
        _, status, used = os.wait4(process.pid, 0)
        self.wall.append(perf_counter() - begun)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{self.command}: {said.decode()}")
        self.cpu.append(used.ru_utime + used.ru_stime)

    def figures(self) -> dict[str, float]:
        return {
            "cpu_us": statistics.median(self.cpu) * 1e6,
            "per_s": 1 / statistics.median(self.wall),
            "ms": statistics.median(self.wall) * 1e3,
        }

    def to(self, base: "Started") -> float:
        """The median of the rounds' ratios of CPU time."""
        return statistics.median(a / b for a, b in zip(self.cpu, base.cpu, strict=True))


def measure(rounds: int = 15) -> dict[str, dict[str, float]]:
    with tempfile.TemporaryDirectory() as folder:
        lines = _lines(Path(folder))
        for number in range(rounds + 1):
            names = list(lines)
            for name in names[number % len(names) :] + names[: number % len(names)]:
                lines[name].run()
            if number == 0:  # the first round reads files that nobody had read, and writes byte code
                for line in lines.values():
                    line.cpu.clear(), line.wall.clear()
    bare = lines["bare"]
    found = {name: line.figures() | {"ratio": line.to(bare)} for name, line in lines.items()}
    found["help"]["to_bare_without_rich"] = lines["help"].to(lines["bare_without_rich"])
    return {
        "help": found["help"],
        "case_show_ms": found["case_show"],
        **{f"cli_{name}": found[name] for name in OTHERS},
    }


def _lines(folder: Path) -> Mapping[str, Started]:
    (ref,) = new_store(folder / "store.db", 1)
    town = Town(Store.open(str(folder / "store.db")), seeded=True)
    advance(town, ref)
    now = town.now.isoformat()
    town.engine.close()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FOLKMOOT_", "TYPER_"))}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)  # nobody starts a program without its byte code
    ours = kept | {"FOLKMOOT_DATABASE_URL": f"sqlite:///{folder / 'store.db'}", "FOLKMOOT_NOW": now}
    (folder / "bare.py").write_text(BARE)
    bare = [sys.executable, str(folder / "bare.py"), "--help"]
    person = ("--as", WHO)
    lines = {
        "bare": Started(bare, kept),
        "bare_without_rich": Started(bare, kept | {"TYPER_USE_RICH": "0"}),
        "help": Started([*PROGRAM, "--help"], ours),
        "case_show": Started([*PROGRAM, *person, "case", "show", ref], ours),
    }
    for name, words in OTHERS.items():
        takes_ref = words[0] == "case" and words[1] != "list"
        given = [*words[:2], ref, *words[2:]] if takes_ref else [*words]
        lines[name] = Started([*PROGRAM, *person, *given], ours)
    return lines


if __name__ == "__main__":
    for name, values in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 15).items():
        sys.stdout.write(f"{name:20} " + "  ".join(f"{k} {v:,.2f}" for k, v in values.items()) + "\n")
