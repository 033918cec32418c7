"""The same file of events at both doors: names, kinds, counts, and what is masked."""

import csv
import io
import json
from pathlib import Path

import pytest

from engine.service import acting, filing
from tests.support.commandline import Shell
from tests.support.mining import mined
from tests.support.office import MEDIATED, Office

TYPES = {
    "csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet", "xes": "application/xml",
    "json": "application/json", "sqlite": "application/vnd.sqlite3",
}  # fmt: skip


def test_over_http_it_comes_as_a_file_with_its_counts(office: Office, tmp_path: Path) -> None:
    listed = office.get("/v1/cases").json()["count"]
    files = []
    for form, kind in TYPES.items():
        answer = office.get(f"/v1/events.{form}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == kind
        assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''events.{form}"
        assert answer.headers["cache-control"] == "private, no-store"
        assert int(answer.headers["content-length"]) == len(answer.content)
        counts = (int(answer.headers["folkmoot-cases"]), int(answer.headers["folkmoot-events"]))
        assert counts == (listed, 12)
        files.append(tmp_path / f"events.{form}")
        files[-1].write_bytes(answer.content)
    assert [(found["cases"], found["events"]) for found in mined(*files)] == [(listed, 12)] * 5


def test_over_http_the_filter_is_that_of_the_list(office: Office) -> None:
    for asked in (
        {"phase": "work"},
        {"risk": "yellow"},
        {"open": "true"},
        {"filed_from": "2027-01-01"},
        {"q": "wall"},
    ):
        answer = office.get("/v1/events.csv", params=asked)
        listed = office.get("/v1/cases", params=asked).json()
        assert int(answer.headers["folkmoot-cases"]) == listed["count"], asked
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        assert {row["case_id"] for row in rows} == {item["ref"] for item in listed["items"]}


def test_over_http_what_cannot_be_is_a_problem(office: Office) -> None:
    office.refused(office.get("/v1/events.csv", params={"colour": "blue"}), 422, "FM-U346")
    office.refused(office.get("/v1/events.csv", params={"happened": "soon"}), 422, "FM-U303")
    past = {"as_of": "2026-11-20T00:00:00Z"}
    told = office.refused(office.get("/v1/events.csv", params={"served_by": "S-012", **past}), 422, "FM-U374")
    assert "`as_of`" in told["detail"]
    assert office.get("/v1/events.csv", params=past).text.count("\n") == 1, "nothing was known then"
    assert office.client.get("/v1/events.csv").status_code == 401
    assert office.get("/v1/events.txt").status_code in (404, 422)


def test_over_http_what_is_closed_to_the_caller_stays_closed(office: Office) -> None:
    clue = {"case_type": "crime_clue", "place": "示例一村", "what": "an officer takes money"}
    about = {"kind": "officer", "accused_officer": "off-05"}
    hidden = office.town.do(filing.file_case, "aux-07", **clue, set=about)["ref"]
    told = {"case_type": "crime_clue", "place": "示例一村", "what": "stolen pumps", "set": {"kind": "theft"}}
    open_ = office.town.do(filing.file_case, "aux-07", **told, reporter={"person": "aux-07"})["ref"]
    office.town.do(acting.do_act, "off-05", ref=open_, act="take_in", seats={"handler": ["off-05"]})
    for form in ("csv", "xes", "json"):
        address = f"/v1/events.{form}?type=crime_clue"
        at_the_station = office.get(address, by="off-06").text
        assert hidden not in at_the_station
        assert open_ in at_the_station
        assert "aux-07" not in at_the_station
        assert "aux-07" in office.get(address, by="off-05").text
        assert hidden in office.get(address, by="cnt-01").text
        for word in ("party A", "pumps", "takes money"):
            assert word not in office.get(f"/v1/events.{form}", by="cnt-01").text


def test_at_the_terminal_it_is_told_what_was_written(station: Shell) -> None:
    filed = station("--as", "dsp-01", "case", "file", "dispute_mediation", "--place", "230199000201", "--what", "a wall",
                  "--json").json  # fmt: skip
    file = station.folder / "events.json"
    said = station("--as", "dsp-01", "event", "export", str(file), "--type", "dispute_mediation")
    assert said.status == 0
    assert said.out.splitlines()[0] == f"{file}: 1 cases, 1 events"
    assert "100 %" in said.err
    assert json.loads(file.read_bytes())["events"][0]["id"] == f"{filed['ref']}:1"
    again = station("--as", "dsp-01", "event", "export", str(file))
    assert (again.status, "FM-U377" in again.err) == (2, True)
    answer = station("--as", "dsp-01", "event", "export", str(file), "--force", "--json")
    assert (answer.json["cases"], answer.json["objects"], answer.err) == (1, 2, "")


def test_at_the_terminal_all_of_its_options_reach_the_file(station: Shell) -> None:
    for day in ("2026-11-20T09:00:00+08:00", "2026-11-23T09:00:00+08:00"):
        station("--as", "dsp-01", "case", "file", "service_request", "--place", "230199000201", "--what", "a lamp",
              env={"FOLKMOOT_NOW": day})  # fmt: skip
    file = str(station.folder / "events.csv")
    late = {"FOLKMOOT_NOW": "2026-11-23T10:00:00+08:00"}

    def cases(*options: str) -> int:
        said = station("--as", "dsp-01", "event", "export", file, "--force", "--json", *options, env=late)
        assert said.status == 0, said.err
        return int(said.json["cases"])

    assert cases() == 2
    assert cases("--filed", "2026-11-23") == 1
    assert cases("--happened", "..2026-11-20") == 1
    assert cases("--as-of", "2026-11-21T00:00:00+08:00") == 1
    assert cases("--as-of", "2026-11-19T00:00:00+08:00") == 0
    assert cases("--open", "--unassigned", "--phase", "intake") == 2
    assert cases("--closed", "2026-11") == 0
    assert cases("--as-written") == 2
    refused = station("--as", "dsp-01", "event", "export", str(station.folder / "events.txt"))
    assert (refused.status, "FM-U376" in refused.err) == (2, True)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_both_doors_write_the_same_bytes(office: Office, tmp_path: Path, lang: str) -> None:
    from engine.exporting import export

    for form in ("csv", "xes", "json"):
        over_http = office.get(f"/v1/events.{form}", headers={"Accept-Language": lang}).content
        caller = office.engine.caller(person="dsp-01", lang=lang)
        answer = export(office.engine, caller, file=tmp_path / f"{lang}.{form}", zone="Asia/Shanghai")
        assert Path(answer["file"]).read_bytes() == over_http
        assert MEDIATED.encode() in over_http
