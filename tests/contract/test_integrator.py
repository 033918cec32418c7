"""What an integrator does on the first day, in the order of the printed walk-through, by its very requests."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from engine.persistence.store import Store
from tests.support.web import SCREENED, Web

REPORT = {
    "type": "dispute_mediation",
    "place": "230199000201",
    "what": "wall on the boundary",
    "occurred_at": "2026-11-23T07:52:00+08:00",
    "external": {"system": "12345", "id": "HL-88121"},
}


@pytest.fixture
def web(sqlite_url: str) -> Iterator[Web]:
    with Store.open(sqlite_url, threads=1) as store:
        opened = Web(store)
        yield opened
        opened.close()


def offers(web: Web, ref: str, *, by: str = "dsp-01", every: bool = False) -> dict[str, Any]:
    told = web.get(f"/v1/cases/{ref}/next{'?all=true' if every else ''}", by=by).json()
    return {offer["act"]: offer for offer in told["items"]}


def test_filing_answers_where_the_case_is_and_a_receipt(web: Web) -> None:
    filed = web.post("/v1/cases", REPORT, headers={"Idempotency-Key": "7b1e"})

    assert filed.status_code == 201
    ref = filed.json()["ref"]
    assert filed.headers["Location"] == f"/v1/cases/{ref}"
    assert filed.headers["ETag"] == '"1"'
    assert filed.headers["Request-Id"]
    assert filed.headers["Content-Language"] == "en"
    assert len(filed.json()["receipt"]) == len("7KQ4-M2X-9TB")
    assert filed.json()["case"]["filed_at"] == "2026-11-22T23:52:00Z"
    assert web.get(filed.headers["Location"]).json()["external"] == REPORT["external"]


def test_a_repeated_filing_is_the_first_one(web: Web) -> None:
    key = {"Idempotency-Key": "7b1e"}
    first = web.post("/v1/cases", REPORT, headers=key)
    again = web.post("/v1/cases", REPORT, headers=key)

    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Location"] == first.headers["Location"]
    assert web.get("/v1/cases").json()["count"] == 1
    other = web.post("/v1/cases", REPORT | {"what": "another wall"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "FM-C002")
    assert web.get("/v1/cases").json()["count"] == 1


def test_what_can_be_done_says_what_it_takes_and_why_not(web: Web) -> None:
    ref = web.post("/v1/cases", REPORT).json()["ref"]
    told = web.get(f"/v1/cases/{ref}/next")

    assert told.status_code == 200
    assert told.json()["version"] == 1
    screen = offers(web, ref)["screen"]
    assert (screen["title"], screen["allowed"], screen["reasons"]) == (
        "Answer the safety questions",
        True,
        [],
    )
    schema = screen["input"]
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(SCREENED)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate({"set": {"risk": "purple"}})
    [reason] = offers(web, ref, every=True)["open_session"]["reasons"]
    assert (reason["code"], reason["kind"]) == ("FM-R201", "state")
    assert reason["text"].startswith("Open a session is not open in state Reported.")


def in_the_mediators_hands(web: Web) -> str:
    """A dispute whose parties have consented and whose mediator has accepted."""
    ref: str = web.post("/v1/cases", REPORT).json()["ref"]
    for role, name in (("claimant", "A"), ("respondent", "B")):
        web.post(f"/v1/cases/{ref}/parties", {"role": role, "fields": {"name": name}})
    steps = [
        (f"/v1/cases/{ref}/triggers/screen", SCREENED, "dsp-01"),
        (f"/v1/cases/{ref}/assignments", {"person": "aux-07"}, "dsp-01"),
        (f"/v1/cases/{ref}/triggers/ask_consent", {}, "aux-07"),
        *(
            (f"/v1/cases/{ref}/records/consent", {"items": [{"party": no, "decision": "given"}]}, "aux-07")
            for no in ("P1", "P2")
        ),
        (f"/v1/cases/{ref}/triggers/assign", {"seats": {"mediator": ["med-12"]}}, "dir-02"),
        (f"/v1/cases/{ref}/assignments", {"seat": "mediator", "take": True}, "med-12"),
    ]
    for path, sent, person in steps:
        answer = web.post(path, sent, by=person)
        assert answer.status_code in (200, 201), answer.text
    return ref


def test_who_looked_too_early_is_told_what_happened_since_and_then_why_not(web: Web) -> None:
    ref = in_the_mediators_hands(web)
    looked = web.get(f"/v1/cases/{ref}", by="med-12")
    version = looked.json()["version"]
    joined = {"role": "third_party", "fields": {"name": "C"}}
    assert web.post(f"/v1/cases/{ref}/parties", joined, by="aux-07").status_code == 201
    path = f"/v1/cases/{ref}/triggers/open_session"

    # with what was seen
    early = web.post(path, by="med-12", headers={"If-Match": looked.headers["ETag"]})
    assert early.status_code == 412
    assert early.headers["Content-Type"] == "application/problem+json"
    told = early.json()
    assert told["code"] == "FM-C001"
    assert told["detail"].startswith(f"Changed since you looked ({version}, now {version + 1})")
    assert (told["case"]["state"], told["case"]["version"]) == (looked.json()["state"], version + 1)
    assert [(event["version"], event["act"]) for event in told["since"]] == [(version + 1, "add_party")]

    # looks again, repeats
    refused = web.post(path, by="med-12", headers={"If-Match": f'"{version + 1}"'})
    assert refused.status_code == 422
    told = refused.json()
    assert (told["type"], told["code"], told["status"]) == ("/problems/FM-R203", "FM-R203", 422)
    assert told["title"] == "P3: every party has to consent before a session"
    [reason] = told["reasons"]
    assert (reason["kind"], reason["rule"], reason["basis"]) == ("guard", "willing", "PML art. 17")
    assert reason["params"]["party"] == "P3"
    assert reason["pointer"] == "/records/consent"
    assert {"terminate", "add_consent"} <= {way["act"] for way in told["way_out"]}
    assert web.get(f"/v1/cases/{ref}").json()["version"] == version + 1

    # what the way out says is one
    consent = {"items": [{"party": "P3", "decision": "given"}]}
    assert web.post(f"/v1/cases/{ref}/records/consent", consent, by="aux-07").status_code == 201
    assert web.post(path, by="med-12", headers={"If-Match": f'"{version + 2}"'}).status_code == 200


def test_pages_of_a_list_and_its_count_agree(web: Web) -> None:
    refs = {web.file(f"wall number {number}") for number in range(7)}
    found, following = [], "/v1/cases?phase=intake&limit=3"
    while following:
        page = web.get(following).json()
        assert page["count"] == 7
        assert len(page["items"]) <= 3
        assert page["as_of"]
        found += [case["ref"] for case in page["items"]]
        following = page["next"]
    assert (len(found), set(found)) == (7, refs)
    lines = web.get("/v1/cases.csv?phase=intake").text.splitlines()
    assert len(lines) == 1 + 7


def test_a_case_is_found_by_my_own_number(web: Web) -> None:
    ref = web.post("/v1/cases", REPORT).json()["ref"]
    web.file("another")
    found = web.get("/v1/cases?external=12345:HL-88121").json()
    assert [case["ref"] for case in found["items"]] == [ref]
    assert found["count"] == 1
    assert web.get("/v1/cases?external=12345:HL-88122").json()["items"] == []


def test_a_deadline_at_midnight_also_says_its_last_day(web: Web) -> None:
    """2026-11-25T00:00+08:00 is the end of the 24th."""
    ref = web.post("/v1/cases", REPORT).json()["ref"]
    [intake] = [c for c in web.get(f"/v1/cases/{ref}/clocks").json()["items"] if c["name"] == "intake"]
    assert (intake["due_at"], intake["due_date"]) == ("2026-11-24T16:00:00Z", "2026-11-24")
    told = web.get(f"/v1/cases/{ref}").text
    assert json.loads(told)["clocks"]
    for line in web.get("/v1/cases").json()["items"]:
        assert (line["due_at"] is None) == (line["due_date"] is None)


def test_a_time_without_offset_and_an_unknown_field_are_told_with_their_place(web: Web) -> None:
    answer = web.post("/v1/cases", REPORT | {"occurred_at": "2026-11-23T07:52:00"})
    assert (answer.status_code, answer.json()["code"]) == (422, "FM-U005")
    answer = web.post("/v1/cases", REPORT | {"foo": 1})
    assert (answer.status_code, answer.json()["code"]) == (422, "FM-U006")
    assert [reason["pointer"] for reason in answer.json()["reasons"]] == ["/foo"]
