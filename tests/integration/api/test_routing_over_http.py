"""Decision tables over HTTP: checked as they were sent, shown as they are shipped."""

from tests.support.office import Office
from workflows.shipped import routing_text

YAML = {"Content-Type": "application/yaml"}
CHECKS = "/v1/routing-checks"


def test_a_text_is_checked_against_the_workflow_in_force(office: Office) -> None:
    text = routing_text("service_request")
    assert text is not None
    told = office.send("POST", f"{CHECKS}?strict=true", "adm-01", content=text.encode(), headers=YAML).json()
    assert (told["sound"], told["routing"]["case_type"]) == (True, "service_request")
    wrong = text.replace("{danger: true}", "{danger: 3}")
    told = office.send("POST", CHECKS, "adm-01", content=wrong.encode(), headers=YAML).json()
    assert told["sound"] is False
    assert [(f["code"], f["line"] > 0) for f in told["findings"] if f["severity"] == "error"] == [
        ("FM-D412", True)
    ]
    told = office.send("POST", CHECKS, "adm-01", content=b"tables: [", headers=YAML).json()
    assert told["findings"][0]["code"] == "FM-D001"


def test_what_cannot_be_checked_is_refused(office: Office) -> None:
    unknown = b"case_type: egg_hunt\ntitle: T\nversion: '1'\ntables: {}\n"
    office.refused(office.send("POST", CHECKS, "adm-01", content=unknown, headers=YAML), 404, "FM-N070")
    office.refused(office.send("POST", CHECKS, "adm-01", content=b" ", headers=YAML), 422, "FM-U372")


def test_the_tables_of_a_type_are_shown_in_both_languages(office: Office) -> None:
    path = "/v1/workflows/dispute_mediation/routing"
    english = office.get(path, headers={"Accept-Language": "en"})
    chinese = office.get(path, headers={"Accept-Language": "zh"}).json()
    assert english.json()["title"] == "Who takes a dispute"
    assert chinese["title"] == "谁来办理纠纷"
    assert [rule["id"] for rule in chinese["tables"][1]["rules"]][:2] == ["red-1", "dv-1"]
    seen = office.get(path, headers={"If-None-Match": english.headers["etag"], "Accept-Language": "en"})
    assert seen.status_code == 304
    office.refused(office.get("/v1/workflows/egg_hunt/routing"), 404, "FM-N070")
