"""The log of others through the command line and over HTTP: the same report, the same figures to the second."""

import csv
import io

from tests.support.commandline import Shell
from tests.support.office import Office
from tests.support.receipt import FIRST_TO_LAST, FOLDER, START_TO_END, log

MAPS = {"start_to_end": START_TO_END, "first_to_last": FIRST_TO_LAST}
COUNTS = ("read", "cases", "landed", "closed", "open", "unchanged", "rejected", "reasons", "notes")
KNOWN = {
    "start_to_end": (1432, 105, 1327, 4_375_496, 4_602_695),
    "first_to_last": (1434, 0, 1434, 2_869, 2_801),
}


def _figures(answer: dict[str, object]) -> tuple[object, ...]:
    (group,) = answer["groups"]
    return (
        answer["n"],
        answer["n_open"],
        answer["n_reached"],
        group["closed"]["p50_s"],
        group["km"]["p50_s"],
    )


def _line(station: Shell, name: str) -> tuple[str, ...]:
    (station.folder / "receipt.csv").write_bytes(log())
    return (
        "case",
        "import",
        "receipt.csv",
        "--map",
        str(FOLDER / f"{name}.map.yaml"),
        "--as",
        "adm-01",
        "--yes",
    )


def _both(station: Shell, office: Office, name: str) -> None:
    said = station(*_line(station, name), "--json").json
    sent = office.send(
        "POST",
        "/v1/imports",
        "adm-01",
        content=log(),
        params={"map": MAPS[name]},
        headers={"Content-Type": "text/csv"},
    )
    assert sent.status_code == 201, sent.text
    assert {k: said[k] for k in COUNTS} == {k: sent.json()[k] for k in COUNTS}
    asked = (
        "stats",
        "durations",
        "--clock",
        "final_resolution",
        "--filed",
        "..2013-01",
        "--as",
        "adm-01",
        "--json",
    )
    over_http = office.send(
        "GET", "/v1/stats/durations", "adm-01", params={"clock": "final_resolution", "filed": "..2013-01"}
    )
    assert over_http.status_code == 200, over_http.text
    assert _figures(station(*asked).json) == _figures(over_http.json()) == KNOWN[name]


def test_from_start_to_end(station: Shell, office: Office) -> None:
    _both(station, office, "start_to_end")


def test_from_the_first_event_to_the_last(station: Shell, office: Office) -> None:
    _both(station, office, "first_to_last")


def test_a_rehearsal_saves_nothing_and_a_second_run_adds_nothing(station: Shell) -> None:
    line = _line(station, "start_to_end")
    before = station("case", "list", "--as", "adm-01", "--json").json["count"]
    said = station(*line, "--dry-run")
    assert "8577 rows of 1434 cases read: 1432 would land (1327 closed, 105 open)" in said.out
    assert "2 closed before opened (FM-I004)" in said.out
    assert station("case", "list", "--as", "adm-01", "--json").json["count"] == before
    first = station(*line, "--json")
    assert (first.status, first.json["landed"]) == (7, 1432)
    left = list(csv.DictReader(io.StringIO((station.folder / "receipt.rejected.csv").read_text("utf-8-sig"))))
    assert {row["case:concept:name"] for row in left} == {"case-10862", "case-8267"}
    assert len(left) == sum(
        line.split(",")[1] in ("case-10862", "case-8267") for line in log().decode().splitlines()
    )
    assert {row["code"] for row in left} == {"FM-I004"}
    second = station(*line, "--json").json
    assert (second["landed"], second["unchanged"], second["batch"]) == (0, 1432, None)


def test_a_log_is_told_in_chinese_too(station: Shell) -> None:
    said = station(*_line(station, "start_to_end"), "--dry-run", "--lang", "zh")
    assert "1434 件案件的 8577 行" in said.out
