"""What is the same for every request: who one is, in which language, what cannot be read, what is not there."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from api.settings import ServeSettings
from engine.bootstrap import Engine
from engine.service import appointment, token
from tests.support.web import FILING, HEAD, SCREENED, Web, problem

JSON = {"Content-Type": "application/json"}


class TestWhoOneIs:
    def test_nobody_is_told_how_to_say_it(self, web: Web) -> None:
        answer = web.get("/v1/me", by=None)
        problem(answer, 401, "FM-A003")
        assert answer.headers["www-authenticate"] == 'Bearer realm="folkmoot"'

    @pytest.mark.parametrize("given", ["Basic ZHNwOjE=", "fmk_x", "bearer"])
    def test_another_way_to_say_it_is_none(self, web: Web, given: str) -> None:
        problem(web.get("/v1/me", by=None, headers={"Authorization": given}), 401, "FM-A003")

    def test_an_unknown_token_is_nobody(self, web: Web) -> None:
        problem(web.get("/v1/me", by=None, headers={"Authorization": "Bearer fmk_no"}), 401, "FM-A004")

    def test_whose_token_it_is(self, web: Web) -> None:
        me = web.get("/v1/me").json()
        assert (me["person"], me["identity"]) == ("dsp-01", "token")
        assert [held["role"] for held in me["appointments"]] == ["dispatcher"]

    def test_an_address_under_v1_tells_strangers_nothing(self, web: Web) -> None:
        problem(web.get("/v1/no-such-thing", by=None), 401, "FM-A003")

    def test_a_token_ends_when_it_said(self, web: Web) -> None:
        until = web.town.now + timedelta(hours=1)
        given = {"Authorization": f"Bearer {web.token('dsp-01', expires_at=until)}"}
        assert web.get("/v1/me", by=None, headers=given).status_code == 200
        web.at(until)
        problem(web.get("/v1/me", by=None, headers=given), 401, "FM-A006")

    def test_a_revoked_one_is_refused_at_once(self, web: Web) -> None:
        made = web.post("/v1/tokens", {"person": "aux-07"}, by=HEAD).json()
        given = {"Authorization": f"Bearer {made['token']}"}
        assert web.get("/v1/me", by=None, headers=given).json()["person"] == "aux-07"
        assert web("DELETE", f"/v1/tokens/{made['id']}", by=HEAD).json()["status"] == "revoked"
        problem(web.get("/v1/me", by=None, headers=given), 401, "FM-A005")

    def test_what_another_process_revoked_is_refused_soon(
        self, web: Web, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = web.town.do(token.create_token, HEAD, person="aux-07")
        given = {"Authorization": f"Bearer {made['token']}"}
        assert web.get("/v1/me", by=None, headers=given).status_code == 200
        web.town.do(token.revoke_token, HEAD, id=made["id"])
        monkeypatch.setattr("api.auth.time.monotonic", lambda: 1e12)
        problem(web.get("/v1/me", by=None, headers=given), 401, "FM-A005")

    def test_whose_appointments_ended_is_still_named_and_the_rules_decide(self, both_webs: Web) -> None:
        web = both_webs
        ref = web.file()
        assert web.act(ref, "note", {"note": "x"}, by="dsp-02").status_code == 200
        web.town.do(appointment.end, HEAD, person="dsp-02", role="dispatcher")
        web.town.pass_(days=2)
        me = web.get("/v1/me", by="dsp-02").json()
        assert (me["person"], me["appointments"]) == ("dsp-02", [])
        refused = problem(web.act(ref, "screen", SCREENED, by="dsp-02"), 403, "FM-R101")
        assert refused["case"]["ref"] == ref

    def test_events_say_that_the_identity_was_proved(self, web: Web) -> None:
        ref = web.file()
        (event,) = web.get(f"/v1/cases/{ref}/history").json()["items"]
        assert (event["actor"], event["entered_by"], event["identity"]) == ("dsp-01", "dsp-01", "token")


class TestEveryAnswer:
    @pytest.mark.parametrize("path", ["/healthz", "/v1/me", "/v1/none", "/v1/cases?late=perhaps"])
    def test_is_named_and_says_its_language(self, web: Web, path: str) -> None:
        first, second = web.get(path), web.get(path)
        assert re.fullmatch(r"[\w-]{5,40}", first.headers["request-id"])
        assert first.headers["request-id"] != second.headers["request-id"]
        assert first.headers["content-language"] == "en"
        assert first.headers["x-content-type-options"] == "nosniff"

    def test_keeps_a_sane_name_and_no_other(self, web: Web) -> None:
        kept = web.get("/healthz", headers={"Request-Id": "abc-1.2"})
        other = web.get("/healthz", headers={"X-Request-Id": 'a"b c' * 30})
        assert kept.headers["request-id"] == "abc-1.2"
        assert '"' not in other.headers["request-id"]

    def test_comes_in_the_language_that_is_liked(self, web: Web) -> None:
        answer = web.get("/v1/none", headers={"Accept-Language": "de, zh-CN;q=0.8, en;q=0.5"})
        assert answer.headers["content-language"] == "zh"
        assert "没有内容" in answer.json()["detail"]
        assert answer.json()["title"] == "没有找到"
        assert "allowed" in web.get(f"/v1/cases/{web.file()}/next").text
        titles = web.get("/v1/me", headers={"Accept-Language": "zh"}).json()["appointments"]
        assert titles[0]["role_title"] == "指挥员" or titles[0]["role_title"] != "Dispatcher"

    def test_head_is_get_without_the_body(self, web: Web) -> None:
        web.at(web.town.now)
        whole, head = web.get("/v1/cases"), web("HEAD", "/v1/cases")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == whole.headers["content-length"]
        assert head.headers["etag"] == whole.headers["etag"]


class TestWhatIsNotThere:
    def test_an_address(self, web: Web) -> None:
        assert "/v1/houses" in problem(web.get("/v1/houses"), 404, "FM-N081")["detail"]
        problem(web.get("/houses", by=None), 404, "FM-N081")

    def test_a_method(self, web: Web) -> None:
        answer = web("PUT", "/v1/cases", json={})
        problem(answer, 405, "FM-U340")
        assert set(answer.headers["allow"].split(", ")) >= {"GET", "HEAD", "POST"}

    def test_a_case(self, web: Web) -> None:
        problem(web.get("/v1/cases/26-00099-8"), 404, "FM-N001")
        problem(web.act("26-00099-8", "note", {"note": "x"}), 404, "FM-N001")

    @pytest.mark.parametrize(
        "path", ["/v1/me?x=1", "/v1/cases?phas=work", "/healthz", "/v1/cases.csv?cursor=a"]
    )
    def test_a_parameter(self, web: Web, path: str) -> None:
        if "?" in path:
            problem(web.get(path), 422, "FM-U346")
        else:
            assert web.get(path).status_code == 200

    def test_a_parameter_of_an_act(self, web: Web) -> None:
        problem(web.post(f"/v1/cases/{web.file()}/triggers/note?dryrun=true", {"note": "x"}), 422, "FM-U346")


def wrong_bodies() -> list[Any]:
    deep = b'{"set":' + b'{"a":' * 40 + b"1" + b"}" * 41
    return [
        pytest.param(b'{"note": "a', 400, "FM-U342", id="cut off"),
        pytest.param(b"[1,]", 400, "FM-U342", id="comma"),
        pytest.param(b'{"note": "a", "note": "b"}', 400, "FM-U349", id="a key twice"),
        pytest.param(b'{"set": {"a": 1, "a" : 2}}', 400, "FM-U349", id="a key twice inside"),
        pytest.param(b'{"note": NaN}', 400, "FM-U342", id="not a number"),
        pytest.param(b'{"note": "\xd3\xf1"}', 400, "FM-U343", id="gb18030"),
        pytest.param('{"note": "x"}'.encode("utf-16"), 400, "FM-U343", id="utf-16"),
        pytest.param(b'{"note": "\\u0000"}', 422, "FM-U041", id="nul"),
        pytest.param(b'{"note": "\\ud800"}', 400, "FM-U342", id="half a pair"),
        pytest.param(b'{"set": {"n": 92233720368547758080}}', 422, "FM-U043", id="too large"),
        pytest.param(b'{"set": {"n": 1e999}}', 422, "FM-U043", id="infinite"),
        pytest.param(deep, 400, "FM-U345", id="too deep"),
        pytest.param(b'"text"', 422, "FM-U006", id="no object"),
    ]


ADDRESSES = ["/v1/cases", "/v1/cases/{ref}/triggers/note"]


class TestWhatCannotBeRead:
    @pytest.mark.parametrize("address", ADDRESSES)
    @pytest.mark.parametrize(("content", "status", "code"), wrong_bodies())
    def test_bodies(self, web: Web, address: str, content: bytes, status: int, code: str) -> None:
        path = address.format(ref=web.file())
        problem(web("POST", path, content=content, headers=JSON), status, code)

    @pytest.mark.parametrize("address", ADDRESSES)
    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx"])
    def test_another_kind_of_body(self, web: Web, address: str, kind: str) -> None:
        path = address.format(ref=web.file())
        content = json.dumps(FILING).encode()
        problem(web("POST", path, content=content, headers={"Content-Type": kind}), 415, "FM-U341")

    def test_a_kind_of_json_will_do(self, web: Web) -> None:
        content = json.dumps(FILING).encode()
        kind = {"Content-Type": "application/JSON; charset=utf-8"}
        assert web("POST", "/v1/cases", content=content, headers=kind).status_code == 201

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_a_body_that_is_too_long(self, web: Web, address: str) -> None:
        path = address.format(ref=web.file())
        content = json.dumps({"what": "x" * ServeSettings().max_body}).encode()
        answer = web("POST", path, content=content, headers=JSON)
        problem(answer, 413, "FM-U344")
        assert answer.headers["connection"] == "close"

    def test_one_that_does_not_say_how_long_it_is(self, web: Web) -> None:
        pieces = (b'{"what": "' if n == 0 else b"x" * 65536 for n in range(20))
        problem(web("POST", "/v1/cases", content=pieces, headers=JSON), 413, "FM-U344")

    def test_every_field_that_does_not_fit_is_told_with_its_place(self, web: Web) -> None:
        sent = FILING | {
            "foo": 1,
            "place": 3,
            "occurred_at": "2026-11-23T10:00:00",
            "external": {"system": "a"},
        }
        told = problem(web.post("/v1/cases", sent), 422, "FM-U006")
        found = {reason["pointer"]: reason["code"] for reason in told["reasons"]}
        assert found == {
            "/foo": "FM-U006", "/place": "FM-U006", "/external/id": "FM-U006", "/occurred_at": "FM-U005",
        }  # fmt: skip
        assert told["detail"].startswith("3 fields: ")
        assert "/external/id is missing" in told["detail"]

    def test_and_so_for_acts(self, web: Web) -> None:
        sent = {"note": 5, "foo/bar": 1, "ask": "yes", "occurred_at": "10:00", "seats": {"handler": "aux-07"}}
        told = problem(web.act(web.file(), "note", sent), 422, "FM-U006")
        found = {reason["pointer"]: reason["code"] for reason in told["reasons"]}
        assert found == {
            "/note": "FM-U006", "/foo~1bar": "FM-U006", "/ask": "FM-U006", "/occurred_at": "FM-U005",
            "/seats": "FM-U006",
        }  # fmt: skip

    @pytest.mark.parametrize("time", ["0001-01-01T00:00Z", "9999-12-31T00:00Z", "1899-12-31T00:00+08:00"])
    def test_a_time_beyond_what_is_counted_is_told_too_far(self, web: Web, time: str) -> None:
        told = problem(web.post("/v1/cases", FILING | {"occurred_at": time}), 422, "FM-U365")
        assert told["reasons"][0]["pointer"] == "/occurred_at"
        assert told["detail"] == f"`{time}` is too far: the years 1900 to 2999 are counted."
        problem(web.act(web.file(), "note", {"note": "x", "occurred_at": time}), 422, "FM-U365")

    def test_an_empty_body_is_called_the_body(self, web: Web) -> None:
        told = problem(
            web("POST", "/v1/cases", content=b"", headers={"Content-Type": "application/json"}),
            422,
            "FM-U006",
        )
        assert told["detail"] == "the body is missing."
        filed = web.file()
        sent = {"act": 1, "reason": "", "set": {"risk": "red"}}
        told = problem(web.post(f"/v1/cases/{filed}/corrections", sent), 422, "FM-U006")
        assert told["detail"] == "/reason is ``; wanted: some text."
        assert told["reasons"][0]["pointer"] == "/reason"

    def test_the_number_of_an_act_is_a_number(self, web: Web) -> None:
        sent = {"act": "2", "reason": "misheard", "take_back": True}
        told = problem(web.post(f"/v1/cases/{web.file()}/corrections", sent), 422, "FM-U006")
        assert told["reasons"][0]["pointer"] == "/act"

    @pytest.mark.parametrize("time", ["2026-11-23T10:00:00", "2026-11-23", "x"])
    def test_a_time_has_its_offset(self, web: Web, time: str) -> None:
        told = problem(web.post("/v1/cases", FILING | {"occurred_at": time}), 422, "FM-U005")
        assert told["reasons"][0]["pointer"] == "/occurred_at"
        problem(web.act(web.file(), "note", {"note": "x", "occurred_at": time}), 422, "FM-U005")

    def test_a_parameter_that_does_not_fit(self, web: Web) -> None:
        told = problem(web.get("/v1/cases?limit=0"), 422, "FM-U006")
        assert told["reasons"][0]["pointer"] == "?limit"
        problem(web.get("/v1/cases?limit=501"), 422, "FM-U006")
        problem(web.get("/v1/cases?filed_from=2026-11-23T10:00"), 422, "FM-U005")
        problem(web.get("/v1/cases?q=%00"), 422, "FM-U041")
        problem(web.get("/v1/cases/%00"), 422, "FM-U041")
        problem(web.act(web.file(), "note%00"), 422, "FM-U041")

    @pytest.mark.parametrize("headers", [{"If-Match": "4"}, {"If-Match": '"4", "5"'}, {"If-Match": '"x"'}])
    def test_a_version_is_in_quotes(self, web: Web, headers: dict[str, str]) -> None:
        problem(web.act(web.file(), "note", {"note": "x"}, headers=headers), 400, "FM-U347")

    @pytest.mark.parametrize("key", ["", "k" * 201, "a b"])
    def test_a_key_is_visible_and_short(self, web: Web, key: str) -> None:
        problem(web.act(web.file(), "note", {"note": "x"}, headers={"Idempotency-Key": key}), 400, "FM-U348")


class TestWhatBreaksInside:
    def test_is_told_without_a_traceback_and_kept(
        self, web: Web, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
    ) -> None:
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

        def broken(self: Engine, *given: Any, **named: Any) -> Any:
            raise KeyError("Zhang San, 13800000000")

        ref = web.file()
        monkeypatch.setattr(Engine, "read", broken)
        told = problem(web.get(f"/v1/cases/{ref}"), 500, "FM-X001")
        assert "Zhang" not in json.dumps(told)
        (kept,) = (tmp_path / "folkmoot" / "bugs").iterdir()
        assert kept.stem in told["detail"]
        text = kept.read_text("utf-8")
        assert "GET /v1/cases/{ref}" in text
        assert "builtins.KeyError" in text
        assert "Zhang" not in text
        assert ref not in text

    def test_after_the_commit_it_says_that_the_act_was_saved(
        self, web: Web, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
    ) -> None:
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
        ref = web.file()

        def broken(answer: Any) -> bytes:
            raise ValueError

        monkeypatch.setattr("api.slim.encode", broken)
        problem(web.act(ref, "note", {"note": "x"}), 500, "FM-X002")
        assert web.get(f"/v1/cases/{ref}").json()["version"] == 2

    def test_more_than_it_takes_are_told_to_come_again(
        self, web: Web, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(web.app.frame, "in_hand", ServeSettings().in_hand)
        answer = web.get("/healthz")
        problem(answer, 503, "FM-S030")
        assert answer.headers["retry-after"] == "2"
