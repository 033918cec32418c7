"""Routing as typed and over HTTP: tables by day, one page about a decision, made again, tried; nothing moves."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.commandline import Shell
from tests.support.office import Office
from workflows.shipped import files_of

TYPE = "service_request"
SHIPPED = files_of(TYPE)["routing.yaml"]
OFFICERS = SHIPPED.replace('version: "2026.1"', 'version: "2026.2"').replace(
    "then: {weight: 1, acknowledge: 1 wd}", "then: {roles: officer, weight: 1, acknowledge: 1 wd}"
)
YAML = {"Content-Type": "application/yaml"}


@pytest.fixture
def ref(station: Shell) -> str:
    """A request that the engine gave to the village's auxiliary."""
    (station.folder / "mine.yaml").write_text(OFFICERS, "utf-8")
    (station.folder / "broken.yaml").write_text(
        OFFICERS.replace("danger: danger,", "danger: dangr,"), "utf-8"
    )
    filed = station(
        "case", "file", TYPE, "--place", "230199000201", "--what", "a lamp", "--as", "dsp-01", "--json"
    )
    ref = str(filed.json["ref"])
    assert station("case", "assign", ref, "--auto", "--as", "dsp-01").status == 0
    return ref  # fmt: skip


class TestTyped:
    def test_one_page_about_a_decision(self, station: Shell, ref: str) -> None:
        said = station("routing", "explain", ref, "--as", "chf-01")
        assert said.status == 0
        lines = said.out.splitlines()
        assert lines[1] == (
            "aux-07 was picked for Handler: serves nearest to the place. Rule else: a common request goes to the nearest."
        )
        assert "Present danger to life or property no" in said.out
        assert "load 600" in said.out
        assert "State Council Office 2022 no. 12; weights and hours are ours" in said.out
        chinese = station("routing", "explain", ref, "--as", "chf-01", "--lang", "zh").out
        assert "承办人派给 aux-07:辖区最近。规则 else:一般求助就近办理。" in chinese

    def test_a_number_that_is_no_decision(self, station: Shell, ref: str) -> None:
        said = station("routing", "explain", ref, "--decision", "7", "--as", "chf-01")
        assert said.status == 4
        assert "FM-N056" in said.err
        assert "there are 1, numbered from 1" in said.err

    def test_put_in_force_and_taken_back(self, station: Shell, ref: str) -> None:
        look = station(
            "routing", "activate", "mine.yaml", "--from", "2026-11-30", "--dry-run", "--as", "adm-01"
        )
        assert look.status == 0
        assert len(station("routing", "list", TYPE, "--json").json["items"]) == 1
        said = station("routing", "activate", "mine.yaml", "--from", "2026-11-30", "--as", "adm-01")
        assert "seats are filled by 2026.2" in said.out
        assert "2026.1 ends the day before." in said.out
        listed = station("routing", "list", TYPE, "--csv").out.splitlines()
        assert listed[0].startswith("case_type,version,status,since,until")
        assert len(listed) == 3
        assert station("routing", "text", TYPE, "--version", "2026.2").out.rstrip("\n") == OFFICERS.rstrip(
            "\n"
        )
        back = station("routing", "deactivate", TYPE, "--as", "adm-01")
        assert "will not come into force" in back.out
        again = station("routing", "deactivate", TYPE, "--as", "adm-01")
        assert (again.status, "FM-C055" in again.err) == (5, True)  # fmt: skip

    def test_every_error_of_a_broken_file_with_its_place(self, station: Shell, ref: str) -> None:
        for command in (("activate", "broken.yaml"), ("try", "broken.yaml", "--since", "2026-11-01")):
            said = station("routing", *command, "--as", "adm-01")
            assert said.status == 6
            assert "broken.yaml:" in said.err
            assert "Did you mean `danger`" in said.err
        assert station("routing", "activate", "none.yaml", "--as", "adm-01").status == 4

    def test_made_again_and_named_where_it_differs(self, station: Shell, ref: str) -> None:
        assert "1 of 1 decisions give the same pick" in station("routing", "replay").out
        assert station("routing", "replay", ref, "--json").json["holds"] is True
        with sqlite3.connect(station.folder / "folkmoot.db") as file:
            file.execute(
                'UPDATE event SET body = replace(body, \'"do":"seat","person":"aux-07"\','
                ' \'"do":"seat","person":"off-05"\')'
            )
        said = station("routing", "replay")
        assert said.status == 6
        assert (
            f"FM-V011  1 of 1 decisions on seats would be made otherwise from what they kept: {ref} (2)"
            in said.err
        )
        assert station("routing", "replay", "--json").status == 6

    def test_another_ruling_on_the_same_facts_is_named_and_one_without_a_ruling_is_not_the_same(
        self, station: Shell, ref: str
    ) -> None:
        assert station("routing", "replay", "--json").json["no_ruling"] == 0
        with sqlite3.connect(station.folder / "folkmoot.db") as file:
            (body,) = file.execute("SELECT body FROM event WHERE body LIKE '%\"ruling\":%'").fetchone()
            event = json.loads(body)
            decision = next(c["decision"] for c in event["changes"] if "decision" in c)
            assert decision["table"]["hash"]
            decision["ruling"]["because"] = "somebody wanted it"
            said = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
            file.execute("UPDATE event SET body = ? WHERE body = ?", (said, body))
        told = station("routing", "replay", "--json")
        assert (told.status, told.json["same"]) == (6, 0)
        assert [(d["ref"], d["now"]["reason"]) for d in told.json["differs"]] == [(ref, "ruled")]
        with sqlite3.connect(station.folder / "folkmoot.db") as file:
            del decision["ruling"]
            bare = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
            file.execute("UPDATE event SET body = ? WHERE body = ?", (bare, said))
        told = station("routing", "replay", "--json")
        assert (told.status, told.json["same"], told.json["no_ruling"]) == (0, 0, 1)
        assert "1 give the same pick; no ruling kept to compare." in station("routing", "replay").out

    def test_a_trial_changes_not_one_byte(self, station: Shell, ref: str) -> None:
        """The file may only be read, and is the same afterwards."""
        file = station.folder / "folkmoot.db"
        before = hashlib.sha256(file.read_bytes()).hexdigest()
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as looker:
            version = looker.execute("PRAGMA data_version").fetchone()
            said = station("routing", "try", "mine.yaml", "--since", "2026-11-01")
            assert looker.execute("PRAGMA data_version").fetchone() == version
        assert "1 of 1 decisions would be others" in said.out
        assert "aux-07 (else)" in said.out
        assert "off-05 (else)" in said.out
        told = station("routing", "try", "mine.yaml", "--since", "2026-11-01", "--csv").out.splitlines()
        assert told == [
            "ref,seq,seat,then_person,then_rule,now_person,now_rule,load_unknown",
            f"{ref},2,handler,aux-07,else,off-05,else,",
        ]
        assert hashlib.sha256(file.read_bytes()).hexdigest() == before

    def test_a_file_that_may_only_be_read_is_enough(self, station: Shell, ref: str, locked: Path) -> None:
        said = station("--db", str(locked), "routing", "try", "mine.yaml", "--since", "2026-11-01", "--json")
        assert (said.status, said.json["count"]) == (0, 1)

    def test_the_table_of_every_case(self, station: Shell) -> None:
        said = station("routing", "table", "legal_education")
        assert "\naudience,-> rule,-> weight,-> acknowledge\neverybody,wide-1,2,2 wd\n" in said.out
        assert station("routing", "table", "legal_education", "--json").json["tables"][0]["combinations"] == 7
        assert station("routing", "table", "egg_hunt").status == 4


@pytest.fixture
def locked(station: Shell, ref: str, tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "read-only.db"
    with sqlite3.connect(station.folder / "folkmoot.db") as file, sqlite3.connect(path) as copy:
        file.backup(copy)
    path.chmod(0o444)
    yield path
    path.chmod(0o644)


class TestOverHttp:
    def put(
        self, office: Office, text: str = OFFICERS, query: str = "?from=2026-11-30", by: str = "adm-01"
    ) -> Any:
        path = f"/v1/routing-tables/{TYPE}{query}"
        return office.send("PUT", path, by, content=text.encode(), headers=YAML)  # fmt: skip

    def test_tables_come_and_go(self, office: Office) -> None:
        look = self.put(office, query="?from=2026-11-30&dry_run=true")
        assert look.json()["would"]["version"] == "2026.2"
        made = self.put(office).json()
        assert (made["status"], made["since"], made["replaces"]["version"]) == (
            "coming",
            "2026-11-30",
            "2026.1",
        )
        listed = office.get(f"/v1/routing-tables?type={TYPE}").json()
        assert [item["status"] for item in listed["items"]] == ["coming", "active"]
        assert office.get(f"/v1/routing-tables/{TYPE}/routing.yaml?version=2026.2").text == OFFICERS
        assert office.get(f"/v1/routing-tables/{TYPE}/routing.csv").text.startswith(
            "# Who answers for a request"
        )
        moved = office.post(
            f"/v1/routing-tables/{TYPE}/activations", {"version": "2026.2", "from": "2026-12-07"}, by="adm-01"
        )
        assert (moved.status_code, moved.json()["since"]) == (201, "2026-12-07")
        gone = office.send("DELETE", f"/v1/routing-tables/{TYPE}/activations/2026.2", "adm-01")
        assert gone.json()["status"] == "available"  # fmt: skip

    def test_refusals_name_what_is_wrong(self, office: Office) -> None:
        office.refused(self.put(office, query="?from=2026-11-01"), 422, "FM-D430")
        other = office.send(
            "PUT", "/v1/routing-tables/crime_clue", "adm-01", content=OFFICERS.encode(), headers=YAML
        )
        office.refused(other, 422, "FM-U373")
        broken = self.put(office, OFFICERS.replace("danger: danger,", "danger: dangr,"))
        office.refused(broken, 422, "FM-D010")
        missing = office.post(f"/v1/routing-tables/{TYPE}/activations", {"version": "9"}, by="adm-01")
        assert office.refused(missing, 422, "FM-N055")["reasons"][0]["pointer"] == "/version"
        assert (
            office.get("/v1/routing-replays?since=2026-11-02&until=2026-11-01", "adm-01").json()["code"]
            == "FM-U411"
        )
        assert office.get("/v1/routing-replays", "aux-07").status_code == 403
        tried = office.send(
            "POST", "/v1/routing-trials?since=2026-11-01", "aux-07", content=OFFICERS.encode(), headers=YAML
        )
        assert tried.status_code == 403  # fmt: skip

    def test_a_decision_explained_made_again_and_tried(self, office: Office) -> None:
        filed = office.post("/v1/cases", {"type": TYPE, "place": "230199000201", "what": "a lamp"}).json()
        ref = filed["ref"]
        assert office.post(f"/v1/cases/{ref}/assignments", {"auto": True}).status_code == 201
        told = office.get(f"/v1/cases/{ref}/routing?decision=1", "chf-01").json()
        assert (told["no"], told["rule"], told["table"]["version"]) == (1, "else", "2026.1")
        none = office.refused(office.get(f"/v1/cases/{ref}/routing?decision=2", "chf-01"), 422, "FM-N056")
        assert none["reasons"][0]["pointer"] == "?decision"
        replayed = office.get(f"/v1/routing-replays?ref={ref}").json()
        assert (replayed["holds"], replayed["decisions"], replayed["same"]) == (True, 1, 1)
        tried = office.send(
            "POST", "/v1/routing-trials?since=2026-11-01", "adm-01", content=OFFICERS.encode(), headers=YAML
        )
        [differs] = tried.json()["differs"]
        assert (differs["ref"], differs["now"]["person"]) == (ref, "off-05")  # fmt: skip
