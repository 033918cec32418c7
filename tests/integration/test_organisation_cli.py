"""People and places as an administrator and a dispatcher type them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app

Type = Callable[..., Result]


@pytest.fixture
def folkmoot(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Type:
    """Types a command against an empty store; it is Monday, 23 November 2026, 08:05."""
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", database_url)
    monkeypatch.setenv("FOLKMOOT_NOW", "2026-11-23T08:05:00+08:00")
    monkeypatch.chdir(tmp_path)

    def typed(*words: str, as_: str = "dsp-01") -> Result:
        return CliRunner().invoke(app, ["--as", as_, *words])

    return typed


@pytest.fixture
def sample(folkmoot: Type) -> Type:
    assert folkmoot("org", "template", "sample.xlsx", "--sample", "county").exit_code == 0
    assert folkmoot("org", "import", "sample.xlsx").exit_code == 0
    return folkmoot


def test_the_sample_is_written_imported_exported_and_the_same(sample: Type) -> None:
    assert sample("org", "export", "out").exit_code == 0
    assert Path("out/units.csv").read_bytes().startswith(b"\xef\xbb\xbfcode,name,level")
    again = json.loads(sample("org", "import", "out", "--json", as_="chf-01").stdout)
    assert sum(s["same"] for s in again["sheets"]) == sum(s["rows"] for s in again["sheets"]) > 300


def test_nothing_that_is_there_is_written_over(sample: Type) -> None:
    refused = sample("org", "export", "sample.xlsx")
    assert (refused.exit_code, "FM-U053" in refused.stderr) == (2, True)


def test_a_dry_run_saves_nothing_and_rejected_rows_exit_7(folkmoot: Type) -> None:
    Path("units.csv").write_text("code,name,level\nS-1,甲,station\n2.30125E+11,乙,station\n", "utf-8")
    dry = folkmoot("org", "import", "units.csv", "--dry-run")
    assert dry.exit_code == 7
    assert "units, row 3, code: `2.30125E+11` was shortened by the spreadsheet" in dry.stdout
    assert json.loads(folkmoot("unit", "list", "--json").stdout)["count"] == 0
    assert folkmoot("org", "import", "units.csv").exit_code == 7
    assert json.loads(folkmoot("unit", "list", "--json").stdout)["count"] == 1


def test_a_missing_file_and_an_unreadable_one_have_their_own_exits(folkmoot: Type) -> None:
    assert folkmoot("org", "import", "none.xlsx").exit_code == 4
    Path("org.xlsx").write_bytes(b"no workbook")
    assert folkmoot("org", "import", "org.xlsx").exit_code == 6


def test_leave_is_typed_with_a_weekday_and_told_back(sample: Type) -> None:
    told = sample("person", "away", "off-03", "aux-11", "--until", "fri", "--reason", "sick")
    assert told.stdout.startswith("Away Mon 23 Nov - Fri 27 Nov")
    listed = json.loads(sample("person", "list", "--role", "officer", "--json").stdout)
    away = {item["code"]: item["away_until"] for item in listed["items"] if item["away"]}
    assert away == {"off-03": "2026-11-27"}
    assert "off-03 is back from Mon 23 Nov" in sample("person", "back", "off-03").stdout


def test_an_appointment_shows_on_the_persons_page(sample: Type) -> None:
    told = sample("person", "appoint", "aux-07", "--role", "mediator_post", "--unit", "V-007", as_="chf-01")
    assert "aux-07 is mediator_post over V-007" in told.stdout
    assert "mediator_post" in sample("person", "show", "aux-07").stdout
    assert sample("person", "end", "aux-07", "--role", "mediator_post", as_="chf-01").exit_code == 0


def test_who_leads_nobody_appoints_nobody(sample: Type) -> None:
    refused = sample(
        "person", "appoint", "aux-07", "--role", "mediator_post", "--unit", "V-007", as_="aux-07"
    )
    assert (refused.exit_code, "FM-R108" in refused.stderr) == (3, True)
    assert "mediator_post" not in sample("person", "show", "aux-07").stdout


def test_a_name_that_fits_several_places_exits_2_and_a_search_lists_them(folkmoot: Type) -> None:
    rows = ["1,甲县,county,", "2,乙县,county,", "11,胜利村村委会,village,1", "21,胜利村村委会,village,2"]
    Path("places.csv").write_text("code,name,kind,parent\n" + "\n".join(rows) + "\n", "utf-8")
    folkmoot("org", "import", "places.csv")
    refused = folkmoot("unit", "find", "胜利村")
    assert (refused.exit_code, "FM-U003" in refused.stderr) == (2, True)
    assert "“胜利村”对应 2 个地点" in folkmoot("--lang", "zh", "unit", "find", "胜利村").stderr
    assert len(folkmoot("place", "find", "胜利村").stdout.splitlines()) == 2


def test_an_empty_list_says_what_next(folkmoot: Type) -> None:
    assert "folkmoot org template" in folkmoot("unit", "list").stderr
    assert "folkmoot person appoint" in folkmoot("person", "list").stderr


def test_who_serves_a_place_is_a_table_of_units(sample: Type) -> None:
    told = sample("unit", "find", "新立村")
    assert [line.split("\t")[1] for line in told.stdout.splitlines()][:3] == ["V-001", "office-001", "S-001"]
    assert "S-001" in sample("unit", "show", "S-001").stdout


def test_a_case_without_decision_or_an_unknown_one_exits_4(sample: Type) -> None:
    assert sample("routing", "explain", "26-00001-9").exit_code == 4


def test_replacing_asks_first_and_says_how_many_it_ended(sample: Type) -> None:
    Path("led.yaml").write_text("appointments:\n  - {person: chf-01, role: head, unit: S-001}\n", "utf-8")
    dry = sample("org", "import", "led.yaml", "--replace", "--dry-run", "--json", as_="chf-01")
    count = json.loads(dry.stdout)["would_end"]
    assert count > 80
    asked = sample("org", "import", "led.yaml", "--replace", as_="chf-01")
    assert (asked.exit_code, f"This ends {count} appointments" in asked.stderr) == (2, True)
    done = sample("org", "import", "led.yaml", "--replace", "--yes", as_="chf-01")
    assert f"{count} appointments that the file lacks ended yesterday." in done.stdout
