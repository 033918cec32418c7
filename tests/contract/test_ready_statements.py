"""What a start may load: statements stand ready as text, and reading one case needs no database library."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from engine.persistence import ready
from engine.persistence.convert import BINDERS, OURS, READERS
from tests.contract import ready_statements
from tests.support.commandline import Shell

# the same start with what was loaded told at the end
PROGRAM = """
import sys
from cli.main import run
try:
    run()
finally:
    print("loaded", *sys.modules, file=sys.stderr)
"""
LIBRARIES = {
    "alembic", "fastapi", "holidays", "numpy", "openpyxl", "psycopg", "rich", "sqlalchemy", "sqlmodel", "starlette",
    "typer._adapters", "uvicorn",
}  # fmt: skip


def test_the_texts_are_fresh() -> None:
    assert ready.TEXTS.read_text("utf-8") == ready_statements.text(), (
        "python -m tests.contract.ready_statements"
    )


def test_a_text_that_stands_ready_is_what_would_be_compiled() -> None:
    found = json.loads(ready.TEXTS.read_bytes())["statements"]
    for name in found:
        ready_one = ready.find(name, "sqlite")
        assert ready_one == ready._known[name].compile("sqlite")
        assert ready.find(name, "postgresql") is None


def test_none_is_used_when_a_source_has_changed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    kept = json.loads(ready.TEXTS.read_bytes())
    kept["made_of"]["persistence/case_store.py"] += 1
    other = tmp_path / "ready.json"
    other.write_text(json.dumps(kept))
    monkeypatch.setattr(ready, "TEXTS", other)
    ready._texts.cache_clear()
    try:
        assert all(ready.find(name, "sqlite") is None for name in kept["statements"])
    finally:
        ready._texts.cache_clear()


def test_every_converter_has_a_name_of_its_own() -> None:
    ours = {one for one in (*BINDERS.values(), *READERS.values()) if one is not None}
    assert set(OURS.values()) == ours


class TestStart:
    @pytest.mark.parametrize("verb", ["show", "next", "history"])
    def test_reading_one_case_loads_no_library_that_it_does_not_use(self, station: Shell, verb: str) -> None:
        ref = station.file_case()
        assert not (LIBRARIES | {"transitions"}) & self._loaded(station, "case", verb, ref, "--as", "dsp-01")

    def test_the_first_page_loads_less_still(self, station: Shell) -> None:
        more = {
            "asyncio",
            "cel_expr_python",
            "engine.bootstrap",
            "pydantic",
            "transitions",
            "yaml",
            "zoneinfo",
        }
        assert not (LIBRARIES | more) & self._loaded(station, "--help")

    def _loaded(self, station: Shell, *line: str) -> set[str]:
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-c", PROGRAM, *line], capture_output=True, text=True, check=True, timeout=60,
            cwd=station.folder, env=station.surroundings(),
        )  # fmt: skip
        return set(done.stderr.rpartition("loaded ")[2].split())
