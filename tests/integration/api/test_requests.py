"""What a request looks like before anybody reads it: its query, its address, how its body is coded."""

import gzip
import json

import pytest

from tests.support.web import FILING, Web, problem

JSON = {"Content-Type": "application/json"}


class TestTheQuery:
    @pytest.mark.parametrize(
        ("query", "name"),
        [
            ("phase=work&phase=done", "phase"),
            ("q=a&q=a", "q"),
            ("limit=1&limit=2", "limit"),
            ("late=true&late=false", "late"),
        ],
    )
    def test_a_parameter_stands_there_once(self, web: Web, query: str, name: str) -> None:
        told = problem(web.get(f"/v1/cases?{query}"), 422, "FM-U353")
        assert [reason["pointer"] for reason in told["reasons"]] == [f"?{name}"]
        assert name in told["detail"]

    def test_every_one_that_stands_there_twice_is_named(self, web: Web) -> None:
        told = problem(web.get("/v1/cases?q=a&phase=work&q=b&phase=done"), 422, "FM-U353")
        assert [reason["pointer"] for reason in told["reasons"]] == ["?q", "?phase"]

    def test_so_it_is_for_acts(self, web: Web) -> None:
        ref = web.file()
        answer = web.post(f"/v1/cases/{ref}/triggers/note?dry_run=false&dry_run=true", {"note": "x"})
        assert problem(answer, 422, "FM-U353")["reasons"][0]["pointer"] == "?dry_run"
        assert web.get(f"/v1/cases/{ref}").json()["version"] == 1

    @pytest.mark.parametrize(
        ("query", "name"), [("q=%ff", "q"), ("type=%E4%BD", "type"), ("limit=5&%ff=1", "\ufffd")]
    )
    def test_bytes_that_are_no_text_are_told(self, web: Web, query: str, name: str) -> None:
        told = problem(web.get(f"/v1/cases?{query}"), 400, "FM-U355")
        assert told["reasons"][0]["pointer"] == f"?{name}"

    def test_nor_are_they_an_address(self, web: Web) -> None:
        problem(web.get("/v1/cases/26-%ff"), 400, "FM-U356")

    def test_text_in_any_script_is_read(self, web: Web) -> None:
        web.file("界墙倾斜")
        found = web.get("/v1/cases", params={"q": "界墙倾斜"}).json()
        assert found["count"] == 1


class TestHowABodyIsCoded:
    @pytest.mark.parametrize("path", ["/v1/cases", "/v1/cases/{ref}/triggers/note"])
    def test_a_compressed_one_is_not_read(self, web: Web, path: str) -> None:
        sent = gzip.compress(json.dumps(FILING).encode())
        headers = JSON | {"Content-Encoding": "gzip"}
        answer = web("POST", path.format(ref=web.file()), content=sent, headers=headers)
        told = problem(answer, 415, "FM-U354")
        assert "gzip" in told["detail"]
        assert "identity" in told["detail"]

    @pytest.mark.parametrize("path", ["/v1/cases", "/v1/cases/{ref}/triggers/note"])
    def test_a_coding_that_was_only_claimed_is_told_too(self, web: Web, path: str) -> None:
        headers = JSON | {"Content-Encoding": "br"}
        answer = web("POST", path.format(ref=web.file()), content=b"{}", headers=headers)
        problem(answer, 415, "FM-U354")

    @pytest.mark.parametrize("kind", ["application/json; charset=gbk", 'application/json;charset="latin-1"'])
    def test_another_charset_is_not_read(self, web: Web, kind: str) -> None:
        sent = json.dumps(FILING).encode()
        told = problem(web("POST", "/v1/cases", content=sent, headers={"Content-Type": kind}), 415, "FM-U357")
        assert "utf-8" in told["detail"]

    def test_nor_for_files(self, web: Web) -> None:
        headers = {"Content-Type": "application/yaml; charset=gb18030"}
        answer = web("POST", "/v1/workflow-checks", content="名称: x".encode("gb18030"), headers=headers)
        problem(answer, 415, "FM-U357")

    @pytest.mark.parametrize(
        "headers",
        [
            {"Content-Type": "application/json; charset=UTF-8"},
            {"Content-Type": 'application/json;charset="utf-8"', "Content-Encoding": "identity"},
        ],
    )
    def test_what_is_read_may_be_said(self, web: Web, headers: dict[str, str]) -> None:
        sent = json.dumps(FILING).encode()
        assert web("POST", "/v1/cases", content=sent, headers=headers).status_code == 201


class TestHowAReportCameIn:
    @pytest.mark.parametrize("given", ["by telephone", "Phone", "电话", "", "x" * 41, "phone\n"])
    def test_is_no_free_text(self, web: Web, given: str) -> None:
        told = problem(web.post("/v1/cases", FILING | {"channel": given}), 422, "FM-U358")
        assert told["reasons"][0]["pointer"] == "/channel"
        assert "hotline" in told["detail"]

    @pytest.mark.parametrize("given", ["phone", "12345", "village-radio"])
    def test_is_a_word_that_lists_find_again(self, web: Web, given: str) -> None:
        ref = web.file(channel=given)
        assert [item["ref"] for item in web.get(f"/v1/cases?channel={given}").json()["items"]] == [ref]

    def test_the_document_says_what_it_may_be(self, web: Web) -> None:
        known = web.get("/openapi.json").json()["components"]["schemas"]["Filing"]["properties"]["channel"]
        assert known["pattern"] == "^[a-z0-9][a-z0-9_-]{0,39}$"
        assert "patrol" in known["description"]


class TestTheBeginning:
    def test_programs_get_addresses_that_lead_somewhere(self, web: Web) -> None:
        index = web.get("/", by=None).json()
        assert index["contract"] == "/openapi.json"
        for name, path in index.items():
            if name != "name":
                assert web.get(path).status_code == 200, path

    def test_people_are_sent_to_what_they_can_read(self, web: Web) -> None:
        answer = web.get("/", by=None, headers={"Accept": "text/html,*/*;q=0.8"}, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/docs")

    def test_it_takes_no_parameters(self, web: Web) -> None:
        problem(web.get("/?x=1", by=None), 422, "FM-U346")


class TestHowLongATextIs:
    LONG = "墙" * 20_001

    def test_a_text_is_told_to_be_too_long_with_its_place(self, web: Web) -> None:
        told = problem(web.post("/v1/cases", FILING | {"what": self.LONG}), 422, "FM-U364")
        assert told["reasons"][0]["pointer"] == "/what"
        assert "20000" in told["detail"]

    @pytest.mark.parametrize(
        ("sent", "pointer"),
        [
            ({"note": LONG}, "/note"),
            ({"set": {"a/b": LONG}}, "/set/a~1b"),
            ({"parties": [{"role": "claimant", "name": LONG}]}, "/parties/0/name"),
        ],
    )
    def test_so_it_is_in_acts(self, web: Web, sent: dict[str, object], pointer: str) -> None:
        told = problem(web.act(web.file(), "add_party", sent), 422, "FM-U364")
        assert told["reasons"][0]["pointer"] == pointer

    def test_up_to_there_it_is_kept_whole(self, web: Web) -> None:
        ref = web.file(what=self.LONG[1:])
        assert web.get(f"/v1/cases/{ref}").json()["what"] == self.LONG[1:]

    def test_the_document_says_so_of_every_body(self, web: Web) -> None:
        schemas = web.get("/openapi.json").json()["components"]["schemas"]
        assert schemas["Filing"]["properties"]["what"]["maxLength"] == 20_000
        for name, field in (("Doing", "note"), ("Joining", "role"), ("Assigning", "reason")):
            told = schemas[name]["properties"][field]
            kinds = [told, *told.get("anyOf", ())]
            assert {kind["maxLength"] for kind in kinds if kind.get("type") == "string"} == {20_000}

    def test_so_does_the_form_of_an_act(self, web: Web) -> None:
        schema = web.get(f"/v1/cases/{web.file()}/next/note").json()["items"][0]["input"]
        assert schema["properties"]["note"]["maxLength"] == 20_000
