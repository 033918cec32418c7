"""Evidence and health over HTTP, for those who look after the house."""

import sqlite3
from contextlib import closing

from tests.support.office import ASKED, Office

VERIFY = "/v1/audit/verifications"


def test_what_holds_is_said_and_sealed(office: Office) -> None:
    anchor = office.post("/v1/audit/anchors", by="adm-01").json()
    assert (anchor["n"], anchor["unsealed"]) == (1, 0)
    told = office.post(VERIFY, {"anchors": [anchor["anchor"]]}, by="adm-01").json()
    assert (told["holds"], told["breaks"]) == (True, [])
    assert told["anchors"][0]["holds"] is True
    assert told["trust"]["unsealed"] == 0


def test_what_was_altered_is_an_answer_that_names_the_place(office: Office) -> None:
    with closing(sqlite3.connect(office.engine.store.address.file, isolation_level=None)) as raw:
        raw.execute("UPDATE event SET body = replace(body, 'wall', 'hall') WHERE seq = 1 AND case_id = 2")
    answer = office.post(VERIFY, {"case": ASKED}, by="adm-01")
    assert answer.status_code == 200
    assert answer.json()["holds"] is False
    assert (answer.json()["first"]["ref"], answer.json()["first"]["seq"]) == (ASKED, 1)
    sick = office.get("/v1/doctor", "adm-01").json()
    assert sick["ok"] is False
    repairs = {check["id"]: check["repair"] for check in sick["checks"]}
    assert "POST /v1/audit/verifications lists all" in repairs["histories"]


def test_a_dry_run_seals_nothing(office: Office) -> None:
    told = office.post("/v1/audit/anchors?dry_run=true", by="adm-01").json()["would"]
    assert told["n"] is None
    assert told["unsealed"] > 0


def test_only_those_who_look_after_the_house(office: Office) -> None:
    office.refused(office.post(VERIFY, {}, by="aux-07"), 403, "FM-R108")
    office.refused(office.post("/v1/audit/anchors", by="aux-07"), 403, "FM-R108")
    office.refused(office.get("/v1/doctor", "aux-07"), 403, "FM-R108")
    office.refused(office.post(VERIFY, {"anchors": ["1:egg"]}, by="adm-01"), 422, "FM-U401")


def test_a_case_number_beyond_all_length_is_none(office: Office) -> None:
    for number in ("0" * 5_000, "9" * 20_000):
        office.refused(office.post(VERIFY, {"case": number}, by="adm-01"), 422, "FM-N001")


def test_the_doctor_looks_at_a_sample(office: Office) -> None:
    told = office.get("/v1/doctor?quick=true", "adm-01").json()
    assert (told["ok"], told["quick"]) == (True, True)
