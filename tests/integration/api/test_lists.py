"""Reading over HTTP: tags, pages, tables, depth, and the pages about the door itself."""

import csv
import io
import json
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from api.code import page_of
from engine.domain.messages import catalogue
from tests.support.web import HEAD, SCREENED, Web, problem


class TestTags:
    @pytest.mark.parametrize("path", ["/v1/me", "/v1/me/desk", "/v1/cases", "/v1/cases/{ref}", "/v1/cases/{ref}/next",
                                      "/v1/cases/{ref}/history", "/openapi.json", "/problems/FM-C001"])  # fmt: skip
    def test_what_is_known_is_not_sent_again(self, web: Web, path: str) -> None:
        path = path.format(ref=web.file())
        first = web.get(path)
        again = web.get(path, headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]

    def test_a_case_that_moved_on_is_sent(self, web: Web) -> None:
        ref = web.file()
        before = web.get(f"/v1/cases/{ref}").headers["etag"]
        web.act(ref, "note", {"note": "x"})
        after = web.get(f"/v1/cases/{ref}", headers={"If-None-Match": before})
        assert after.status_code == 200
        assert before.startswith('"1-')
        assert after.headers["etag"].startswith('"2-')

    def test_a_deadline_that_passed_is_news_too(self, web: Web) -> None:
        ref = web.file()
        before = web.get(f"/v1/cases/{ref}").headers["etag"]
        web.town.pass_(days=3)
        after = web.get(f"/v1/cases/{ref}", headers={"If-None-Match": before})
        assert after.status_code == 200
        assert any(clock["late"] for clock in after.json()["clocks"])

    def test_another_language_is_another_answer(self, web: Web) -> None:
        tag = web.get("/v1/me").headers["etag"]
        other = web.get("/v1/me", headers={"If-None-Match": tag, "Accept-Language": "zh"})
        assert other.status_code == 200
        assert "Accept-Language" in other.headers["vary"]


class TestPages:
    @pytest.fixture
    def refs(self, both_webs: Web) -> list[str]:
        return [both_webs.file(f"case {n}") for n in range(7)]

    def test_list_count_and_pages_agree(self, both_webs: Web, refs: list[str]) -> None:
        web = both_webs
        web.act(refs[2], "screen", SCREENED)
        whole = web.get("/v1/cases?phase=intake&limit=500").json()
        path, seen, counts = "/v1/cases?phase=intake&limit=3", [], set()
        while path:
            page = web.get(path).json()
            assert len(page["items"]) <= 3
            seen += [item["ref"] for item in page["items"]]
            counts.add(page["count"])
            path = page["next"]
        assert seen == [item["ref"] for item in whole["items"]]
        assert counts == {whole["count"]} == {len(seen)}
        assert len(set(seen)) == len(seen)
        assert whole["next"] is None

    def test_the_moment_of_the_first_page_is_that_of_all(self, both_webs: Web, refs: list[str]) -> None:
        web = both_webs
        first = web.get("/v1/cases?late=false&limit=3").json()
        web.town.pass_(days=30)
        second = web.get(first["next"]).json()
        assert second["as_of"] == first["as_of"]
        assert not any(item["late"] for item in second["items"])

    def test_a_service_without_cursors_is_paged_too(self, both_webs: Web) -> None:
        web = both_webs
        ref = web.file()
        for n in range(4):
            web.act(ref, "note", {"note": str(n)})
        path, seen = f"/v1/cases/{ref}/history?limit=2", []
        while path:
            page = web.get(path).json()
            assert page["count"] == 5
            seen += [event["seq"] for event in page["items"]]
            path = page["next"]
        assert seen == [1, 2, 3, 4, 5]

    def test_a_cursor_is_for_its_own_list(self, both_webs: Web, refs: list[str]) -> None:
        web = both_webs
        path = web.get("/v1/cases?phase=intake&limit=2").json()["next"]
        assert path.startswith("/v1/cases?cursor=")
        cursor = path.partition("cursor=")[2].partition("&")[0]
        flipped = ("B" if cursor[12] == "A" else "A").join([cursor[:12], cursor[13:]])
        others = [
            path.replace("phase=intake", "phase=work"),
            path.replace("&phase=intake", ""),
            path.replace(cursor, flipped),
            path.replace(cursor, "x"),
            path.replace(cursor, "%E6%9D%91"),
            f"/v1/tokens?cursor={cursor}",
        ]
        for other in others:
            problem(web.get(other, by=HEAD), 422, "FM-U220")
        assert web.get(path.replace("limit=2", "limit=5")).json()["items"]

    def test_the_whole_next_is_taken_for_its_cursor(self, both_webs: Web, refs: list[str]) -> None:
        web = both_webs
        path = web.get("/v1/cases?phase=intake&limit=2").json()["next"]
        wanted = web.get(path).json()["items"]
        cursor = path.partition("cursor=")[2].partition("&")[0]
        for given in (path, cursor):
            params = {"phase": "intake", "limit": "2", "cursor": given}
            assert web.get("/v1/cases", params=params).json()["items"] == wanted


class TestFilters:
    def test_by_its_words(self, web: Web) -> None:
        ref = web.file("a very singular goat")
        found = web.get("/v1/cases?q=singular goat&type=dispute_mediation&open=true").json()
        assert [item["ref"] for item in found["items"]] == [ref]
        assert found["items"][0]["due_date"] == "2026-11-24"
        assert web.get("/v1/cases", params={"filed_from": "2026-11-24T00:00:00+08:00"}).json()["count"] == 0

    def test_what_is_unknown(self, web: Web) -> None:
        problem(web.get("/v1/cases?phase=lunch"), 422, "FM-U304")
        problem(web.get("/v1/cases?unit=X-1"), 422, "FM-U305")
        problem(web.get("/v1/cases?served_by=X-1"), 422, "FM-U305")
        problem(web.get("/v1/cases?channel=smoke"), 422, "FM-U304")
        told = problem(web.get("/v1/cases?place=nowhere"), 422, "FM-U307")
        assert "GET /v1/places" in told["detail"]
        told = problem(web.get("/v1/cases?batch=B-99"), 422, "FM-U308")
        assert "GET /v1/imports" in told["detail"]
        for number in ("12345", "12345:", ":1"):
            problem(web.get(f"/v1/cases?external={number}"), 422, "FM-U222")


class TestTable:
    def test_holds_what_the_list_holds(self, web: Web) -> None:
        for n in range(3):
            web.file(f'table {n}, with "quotes"')
        listed = web.get("/v1/cases?q=table&limit=500").json()
        answer = web.get("/v1/cases.csv?q=table")
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert "attachment" in answer.headers["content-disposition"]
        assert [row["ref"] for row in rows] == [item["ref"] for item in listed["items"]]
        assert len(rows) == listed["count"] == 3
        assert rows[0]["due_at"] == listed["items"][0]["due_at"]
        assert rows[0]["late"] == "false"

    def test_a_plain_day_begins_and_ends_at_the_servers_zone(self, web: Web) -> None:
        web.file("the gate of the granary")  # on Monday the 23rd, eight in the morning there
        counted = {
            "filed_from=2026-11-23": 1,
            "filed_from=2026-11-24": 0,
            "filed_until=2026-11-23": 0,
            "filed_until=2026-11-24": 1,
        }
        for filter_, count in counted.items():
            assert web.get(f"/v1/cases?q=granary&{filter_}").json()["count"] == count, filter_
        (filed,) = web.get("/v1/cases?q=granary").json()["items"]
        due = datetime.fromisoformat(filed["due_at"])
        day = due.astimezone(ZoneInfo("Asia/Shanghai")).date()
        assert web.get(f"/v1/cases?q=granary&due={day}").json()["count"] == 1
        assert web.get(f"/v1/cases?q=granary&due={day - timedelta(days=1)}").json()["count"] == 0

    def test_of_nothing_is_its_head(self, web: Web) -> None:
        assert web.get("/v1/cases.csv?q=nobody-wrote-this").text.startswith("ref,type,risk,phase,state,place")

    def test_has_an_end(self, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
        web.file(), web.file()
        monkeypatch.setattr("engine.service.standing.MOST_ROWS", 1)
        problem(web.get("/v1/cases.csv"), 422, "FM-U352")


class TestDepth:
    def test_a_case_is_as_the_command_line_shows_it(self, web: Web) -> None:
        from engine.service import query

        ref = web.file()
        shown = web.town.ask(query.show_case, "dsp-01", ref=ref)
        assert web.get(f"/v1/cases/{ref}").json() == json.loads(json.dumps(shown))

    def test_more_is_included_where_it_is_asked(self, web: Web) -> None:
        ref = web.file()
        web.town.pass_(hours=3)
        case = web.get(f"/v1/cases/{ref}?include=next,clocks").json()
        screen = next(offer for offer in case["next"] if offer["act"] == "screen")
        assert screen["input"]["properties"]
        assert any(not offer["allowed"] and offer["reasons"] for offer in case["next"])
        (triage,) = [clock for clock in case["clocks"] if clock["name"] == "triage"]
        assert triage["intervals"]
        problem(web.get(f"/v1/cases/{ref}?include=everything"), 422, "FM-U351")

    def test_one_act(self, web: Web) -> None:
        ref = web.file()
        (offer,) = web.get(f"/v1/cases/{ref}/next/screen").json()["items"]
        assert offer["allowed"]
        assert "screening_form" in json.dumps(offer["input"])
        problem(web.get(f"/v1/cases/{ref}/next/scren"), 422, "FM-U208")

    def test_the_desk(self, web: Web) -> None:
        desk = web.get("/v1/me/desk").json()
        assert (desk["person"], desk["unit"]) == ("dsp-01", "S-012")
        assert web.get("/v1/me/desk?unit=county-99").json()["unit"] == "county-99"


class TestPagesAboutTheDoor:
    def test_alive_and_ready(self, web: Web) -> None:
        assert web.get("/healthz", by=None).json() == {"ok": True}
        assert web.get("/readyz", by=None).json() == {"ok": True}

    def test_not_ready_where_the_store_does_not_answer(
        self, web: Web, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("engine.persistence.schema.NEEDED", 999)
        answer = web.get("/readyz", by=None)
        problem(answer, 503, "FM-S002")
        assert answer.headers["retry-after"]
        assert web.get("/healthz", by=None).status_code == 200

    @pytest.mark.parametrize("lang", ["en", "zh"])
    def test_every_code_has_its_page(self, web: Web, lang: str) -> None:
        codes = [code for code in catalogue() if code.startswith("FM-")]
        assert len(codes) > 200
        asked = web.get(f"/problems/{codes[0]}", by=None, headers={"Accept-Language": lang}).json()
        assert asked == page_of(codes[0], lang)
        for code in codes:
            page = page_of(code, lang)
            assert page["code"] == code
            assert 400 <= page["status"] < 600
            assert page["title"] != code
            assert set(page["text"]) == {"en", "zh"}

    def test_people_get_a_page_to_read(self, web: Web) -> None:
        headers = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "zh"}
        answer = web.get("/problems/FM-R101", by=None, headers=headers)
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert '<html lang="zh">' in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        entry = catalogue()["FM-R101"]
        assert entry["zh"] in answer.text
        assert entry["en"] in answer.text
        problem(web.get("/problems/FM-Z999", by=None, headers=headers), 404, "FM-N082")

    def test_the_contract_for_people_names_every_address(self, web: Web) -> None:
        page = web.get("/docs", by=None).text
        for path in web.get("/openapi.json", by=None).json()["paths"]:
            assert path.replace("{", "{") in page
        assert "<script" not in page


class TestTheContract:
    def test_every_route_says_all_it_may_answer(self, web: Web) -> None:
        document = web.get("/openapi.json", by=None).json()
        assert document["openapi"].startswith("3.1")
        assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
        for path, methods in document["paths"].items():
            for method, route in methods.items():
                told = route["responses"]
                where = f"{method} {path}"
                assert route["summary"], where
                assert route["tags"], where
                assert {"400", "422", "500", "503"} <= set(told), where
                assert ("401" in told) == (route.get("security") != []), where
                for status, answer in told.items():
                    if int(status) >= 400:
                        schema = answer["content"]["application/problem+json"]["schema"]
                        assert schema == {"$ref": "#/components/schemas/Problem"}, where
                if method in ("post", "put", "patch") and "requestBody" in route:
                    assert {"413", "415"} <= set(told), where

    def test_every_address_under_v1_wants_a_token(self, web: Web) -> None:
        document = web.get("/openapi.json", by=None).json()
        for path, methods in document["paths"].items():
            if path.startswith("/v1/"):
                for method in methods:
                    problem(
                        web(method.upper(), path.replace("{", "").replace("}", ""), by=None), 401, "FM-A003"
                    )

    def test_tags_are_told(self, web: Web) -> None:
        document = web.get("/openapi.json", by=None).json()
        used = {
            tag
            for methods in document["paths"].values()
            for route in methods.values()
            for tag in route["tags"]
        }
        assert used <= {tag["name"] for tag in document["tags"]}


class TestTokens:
    def test_the_secret_is_told_once(self, both_webs: Web) -> None:
        web = both_webs
        headers = {"Idempotency-Key": "t-1"}
        sent = {"person": "aux-07", "label": "phone", "expires_at": "2027-01-01T00:00:00+08:00"}
        first, second = (web.post("/v1/tokens", sent, by=HEAD, headers=headers).json() for _ in range(2))
        assert first["token"].startswith("fmk_")
        assert len(first["token"]) > 40
        assert second == first | {"token": None}
        listed = web.get("/v1/tokens?all=true", by=HEAD)
        assert first["token"] not in listed.text
        (mine,) = [item for item in listed.json()["items"] if item["person"] == "aux-07"]
        assert mine == {name: value for name, value in first.items() if name != "token"}
        assert (mine["label"], mine["created_by"], mine["expires_at"]) == (
            "phone",
            HEAD,
            "2026-12-31T16:00:00Z",
        )
        problem(web.post("/v1/tokens", sent | {"label": "x"}, by=HEAD, headers=headers), 422, "FM-C002")

    def test_a_look_draws_no_secret(self, web: Web) -> None:
        would = web.post("/v1/tokens?dry_run=true", {"person": "aux-07"}, by=HEAD).json()["would"]
        assert would["person"] == "aux-07"
        assert "token" not in would

    def test_are_for_who_runs_the_house(self, web: Web) -> None:
        problem(web.get("/v1/tokens"), 403, "FM-R108")
        problem(web.post("/v1/tokens", {"person": "dsp-01"}), 403, "FM-R108")
        problem(web("DELETE", "/v1/tokens/T-1"), 403, "FM-R108")

    def test_name_people_who_are_there_and_end_in_the_future(self, web: Web) -> None:
        problem(web.post("/v1/tokens", {"person": "nobody"}, by=HEAD), 422, "FM-N022")
        sent = {"person": "aux-07", "expires_at": "2020-01-01T00:00:00Z"}
        problem(web.post("/v1/tokens", sent, by=HEAD), 422, "FM-U361")
        problem(web("DELETE", "/v1/tokens/T-999", by=HEAD), 404, "FM-N080")
        problem(web("DELETE", "/v1/tokens/all", by=HEAD), 404, "FM-N080")

    def test_only_their_sums_are_kept(self, both_webs: Web) -> None:
        from engine.persistence import table
        from engine.service.token import digest_of

        web = both_webs
        secret = web.token("aux-07")
        columns = table.columns_of(table.Token)
        rows = web.town.engine.store.read(lambda unit: unit.execute(columns.select()))
        assert digest_of(secret) in {row["digest"] for row in rows}
        assert not any(secret in str(row) for row in rows)
        keys = table.columns_of(table.CommandKey)
        answers = web.town.engine.store.read(lambda unit: unit.execute(keys.select()))
        assert not any("fmk_" in row["answer"] for row in answers)

    def test_numbers_rise(self, web: Web) -> None:
        made = [web.post("/v1/tokens", {"person": "aux-07"}, by=HEAD).json()["id"] for _ in "12"]
        first, second = (int(one.removeprefix("T-")) for one in made)
        assert all(a < b for a, b in pairwise([first, second]))
