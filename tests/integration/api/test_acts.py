"""Commands over HTTP: filed, done, refused; once, on the version that was seen, or only looked at."""

from typing import Any

import pytest

from engine.persistence import table
from tests.support.web import FILING, SCREENED, Web, problem


def versions(web: Web, ref: str) -> list[int]:
    return [event["seq"] for event in web.get(f"/v1/cases/{ref}/history").json()["items"]]


class TestFiling:
    def test_answers_where_it_is_and_what_it_is(self, web: Web) -> None:
        answer = web.post("/v1/cases", FILING)
        filed = answer.json()
        assert answer.status_code == 201
        assert answer.headers["location"] == f"/v1/cases/{filed['ref']}"
        assert answer.headers["etag"] == '"1"'
        assert filed["receipt"]
        assert web.get(answer.headers["location"]).json()["what"] == FILING["what"]

    def test_all_that_can_be_said(self, web: Web) -> None:
        sent = FILING | {
            "place": "230199000201",
            "channel": "phone",
            "reporter": {"name": "A", "phone": "1"},
            "parties": [{"role": "claimant", "name": "B"}],
            "external": {"system": "12345", "id": "HL-1"},
            "occurred_at": "2026-11-23T07:52:00+08:00",
            "done_by": "aux-07",
        }
        ref = web.post("/v1/cases", sent).json()["ref"]
        case = web.get(f"/v1/cases/{ref}").json()
        assert (case["channel"], case["reporter"]["name"], case["filed_by"]) == ("phone", "A", "aux-07")
        assert case["filed_at"] == "2026-11-22T23:52:00Z"
        assert case["parties"][0]["name"] == "B"
        (event,) = web.get(f"/v1/cases/{ref}/history").json()["items"]
        assert (event["actor"], event["entered_by"]) == ("aux-07", "dsp-01")
        (found,) = web.get("/v1/cases?external=12345:HL-1").json()["items"]
        assert found["ref"] == ref
        taken = problem(web.post("/v1/cases", sent), 409, "FM-C022")
        assert taken["reasons"][0]["params"]["ref"] == ref
        assert taken["reasons"][0]["pointer"] == "/external"
        assert f"GET /v1/cases/{ref}" in taken["detail"]

    def test_a_number_of_another_system_as_lists_are_asked_for_it(self, web: Web) -> None:
        ref = web.post("/v1/cases", FILING | {"external": "JCJ:2026-77"}).json()["ref"]
        (found,) = web.get("/v1/cases?external=JCJ:2026-77").json()["items"]
        assert found["ref"] == ref
        sent = FILING | {"external": {"system": "A:B", "id": "x"}}  # no list could be asked for it
        problem(web.post("/v1/cases", sent), 422, "FM-U006")

    def test_minimal(self, web: Web) -> None:
        answer = web.post("/v1/cases", FILING, headers={"Prefer": "return=minimal"})
        assert answer.headers["preference-applied"] == "return=minimal"
        assert set(answer.json()) >= {"ref", "state", "version"}

    def test_a_place_that_is_not_there(self, web: Web) -> None:
        assert web.post("/v1/cases", FILING | {"place": "Atlantis"}).status_code in (404, 422)


class TestActing:
    def test_moves_the_case_and_says_what_is_open_now(self, web: Web) -> None:
        answer = web.act(web.file(), "screen", SCREENED)
        done = answer.json()
        assert answer.status_code == 200
        assert done["case"]["state"] == "screening"
        assert answer.headers["etag"] == f'"{done["case"]["version"]}"'
        assert {item["act"] for item in done["next"]}

    def test_by_its_title_in_any_language(self, web: Web) -> None:
        ref = web.file()
        title = next(
            item["title"]
            for item in web.get(f"/v1/cases/{ref}/next", headers={"Accept-Language": "zh"}).json()["items"]
            if item["act"] == "screen"
        )
        assert web.act(ref, title, SCREENED).json()["event"]["act"] == "screen"

    def test_without_a_body(self, web: Web) -> None:
        told = problem(web("POST", f"/v1/cases/{web.file()}/triggers/screen"), 422, "FM-R301")
        assert "screening_form" in told["detail"]

    def test_null_is_nothing(self, web: Web) -> None:
        assert web.act(web.file(), "note", {"note": "x", "set": None, "ask": None}).status_code == 200

    def test_another_did_it(self, web: Web) -> None:
        ref = web.file()
        web.town.pass_(hours=2)
        sent = {"note": "called back", "done_by": "aux-07", "occurred_at": "2026-11-23T08:30:00+08:00"}
        event = web.act(ref, "note", sent).json()["event"]
        assert (event["actor"], event["entered_by"]) == ("aux-07", "dsp-01")
        assert event["occurred_at"] == "2026-11-23T00:30:00Z"
        problem(web.act(ref, "note", {"note": "x", "done_by": "aux-07"}, by="aux-08"), 403, "FM-R106")

    def test_minimal(self, web: Web) -> None:
        ref = web.file()
        answer = web.act(ref, "note", {"note": "x"}, headers={"Prefer": "respond-async, return=minimal"})
        assert answer.json() == {"ref": ref, "state": "reported", "version": 2}
        assert answer.headers["preference-applied"] == "return=minimal"
        assert answer.headers["etag"] == '"2"'

    def test_in_the_callers_language(self, web: Web) -> None:
        answer = web.act(web.file(), "note", {"note": "x"}, headers={"Accept-Language": "zh"})
        assert answer.headers["content-language"] == "zh"
        assert answer.json()["case"]["state_title"] != "Reported"


class TestRefusals:
    def test_who_may_not(self, web: Web) -> None:
        ref = web.file()
        told = problem(
            web.act(ref, "regrade", {"set": {"risk": "red"}, "note": "x"}, by="med-12"), 403, "FM-R101"
        )
        assert told["reasons"][0]["kind"] == "who"
        assert told["case"] == {"ref": ref, "state": "reported", "state_title": "Reported", "version": 1}
        assert "since" not in told

    def test_where_the_case_stands(self, web: Web) -> None:
        ref = web.file()
        web.act(ref, "screen", SCREENED)
        told = problem(web.act(ref, "screen", SCREENED), 409, "FM-R201")
        assert told["case"]["state"] == "screening"
        assert "accept" in told["way_out"][0]["act"] or told["way_out"]
        assert all(way["act"] != "screen" for way in told["way_out"])

    def test_the_way_out_is_what_is_open_to_this_person(self, web: Web) -> None:
        ref = web.file()
        told = problem(web.act(ref, "ask_consent", {}), 409, "FM-R201")
        offered = web.get(f"/v1/cases/{ref}/next").json()["items"]
        assert {way["act"] for way in told["way_out"]} == {
            offer["act"] for offer in offered if offer["allowed"]
        }

    @pytest.mark.parametrize("sent", [{}, {"set": {"hue": 3}}, {"set": {"risk": "purple"}}])
    def test_where_only_inputs_are_wrong_the_way_out_is_the_act_itself(
        self, web: Web, sent: dict[str, Any]
    ) -> None:
        told = web.act(web.file(), "screen", sent).json()
        assert [way["act"] for way in told["way_out"]] == ["screen"]

    def test_nothing_and_yes_are_quoted_as_they_were_sent(self, web: Web) -> None:
        sent = SCREENED | {"set": {"risk": None, "category": True}}
        told = problem(web.act(web.file(), "screen", sent), 422, "FM-R303")
        values = {reason["params"]["name"]: reason["params"]["value"] for reason in told["reasons"]}
        assert values == {"risk": "null", "category": "true"}

    def test_in_chinese_inputs_have_their_titles_beside_their_names(self, web: Web) -> None:
        zh = {"Accept-Language": "zh"}
        told = problem(web.act(web.file(), "screen", {"set": {"risk": "violet"}}, headers=zh), 422, "FM-R303")
        said = " ".join(reason["text"] for reason in told["reasons"])
        assert "风险等级 risk 为“violet”;应为 红 red、橙 orange" in said
        assert "“风险排查”还缺 2 项:风险排查 screening_form(正在发生暴力 violence、" in said
        assert "纠纷类别 category" in said

    def test_pointers_lead_into_what_was_sent(self, web: Web) -> None:
        sent = SCREENED | {"set": {"risk": "purple", "category": "neigh"}}
        told = problem(web.act(web.file(), "screen", sent), 422, "FM-R303")
        assert [reason["pointer"] for reason in told["reasons"] if reason["code"] == "FM-R303"] == [
            "/set/risk"
        ]

    def test_who_may_not_is_said_before_what_is_wrong(self, web: Web) -> None:
        ref = web.file()
        web.act(ref, "screen", SCREENED)
        told = web.act(ref, "dismiss", {}, by="med-12")
        assert told.status_code in (403, 409)
        assert told.json()["status"] == min(
            {"FM-R101": 403, "FM-R201": 409}.get(reason["code"], 422) for reason in told.json()["reasons"]
        )

    def test_an_act_that_is_none(self, web: Web) -> None:
        told = problem(web.act(web.file(), "scren", {}), 422, "FM-U208")
        assert "screen" in told["detail"]
        assert "case" not in told


class TestAsking:
    def test_waits_for_the_second_yes(self, web: Web) -> None:
        ref = web.file()
        sent = {"set": {"risk": "red"}, "note": "threat", "ask": True}
        answer = web.act(ref, "regrade", sent, by="aux-07")
        if answer.status_code == 200:
            pytest.fail("aux-07 may regrade; choose another act for this test")
        assert answer.status_code == 202
        assert answer.json()["approval"]["id"].startswith("A-")
        assert answer.json()["reasons"][0]["code"] == "FM-R101"
        assert web.get(f"/v1/cases/{ref}").json()["state"] == "reported"


class TestTheVersionThatWasSeen:
    @pytest.mark.parametrize("tag", ['"1"', '"1-0123456789abcdef"', 'W/"1"', "*"])
    def test_holds(self, web: Web, tag: str) -> None:
        assert web.act(web.file(), "note", {"note": "x"}, headers={"If-Match": tag}).status_code == 200

    def test_is_the_tag_of_the_case_as_it_was_read(self, web: Web) -> None:
        ref = web.file()
        tag = web.get(f"/v1/cases/{ref}").headers["etag"]
        assert web.act(ref, "note", {"note": "x"}, headers={"If-Match": tag}).status_code == 200
        problem(web.act(ref, "note", {"note": "y"}, headers={"If-Match": tag}), 412, "FM-C001")

    def test_never_was(self, web: Web) -> None:
        ref = web.file()
        told = problem(web.act(ref, "note", {"note": "x"}, headers={"If-Match": '"99"'}), 412, "FM-C026")
        assert told["detail"].startswith("Version 99 of this case is still to come; it is at 1.")
        assert told["case"]["version"] == 1

    def test_is_gone(self, web: Web) -> None:
        ref = web.file()
        web.act(ref, "note", {"note": "first"})
        web.act(ref, "screen", SCREENED)
        told = problem(web.act(ref, "note", {"note": "x"}, headers={"If-Match": '"1"'}), 412, "FM-C001")
        assert told["case"]["version"] == 3
        assert told["case"]["state"] == "screening"
        assert [(one["version"], one["act"]) for one in told["since"]] == [(2, "note"), (3, "screen")]
        assert told["detail"].startswith("Changed since you looked (1, now 3): Note (dsp-01); ")
        assert versions(web, ref) == [1, 2, 3]


class TestOnce:
    def test_the_same_again_is_the_same_answer(self, both_webs: Web) -> None:
        web = both_webs
        headers = {"Idempotency-Key": "7b1e-file"}
        first, second = (web.post("/v1/cases", FILING, headers=headers).json() for _ in range(2))
        assert first == second
        ref, headers = first["ref"], {"Idempotency-Key": '"7b1e-act"'}
        assert [
            web.act(ref, "note", {"note": "x"}, headers=headers).json()["case"]["version"] for _ in "12"
        ] == [2, 2]
        problem(web.act(ref, "note", {"note": "y"}, headers=headers), 422, "FM-C002")
        problem(web.act(ref, "note", {"note": "x"}, headers=headers, by="dsp-02"), 422, "FM-C002")
        assert versions(web, ref) == [1, 2]

    def test_it_holds_where_the_version_has_moved_on(self, web: Web) -> None:
        ref = web.file()
        headers = {"Idempotency-Key": f"k-{ref}", "If-Match": '"1"'}
        answers = [web.act(ref, "note", {"note": "x"}, headers=headers) for _ in "12"]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert versions(web, ref) == [1, 2]

    def test_a_refusal_binds_nothing(self, web: Web) -> None:
        ref = web.file()
        headers = {"Idempotency-Key": f"r-{ref}"}
        problem(web.act(ref, "screen", {}, headers=headers), 422, "FM-R301")
        assert web.act(ref, "screen", SCREENED, headers=headers).status_code == 200

    def test_services_without_keys_are_done_once_too(self, both_webs: Web) -> None:
        web = both_webs
        headers = {"Idempotency-Key": "leave-1"}
        sent = {"until": "2026-11-27", "reason": "sick"}
        path = "/v1/persons/off-05/absences"
        first, second = (web.post(path, sent, headers=headers) for _ in range(2))
        assert first.status_code in (200, 201), first.text
        assert first.json() == second.json()
        problem(web.post(path, sent | {"reason": "other"}, headers=headers), 422, "FM-C002")

    def test_on_postgresql_every_write_has_a_key_so_that_a_lost_connection_leaves_no_doubt(
        self, both_webs: Web
    ) -> None:
        web = both_webs
        store = web.town.engine.store
        keys = table.columns_of(table.CommandKey)

        def bound() -> int:
            return len(store.read(lambda unit: unit.execute(keys.select())))

        web.get("/v1/me")  # the token is made with a key of its own
        before = bound()
        assert web.post("/v1/persons/off-06/absences", {"until": "2026-11-27"}).status_code in (200, 201)
        assert bound() - before == (1 if store.dialect == "postgresql" else 0)


class TestLooking:
    def test_says_what_would_be_and_saves_nothing(self, both_webs: Web) -> None:
        web = both_webs
        answer = web.post("/v1/cases?dry_run=true", FILING)
        assert answer.status_code == 200
        assert answer.json()["would"]["case"]["state"] == "reported"
        assert web.get("/v1/cases").json()["count"] == 0
        ref = web.file()
        would = web.post(f"/v1/cases/{ref}/triggers/screen?dry_run=true", SCREENED)
        assert (would.status_code, would.json()["would"]["case"]["state"]) == (200, "screening")
        assert "etag" not in would.headers
        assert versions(web, ref) == [1]

    def test_refuses_as_it_would(self, web: Web) -> None:
        problem(web.post(f"/v1/cases/{web.file()}/triggers/screen?dry_run=1", {}), 422, "FM-R301")

    @pytest.mark.parametrize("given", ["perhaps", "2"])
    def test_is_yes_or_no(self, web: Web, given: str) -> None:
        assert (
            web.post(f"/v1/cases/{web.file()}/triggers/note?dry_run={given}", {"note": "x"}).status_code
            == 422
        )
        assert web.post(f"/v1/cases?dry_run={given}", FILING).status_code == 422

    def test_no_is_no(self, web: Web) -> None:
        ref = web.file()
        assert (
            web.post(f"/v1/cases/{ref}/triggers/note?dry_run=false", {"note": "x"}).json()["case"]["version"]
            == 2
        )


class TestBothWaysIn:
    """The slim route and the document know the same keys."""

    def test_every_key_of_the_document_is_read(self) -> None:
        from api.schema.case import Doing
        from api.sent import ACT

        assert set(Doing.model_fields) == set(ACT)

    def test_every_key_is_an_argument_of_the_service(self) -> None:
        from api.house import takes
        from api.sent import ACT
        from engine.service.acting import do_act

        arguments: Any = {name for name, _, _ in ACT.values()}
        assert arguments <= takes(do_act)
        assert takes(do_act) - arguments == {
            "unit", "caller", "ref", "act", "key", "if_version", "around", "replaces",
        }  # fmt: skip
