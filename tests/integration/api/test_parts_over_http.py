"""Records, parties, notes, links and seats over HTTP: done once, told fully, refused by the same codes."""

import pytest

from tests.support.office import ASKED, REPORTED, Office

YES = {"items": [{"party": "P1", "decision": "given"}]}


class TestRecords:
    def test_an_item_is_recorded_and_listed(self, office: Office) -> None:
        answer = office.post(f"/v1/cases/{ASKED}/records/consent", {**YES, "done_by": "aux-07"})
        assert answer.status_code == 201, answer.json()
        told = answer.json()
        assert (told["event"]["actor"], told["event"]["entered_by"]) == ("aux-07", "dsp-01")
        assert answer.headers["etag"] == f'"{told["case"]["version"]}"'
        listed = office.get(f"/v1/cases/{ASKED}/records/consent").json()
        assert [(item["party"], item["fields"]["decision"]) for item in listed["items"]] == [("P1", "given")]
        assert listed["count"] == 1
        every = office.get(f"/v1/cases/{ASKED}/records").json()
        assert {item["kind"] for item in every["items"]} == {"screening_form", "consent"}

    def test_the_same_key_does_it_once(self, office: Office) -> None:
        headers = {"Idempotency-Key": "consent-1"}
        path = f"/v1/cases/{ASKED}/records/consent"
        first = office.post(path, YES, headers=headers)
        assert office.post(path, YES, headers=headers).json() == first.json()
        assert office.get(path).json()["count"] == 1

    def test_an_old_version_is_told_what_happened_since(self, office: Office) -> None:
        path = f"/v1/cases/{ASKED}/records/consent"
        told = office.refused(office.post(path, YES, headers={"If-Match": '"1"'}), 412, "FM-C001")
        assert told["case"]["version"] > 1
        assert office.get(path).json()["count"] == 0

    def test_no_part_is_written_on_an_old_version(self, office: Office) -> None:
        case, old = f"/v1/cases/{ASKED}", {"If-Match": '"1"'}
        version = office.get(case).json()["version"]
        for path, body in (
            ("notes", {"text": "seen"}),
            ("parties", {"role": "third_party"}),
            ("links", {"kind": "duplicate_of", "other": REPORTED}),
            ("assignments", {"take": True}),
        ):
            office.refused(office.post(f"{case}/{path}", body, headers=old), 412, "FM-C001")
        assert office.get(case).json()["version"] == version
        now = {"If-Match": f'"{version}"'}
        assert office.post(f"{case}/notes", {"text": "seen"}, headers=now).status_code == 201

    def test_a_dry_run_saves_nothing(self, office: Office) -> None:
        answer = office.post(f"/v1/cases/{ASKED}/records/consent?dry_run=true", YES)
        assert answer.status_code == 200
        assert answer.json()["would"]["event"]["act"] == "add_consent"
        assert office.get(f"/v1/cases/{ASKED}/records/consent").json()["items"] == []

    def test_a_record_that_only_an_act_brings_names_the_act(self, office: Office) -> None:
        told = office.post(f"/v1/cases/{ASKED}/records/session", {"items": [{"place": "here"}]})
        assert "conclude" in office.refused(told, 422, "FM-U209")["detail"]

    @pytest.mark.parametrize("body", [{}, {"items": []}, {"items": [{}], "whom": 1}, [], "x"])
    def test_a_body_that_does_not_fit_is_told_where(self, office: Office, body: object) -> None:
        office.refused(office.post(f"/v1/cases/{ASKED}/records/consent", body), 422, "FM-U006")

    def test_a_time_carries_its_offset(self, office: Office) -> None:
        body = {**YES, "occurred_at": "2026-11-23T08:00:00"}
        told = office.refused(office.post(f"/v1/cases/{ASKED}/records/consent", body), 422, "FM-U005")
        assert told["reasons"][0]["pointer"] == "/occurred_at"

    def test_pages_hold_all_items_once(self, office: Office) -> None:
        for means in ("phone", "visit", "message"):
            item = {"party": "P1", "means": means, "reached": False}
            office.post(f"/v1/cases/{ASKED}/records/contact", {"items": [item]})
        seen, path = [], f"/v1/cases/{ASKED}/records/contact?limit=2"
        while path:
            page = office.get(path).json()
            assert page["count"] == 3
            seen += [item["fields"]["means"] for item in page["items"]]
            path = page["next"]
        assert seen == ["phone", "visit", "message"]


class TestParties:
    def test_they_join_change_and_leave(self, office: Office) -> None:
        path = f"/v1/cases/{REPORTED}/parties"
        joined = office.post(path, {"role": "third_party", "fields": {"name": "party C", "age": 15}})
        assert joined.status_code == 201, joined.json()
        assert [p["no"] for p in office.get(path).json()["items"]] == ["P1", "P2", "P3"]
        assert office.send("PATCH", f"{path}/P3", json={"fields": {"literate": False}}).status_code == 200
        assert office.get(path).json()["items"][2]["fields"]["literate"] is False
        left = office.send("DELETE", f"{path}/P3", json={"reason": "not concerned"})
        assert left.status_code == 200, left.json()
        assert office.get(path).json()["items"][2]["active"] is False

    def test_a_role_nobody_has_here_is_told(self, office: Office) -> None:
        answer = office.post(f"/v1/cases/{REPORTED}/parties", {"role": "judge"})
        assert answer.status_code == 422
        assert answer.json()["reasons"]

    def test_who_may_not_change_parties_hears_so(self, office: Office) -> None:
        answer = office.post(f"/v1/cases/{REPORTED}/parties", {"role": "third_party"}, by="chf-01")
        office.refused(answer, 403, "FM-R101")


class TestNotesAndLinks:
    def test_a_note_is_written_and_read(self, office: Office) -> None:
        answer = office.post(f"/v1/cases/{REPORTED}/notes", {"text": "P2 will call back"})
        assert answer.status_code == 201
        notes = office.get(f"/v1/cases/{REPORTED}/notes").json()
        assert [(note["note"], note["actor"]) for note in notes["items"]] == [("P2 will call back", "dsp-01")]
        assert notes["version"] == answer.json()["case"]["version"]

    def test_a_link_is_seen_from_both(self, office: Office) -> None:
        body = {"kind": "duplicate_of", "other": ASKED, "reason": "same wall"}
        assert office.post(f"/v1/cases/{REPORTED}/links", body).status_code == 201
        mine = office.get(f"/v1/cases/{REPORTED}/links").json()["items"]
        theirs = office.get(f"/v1/cases/{ASKED}/links").json()["items"]
        assert [(link["kind"], link["ref"]) for link in mine] == [("duplicate_of", ASKED)]
        assert [(link["kind"], link["ref"]) for link in theirs] == [("duplicate_of_of_here", REPORTED)]
        again = office.post(f"/v1/cases/{REPORTED}/links", body)
        office.refused(again, 422, "FM-U218")

    def test_a_kind_that_is_none_is_named(self, office: Office) -> None:
        sent = office.post(f"/v1/cases/{REPORTED}/links", {"kind": "zz", "other": ASKED})
        (reason,) = sent.json()["reasons"]
        assert (reason["code"], reason["kind"], reason["pointer"]) == ("FM-U216", "input", "/kind")
        assert "`zz`" in reason["text"]

    def test_the_same_key_links_once(self, office: Office) -> None:
        body, headers = {"kind": "duplicate_of", "other": ASKED}, {"Idempotency-Key": "link-1"}
        first = office.post(f"/v1/cases/{REPORTED}/links", body, headers=headers)
        second = office.post(f"/v1/cases/{REPORTED}/links", body, headers=headers)
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json() == second.json()

    def test_a_case_nobody_knows_is_not_found(self, office: Office) -> None:
        office.refused(office.get("/v1/cases/26-99999-9/notes"), 404, "FM-N001")


class TestSeats:
    def test_the_rules_pick_and_the_answer_explains(self, office: Office) -> None:
        answer = office.post(f"/v1/cases/{REPORTED}/assignments", {"auto": True})
        assert answer.status_code == 201, answer.json()
        told = answer.json()
        assert told["assignment"]["person"] in [c["person"] for c in told["candidates"]]
        why = office.get(f"/v1/cases/{REPORTED}/routing").json()
        assert why["person"] == told["assignment"]["person"]
        assert why["rule"] == told["rule"]

    def test_a_person_is_named_takes_and_hands_back(self, office: Office) -> None:
        path = f"/v1/cases/{REPORTED}/assignments"
        assert office.post(path, {"take": True}, by="off-05").status_code == 201
        assert [s["person"] for s in office.get(path).json()["items"]] == ["off-05"]
        body = {"seat": "handler", "reason": "knows the family", "person": "aux-07"}
        assert office.post(path, body).status_code == 201
        back = office.post(f"{path}/handler/handback", {"reason": "related to P1"}, by="aux-07")
        assert back.status_code == 200, back.json()
        assert office.get(path).json()["items"] == []

    def test_one_may_give_up_what_one_holds(self, office: Office) -> None:
        path = f"/v1/cases/{ASKED}/assignments/handler"
        answer = office.send("DELETE", path, by="aux-07", json={"reason": "on leave"})
        assert answer.status_code == 200, answer.json()
        assert answer.json()["event"]["act"] == "handback_handler"
        gone = office.send("DELETE", path, by="aux-07", json={"reason": "on leave"})
        assert gone.status_code in (403, 409)

    @pytest.mark.parametrize("body", [{}, {"person": "off-05", "auto": True}, {"auto": True, "take": True}])
    def test_who_takes_it_is_said_once(self, office: Office, body: dict[str, object]) -> None:
        office.refused(office.post(f"/v1/cases/{REPORTED}/assignments", body), 422, "FM-U370")

    def test_no_decision_yet_is_said(self, office: Office) -> None:
        office.refused(office.get(f"/v1/cases/{REPORTED}/routing"), 404, "FM-N025")
