"""Writes the tables of ``docs/performance.md`` from what was measured: ``python -m tests.benchmarks.page``.

``bench.json`` is left by `make bench`, ``peers.json`` by `make peers`, ``history.json`` by `make soak`. A table whose
file is missing stays as it is. The page keeps its own words; only what stands between two marks is written anew.
"""

import json
import os
import platform
import re
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.benchmarks.bar import BARS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "performance.md"
Figures = Mapping[str, Any]
WHAT = {
    "advance_single": "one act, one caller, a durable commit each",
    "advance_16_callers": "sixteen callers in one process, through the writer",
    "http_16": "the act over HTTP, sixteen connections",
    "bulk_100": "a hundred acts in one commit",
    "million_cases": "one act among 1,000,000 cases, against among 20,000",
    "postgres_8": "one act on PostgreSQL, eight connections",
    "help": "`folkmoot --help` against a bare Typer program's (CPU)",
    "case_show_ms": "`folkmoot case show REF`, from start to end",
    "batch_1000x500": "a waiting list of 1,000 planned over 500 officers (CPU)",
    "routing_city": "a dispute of the whole sample city given to somebody (99 of 100)",
    "worker_rss_mb": "memory of an API process after 1,000 requests",
}
UNITS = {"s": " s", "ms": " ms", "mb": " MB", "worst_stall_ms": " ms", "p99_ms": " ms"}


def bench(figures: Figures) -> Iterator[str]:
    yield "| what | name | reached | wanted | CPU µs | per second | by hand: CPU µs | per second |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for name, what in WHAT.items():
        values = figures.get(name)
        if values is None:
            continue
        bars = [bar for bar in BARS.get(name, ()) if bar.value in values]
        reached = ", ".join(f"{values[bar.value]:.3g}{UNITS.get(bar.value, '')}" for bar in bars)
        wanted = ", ".join(
            f"{bar}{UNITS.get(bar.value, '')}{'' if bar.met(values[bar.value]) else ' **missed**'}"
            for bar in bars
        )
        numbers = (values.get(key) for key in ("cpu_us", "per_s", "by_hand_cpu_us", "by_hand_per_s"))
        yield f"| {what} | `{name}` | {reached} | {wanted} | {' | '.join(map(_number, numbers))} |"


def commands(figures: Figures) -> Iterator[str]:
    yield "| command | ms | CPU ms | CPU against a bare Typer program's help |"
    yield "| --- | --- | --- | --- |"
    named = {"help": "`--help`", "case_show_ms": "`case show`"}
    for name, values in figures.items():
        if name in named or name.startswith("cli_"):
            told = named.get(name) or f"`{name.removeprefix('cli_').replace('_', ' ')}`"
            yield f"| {told} | {values['ms']:.0f} | {values['cpu_us'] / 1e3:.0f} | {values['ratio']:.2f} |"


def peers(figures: Figures) -> Iterator[str]:
    yield "| engine | steps per second | to the floor | CPU µs per step | what each step wrote |"
    yield "| --- | --- | --- | --- | --- |"
    for name, values in sorted(figures.items(), key=lambda item: -item[1]["ratio"]):
        told = f"{name} {values['version']}".strip()
        yield (
            f"| {told} | {values['per_s']:,.0f} | {values['ratio']:.2f} | {values['cpu_us']:,.0f}"
            f" | {values['wrote']} |"
        )


def history(figures: Figures) -> Iterator[str]:
    first = next(iter(figures.values()))
    yield f"{first['events']:,} events of {first['cases']:,} cases against a store with the same open cases and little else."
    yield ""
    yield "| work | short, ms | long, ms | ratio |"
    yield "| --- | --- | --- | --- |"
    for name, values in figures.items():
        yield f"| {name} | {values['short_ms']:.2f} | {values['long_ms']:.2f} | {values['ratio']:.2f} |"


def machine() -> str:
    """Where this ran."""
    found = re.search(r"model name\s*:\s*(.+)", _text("/proc/cpuinfo"))
    memory = re.search(r"MemTotal:\s*(\d+)", _text("/proc/meminfo"))
    parts = [
        f"{os.cpu_count()} cores ({found[1] if found else platform.machine()})",
        f"{int(memory[1]) / 2**20:.0f} GiB" if memory else "",
        f"{platform.system()} {platform.release().split('-')[0]}",
        f"Python {platform.python_version()}",
        f"SQLite {sqlite3.sqlite_version}",
        *(f"{name} {version(name)}" for name in ("sqlalchemy", "fastapi", "uvicorn", "psycopg")),
    ]
    told = ", ".join(part for part in parts if part)
    return f"{told}; load {os.getloadavg()[2]:.1f} over the quarter of an hour before"


TABLES = {
    "bench": ("bench.json", bench),
    "commands": ("bench.json", commands),
    "peers": ("peers.json", peers),
    "history": ("history.json", history),
}


def written(page: str, folder: Path = ROOT) -> str:
    """The page with the tables of the files that are there."""
    for mark, (name, table) in TABLES.items():
        file = folder / name
        if not file.is_file():
            continue
        day = datetime.fromtimestamp(file.stat().st_mtime, UTC).date()
        lines = "\n".join(table(json.loads(file.read_text("utf-8"))))
        body = f"Measured {day:%Y-%m-%d} on {machine()}.\n\n{lines}\n"
        page = re.sub(
            rf"(<!-- {mark} -->\n).*?(<!-- /{mark} -->)",
            lambda found, body=body: found[1] + body + found[2],
            page,
            flags=re.DOTALL,
        )
    return page


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"


def _text(path: str) -> str:
    return Path(path).read_text("utf-8") if Path(path).exists() else ""


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
