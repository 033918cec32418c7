"""The roster, and a deadline paused by the record that its act asks, as people type them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from tests.support.office import MEDIATED

Type = Callable[..., Result]


@pytest.fixture
def folkmoot(furnished: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Type:
    """Types a command against the furnished office; it is Monday, 23 November 2026, 9:00."""
    store = tmp_path / "office.db"
    store.write_bytes(furnished.read_bytes())
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", f"sqlite:///{store}")
    monkeypatch.setenv("FOLKMOOT_NOW", "2026-11-23T09:00:00+08:00")
    monkeypatch.chdir(tmp_path)

    def typed(*words: str, as_: str = "dsp-01") -> Result:
        return CliRunner().invoke(app, ["--as", as_, *words])

    return typed


def test_a_roster_comes_in_and_says_who_is_on(folkmoot: Type) -> None:
    empty = folkmoot("duty", "show")
    assert (empty.exit_code, "duty import" in empty.stdout + empty.stderr) == (0, True)
    rows = "unit,day,person,signed_on\nS-012,2026-11-23,off-06,yes\noffice-021,2026-11-24,off-05,\nS-012,2026-11-23,off-99,\n"
    Path("roster.csv").write_text(rows, "utf-8")
    taken = folkmoot("duty", "import", "roster.csv")
    assert (taken.exit_code, "off-99" in taken.stdout) == (7, True)
    today = json.loads(folkmoot("duty", "show", "--unit", "S-012", "--json").stdout)
    assert [(one["person"], one["signed_on"]) for one in today["items"]] == [("off-06", True)]
    week = folkmoot("duty", "show", "--week").stdout
    assert "off-06" in week
    assert "off-05" in week


def test_a_clock_pauses_with_the_record_that_its_act_asks(folkmoot: Type) -> None:
    words = ("clock", "pause", MEDIATED, "mediation_limit", "--reason", "P1 is in hospital")
    lacking = folkmoot(*words, as_="dir-02")
    assert (lacking.exit_code, "FM-R301" in lacking.stderr) == (3, True)
    paused = folkmoot(*words, "--record", "suspension:ground=party_ill,until=2026-12-10", as_="dir-02")
    assert paused.exit_code == 0, paused.stderr
    clock = json.loads(folkmoot("clock", "explain", MEDIATED, "mediation_limit", "--json").stdout)
    assert clock["status"] == "paused"
