"""Every benchmark, one after another: ``make bench``. Prints the figures, writes them to ``bench.json``.

``python -m tests.benchmarks.run advance postgres`` runs only these parts and keeps the other figures of the file.
"""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.benchmarks.bar import verdicts

# modules with ``measure()``: figure name -> {"ratio", "cpu_us", "per_s", ...}
PARTS = (
    "advance",
    "http",
    "million",
    "postgres",
    "commandline",
    "memory",
    "definition",
    "batch",
    "harbin_year",
)
FILE = Path("bench.json")


def main(parts: list[str]) -> None:
    figures: dict[str, Any] = json.loads(FILE.read_text("utf-8")) if parts and FILE.exists() else {}
    for part in parts or PARTS:
        found = import_module(f"tests.benchmarks.{part}").measure()
        for name, values in found.items():
            sys.stdout.write(line(name, values) + "\n")
            sys.stdout.flush()
        figures |= found
        FILE.write_text(json.dumps(figures, indent=2), "utf-8")


def line(name: str, values: dict[str, float]) -> str:
    told = "  ".join(f"{key} {value:,.4g}" for key, value in values.items())
    return f"{name:20} {told}   {verdicts(name, values)}".rstrip()


if __name__ == "__main__":
    main(sys.argv[1:])
