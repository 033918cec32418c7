"""Every benchmark, one after another: ``make bench``. Prints the figures and writes them to ``bench.json``."""

import json
import sys
from pathlib import Path
from typing import Any

from tests.benchmarks import advance, commandline, definition


def main() -> None:
    figures: dict[str, Any] = {
        "advance_single": advance.measure(),
        "definition_s": definition.measure(),
        "commands_s": {
            name: {"clock": clock, "cpu": cpu} for name, (clock, cpu) in commandline.measure().items()
        },
    }
    for group, values in figures.items():
        sys.stdout.write(f"{group}\n")
        for name, value in values.items():
            sys.stdout.write(f"  {name:24} {value}\n")
    Path("bench.json").write_text(json.dumps(figures, indent=2), "utf-8")


if __name__ == "__main__":
    main()
