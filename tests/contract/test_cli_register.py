"""Bringing a register in from the keyboard: what would land, what landed, and taking it back."""

from pathlib import Path

import pytest

from tests.support.commandline import Shell

DATA = Path(__file__).parent.parent / "data"
BRING = (
    "case", "import", str(DATA / "baltimore_like.csv"), "--map", str(DATA / "baltimore_311.map.yaml"),
    "--as", "adm-01", "--yes",
)  # fmt: skip


@pytest.fixture
def line(station: Shell) -> tuple[str, ...]:
    return (*BRING, "--rejects", str(station.folder / "left_out.csv"))


def test_a_rehearsal_says_would_and_nothing_saved_once(station: Shell, line: tuple[str, ...]) -> None:
    said = station(*line, "--dry-run")
    assert "10 read: 4 would land" in said.out
    assert (said.out + said.err).count("Nothing saved") == 1


def test_a_second_run_makes_no_batch_and_the_list_names_the_register(
    station: Shell, line: tuple[str, ...]
) -> None:
    assert "4 landed" in station(*line).out
    assert "Batch" not in station(*line).out
    listed = station("import", "list", "--as", "adm-01").out.strip().split("\n")
    assert len(listed) == 1
    assert listed[0].startswith("B-1\tbaltimore_like.csv\t")
    shown = station.terminal("import", "list", "--as", "adm-01").out
    assert "baltimore_li" in shown
    assert "No room" not in shown


def test_a_rehearsed_withdrawal_says_would(station: Shell, line: tuple[str, ...]) -> None:
    station(*line)
    assert "4 cases would go" in station("import", "withdraw", "B-1", "--as", "adm-01", "--dry-run").out
    assert "4 cases are gone" in station("import", "withdraw", "B-1", "--as", "adm-01", "--yes").out
