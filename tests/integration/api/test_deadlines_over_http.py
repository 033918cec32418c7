"""Deadlines, the second person's yes and calendars over HTTP."""

import pytest

from tests.support.office import MEDIATED, REPORTED, Office

LIMIT = f"/v1/cases/{MEDIATED}/clocks/mediation_limit"
SUSPENSION = {"suspension": [{"ground": "party_ill", "until": "2026-12-10"}]}


class TestClocks:
    def test_every_run_is_listed(self, office: Office) -> None:
        told = office.get(f"/v1/cases/{MEDIATED}/clocks").json()
        names = [clock["name"] for clock in told["items"]]
        assert "mediation_limit" in names
        assert told["count"] == len(names)

    def test_the_intervals_add_up(self, office: Office) -> None:
        told = office.get(LIMIT).json()
        assert sum(one["counted_s"] for one in told["intervals"]) == told["counted_s"]
        assert (told["due_date"], told["extensions"]) == ("2026-12-23", [])

    def test_a_clock_nobody_knows_is_told_with_those_there_are(self, office: Office) -> None:
        answer = office.get(f"/v1/cases/{MEDIATED}/clocks/egg_timer")
        assert "mediation_limit" in office.refused(answer, 404, "FM-N007")["detail"]

    def test_it_pauses_and_goes_on_by_the_acts_of_the_law(self, office: Office) -> None:
        body = {"reason": "P1 is in hospital", "records": SUSPENSION}
        answer = office.post(f"{LIMIT}/pauses", body, by="dir-02")
        assert answer.status_code == 201, answer.json()
        assert office.get(LIMIT).json()["status"] == "paused"
        answer = office.post(f"{LIMIT}/resumptions", by="dir-02")
        assert answer.status_code == 201, answer.json()
        assert office.get(LIMIT).json()["status"] == "running"

    def test_what_does_not_run_cannot_be_taken_up_again(self, office: Office) -> None:
        office.refused(office.post(f"{LIMIT}/resumptions", by="dir-02"), 422, "FM-U215")

    def test_the_director_extends(self, office: Office) -> None:
        answer = office.post(
            f"{LIMIT}/extensions", {"reason": "harvest", "set": {"longer_agreed": True}}, by="dir-02"
        )
        assert answer.status_code == 201, answer.json()
        assert (answer.json()["before"], answer.json()["after"]) == ("2026-12-23", "2027-01-07")

    def test_who_may_not_extend_can_ask(self, office: Office) -> None:
        body = {"reason": "harvest", "set": {"longer_agreed": True}}
        office.refused(office.post(f"{LIMIT}/extensions", body), 403, "FM-R104")
        office.refused(office.post(f"{LIMIT}/extensions", {**body, "ask": True}), 409, "FM-C025")
        assert office.post("/v1/approvals/A-1/withdraw", {"reason": "otherwise"}).status_code == 200
        answer = office.post(f"{LIMIT}/extensions", {**body, "ask": True})
        assert answer.status_code == 202
        assert answer.json()["approval"]["id"] == "A-2"
        [against] = answer.json()["reasons"]
        assert "--" not in f"{against['text']} {against['params']['way']}"
        assert '"ask": true' in against["text"]

    def test_what_stands_against_it_is_told_in_the_words_of_http(self, office: Office) -> None:
        """Also where it is no refusal: of an act that is offered, of a request that others answer."""
        offered = office.get(f"/v1/cases/{MEDIATED}/next?all=true").json()["items"]
        told = [r["text"] for one in offered for r in one["reasons"]]
        assert any('"ask": true' in text for text in told)
        assert not any("--" in text or "folkmoot " in text for text in told)
        [against] = office.get("/v1/approvals/A-1", by="aux-07").json()["against"]
        assert "POST /v1/approvals/A-1/forward" in against["text"]


class TestApprovals:
    def test_they_are_listed_and_shown_with_what_a_yes_changes(self, office: Office) -> None:
        listed = office.get("/v1/approvals?mine=true", by="dir-02").json()
        assert [(one["id"], one["yours"]) for one in listed["items"]] == [("A-1", True)]
        shown = office.get("/v1/approvals/A-1", by="dir-02").json()
        assert shown["effect"]["deadlines"]["mediation_limit"] == ["2026-12-23", "2027-01-07"]

    def test_a_yes_does_it_once(self, office: Office) -> None:
        headers = {"Idempotency-Key": "yes-1"}
        first = office.post("/v1/approvals/A-1/grant", by="dir-02", headers=headers)
        assert first.status_code == 200, first.json()
        assert first.json()["status"] == "granted"
        assert office.get(LIMIT).json()["due_date"] == "2027-01-07"
        assert office.post("/v1/approvals/A-1/grant", by="dir-02", headers=headers).json() == first.json()
        office.refused(office.post("/v1/approvals/A-1/grant", by="dir-02"), 409, "FM-C006")

    def test_a_no_leaves_the_case_alone(self, office: Office) -> None:
        answer = office.post("/v1/approvals/A-1/refuse", {"reason": "it is not out"}, by="dir-02")
        assert (answer.status_code, answer.json()["status"]) == (200, "refused")
        assert office.get(LIMIT).json()["due_date"] == "2026-12-23"

    def test_who_asks_does_not_answer_and_others_cannot(self, office: Office) -> None:
        office.refused(office.post("/v1/approvals/A-1/grant"), 403, "FM-R103")
        office.refused(office.post("/v1/approvals/A-1/grant", by="aux-07"), 403, "FM-R104")

    def test_the_rest_is_said(self, office: Office) -> None:
        office.refused(office.post("/v1/approvals/A-9/grant", by="dir-02"), 404, "FM-N006")
        for number in ("³", "9" * 30, "A-"):
            office.refused(office.get(f"/v1/approvals/{number}"), 404, "FM-N006")
        told = office.post("/v1/approvals/A-1/grant?dry_run=true", by="dir-02").json()
        assert told["would"]["status"] == "granted"
        assert office.get("/v1/approvals/A-1").json()["status"] == "waiting"


class TestPreviews:
    @pytest.mark.parametrize("start", ["2026-09-11", "2026-09-11T10:00:00+08:00"])
    def test_a_length_is_counted_day_by_day(self, office: Office, start: str) -> None:
        body = {"duration": "20 cd", "start": start, "calendar": "CN"}
        told = office.post("/v1/clock-previews", body).json()
        assert (told["start_date"], told["due_date"], told["provisional"]) == (
            "2026-09-11",
            "2026-10-08",
            False,
        )
        assert told["steps"][0]["kind"] == "start"

    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            ({"duration": "soon"}, 422, "FM-U007"),
            ({"duration": "3 wd", "calendar": "XX"}, 422, "FM-N005"),
            ({"duration": "3 wd", "start": "2026-09-11T10:00:00"}, 422, "FM-U005"),
            ({"duration": "3 wd", "start": "0001-01-01"}, 422, "FM-U365"),
            ({"duration": "99999 years"}, 422, "FM-U366"),
            ({"duration": "99999999 cd"}, 422, "FM-U366"),
        ],
    )
    def test_what_cannot_be_counted_is_said(
        self, office: Office, body: dict[str, str], status: int, code: str
    ) -> None:
        office.refused(office.post("/v1/clock-previews", body), status, code)


YEAR = {"source": "notice of 5 Nov 2026", "days_off": ["2027-01-01"], "make_up_days": []}
CLOSURE = "id: CN\nclosures:\n  - {unit: S-012, days: [2026-12-07], reason: market day}\n"


class TestCalendars:
    def test_a_year_that_is_not_published_is_an_empty_answer(self, office: Office) -> None:
        assert office.get("/v1/calendars/CN?year=2027").json()["years"] == []
        assert office.get("/v1/calendars").json()["count"] == 2

    def test_a_year_is_published_and_read_back(self, office: Office) -> None:
        answer = office.send("PUT", "/v1/calendars/CN/2027", "adm-01", json=YEAR)
        assert answer.status_code == 200, answer.json()
        assert answer.json()["years"] == [{"year": 2027, "change": "new"}]
        shown = office.get("/v1/calendars/CN?year=2027")
        assert shown.json()["years"][0]["days_off"] == ["2027-01-01"]
        back = office.post("/v1/calendars", shown.json(), by="adm-01")
        assert back.json()["years"] == [{"year": 2027, "change": "same"}]

    def test_a_dry_run_lists_what_would_move(self, office: Office) -> None:
        answer = office.send("PUT", "/v1/calendars/CN/2027?dry_run=true", "adm-01", json=YEAR)
        assert answer.json()["would"]["years"] == [{"year": 2027, "change": "new"}]
        assert office.get("/v1/calendars/CN?year=2027").json()["years"] == []

    def test_closures_come_as_yaml(self, office: Office) -> None:
        headers = {"Content-Type": "application/yaml"}
        answer = office.send("POST", "/v1/calendars", "adm-01", content=CLOSURE, headers=headers)
        assert answer.json()["closures"] == {"added": 1, "removed": 0}, answer.json()

    @pytest.mark.parametrize(
        ("kind", "content", "status", "code"),
        [
            ("text/plain", CLOSURE, 415, "FM-U371"),
            ("application/yaml", "", 422, "FM-U372"),
            ("application/yaml", "id: [", 422, "FM-I010"),
            ("application/yaml", "a: &a [1]\nid: *a", 422, "FM-I010"),
            ("application/yaml", "[" * 50_000, 422, "FM-I010"),
            ("application/yaml", "id: CN\nday: 2026-02-30", 422, "FM-I010"),
            ("application/yaml", "id: CN\nyears: [{year: [1]}]", 422, "FM-I010"),
            ("application/yaml", "id: CN\nclosures: [{days: 3}]", 422, "FM-I010"),
            ("application/yaml", "id: [CN]", 422, "FM-I010"),
            ("application/yaml", b"id: \xff", 400, "FM-U343"),
        ],
    )
    def test_what_is_no_calendar_is_said(
        self, office: Office, kind: str, content: str | bytes, status: int, code: str
    ) -> None:
        headers = {"Content-Type": kind}
        answer = office.send("POST", "/v1/calendars", "adm-01", content=content, headers=headers)
        office.refused(answer, status, code)

    def test_not_everybody_publishes_and_chinese_is_told_in_chinese(self, office: Office) -> None:
        headers = {"Accept-Language": "zh-CN"}
        answer = office.send("PUT", "/v1/calendars/CN/2027", "aux-07", json=YEAR, headers=headers)
        told = office.refused(answer, 403, "FM-R108")
        assert answer.headers["content-language"] == "zh"
        assert "日历" in told["detail"]
        assert ", " not in told["reasons"][0]["params"]["who_zh"]
        assert "、" in told["reasons"][0]["params"]["who_zh"]

    def test_a_body_too_long_is_not_read(self, office: Office) -> None:
        headers = {"Content-Type": "application/yaml"}
        answer = office.send("POST", "/v1/calendars", content=b"#" * (33 * 1024 * 1024), headers=headers)
        office.refused(answer, 413, "FM-U344")


def test_a_clock_of_another_case_is_not_here(office: Office) -> None:
    office.refused(office.get(f"/v1/cases/{REPORTED}/clocks/mediation_limit"), 404, "FM-N008")
