"""Worklists and firing over a long history against the same work over a short one:
``python -m tests.benchmarks.long_history [EVENTS]``. Part of ``make soak``; exits with 1 beyond the bound.

Both stores hold the same open cases. They take turns, and of each kind of work the best round counts: the
question is what the history costs, not what else the machine does.
"""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from engine.bootstrap import Engine
from engine.persistence.store import Store
from engine.service import acting, desk, query, showing, worker
from tests.benchmarks import history

EVENTS = int(os.environ.get("FOLKMOOT_SOAK_EVENTS", "10_000_000"))
BOUND = 1.2
BYTES = 2_000  # of disk per event
ROUNDS = 30
FILE = Path("history.json")
Work = Callable[[Engine], Any]


def works(engine: Engine) -> dict[str, Work]:
    """What is compared, for people who have open cases in both stores."""
    who = engine.read(query.list_cases, engine.caller(person=None), filter={"open": True}, limit=None)[
        "items"
    ]
    holders = sorted({item["holder"] for item in who if item["holder"]})[:5]
    refs = sorted(item["ref"] for item in who)[:20]
    return {
        "case list --holder --open": lambda one: [
            one.read(query.list_cases, one.caller(person=p), filter={"holder": p, "open": True})
            for p in holders
        ],
        "case list --late": lambda one: one.read(
            query.list_cases, one.caller(person=None), filter={"late": True}
        ),
        "desk of a handler": lambda one: [one.read(desk.desk, one.caller(person=p)) for p in holders],
        "desk of a unit": lambda one: one.read(desk.desk, one.caller(person="dsp-01"), unit_code="S-001"),
        "case show": lambda one: [one.read(showing.show_case, one.caller(person=None), ref=r) for r in refs],
        "note": lambda one: [
            one.call(acting.note, one.caller(person="dsp-01"), ref=r, text="looked at it", dry_run=True)
            for r in refs
        ],
        "firing": _fire,
    }


def _fire(engine: Engine) -> Any:
    """What falls due within two days, done and taken back."""
    later = Engine(engine.store, lambda: history.UNTIL + timedelta(days=2))
    return later.call(worker.sweep, later.caller(person=None), dry_run=True)


def measure(events: int, folder: Path) -> dict[str, dict[str, float]]:
    short, long = folder / "short.db", folder / "long.db"
    history.county(short)
    shutil.copy(short, long)
    cases, held = history.grow(long, events=events, tell=True)
    sys.stdout.write(f"\r{held:,} events of {cases:,} cases, {long.stat().st_size / 1e9:.1f} GB\n")
    with ExitStack() as stack:
        engines = [
            stack.enter_context(Engine(Store.open(str(path)), lambda: history.UNTIL))
            for path in (short, long)
        ]
        compared = {name: _compare(work, engines) for name, work in works(engines[0]).items()}
    return {name: values | {"events": held, "cases": cases} for name, values in compared.items()}


def _compare(work: Work, engines: list[Engine]) -> dict[str, float]:
    for engine in engines:
        work(engine)  # the first time reads pages and compiles
    taken: list[list[tuple[float, float]]] = [[], []]
    for _ in range(ROUNDS):
        for engine, mine in zip(engines, taken, strict=True):
            clock, cpu = perf_counter(), process_time()
            work(engine)
            mine.append((perf_counter() - clock, process_time() - cpu))
    (short, short_cpu), (long, long_cpu) = (map(min, zip(*mine, strict=True)) for mine in taken)
    return {
        "ratio": long / short,
        "cpu_ratio": long_cpu / short_cpu,
        "short_ms": short * 1e3,
        "long_ms": long * 1e3,
    }


def main(events: int) -> int:
    room = shutil.disk_usage(tempfile.gettempdir()).free // (2 * BYTES)
    if room < events:
        sys.stdout.write(f"only half of the free disk is used: {room:,} events instead of {events:,}\n")
        events = room
    with tempfile.TemporaryDirectory() as folder:
        found = measure(events, Path(folder))
    FILE.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    # pages are in memory by then: what a history costs takes time and work, other programs only time
    beyond = {name for name, values in found.items() if min(values["ratio"], values["cpu_ratio"]) > BOUND}
    for name, values in found.items():
        told = "  ".join(f"{key} {value:,.2f}" for key, value in values.items())
        sys.stdout.write(f"{name:28} {told}{'   BEYOND' if name in beyond else ''}\n")
    return 1 if beyond else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS))
