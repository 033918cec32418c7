"""Definitions and figures over HTTP: read, drawn, checked, compared, put in force and taken back."""

from typing import Any

import pytest

from tests.support.office import Office
from workflows.shipped import CASE_TYPES, files_of

TYPE = "/v1/workflows/service_request"
TEXTS = files_of("service_request")
TEXT = TEXTS["workflow.yaml"]
LATER = TEXT.replace('version: "2026.1"', 'version: "2027.1"')
YAML = {"Content-Type": "application/yaml"}


def sent(
    office: Office, path: str, text: str, by: str = "adm-01", method: str = "POST", **headers: str
) -> Any:
    return office.send(method, path, by, content=text.encode(), headers={**YAML, **headers})


class TestReading:
    def test_versions_are_listed_and_shown_in_words(self, office: Office) -> None:
        told = office.get("/v1/workflows").json()
        assert {item["case_type"] for item in told["items"]} == set(CASE_TYPES)
        shown = office.get(TYPE, headers={"Accept-Language": "zh"}).json()
        assert shown["version"] == "2026.1"
        assert any("已" in state["title"] for state in shown["states"])
        office.refused(office.get("/v1/workflows/egg_hunt"), 404, "FM-N070")
        office.refused(office.get(f"{TYPE}?version=1999"), 404, "FM-N071")

    def test_a_version_by_its_hash_may_be_kept_for_good(self, office: Office) -> None:
        digest = office.get(TYPE).json()["hash"]
        answer = office.get(f"{TYPE}/versions/{digest}")
        assert answer.json()["definition"]["case_type"] == "service_request"
        assert "immutable" in answer.headers["cache-control"]
        seen = office.get(f"{TYPE}/versions/{digest}", headers={"If-None-Match": answer.headers["etag"]})
        assert (seen.status_code, seen.content) == (304, b"")
        assert "immutable" not in office.get(f"{TYPE}/versions/2026.1").headers["cache-control"]

    def test_it_is_drawn_in_both_languages(self, office: Office) -> None:
        english = office.get(f"{TYPE}/diagram.svg", headers={"Accept-Language": "en"})
        chinese = office.get(f"{TYPE}/diagram.svg", headers={"Accept-Language": "zh"})
        assert english.headers["content-type"] == "image/svg+xml"
        assert english.text.startswith("<svg")
        assert "Closed" in english.text
        assert "Closed" not in chinese.text
        assert english.headers["etag"] != chinese.headers["etag"]
        assert office.get(f"{TYPE}/diagram.mmd").text.startswith("stateDiagram-v2")

    def test_the_text_is_what_was_shipped(self, office: Office) -> None:
        answer = office.get(f"{TYPE}/workflow.yaml")
        assert answer.text == TEXT
        assert "workflow.yaml" in answer.headers["content-disposition"]
        assert "title:" in office.get(f"{TYPE}/zh.yaml").text
        assert office.get(f"{TYPE}/page.md").text.startswith("#")

    def test_what_is_proved_stands_beside_what_is_not(self, office: Office) -> None:
        told = office.get(f"{TYPE}/proof").json()
        assert (told["sound"], told["stuck"]) == (True, [])
        assert told["proved"]
        assert told["not_proved"]
        assert office.get(f"{TYPE}/check").json()["sound"] is True

    def test_the_schema_of_the_files(self, office: Office) -> None:
        assert "properties" in office.get("/v1/workflows/schema.json").json()


class TestChecking:
    def test_an_unsound_text_is_an_answer_with_places(self, office: Office) -> None:
        broken = TEXT.replace("dest: closed", "dest: cloosed", 1)
        told = sent(office, "/v1/workflow-checks", broken, "aux-07").json()
        assert told["sound"] is False
        assert told["findings"][0]["line"] > 1
        assert sent(office, "/v1/workflow-checks", TEXT).json()["sound"] is True

    def test_it_comes_as_sarif(self, office: Office) -> None:
        answer = sent(office, "/v1/workflow-checks", "case_type: x", Accept="application/sarif+json")
        assert answer.headers["content-type"] == "application/sarif+json"
        assert answer.json()["version"] == "2.1.0"

    def test_translations_come_along_as_json(self, office: Office) -> None:
        forms = {name.removeprefix("forms/"): text for name, text in TEXTS.items() if name.endswith(".html")}
        body = {"workflow": TEXT, "translations": {"zh": TEXTS["zh.yaml"]}, "forms": forms}
        told = office.post("/v1/workflow-checks", body).json()
        assert told["definition"]["hash"] == office.get(TYPE).json()["hash"]
        body = {"workflow": TEXT, "translation": {}}
        office.refused(office.post("/v1/workflow-checks", body), 422, "FM-U006")

    def test_nothing_is_read_from_the_disk(self, office: Office) -> None:
        reaching = TEXT + "\ninclude: [/etc/hostname, ../dispute_mediation/workflow.yaml]\n"
        told = sent(office, "/v1/workflow-checks", reaching).json()
        assert told["sound"] is False

    def test_differences_are_told_property_by_property(self, office: Office) -> None:
        told = sent(office, f"{TYPE}/differences", LATER).json()
        assert (told["items"][0]["before"], told["items"][0]["after"]) == ("2026.1", "2027.1")
        assert office.get(f"{TYPE}/differences?other=2026.1").json()["count"] == 0
        office.refused(sent(office, f"{TYPE}/differences", "case_type: x"), 422, "FM-D010")

    def test_another_systems_workflow_is_read(self, office: Office) -> None:
        told = office.post("/v1/workflow-imports", {"BusinessServices": [{}]}).json()
        assert told["items"][0]["sound"] is False
        assert office.post("/v1/workflow-imports", {"x": 1}).json()["items"][0]["findings"]


class TestPuttingInForce:
    def test_a_text_comes_in_force_and_is_taken_back(self, office: Office) -> None:
        answer = sent(office, f"{TYPE}?from=2027-01-01", LATER, method="PUT")
        assert answer.status_code == 200, answer.json()
        assert (answer.json()["effective_from"], answer.json()["replaces"]["version"]) == (
            "2027-01-01",
            "2026.1",
        )
        assert office.get(TYPE).json()["version"] == "2026.1"
        gone = office.send("DELETE", f"{TYPE}/activations/2027.1", "adm-01")
        assert (gone.status_code, gone.json()["status"]) == (200, "available")
        back = office.post(f"{TYPE}/activations", {"version": "2027.1", "from": "2027-02-01"}, by="adm-01")
        assert (back.status_code, back.json()["effective_from"]) == (201, "2027-02-01")

    def test_what_is_in_force_stays(self, office: Office) -> None:
        answer = office.send("DELETE", f"{TYPE}/activations/2026.1", "adm-01")
        office.refused(answer, 409, "FM-D012")

    def test_the_same_key_does_it_once(self, office: Office) -> None:
        key = {"Idempotency-Key": "law-1"}
        first = sent(office, f"{TYPE}?from=2027-01-01", LATER, method="PUT", **key)
        assert sent(office, f"{TYPE}?from=2027-01-01", LATER, method="PUT", **key).json() == first.json()

    def test_only_sound_ones_of_this_type_by_those_who_may(self, office: Office) -> None:
        broken = LATER.replace("dest: closed", "dest: cloosed", 1)
        told = office.refused(sent(office, TYPE, broken, method="PUT"), 422, "FM-D010")
        assert told["reasons"][0]["params"]["line"] > 1
        other = sent(office, "/v1/workflows/dispute_mediation", LATER, method="PUT")
        office.refused(other, 422, "FM-U373")
        office.refused(sent(office, TYPE, LATER, "aux-07", method="PUT"), 403, "FM-R108")


class TestFigures:
    def test_open_cases_are_in(self, office: Office) -> None:
        told = office.get("/v1/stats/durations?by=type&filed=2026-11..").json()
        assert (told["n"], told["n_open"]) == (3, 3)
        assert told["groups"][0]["key"] == {"type": "dispute_mediation"}
        assert office.get("/v1/stats/clocks").json()["count"] >= 8

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ("by=month", "FM-U301"),
            ("clock=egg", "FM-U302"),
            ("filed=lately", "FM-U303"),
            ("filed=0001..", "FM-U303"),
            ("as_of=2026-11-01T10:00", "FM-U005"),
            ("as_of=2100-01-01", "FM-U441"),
            ("phase=asleep", "FM-U304"),
        ],
    )
    def test_what_cannot_be_counted_is_said(self, office: Office, query: str, code: str) -> None:
        office.refused(office.get(f"/v1/stats/durations?{query}"), 422, code)


def test_a_text_comes_with_its_templates(office: Office) -> None:
    """Each with its place; what a template asks that is not there is an error of the definition."""
    given = {"workflow": TEXT, "translations": {"zh": TEXTS["zh.yaml"]}}
    forms = {"service_reply.en.html": "<h1>{{ form }}</h1>{{ fields.moon }}"}
    told = office.post("/v1/workflow-checks", {**given, "forms": forms}).json()
    found = {(f["code"], f["path"]) for f in told["findings"]}
    assert ("FM-D805", "forms.service_reply.en") in found
    assert ("FM-D804", "forms.service_reply.zh") in found
    assert "FM-D805" not in {f["code"] for f in office.post("/v1/workflow-checks", given).json()["findings"]}
