"""Units, places, people and the whole organisation over HTTP."""

import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.office import ASKED, Office

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def kinds(text: str) -> dict[str, str]:
    return {"Content-Type": text}


class TestUnitsAndPlaces:
    def test_units_are_paged_by_code(self, office: Office) -> None:
        seen: list[str] = []
        path = "/v1/units?limit=4"
        while path:
            page = office.get(path).json()
            assert page["count"] == 7
            seen += [unit["code"] for unit in page["items"]]
            path = page["next"]
        assert seen == sorted(seen)
        assert len(seen) == 7

    def test_a_unit_tells_whom_it_serves(self, office: Office) -> None:
        told = office.get("/v1/units/S-012").json()
        assert [area["place"] for area in told["areas"]] == ["230199000"]
        assert {one["person"] for one in told["persons"]} >= {"dsp-01", "chf-01"}
        assert office.get("/v1/units?under=S-012").json()["count"] == 4
        office.refused(office.get("/v1/units/S-999"), 404, "FM-N021")

    def test_a_place_is_found_by_name_and_says_who_serves_it(self, office: Office) -> None:
        told = office.get("/v1/places", params={"q": "示例一村"}).json()
        assert (told["items"][0]["code"], told["exact"]) == ("230199000201", True)
        units = office.get("/v1/places/示例一村/units").json()
        assert [unit["code"] for unit in units["items"]][:2] == ["V-101", "office-021"]
        assert units["home"]

    def test_a_day_that_is_none_is_said(self, office: Office) -> None:
        office.refused(office.get("/v1/units?on=31.12.2026"), 422, "FM-U006")
        office.refused(office.get("/v1/units?on=0001-01-01"), 422, "FM-U365")
        office.refused(office.get("/v1/units?colour=red"), 422, "FM-U346")
        office.refused(office.get("/v1/places"), 422, "FM-U006")


class TestFiltersThatNobodyKnows:
    @pytest.mark.parametrize(
        ("path", "code", "pointer"),
        [
            ("/v1/persons?role=oficer", "FM-U051", "?role"),
            ("/v1/units?level=vilage", "FM-U368", "?level"),
            ("/v1/approvals?unit=S-999", "FM-N021", "?unit"),
            (f"/v1/cases/{ASKED}/routing?seat=chairman", "FM-U213", "?seat"),
        ],
    )
    def test_are_told_and_give_no_empty_list(
        self, office: Office, path: str, code: str, pointer: str
    ) -> None:
        told = office.refused(office.get(path), 422, code)
        assert told["reasons"][0]["pointer"] == pointer

    def test_name_what_is_near(self, office: Office) -> None:
        assert "Near: `officer`" in office.get("/v1/persons?role=oficer").json()["detail"]
        assert "Near: `village`" in office.get("/v1/units?level=vilage").json()["detail"]

    def test_what_is_known_still_answers(self, office: Office) -> None:
        assert office.get("/v1/units?level=village").json()["count"] > 0
        assert office.get("/v1/approvals?unit=S-012").json()["count"] > 0
        assert office.get(f"/v1/cases/{ASKED}/routing?seat=Handler").json()["seat"] == "handler"


class TestPersons:
    def test_they_are_listed_and_shown(self, office: Office) -> None:
        officers = office.get("/v1/persons?role=officer").json()
        assert [one["code"] for one in officers["items"]] == ["off-05", "off-06"]
        told = office.get("/v1/persons/aux-07").json()
        assert [(held["role"], held["unit"]) for held in told["appointments"]] == [("auxiliary", "V-101")]
        assert len(told["cases"]) == 2

    def test_leave_begins_and_ends(self, office: Office) -> None:
        path = "/v1/persons/aux-07/absences"
        answer = office.post(path, {"until": "2026-11-27", "reason": "sick"})
        assert answer.status_code == 201, answer.json()
        assert (answer.json()["working_days"], answer.json()["open_cases"]) == (5, 2)
        assert office.get("/v1/persons/aux-07").json()["away_until"] == "2026-11-27"
        back = office.send("DELETE", f"{path}?on=2026-11-25")
        held = [{"seat": "handler", "seat_title": "Handler", "cases": 2}]
        assert back.json()["items"] == [
            {"person": "aux-07", "since": "2026-11-25", "open_cases": 2, "seats": held}
        ]
        assert (answer.json()["items"][0]["seats"], office.get("/v1/persons/aux-07").json()["seats"]) == (
            held,
            held,
        )
        assert office.get("/v1/persons/aux-07").json()["away_until"] == "2026-11-24"
        office.refused(office.send("DELETE", f"{path}?on=2026-11-25"), 404, "FM-N024")

    def test_days_in_the_wrong_order_are_said(self, office: Office) -> None:
        body = {"since": "2026-11-27", "until": "2026-11-25"}
        office.refused(office.post("/v1/persons/aux-07/absences", body), 422, "FM-U052")

    def test_an_appointment_counts_from_its_day(self, office: Office) -> None:
        path = "/v1/persons/aux-07/appointments"
        body = {"role": "mediator_post", "unit": "M-12", "since": "2026-12-01"}
        answer = office.post(path, body, by="dir-02")
        assert answer.status_code == 201, answer.json()
        office.refused(office.post(path, body, by="dir-02"), 409, "FM-C051")
        told = office.send("DELETE", f"{path}/mediator_post?until=2026-12-31", "dir-02").json()
        assert (told["units"], told["until"]) == (["M-12"], "2026-12-31")

    def test_authority_is_asked(self, office: Office) -> None:
        body = {"role": "mediator_post", "unit": "M-12"}
        office.refused(office.post("/v1/persons/aux-07/appointments", body, by="aux-07"), 403, "FM-R108")
        office.refused(office.post("/v1/persons/off-05/absences", {}, by="aux-07"), 403, "FM-R108")

    def test_a_role_nobody_knows_names_near_ones(self, office: Office) -> None:
        body = {"role": "mediator_pots", "unit": "M-12"}
        told = office.refused(
            office.post("/v1/persons/aux-07/appointments", body, by="dir-02"), 422, "FM-U051"
        )
        assert "mediator_post" in told["detail"]


NEW = "persons:\n  - {code: aux-09, role: auxiliary, unit: V-101}\n  - {code: aux-10, unit: V-999, role: auxiliary}\n"


class TestOrganisation:
    def test_yaml_comes_in_and_lines_that_do_not_hold_are_named(self, office: Office) -> None:
        path = "/v1/organisation"
        rehearsed = office.send(
            "POST", f"{path}?dry_run=true", "adm-01", content=NEW, headers=kinds("text/yaml")
        )
        assert rehearsed.json()["would"]["rejected"]
        office.refused(office.get("/v1/persons/aux-09"), 404, "FM-N022")
        answer = office.send("POST", path, "adm-01", content=NEW, headers=kinds("application/yaml"))
        assert answer.status_code == 200, answer.json()
        assert len(answer.json()["rejected"]) >= 1
        assert office.get("/v1/persons/aux-09").status_code == 200

    def test_the_same_key_brings_it_in_once(self, office: Office) -> None:
        headers = {**kinds("application/yaml"), "Idempotency-Key": "org-1"}
        first = office.send("POST", "/v1/organisation", "adm-01", content=NEW, headers=headers)
        assert (
            office.send("POST", "/v1/organisation", "adm-01", content=NEW, headers=headers).json()
            == first.json()
        )
        other = office.send("POST", "/v1/organisation", "adm-01", content=NEW + "#", headers=headers)
        office.refused(other, 422, "FM-C002")

    @pytest.mark.parametrize("form", ["xlsx", "yaml", "zip"])
    def test_what_goes_out_comes_in_again(self, office: Office, form: str) -> None:
        out = office.get(f"/v1/organisation.{form}")
        assert out.status_code == 200
        assert f"organisation.{form}" in out.headers["content-disposition"]
        content, kind, query = out.content, out.headers["content-type"].partition(";")[0], ""
        if form == "zip":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                content, kind, query = archive.read("persons.csv"), "text/csv", "?sheet=persons"
        sent = office.send("POST", f"/v1/organisation{query}", "adm-01", content=content, headers=kinds(kind))
        assert sent.status_code == 200, sent.json()
        assert [sheet["new"] for sheet in sent.json()["sheets"]] == [0] * len(sent.json()["sheets"])

    def test_the_template_explains_itself(self, office: Office) -> None:
        assert office.get("/v1/organisation/template.xlsx").headers["content-type"] == XLSX
        sample: Any = yaml.safe_load(office.get("/v1/organisation/template.yaml?sample=county").text)
        assert len(sample["persons"]) > 50
        office.refused(office.get("/v1/organisation/template.doc"), 422, "FM-U006")

    def test_a_number_in_other_signs_is_left_out_and_named(self, office: Office) -> None:
        text = "appointments:\n  - {person: aux-07, role: officer, unit: S-012, capacity: ³}\n"
        sent = office.send(
            "POST", "/v1/organisation", "adm-01", content=text.encode(), headers=kinds("text/yaml")
        )
        assert [one["column"] for one in sent.json()["rejected"]] == ["capacity"]

    def test_files_leave_nothing_on_the_disk(
        self, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = tmp_path / "scratch"
        folder.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(folder))
        book = office.get("/v1/organisation.xlsx").content
        office.send("POST", "/v1/organisation", "adm-01", content=book, headers=kinds(XLSX))
        office.send("POST", "/v1/organisation", "adm-01", content=book[:900], headers=kinds(XLSX))
        assert list(folder.iterdir()) == []

    @pytest.mark.parametrize("text", ["[" * 50_000, "a: &a [1]\nb: *a", "a: 2026-02-30\n? [x]\n: 1"])
    def test_yaml_that_would_end_the_program_is_refused(self, office: Office, text: str) -> None:
        for path in ("/v1/organisation", "/v1/duty"):
            sent = office.send(
                "POST", path, "adm-01", content=text.encode(), headers=kinds("application/yaml")
            )
            office.refused(sent, 422, "FM-I020")

    def test_a_workbook_that_swells_is_not_unpacked(self, office: Office) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(2):
                archive.writestr(f"{number}.xml", bytes(70_000_000))
        sent = office.send(
            "POST", "/v1/organisation", "adm-01", content=packed.getvalue(), headers=kinds(XLSX)
        )
        office.refused(sent, 413, "FM-U344")

    def test_a_file_that_is_none_is_said(self, office: Office) -> None:
        broken = office.send("POST", "/v1/organisation", "adm-01", content=b"PK\3\4", headers=kinds(XLSX))
        office.refused(broken, 422, "FM-I020")
        broken = office.send("POST", "/v1/duty", content=b"unit\rday\xff,", headers=kinds("text/csv"))
        assert office.refused(broken, 422, "FM-I035")["reasons"][0]["params"]["at"] == 8
        office.refused(office.post("/v1/organisation", {}, by="adm-01"), 415, "FM-U371")
        sent = office.send(
            "POST", "/v1/organisation", "aux-07", content=NEW, headers=kinds("application/yaml")
        )
        office.refused(sent, 403, "FM-R108")


class TestDuty:
    ROSTER = b"unit,day,person,signed_on\nS-012,2026-11-23,off-06,yes\noffice-021,2026-11-24,off-05,\n"

    def test_a_roster_comes_in_and_says_who_is_on(self, office: Office) -> None:
        answer = office.send("POST", "/v1/duty", content=self.ROSTER, headers=kinds("text/csv"))
        assert [(sheet["sheet"], sheet["new"]) for sheet in answer.json()["sheets"]] == [("duty", 2)]
        today = office.get("/v1/duty?unit=S-012").json()
        assert [(one["person"], one["signed_on"]) for one in today["items"]] == [("off-06", True)]
        week = office.get("/v1/duty?unit=S-012&days=7").json()
        assert [one["person"] for one in week["items"]] == ["off-06", "off-05"]
        assert office.get("/v1/duty?unit=office-021").json()["count"] == 0

    def test_nothing_but_the_roster_is_taken(self, office: Office) -> None:
        text = "persons:\n  - {code: aux-09}\nduty:\n  - {unit: S-012, day: 2026-11-23, person: off-99}\n"
        answer = office.send("POST", "/v1/duty", content=text.encode(), headers=kinds("application/yaml"))
        assert [one["sheet"] for one in answer.json()["rejected"]] == ["duty"]
        office.refused(office.get("/v1/persons/aux-09"), 404, "FM-N022")

    def test_who_keeps_no_roster_is_told(self, office: Office) -> None:
        answer = office.send("POST", "/v1/duty", "aux-07", content=self.ROSTER, headers=kinds("text/csv"))
        office.refused(answer, 403, "FM-R108")
