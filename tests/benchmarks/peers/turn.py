"""The common part of every contender: a process that does so many cases when a line with a number comes in.

Standard library only: peers run in an environment of their own.
"""

import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

STEPS = ("open", "take", "work", "check", "close")
STATES = ("opened", "taken", "worked", "checked", "closed")  # after each step
WROTE = "wrote"


def take_turns(make: Callable[[Path], Callable[[], None]], wrote: str) -> None:
    """``make`` gets an empty folder and gives the work: one case through all five steps, each durable."""
    work = make(Path(sys.argv[1]))
    say({WROTE: wrote})
    for line in sys.stdin:
        clock, cpu = perf_counter(), process_time()
        for _ in range(int(line)):
            work()
        say({"wall": perf_counter() - clock, "cpu": process_time() - cpu})


def say(told: object) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def event_text(number: int, seq: int, step: str) -> str:
    """What a step leaves behind, as JSON."""
    told = {
        "case": number,
        "seq": seq,
        "act": step,
        "actor": "ann",
        "at": "2026-11-24T00:00:00Z",
        "note": "as asked",
    }
    return json.dumps(told, sort_keys=True, separators=(",", ":"))


def link(head: str, text: str) -> str:
    return hashlib.sha256((head + text).encode()).hexdigest()
