"""What a serving process holds after a thousand requests: ``python -m tests.benchmarks.memory``."""

import sys
import tempfile
from pathlib import Path

from tests.benchmarks.http import Http, cpu_s, served
from tests.benchmarks.rows import new_store

REQUESTS = 1_000
CASES = 5_000


def measure() -> dict[str, dict[str, float]]:
    """`folkmoot serve` without its worker, on SQLite; megabytes as the system counts them."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store.db"
        refs = iter(new_store(store, CASES))
        with served(store) as (process, address, secret):
            http = Http(process.pid, address, secret, refs)
            begun = cpu_s(process.pid)
            done = 0
            while done < REQUESTS:
                done += http()
            spent = cpu_s(process.pid) - begun
            held = _status(process.pid)
            http.close()
    return {
        "worker_rss_mb": {
            "mb": held["VmRSS"],
            "peak_mb": held["VmHWM"],
            "requests": float(done),
            "cpu_us": spent / done * 1e6,
        }
    }


def _status(pid: int) -> dict[str, float]:
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    cells = (line.split() for line in lines)
    return {cell[0].rstrip(":"): int(cell[1]) / 1024 for cell in cells if len(cell) == 3 and cell[2] == "kB"}


if __name__ == "__main__":
    for name, values in measure().items():
        sys.stdout.write(f"{name:20} " + "  ".join(f"{k} {v:,.1f}" for k, v in values.items()) + "\n")
