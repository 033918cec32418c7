"""Work handed over, substitutes, the roster and the queue over HTTP."""

from typing import Any

import pytest

from tests.support.office import ASKED, MEDIATED, REPORTED, Office

PATH = "/v1/reassignments"


def told(answer: Any) -> list[tuple[str, str, str | None]]:
    return [(one["ref"], one["result"], one["to"]) for one in answer["results"]]


MOVED = [(ASKED, "moved", "off-05"), (MEDIATED, "moved", "off-05")]


class TestReassigning:
    def test_a_dry_run_says_who_would_take_each_and_moves_nothing(self, office: Office) -> None:
        answer = office.post(f"{PATH}?dry_run=true", {"from": ["aux-07"]})
        assert (answer.status_code, told(answer.json()["would"])) == (200, MOVED)
        assert office.get(f"/v1/cases/{ASKED}").json()["holder"] == "aux-07"

    def test_each_case_has_its_own_result(self, office: Office) -> None:
        answer = office.post(PATH, {"from": ["aux-07"], "reason": "sick"})
        assert (answer.status_code, told(answer.json())) == (200, MOVED)
        assert (answer.json()["moved"], answer.json()["failed"]) == (2, 0)
        assert office.get(f"/v1/cases/{MEDIATED}").json()["holder"] == "off-05"

    def test_the_same_key_answers_the_same_and_moves_nothing_twice(self, office: Office) -> None:
        key = {"Idempotency-Key": "monday"}
        first = office.post(PATH, {"from": ["aux-07"]}, headers=key).json()
        version = office.get(f"/v1/cases/{ASKED}").json()["version"]
        assert office.post(PATH, {"from": ["aux-07"]}, headers=key).json() == first
        assert office.get(f"/v1/cases/{ASKED}").json()["version"] == version
        office.refused(office.post(PATH, {"from": ["off-05"]}, headers=key), 422, "FM-C002")

    def test_a_list_that_was_seen_is_told_whole(self, office: Office) -> None:
        taken = {"person": "off-06", "reason": "I know them"}
        assert office.post(f"/v1/cases/{ASKED}/assignments", taken).status_code == 201
        answer = office.post(PATH, {"from": ["aux-07"], "cases": [ASKED, MEDIATED]}).json()
        assert sorted(told(answer)) == [(ASKED, "taken", None), MOVED[1]]
        assert next(one["by"] for one in answer["results"] if one["result"] == "taken") == "off-06"

    def test_who_may_not_is_refused_case_by_case(self, office: Office) -> None:
        answer = office.post(PATH, {"from": ["aux-07"]}, by="aux-08")
        assert answer.status_code == 200
        assert {one["problem"]["code"] for one in answer.json()["results"]} == {"FM-R101"}

    @pytest.mark.parametrize(
        ("sent", "status", "code", "pointer"),
        [
            ({"from": ["nob-01"]}, 422, "FM-N022", "/from"),
            ({"from": ["aux-07"], "to": "aux-07"}, 422, "FM-U380", "/to"),
            ({"from": ["aux-07"], "unit": "S-999"}, 422, "FM-N021", "/unit"),
            ({"from": ["aux-07"], "cases": ["26-09999-9"]}, 422, "FM-N001", "/cases"),
            ({"from": []}, 422, "FM-U006", "/from"),
            ({}, 422, "FM-U006", "/from"),
        ],
    )
    def test_what_is_wrong_is_told_with_its_place(
        self, office: Office, sent: Any, status: int, code: str, pointer: str
    ) -> None:
        problem = office.refused(office.post(PATH, sent), status, code)
        assert problem["reasons"][0]["pointer"] == pointer


class TestSubstitutes:
    def test_a_substitute_is_named_with_the_leave(self, office: Office) -> None:
        sent = {"until": "2026-11-27", "substitute": "off-05"}
        answer = office.post("/v1/persons/dir-02/absences", sent).json()
        assert (answer["items"][0]["substitute"], answer["items"][0]["acting"]) == ("off-05", "off-05")
        assert office.get("/v1/persons/off-05").json()["acting_for"] == ["dir-02"]
        named = office.post(
            f"/v1/cases/{MEDIATED}/triggers/assign", {"seats": {"mediator": ["med-12"]}}, by="off-05"
        )
        assert named.json()["event"]["acting_for"] == "dir-02"

    def test_a_way_that_leads_back_is_refused_with_its_place(self, office: Office) -> None:
        answer = office.post("/v1/persons/dir-02/absences", {"substitute": "dir-02"})
        assert office.refused(answer, 422, "FM-R520")["reasons"][0]["pointer"] == "/substitute"


class TestDuty:
    def test_one_signs_on_and_off(self, office: Office) -> None:
        office.refused(office.post("/v1/duty/sign-ons", by="off-05"), 404, "FM-N040")
        on = office.post("/v1/duty/sign-ons", {"person": "off-05", "unit": "office-021"})
        assert on.json() == {
            "person": "off-05",
            "day": "2026-11-23",
            "units": ["office-021"],
            "signed_on": True,
        }
        told = office.get("/v1/duty").json()
        assert (told["rostered"], told["signed_on"], told["missing"]) == (1, 1, [])
        assert office.post("/v1/duty/sign-offs", by="off-05").json()["signed_on"] is False
        assert office.get("/v1/duty").json()["missing"] == ["off-05"]


def test_the_queue_is_paged_gravest_first(office: Office) -> None:
    graded = {"set": {"risk": "red"}, "note": "a knife"}
    late = office.post(
        "/v1/cases", {"type": "service_request", "place": "230199000202", "what": "a lamp"}
    ).json()
    assert office.post(f"/v1/cases/{REPORTED}/triggers/regrade", graded).status_code == 200
    page = office.get("/v1/triage?limit=1").json()
    assert ([item["ref"] for item in page["items"]], page["count"]) == ([REPORTED], 2)
    assert [item["ref"] for item in office.get(page["next"]).json()["items"]] == [late["ref"]]
