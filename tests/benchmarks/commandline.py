"""How long the command line takes to start: run with ``python -m tests.benchmarks.commandline``."""

import resource
import subprocess
import sys
from time import perf_counter

from tests.support.commandline import PROGRAM

LINES = ((), ("--help",), ("case", "--help"), ("config", "show"))


def measure(rounds: int = 7) -> dict[str, tuple[float, float]]:
    """Best of some rounds of each line: seconds by the clock, seconds of CPU time."""
    best: dict[str, tuple[float, float]] = {}
    for line in LINES:
        name = " ".join(("folkmoot", *line))
        for _ in range(rounds):
            begun, before = perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([*PROGRAM, *line], capture_output=True, check=True)  # noqa: S603 - our own program
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
            held = best.get(name, (float("inf"), float("inf")))
            best[name] = (min(held[0], perf_counter() - begun), min(held[1], spent))
    return best


if __name__ == "__main__":
    for name, (clock, cpu) in measure().items():
        sys.stdout.write(f"{name:24} {clock * 1000:7.0f} ms  {cpu * 1000:7.0f} ms CPU\n")
