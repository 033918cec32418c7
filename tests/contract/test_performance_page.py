"""The page of figures is written from what was measured, and from nothing else."""

import json
from pathlib import Path

from tests.benchmarks import page
from tests.benchmarks.bar import BARS

FIGURES = {
    "bench.json": {
        "advance_single": {"ratio": 0.5, "cpu_us": 300.0, "per_s": 2000.0, "by_hand_cpu_us": 90.0, "by_hand_per_s": 4000.0},
        "case_show_ms": {"ratio": 2.5, "cpu_us": 300_000.0, "per_s": 3.0, "ms": 330.0},
    },
    "peers.json": {"by hand": {"version": "", "per_s": 4000.0, "ratio": 1.0, "cpu_us": 90.0, "wrote": "rows"}},
    "history.json": {"firing": {"ratio": 1.01, "short_ms": 3.0, "long_ms": 3.03, "events": 1_000_000, "cases": 80_000}},
}  # fmt: skip


def test_every_bar_has_its_line() -> None:
    assert page.WHAT.keys() == BARS.keys()


def test_each_table_is_written_between_its_marks(tmp_path: Path) -> None:
    for name, figures in FIGURES.items():
        (tmp_path / name).write_text(json.dumps(figures))
    before = page.PAGE.read_text("utf-8")
    after = page.written(before, tmp_path)
    for line in (
        "`advance_single` | 0.5 | ≥ 0.7 **missed** | 300 | 2,000 | 90 | 4,000 |",
        "`case_show_ms` | 330 ms | ≤ 450 ms |",
        "| `case show` | 330 | 300 | 2.50 |",
        "| by hand | 4,000 | 1.00 | 90 | rows |",
        "1,000,000 events of 80,000 cases",
        "| firing | 3.00 | 3.03 | 1.01 |",
    ):
        assert line in after
    assert page.written(after, tmp_path) == after


def test_a_table_whose_figures_are_missing_stays(tmp_path: Path) -> None:
    before = page.PAGE.read_text("utf-8")
    assert page.written(before, tmp_path) == before
