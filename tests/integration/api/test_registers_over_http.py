"""Old registers over HTTP: sketched, rehearsed, landed by portions, looked at, taken out again."""

import csv
import io
from typing import Any

import pytest
import yaml

from tests.support.office import Office

HEAD = ("number", "village", "opened", "closed", "status", "what")
MAP = {
    "source": "old-book",
    "case_type": "service_request",
    "key": "number",
    "zone": "Asia/Shanghai",
    "dates": ["%Y-%m-%d %H:%M"],
    "filed": "opened",
    "closed": "closed",
    "what": {"column": "what"},
    "place": {"column": "village", "unknown": "reject"},
    "status": {
        "column": "status",
        "values": {"done": "closed", "new": "received"},
        "outcomes": {"else": "done"},
        "through": "dispatched",
    },
}
CSV = {"Content-Type": "text/csv"}


def register(rows: int = 3, *more: tuple[str, ...]) -> bytes:
    lines = [
        (str(n), "示例一村", "2025-01-02 09:00", "2025-01-05 10:00", "done", "lamp")
        for n in range(1, rows + 1)
    ]
    out = io.StringIO()
    csv.writer(out).writerows([HEAD, *lines, *more])
    return out.getvalue().encode()


ASTRAY = ("90", "nowhere", "2025-01-02 09:00", "2025-01-05 10:00", "done", "lamp")


def send(office: Office, content: bytes, by: str = "adm-01", **query: Any) -> Any:
    params = {"map": yaml.safe_dump(MAP), "name": "book", **query}
    return office.send("POST", "/v1/imports", by, content=content, params=params, headers=CSV)


def test_rows_land_and_those_that_do_not_fit_are_kept_with_their_reason(office: Office) -> None:
    before = office.get("/v1/cases").json()["count"]
    answer = send(office, register(3, ASTRAY))
    assert answer.status_code == 201, answer.json()
    told = answer.json()
    assert (told["read"], told["landed"], told["rejected"]) == (4, 3, 1)
    assert answer.headers["location"] == f"/v1/imports/{told['batch']}"
    assert [reject["code"] for reject in told["rejects"]] == ["FM-I009"]
    assert office.get("/v1/cases").json()["count"] == before + 3
    shown = office.get(answer.headers["location"]).json()
    assert (shown["name"], shown["landed"], shown["worked_on"]) == ("book.csv", 3, 0)
    left = office.get(f"{answer.headers['location']}/rejects").json()
    assert left["items"] == told["rejects"]
    assert left["items"][0]["cells"]["village"] == "nowhere"
    file = office.get(f"{answer.headers['location']}/rejects.csv")
    assert file.headers["content-disposition"] == f"attachment; filename*=UTF-8''{told['batch']}.rejected.csv"
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert [(row["code"], row["village"]) for row in rows] == [("FM-I009", "nowhere")]


def test_more_than_a_portion_lands_once_however_often_it_is_sent(office: Office) -> None:
    content = register(230)
    assert send(office, content).json()["landed"] == 230
    again = send(office, content).json()
    assert (again["landed"], again["unchanged"], again["batch"]) == (0, 230, None)


def test_the_same_key_gets_the_same_answer(office: Office) -> None:
    headers = {**CSV, "Idempotency-Key": "book-1"}
    params = {"map": yaml.safe_dump(MAP)}

    def once(content: bytes) -> Any:
        return office.send("POST", "/v1/imports", "adm-01", content=content, params=params, headers=headers)

    first = once(register())
    assert once(register()).json() == first.json()
    office.refused(once(register(4)), 422, "FM-C002")


def test_a_rehearsal_leaves_nothing(office: Office) -> None:
    before = office.get("/v1/cases").json()["count"]
    would = send(office, register(3, ASTRAY), dry_run="true").json()["would"]
    assert (would["landed"], would["rejected"], would["batch"]) == (3, 1, None)
    assert office.get("/v1/cases").json()["count"] == before
    assert office.get("/v1/imports").json()["items"] == []


def test_where_no_row_fits_no_batch_is_left(office: Office) -> None:
    told = send(office, register(0, ASTRAY)).json()
    assert (told["batch"], told["rejected"]) == (None, 1)
    assert office.get("/v1/imports").json()["count"] == 0


def test_a_batch_goes_as_a_whole_and_only_once(office: Office) -> None:
    before = office.get("/v1/cases").json()["count"]
    send(office, register(3, ASTRAY))
    gone = office.send("DELETE", "/v1/imports/B-1", "adm-01", json={"reason": "wrong year"})
    assert gone.json() == {"batch": "B-1", "withdrawn": 3}
    assert office.get("/v1/cases").json()["count"] == before
    assert office.get("/v1/imports/B-1/rejects").json()["count"] == 0
    office.refused(office.send("DELETE", "/v1/imports/B-1", "adm-01"), 409, "FM-C009")
    for number in ("B-7", "³", "9" * 30):
        office.refused(office.get(f"/v1/imports/{number}"), 404, "FM-N061")
        office.refused(office.get("/v1/cases", params={"batch": number}), 422, "FM-U308")


def test_rejects_come_in_pages(office: Office) -> None:
    astray = [(str(n), "nowhere", *ASTRAY[2:]) for n in range(90, 95)]
    send(office, register(1, *astray))
    seen: list[str] = []
    path = "/v1/imports/B-1/rejects?limit=2"
    while path:
        page = office.get(path).json()
        assert page["count"] == 5
        seen += [item["cells"]["number"] for item in page["items"]]
        path = page["next"]
    assert seen == [str(n) for n in range(90, 95)]


def test_a_map_is_guessed_and_its_gaps_are_counted(office: Office) -> None:
    params = {"name": "book", "type": "service_request"}
    answer = office.send(
        "POST", "/v1/imports/sketch", "adm-01", content=register(), params=params, headers=CSV
    )
    told = answer.json()
    assert told["asked"] > 0
    assert yaml.safe_load(told["map"])["case_type"] == "service_request"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"map": "source: ["}, "FM-I040"),
        ({"map": "[" * 5000}, "FM-I040"),
        ({"map": "source: 2026-02-30"}, "FM-I040"),
        ({"map": "source: book"}, "FM-I040"),
        ({"map": yaml.safe_dump({**MAP, "what": {"column": "narrative"}})}, "FM-I041"),
        ({"encoding": "klingon"}, "FM-U310"),
        ({"colour": "red"}, "FM-U346"),
    ],
)
def test_a_map_that_does_not_hold_is_told_where(office: Office, query: dict[str, str], code: str) -> None:
    office.refused(send(office, register(), **query), 422, code)


def test_kind_and_authority_are_asked(office: Office) -> None:
    office.refused(office.post("/v1/imports", {}, by="adm-01", params={"map": "x"}), 415, "FM-U371")
    office.refused(send(office, register(), by="aux-07"), 403, "FM-R108")


def test_the_engine_answers_alike_on_postgresql(office_on_postgresql: Office) -> None:
    office = office_on_postgresql
    assert send(office, register(120, ASTRAY)).json()["landed"] == 120
    assert office.get("/v1/imports/B-1/rejects").json()["count"] == 1
    assert office.send("DELETE", "/v1/imports/B-1", "adm-01").json()["withdrawn"] == 120
